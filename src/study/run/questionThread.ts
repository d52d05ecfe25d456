/** One question of an inquiry in a worker thread, which opens the inquiry itself. */

import type { QuestionResult } from '../../evaluation/inquiry/questionResult.ts';
import type { Inquiry } from '../inquiry.ts';
import { openRunnable, type Source } from '../source.ts';
import { askQuestion } from './askQuestion.ts';
import { inThread } from './threads.ts';

/** Which question to answer, as plain data. */
export interface QuestionOrder {
  readonly source: Source;
  readonly question: string;
  readonly seed: number;
}

/** Milliseconds between two pieces of progress that are worth telling another thread. */
const PACE = 50;

let opened: { readonly key: string; readonly inquiry: Inquiry } | null = null;

export const runInThread = inThread(
  async (
    { source, question, seed }: QuestionOrder,
    post: (share: number) => void,
  ): Promise<QuestionResult> => {
    const { questions } = await openInquiry(source, seed);
    const asked = questions.find(({ name }) => name === question);
    if (!asked) throw new TypeError(`Cannot find the question "${question}"`);
    let told = performance.now();
    return askQuestion(asked, seed, async (share) => {
      if (performance.now() - told < PACE) return;
      told = performance.now();
      post(share);
    });
  },
);

async function openInquiry(source: Source, seed: number): Promise<Inquiry> {
  const key = JSON.stringify([source, seed]);
  if (opened?.key !== key) {
    const { runnable } = await openRunnable(source, seed);
    if (!('questions' in runnable)) throw new TypeError('Cannot find an inquiry in the source');
    opened = { key, inquiry: runnable };
  }
  return opened.inquiry;
}
