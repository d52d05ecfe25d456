/** The contract of a benchmark: it asks one question, varies one thing and returns tables. */

import type { GoalName, Measured } from './goals.ts';

export interface BenchTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export interface BenchOutcome {
  readonly tables: readonly BenchTable[];
  /** What a reader of the tables has to know: what was skipped and why, how answers compare. */
  readonly notes: readonly string[];
  /** One entry per goal of the group. */
  readonly measured: Partial<Record<GoalName, Measured>>;
}

export interface BenchContext {
  /** Seed of every random draw. */
  readonly seed: number;
  /** Says what is being measured right now. */
  progress(text: string): void;
}

export interface Benchmark {
  /** The question, in one line. */
  readonly summary: string;
  run(context: BenchContext): Promise<BenchOutcome>;
}
