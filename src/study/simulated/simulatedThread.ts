/** One fit of a study in a simulator in a worker thread, which opens the study and reads the episodes itself. */

import { isSimulated } from '../loadStudy.ts';
import { inThread } from '../run/threads.ts';
import { openRunnable, type Source } from '../source.ts';
import { type FinishedFit, type FitNews, fitMethod, type SavedFit } from './fitMethod.ts';
import { type PreparedSimulated, prepareSimulated } from './prepareSimulated.ts';
import { simulatedSpecifications } from './simulatedSpecifications.ts';

/** Which fit to make, as plain data. */
export interface SimulatedOrder {
  readonly source: Source;
  /** Of the run. */
  readonly seed: number;
  readonly cell: string;
  readonly cellSeed: number;
  readonly method: string;
  readonly saved: SavedFit | null;
}

/** Milliseconds between two pieces of news that are worth telling another thread. */
const PACE = 50;
/** The same of checkpoints, which are large. */
const SAVE_PACE = 1000;

let opened: { readonly key: string; readonly prepared: PreparedSimulated } | null = null;

export const runInThread = inThread(
  async (
    { source, seed, cell, cellSeed, method, saved }: SimulatedOrder,
    post: (news: FitNews) => void,
  ): Promise<FinishedFit> => {
    const prepared = await open(source, seed);
    const specification = simulatedSpecifications(prepared.study).find(
      ({ name }) => name === method,
    );
    if (!specification) throw new TypeError(`Cannot find the method "${method}"`);
    let told = performance.now();
    let kept = told;
    const job = { cell, specification, seed: cellSeed, saved: saved ?? undefined };
    return fitMethod(job, prepared, async (news) => {
      const now = performance.now();
      if (now - told < PACE) return;
      told = now;
      const keeps = news.saved !== null && now - kept >= SAVE_PACE;
      if (keeps) kept = now;
      post(keeps ? news : { ...news, saved: null });
    });
  },
);

async function open(source: Source, seed: number): Promise<PreparedSimulated> {
  const key = JSON.stringify([source, seed]);
  if (opened?.key !== key) {
    const { runnable } = await openRunnable(source, seed);
    if (!isSimulated(runnable)) throw new TypeError('Cannot find a simulator in the source');
    opened = { key, prepared: await prepareSimulated(runnable, seed) };
  }
  return opened.prepared;
}
