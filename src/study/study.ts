/**
 * A study: one typed description of an experiment. It is a plain value that `revealed run` runs and
 * that a script can import and run.
 */

import type { FitOptions } from '../algorithms/algorithm.ts';
import type { MethodName } from '../algorithms/registry.ts';
import type { FirstStageSampling } from '../demonstrations/sharesStage.ts';
import type { Split, Splits } from '../demonstrations/splits.ts';
import type { TableFile } from '../demonstrations/tables/readTable.ts';
import type { StandardErrorKind } from '../evaluation/inference/standardErrors.ts';
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
  /** How sure it is; needed by standard errors that count it in. */
  readonly sampling?: FirstStageSampling<FirstStage>;
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
  /**
   * Which of ours it is compared with: a parameter's name (its estimate, or a standard error of some
   * kind), one of the likelihoods, or, in a study with splits, the mean over them of the held-out log-likelihood.
   */
  readonly of:
    | { readonly parameter: string }
    | { readonly standardError: string; readonly kind: StandardErrorKind }
    | 'logLikelihood'
    | 'fullLogLikelihood'
    | { readonly heldOut: 'perDecision' | 'perTrajectory' };
  /** The method (or specification) whose number it is; causal entropy where absent. */
  readonly method?: string;
  /** Largest difference that passes; absolute, or relative to the published number. */
  readonly tolerance?: { readonly absolute: number } | { readonly relative: number };
}

/** A fit of a study, by its cell (where there are several) and its method. */
export interface FitReference {
  readonly cell?: string;
  /** The method (or specification); causal entropy where absent. */
  readonly method?: string;
}

/** A likelihood-ratio test of one fit of a study within another. */
export interface StudyTest {
  readonly name: string;
  /** What is doubted, in words. */
  readonly hypothesis: string;
  /** The fit under the hypothesis. */
  readonly restricted: FitReference;
  /** The fit without it. */
  readonly full: FitReference;
  /** How many numbers the hypothesis says: the degrees of freedom. */
  readonly degrees: number;
  /** What to know before the statistic is believed. */
  readonly notes?: readonly string[];
  /** What others printed as the statistic. */
  readonly published?: readonly Omit<Published, 'of' | 'method'>[];
}

/** How to fit: objective, start, fix, bounds, l2, …; the seed is the run's where none is given. */
export type FitSettings = Omit<FitOptions, 'resume' | 'optimizer'> & {
  readonly optimizer?: MinimizerName;
};

/** A method under a name of its own: with some of the features, or fitted in another way. */
export interface Specification {
  /** By which the result tells it from others. */
  readonly name: string;
  readonly method: MethodName;
  /** Which of the experiment's features it sees; all where absent. */
  readonly features?: readonly string[];
  /** How it is fitted where that differs from the experiment's `fit`. */
  readonly fit?: FitSettings;
}

/** The world after something changed, where methods are tested that were fitted before. */
export interface ChangedWorld {
  readonly world: World;
  /** Functions of names, or numbers; of the same names as at home. */
  readonly features: FeatureFunctions | FeatureMatrix;
  /** What was recorded there; absent where nothing was, and only a true reward can tell. */
  readonly trajectories?: Trajectories;
  /** Of those trajectories; those at home, by the names of their states, where absent. */
  readonly goals?: readonly Goal[];
  readonly files?: readonly TableFile[];
  readonly warnings?: readonly string[];
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
  readonly methods?: readonly (MethodName | Specification)[];
  readonly fit?: FitSettings;
  /**
   * Whether the standard errors of causal entropy are given a second time, with the uncertainty of
   * the dynamics in them; the data must bring a `firstStage` with its `sampling`.
   */
  readonly firstStageUncertainty?: boolean;
  /** The fold that is held out; all trajectories are used to fit where absent. */
  readonly holdOut?: string;
  /** What is fitted and what is predicted, in place of a fold that is held out. */
  readonly split?: Split;
  readonly published?: readonly Published[];
  /** The reward that people really have, by feature; those not named are 0. Where it is known. */
  readonly trueReward?: Readonly<Record<string, number>>;
  /** What shortest paths are shortest by, beside predicted routes: a feature, or `steps`. */
  readonly shortestBy?: string;
  /** Whether whole trips are predicted too, not only decisions; absent: unless that takes long. */
  readonly wholeTrips?: boolean;
  /** Where the methods are tested, if not in the world they are fitted in. */
  readonly changed?: (data: Data, home: World) => Promise<ChangedWorld> | ChangedWorld;
}

export interface Cell<Data extends Recordings = Recordings> extends Experiment<Data> {
  readonly name: string;
  /** Set where it is a point of a learning curve: the split it belongs to, and its draw. */
  readonly curve?: { readonly of: string; readonly size: number; readonly repeat: number };
}

interface Heading {
  /** Short name, as in `revealed run <name>`. */
  readonly name: string;
  /** One line: what is asked. */
  readonly title: string;
  /** What the numbers mean, in words, from the finished result; printed below it. */
  readonly meaning?: (result: ResultFile) => string;
  /** Hypotheses about its fits, tested when all of them are there. */
  readonly tests?: readonly StudyTest[];
}

/** Sizes of the training sets of a learning curve. */
export interface LearningCurvePlan {
  /** Numbers of trajectories, ascending; `all`: as many as a split has. */
  readonly sizes: readonly (number | 'all')[];
  /** How often each is drawn, 5 where absent. */
  readonly repeats?: number;
}

/** How a study parts its recordings, if its question is what methods predict. */
interface Parting<Data extends Recordings = Recordings> {
  readonly splits?: (data: Data) => Promise<Splits> | Splits;
  /** Fits to fewer of the trajectories too, and how that changes what they predict. */
  readonly curve?: LearningCurvePlan;
}

/** A study of one experiment, perhaps split by split, or of several side by side. */
export type Study =
  | (Heading & Experiment & Parting & { readonly cells?: undefined })
  | (Heading & { readonly cells: readonly Cell[] });

/** Describes a study; it only helps the editor to complete and check what is written. */
export function defineStudy<Data extends Recordings>(
  study:
    | (Heading & Experiment<Data> & Parting<Data> & { readonly cells?: undefined })
    | (Heading & { readonly cells: readonly Cell<Data>[] }),
): Study {
  return study as unknown as Study;
}

/** Describes one cell of a study of several; cells may differ in their data. */
export function defineCell<Data extends Recordings>(cell: Cell<Data>): Cell {
  return cell as unknown as Cell;
}
