/** Data sets of the coverage study in a worker thread, some at a time. */

import { inThread } from '../../src/study/run/threads.ts';
import { runTrial, type Trial, type TrialOrder } from './trial.ts';

export const runInThread = inThread(async (orders: readonly TrialOrder[]): Promise<Trial[]> => {
  const trials: Trial[] = [];
  for (const order of orders) trials.push(await runTrial(order));
  return trials;
});
