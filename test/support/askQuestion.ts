/** Asks a question of an inquiry to its end. */

import { expect } from 'vitest';
import { checkedAnswer } from '../../src/evaluation/inquiry/questionResult.ts';
import type { Answer, Question } from '../../src/study/inquiry.ts';

/** Returns the answer, checked as a run checks it; progress must lie in [0, 1] and not go back. */
export async function answerTo({ name, ask }: Question, seed = 0): Promise<Answer> {
  const steps = ask(seed);
  let before = 0;
  for (;;) {
    const next: IteratorResult<number, Answer> = await steps.next();
    if (next.done) return checkedAnswer(name, next.value) as Answer;
    expect(next.value).toBeGreaterThanOrEqual(before);
    expect(next.value).toBeLessThanOrEqual(1);
    before = next.value;
  }
}

/** The numbers of one column of a table; throws where there is no such column. */
export function columnOf({ columns, rows }: Answer['tables'][number], name: string): number[] {
  const column = columns.indexOf(name);
  if (column < 0) throw new Error(`no column "${name}" among ${columns.join(', ')}`);
  return rows.map((row) => Number(row[column]));
}

/** Claims that must hold and do not. */
export function brokenLaws({ findings }: Answer): string[] {
  return findings.filter(({ law, holds }) => law && !holds).map(({ claim }) => claim);
}
