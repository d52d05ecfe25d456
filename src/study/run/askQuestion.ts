/** Answers one question of an inquiry in this thread. */

import { checkedAnswer, type QuestionResult } from '../../evaluation/inquiry/questionResult.ts';
import { createRng } from '../../numeric/rng.ts';
import type { Answer, Question } from '../inquiry.ts';

/**
 * @param seed of the inquiry; each question has its own, by its name
 * @param onProgress told after every step how far it is, in [0, 1]; may throw to end it
 */
export async function askQuestion(
  { name, title, ask }: Question,
  seed: number,
  onProgress: (share: number) => Promise<void>,
): Promise<QuestionResult> {
  const started = performance.now();
  let waited = 0;
  const steps = await aboutQuestion(name, () => ask(seedOf(seed, name)));
  for (;;) {
    const next: IteratorResult<number, Answer> = await aboutQuestion(name, () => steps.next());
    if (next.done) {
      const answer = checkedAnswer(name, next.value);
      return { name, title, seconds: (performance.now() - started - waited) / 1000, ...answer };
    }
    const paused = performance.now();
    await onProgress(Math.min(1, Math.max(0, next.value)));
    waited += performance.now() - paused;
  }
}

/** A whole number in [0, 2³¹). */
function seedOf(seed: number, question: string): number {
  return Math.floor(createRng(seed, `question ${question}`)() * 2 ** 31);
}

/** What goes wrong in a question is told with its name; the stack says where. */
async function aboutQuestion<Result>(
  question: string,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const told = `Cannot answer "${question}": ${said}`;
    if (!(error instanceof Error)) throw new Error(told);
    const { stack } = error;
    error.message = told;
    if (stack !== undefined) error.stack = stack.replace(said, () => told);
    throw error;
  }
}
