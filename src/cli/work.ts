/** What `runToOutput` drives: a kind of run that reports, is interrupted, and goes on where it was. */

import type { RunFile } from '../evaluation/resultFile.ts';
import type { ParallelRun } from '../study/run/fitRunner.ts';
import type { ProgressLine } from './progress.ts';

export interface Driver {
  readonly line: ProgressLine;
  readonly parallel: ParallelRun;
  /** Lets an interruption be heard, and throws where there was one; keeps the state now and then. */
  tick(): Promise<void>;
  /** Keeps the state if that was long ago. */
  keep(): void;
}

export interface Work {
  /** Takes up what an interrupted run left in a folder. */
  restore(directory: string, fingerprint: string): void;
  /** Keeps what was done so far. */
  save(directory: string, fingerprint: string): void;
  run(driver: Driver): Promise<FinishedWork>;
}

export interface FinishedWork {
  readonly result: RunFile;
  /** Writes it to a folder, from where its source may have other paths. */
  write(directory: string, source: Record<string, unknown>): void;
  /** The result as text for a terminal. */
  readonly summary: string;
  /** Whether everything came out as it must. */
  readonly succeeded: boolean;
}
