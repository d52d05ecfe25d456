/** Questions are asked once each, with seeds of their own, and go on where they were interrupted. */

import { describe, expect, test } from 'vitest';
import type { QuestionResult } from '../../../src/evaluation/inquiry/questionResult.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { type Answer, defineInquiry, type Question } from '../../../src/study/inquiry.ts';
import { type InquiryObserver, runInquiry } from '../../../src/study/run/runInquiry.ts';

/** A question whose answer shows its seed, and that counts how often it was asked. */
function draws(name: string, asked: string[] = []): Question {
  return {
    name,
    title: `What is drawn for ${name}?`,
    *ask(seed) {
      asked.push(name);
      const rng = createRng(seed, 'draws');
      const numbers: number[] = [];
      for (let i = 0; i < 4; i++) {
        numbers.push(rng());
        yield (i + 1) / 4;
      }
      return answerOf(numbers);
    },
  };
}

function answerOf(numbers: readonly number[]): Answer {
  return {
    sentence: 'These were drawn.',
    findings: [],
    tables: [{ title: 'Numbers', columns: ['number'], rows: numbers.map((x) => [x]) }],
    charts: [],
  };
}

const inquiry = (...questions: Question[]) =>
  defineInquiry({ name: 'draws', title: 'What is drawn?', questions });

const numbersOf = ({ tables }: QuestionResult): unknown[] => tables[0].rows.flat();

test('runInquiry asks every question once and keeps their order', async () => {
  const asked: string[] = [];
  const result = await runInquiry(inquiry(draws('b', asked), draws('a', asked)), 3);
  expect(asked).toEqual(['b', 'a']);
  expect(result.questions.map(({ name }) => name)).toEqual(['b', 'a']);
  expect(result).toMatchObject({ study: 'draws', seed: 3, data: null, methods: {} });
  expect(Object.keys(result.reasons ?? {})).toEqual(['data', 'methods']);
});

test('what a question draws depends on its name and the seed, not on its neighbours', async () => {
  const alone = await runInquiry(inquiry(draws('a')), 5);
  const together = await runInquiry(inquiry(draws('b'), draws('a')), 5);
  const other = await runInquiry(inquiry(draws('a')), 6);
  const [b, a] = together.questions;
  expect(numbersOf(a)).toEqual(numbersOf(alone.questions[0]));
  expect(numbersOf(a)).not.toEqual(numbersOf(b));
  expect(numbersOf(a)).not.toEqual(numbersOf(other.questions[0]));
});

test('answers of an interrupted run are not asked for again', async () => {
  const asked: string[] = [];
  const questions = ['a', 'b', 'c'].map((name) => draws(name, asked));
  const kept = new Map<string, QuestionResult>();
  const observer = (stopAt: string | null): InquiryObserver => ({
    resume: (question) => kept.get(question),
    async onProgress(question, share) {
      if (question === stopAt && share > 0.5) throw new Error('enough');
    },
    async onAnswer(answered) {
      kept.set(answered.name, answered);
    },
  });
  await expect(runInquiry(inquiry(...questions), 1, observer('b'))).rejects.toThrow('enough');
  expect([...kept.keys()]).toEqual(['a']);
  const resumed = await runInquiry(inquiry(...questions), 1, observer(null));
  expect(asked.filter((name) => name === 'a')).toHaveLength(1);
  const whole = await runInquiry(inquiry(...questions), 1);
  expect(resumed.questions.map(numbersOf)).toEqual(whole.questions.map(numbersOf));
});

test('a question may be asynchronous, and what it throws is told with its name too', async () => {
  const slow = (fails: boolean): Question => ({
    name: 'slow',
    title: 'Does it wait?',
    async *ask() {
      yield 0;
      await new Promise((resolve) => setImmediate(resolve));
      if (fails) throw new RangeError('nothing to read');
      return answerOf([1]);
    },
  });
  const { questions } = await runInquiry(inquiry(slow(false)));
  expect(numbersOf(questions[0])).toEqual([1]);
  await expect(runInquiry(inquiry(slow(true)))).rejects.toThrow(
    'Cannot answer "slow": nothing to read',
  );
});

test('meaning is told from the finished answers', async () => {
  const result = await runInquiry({
    ...inquiry(draws('a')),
    meaning: ({ questions }) => `${numbersOf(questions[0]).length} numbers`,
  });
  expect(result.meaning).toBe('4 numbers');
});

describe('an inquiry is refused', () => {
  test('without a question', async () => {
    await expect(runInquiry(inquiry())).rejects.toThrow(/"draws": it asks no question/);
  });

  test('with two questions of one name, before any is asked', async () => {
    const asked: string[] = [];
    const twice = inquiry(draws('a', asked), draws('a', asked));
    await expect(runInquiry(twice)).rejects.toThrow(/two questions are called "a"/);
    expect(asked).toEqual([]);
  });

  test('where a question throws: its kind stays, its name is told', async () => {
    const fails = inquiry({
      name: 'fails',
      title: 'Does it?',
      *ask() {
        yield 0;
        throw new TypeError('no such thing');
      },
    });
    const error = await runInquiry(fails).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toBe('TypeError: Cannot answer "fails": no such thing');
    expect((error as Error).stack).toContain('runInquiry.test.ts');
  });

  test('where an answer holds NaN', async () => {
    const bad: Question = {
      ...draws('bad'),
      *ask() {
        yield 1;
        return answerOf([1, Number.NaN]);
      },
    };
    await expect(runInquiry(inquiry(bad))).rejects.toThrow(
      /"bad": tables\[0\]\.rows\[1\]\[0\]: .*NaN/,
    );
  });
});
