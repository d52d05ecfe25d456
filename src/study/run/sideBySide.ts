/**
 * Does jobs here, one after another, until that has taken so long that threads pay; the rest is done
 * in threads, side by side. Starting threads and opening the data in each takes longer than many a
 * study. Where a job is done makes no difference to what comes out.
 */

import { availableParallelism } from 'node:os';
import { openThreads, type Threads } from './threads.ts';

/** Jobs under way for every thread: one at work and one at hand. */
const AT_HAND = 2;
/** Milliseconds of work here after which threads are started. */
const PATIENCE = 1_000;

/** How many threads a user asked for; `auto`: as many as there are cores, where they pay. */
export type Workers = number | 'auto';

export interface SideBySideOptions<Order, Result, News, Job> {
  readonly workers: Workers;
  /** How many jobs there will be. */
  readonly jobCount: number;
  /** File URL of the module whose `runInThread` does what is ordered. */
  readonly module: string;
  /** A job as plain data for another thread. */
  order(job: Job): Order;
  /**
   * Does a job in this thread. May return null where `giveUp` says that it is better done in
   * another one; there it is begun again.
   */
  here(job: Job, giveUp: () => boolean): Promise<Result | null>;
  /** Told what a thread posts about its job; may throw to end everything. */
  onNews?(job: Job, news: News): Promise<void>;
}

export interface SideBySide<Job, Result> {
  /** Does a job; to be called for all jobs at once, in their order. */
  run(job: Job): Promise<Result>;
  /** Ends the threads; unfinished jobs are rejected. */
  close(): Promise<void>;
}

export function sideBySide<Order, Result, News, Job>({
  workers,
  jobCount,
  module,
  order,
  here,
  onNews,
}: SideBySideOptions<Order, Result, News, Job>): SideBySide<Job, Result> {
  const count = Math.min(jobCount, workers === 'auto' ? availableParallelism() : workers);
  let threads: Threads<Order, Result, News> | null = null;
  let closed = false;
  let lane: Promise<unknown> = Promise.resolve();
  let left = jobCount;
  let started: number | null = null;
  let underWay = 0;
  let waiting: (() => void) | null = null;
  const isThere = (): boolean => {
    if (threads) return true;
    if (count < 2 || left < 2) return false;
    return workers !== 'auto' || (started !== null && performance.now() - started > PATIENCE);
  };
  const close = async (): Promise<void> => {
    closed = true;
    await threads?.close();
  };
  /** Only the lane waits for it, one job at a time. */
  const roomThere = async (): Promise<null> => {
    if (underWay >= AT_HAND * count)
      await new Promise<void>((resolve) => {
        waiting = resolve;
      });
    underWay++;
    return null;
  };
  const there = async (job: Job): Promise<Result> => {
    if (closed) throw ended();
    threads ??= openThreads(module, count);
    let trouble: unknown = null;
    const listen = (news: News): void => {
      onNews?.(job, news).catch((error) => {
        trouble ??= error;
        close();
      });
    };
    try {
      return await threads.run(order(job), listen);
    } catch (error) {
      throw trouble ?? error;
    } finally {
      underWay--;
      waiting?.();
      waiting = null;
    }
  };
  return {
    async run(job) {
      const turn = lane.then(async () => {
        // Let a signal arrive, and all jobs be known, before the next one begins.
        await new Promise((resolve) => setImmediate(resolve));
        if (closed) throw ended();
        if (isThere()) return roomThere();
        started ??= performance.now();
        return (await here(job, isThere)) ?? roomThere();
      });
      lane = turn;
      const result = (await turn) ?? (await there(job));
      left--;
      return result;
    },
    close,
  };
}

function ended(): Error {
  return new Error('Cannot go on: the work was ended');
}
