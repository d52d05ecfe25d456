/** Does the fits of a study, in this thread or side by side in several. */

import type { Source } from '../source.ts';
import type { FitOrder } from './fitThread.ts';
import {
  type ExperimentProgress,
  type FinishedMethod,
  type FitJob,
  type RunObserver,
  runMethod,
} from './runExperiment.ts';
import { type SideBySide, sideBySide, type Workers } from './sideBySide.ts';
import { sibling } from './threads.ts';

/** How to run the fits of a study side by side. */
export interface ParallelRun {
  /** From which a thread opens the same study. */
  readonly source: Source;
  readonly workers: Workers;
  /** Ends all threads when it is aborted. */
  readonly signal?: AbortSignal;
}

class BetterThere extends Error {}

/**
 * @param jobCount how many fits there will be
 * @param parallel how to use threads; none are used where null
 */
export function openFitRunner(
  jobCount: number,
  observer: RunObserver,
  parallel: ParallelRun | null,
): SideBySide<FitJob, FinishedMethod> {
  const { source = null, workers = 1 } = parallel ?? {};
  const fits = sideBySide<FitOrder, FinishedMethod, ExperimentProgress, FitJob>({
    workers,
    jobCount,
    module: sibling(import.meta.url, 'fitThread'),
    order: ({ cell, specification: { name }, seed, checkpoint }) => ({
      source: source as Source,
      cell,
      method: name,
      seed,
      checkpoint,
    }),
    async here(job, giveUp) {
      try {
        return await runMethod(job, async (progress) => {
          await observer.onProgress(job.cell, progress);
          if (giveUp()) throw new BetterThere();
        });
      } catch (error) {
        if (error instanceof BetterThere) return null;
        throw error;
      }
    },
    onNews: ({ cell }, progress) => observer.onProgress(cell, progress),
  });
  parallel?.signal?.addEventListener('abort', () => void fits.close(), { once: true });
  return fits;
}
