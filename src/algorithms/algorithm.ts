/** The contract of a method: a problem in, a generator of progress, a fit out. */

import type { Trajectories } from '../mdp/trajectories.ts';
import type { Engine } from '../networks/network.ts';
import type { Checkpoint, Minimizer, Stop } from '../optimizers/minimizer.ts';
import type { Behavior, VisitChoice } from './behavior.ts';
import type { Information } from './information.ts';
import type { NetworkOptions } from './network/networkOptions.ts';
import type { Problem } from './problem.ts';
import type { SampledOptions } from './sampled/sampledOptions.ts';

/**
 * Why a fit stopped; none of them is thrown. `converged` is an optimum; `matched-within-error` is what
 * a fit from samples can say at best: demonstrated and expected features differ by no more than is
 * known of their difference; `stopped-early` is where trajectories that were held out were told best.
 */
export type FitStop = Stop | 'unbounded' | 'matched-within-error' | 'stopped-early';

/** Whether a fit did what it was asked for. */
export function hasArrived(stop: string): boolean {
  return stop === 'converged' || stop === 'matched-within-error' || stop === 'stopped-early';
}

export interface FitOptions {
  /** Exact likelihood of the decisions, or the max-ent dual. */
  readonly objective?: 'likelihood' | 'feature-matching';
  /** First values by parameter name; parameters that are not named start at 0. */
  readonly start?: Readonly<Record<string, number>>;
  /** Parameters that stay at a value. */
  readonly fix?: Readonly<Record<string, number>>;
  /** Lowest and highest admissible values; an infinite end is free. */
  readonly bounds?: Readonly<Record<string, readonly [number, number]>>;
  /** λ of the penalty (λ/2) Σ θ², subtracted from the log-likelihood. */
  readonly l2?: number;
  /** Which minimiser; chosen by the problem where it is absent. */
  readonly optimizer?: Minimizer;
  /** Largest score per decision, features at unit spread, that counts as zero. */
  readonly tolerance?: number;
  readonly maxIterations?: number;
  /** How many classes of demonstrators, where a method finds them. */
  readonly classes?: number;
  /** From how many starts classes are sought. */
  readonly restarts?: number;
  /** Whether one class less and one more are fitted too, for comparison; true where absent. */
  readonly classCheck?: boolean;
  /** How samples are taken, where a method takes them. */
  readonly sampling?: SampledOptions;
  /** What the network is, where a method has one. */
  readonly network?: NetworkOptions;
  /** Where networks run, if a method has one; our own kernels where absent. */
  readonly engine?: Engine;
  /** Seed of every random draw. */
  readonly seed?: number;
  /** A checkpoint of an earlier, interrupted fit of the same method to the same problem. */
  readonly resume?: Checkpoint;
}

export interface FitProgress {
  readonly iteration: number;
  readonly evaluations: number;
  /** Log-likelihood (or dual), penalty included. */
  readonly value: number;
  readonly gradientNorm: number;
  readonly checkpoint: Checkpoint;
}

export interface ParameterEstimate {
  readonly name: string;
  readonly estimate: number;
  /** Set where the value was not free to move: given, or stopped by a bound. */
  readonly held?: 'fixed' | 'at-bound';
  /** Why nothing can be said of how sure it is; absent where something may. */
  readonly unsure?: string;
  /** Set where it is a share of several that sum to 1. */
  readonly isShare?: true;
}

/** A direction of θ along which the data say nothing. */
export interface UnidentifiedDirection {
  /** Coefficients by parameter, the largest being 1; those near 0 are left out. */
  readonly direction: Readonly<Record<string, number>>;
  readonly words: string;
}

export interface Fit {
  readonly stop: FitStop;
  /** What the stop means, where it is not `converged`. */
  readonly stopReason: string | null;
  /** Of the decisions used to fit, without penalty; null where no feasible reward was found. */
  readonly logLikelihood: number | null;
  /** Largest score per decision, features at unit spread; null where there is no gradient. */
  readonly gradientNorm: number | null;
  readonly evaluations: number;
  readonly parameters: readonly ParameterEstimate[];
  readonly unidentified: readonly UnidentifiedDirection[];
  /** Parameters that run to infinity. */
  readonly unbounded: readonly string[];
  /** How many numbers were estimated freely; directions that the data leave open do not count. */
  readonly freedom: number;
  /** What standard errors are made of; null where the fit did not arrive or estimates nothing. */
  readonly information: Information | null;
  /** What else belongs into the result: plain JSON by key. */
  readonly details: Readonly<Record<string, unknown>>;
  /** Flat arrays to keep beside the result, by name: reward [pairs], policy [pairs], … */
  readonly arrays: Readonly<Record<string, Float64Array>>;
  /** Log-likelihood of other trajectories of the same world; null without a feasible fit. */
  readonly predict: (trajectories: Trajectories) => number | null;
  /**
   * The same, told choice by choice and without weights, which can take much longer than their sum.
   * Returns false, having told perhaps some, without a feasible fit. The order may be any.
   */
  readonly predictChoices: (trajectories: Trajectories, visit: VisitChoice) => boolean;
  /**
   * How the fitted one behaves in a problem: on other trajectories, or in another world, where
   * states, actions, goals and features of the same name are the same. Null without a feasible fit;
   * absent where a method knows of nothing but recorded rows.
   */
  readonly behaviorIn?: (problem: Problem) => Behavior | null;
}

export interface Algorithm {
  readonly name: string;
  readonly summary: string;
  /**
   * Width of the widest hidden layer that a fit with these options has, by which an engine is chosen.
   * Null without a network; absent where a method never has one.
   */
  readonly widestLayer?: (options: FitOptions) => number | null;
  fit(problem: Problem, options: FitOptions): Generator<FitProgress, Fit>;
}

/** Runs a fit to its end, passing progress to `onProgress`. */
export function finish<Result>(
  steps: Generator<FitProgress, Result>,
  onProgress?: (progress: FitProgress) => void,
): Result {
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
    onProgress?.(next.value);
  }
}
