/**
 * A study: one typed description of an experiment. It is a plain value that `revealed run` runs and
 * that a script can import and run.
 */

import type { FitOptions } from '../algorithms/algorithm.ts';
import type { MethodName } from '../algorithms/registry.ts';
import type { TableFile } from '../demonstrations/readTable.ts';
import type { ResultFile } from '../evaluation/resultFile.ts';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import type { FeatureFunctions } from '../features/tabulateFeatures.ts';
import type { Goal } from '../mdp/goal.ts';
import type { Trajectories } from '../mdp/trajectories.ts';
import type { World } from '../mdp/world.ts';
import type { MinimizerName } from '../optimizers/registry.ts';

/** Dynamics that were estimated from the same recordings before any choice was looked at. */
export interface FirstStage {
  readonly logLikelihood: number;
  readonly parameters: readonly { readonly name: string; readonly estimate: number }[];
}

/** What a loader brings: trajectories in the coordinates of the experiment's world. */
export interface Recordings {
  readonly trajectories: Trajectories;
  readonly files: readonly TableFile[];
  readonly goals?: readonly Goal[];
  /** [states] start distribution; the empirical one where absent. */
  readonly initial?: Float64Array | null;
  readonly firstStage?: FirstStage;
  readonly warnings?: readonly string[];
}

/** A number that somebody printed, to stand beside ours. */
export interface Published {
  readonly quantity: string;
  readonly published: number;
  readonly source: string;
  /** Which of ours it is compared with: a parameter's name, or one of the likelihoods. */
  readonly of: { readonly parameter: string } | 'logLikelihood' | 'fullLogLikelihood';
  /** The method whose number it is; causal entropy where absent. */
  readonly method?: MethodName;
  /** Largest difference that passes; absolute, or relative to the published number. */
  readonly tolerance?: { readonly absolute: number } | { readonly relative: number };
}

export interface Experiment<Data extends Recordings = Recordings> {
  /** Reads the recordings. */
  readonly data: () => Promise<Data> | Data;
  /** The world they happened in. */
  readonly world: World | ((data: Data) => World);
  /** What the reward may look at: functions of names, or numbers. */
  readonly features: FeatureFunctions | ((data: Data, world: World) => FeatureMatrix);
  /** γ below 1: infinite horizon. Absent with goals: undiscounted. */
  readonly discount?: number;
  /** T: finite horizon. */
  readonly horizon?: number;
  /** τ, 1 where absent. */
  readonly temperature?: number;
  readonly methods?: readonly MethodName[];
  /** How to fit: objective, start, fix, bounds, l2, … */
  readonly fit?: Omit<FitOptions, 'resume' | 'seed' | 'optimizer'> & {
    readonly optimizer?: MinimizerName;
  };
  /** The fold that is held out; all trajectories are used to fit where absent. */
  readonly holdOut?: string;
  readonly published?: readonly Published[];
}

export interface Cell<Data extends Recordings = Recordings> extends Experiment<Data> {
  readonly name: string;
}

interface Heading {
  /** Short name, as in `revealed run <name>`. */
  readonly name: string;
  /** One line: what is asked. */
  readonly title: string;
  /** What the numbers mean, in words, from the finished result; printed below it. */
  readonly meaning?: (result: ResultFile) => string;
}

/** A study of one experiment, or of several side by side (cells of a table, folds, classes). */
export type Study =
  | (Heading & Experiment & { readonly cells?: undefined })
  | (Heading & { readonly cells: readonly Cell[] });

/** Describes a study; it only helps the editor to complete and check what is written. */
export function defineStudy<Data extends Recordings>(
  study:
    | (Heading & Experiment<Data> & { readonly cells?: undefined })
    | (Heading & { readonly cells: readonly Cell<Data>[] }),
): Study {
  return study as Study;
}

/** Describes one cell of a study of several; cells may differ in their data. */
export function defineCell<Data extends Recordings>(cell: Cell<Data>): Cell {
  return cell as unknown as Cell;
}
