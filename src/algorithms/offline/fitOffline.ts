/**
 * Maximum causal entropy from a log of continuous states alone: the loop of the tabular fits with a
 * planner that has nothing but the log.
 *
 *   reward θ → plan (soft fitted Q) → visits (fitted evaluation) → surplus → gradient → step
 *
 * It ends `converged` where the gradient is none: an optimum in the dynamics that the log shows, seen
 * through the functions that values are linear in. How far that is from the world no number here says:
 * play the policy where that can be done.
 *
 * References: Klein, Geist, Piot & Pietquin (2012), NeurIPS (feature expectations from a log); Lee,
 * Srinivasan & Doshi-Velez (2019), IJCAI (truly batch apprenticeship).
 */

import { z } from 'zod';
import { LinearSoftPolicy } from '../../learning/offline/linearSoftPolicy.ts';
import type { Checkpoint } from '../../optimizers/minimizer.ts';
import type { FitOptions, FitStop, ParameterEstimate } from '../algorithm.ts';
import { type ParameterSpace, parametersIn } from '../parameters.ts';
import { plannerStateOf, type SampledLoopEnd, sampledLoop } from '../sampled/sampledLoop.ts';
import { createOfflinePlanner, type OfflinePlanner } from './offlinePlanner.ts';
import type { OfflineLog, OfflineProblem } from './offlineProblem.ts';

export const OfflineOptions = z.strictObject({
  objective: z
    .enum(['likelihood', 'feature-matching'])
    .default('likelihood')
    .describe('Likelihood of what was chosen, or features expected from the first states'),
  regression: z
    .enum(['least-squares', 'averages'])
    .default('least-squares')
    .describe('How values are fitted; averages always have a plan, but blur'),
  ridge: z
    .number()
    .min(0)
    .default(1e-3)
    .describe('λ of the regressions of values, per step of the log'),
  rounds: z.int().positive().default(100).describe('Give up after this many'),
  tolerance: z
    .number()
    .positive()
    .default(1e-8)
    .describe('Largest gradient per decision, features at most 1 in size, that counts as none'),
});
export type OfflineOptions = z.input<typeof OfflineOptions>;

export type OfflineFitOptions = OfflineOptions &
  Pick<FitOptions, 'start' | 'fix' | 'bounds' | 'l2'> & {
    /** A checkpoint of an earlier, interrupted fit of the same problem with the same options. */
    readonly resume?: Checkpoint;
  };

export interface OfflineProgress {
  readonly round: number;
  /** θ by feature. */
  readonly theta: Readonly<Record<string, number>>;
  /** Log-likelihood of what was demonstrated, per decision. */
  readonly logLikelihood: number;
  /** Largest gradient per decision, features at most 1 in size. */
  readonly gradientNorm: number;
  /** Plain JSON. */
  readonly checkpoint: Checkpoint;
}

export interface OfflineEstimate extends ParameterEstimate {
  /**
   * From the information of the demonstrated decisions, as if dynamics and values were known; null as
   * `reason` tells.
   */
  readonly standardError: number | null;
  readonly reason?: string;
}

export interface OfflineFit {
  readonly stop: FitStop;
  /** What the stop means, where it is not `converged`. */
  readonly stopReason: string | null;
  readonly parameters: readonly OfflineEstimate[];
  /** Log-likelihood of what was demonstrated, per decision. */
  readonly logLikelihood: number;
  readonly gradientNorm: number;
  readonly rounds: number;
  readonly policy: LinearSoftPolicy;
  /** Steps of the log, and those of them that were demonstrated. */
  readonly steps: number;
  readonly decisions: number;
  readonly warnings: readonly string[];
}

/** @throws RangeError where demonstrations, other play and features do not fit */
export function* fitOffline(
  problem: OfflineProblem,
  given: OfflineFitOptions = {},
): Generator<OfflineProgress, OfflineFit> {
  const { start, fix, bounds, l2 = 0, resume, ...rest } = given;
  const { objective, regression, ridge, rounds, tolerance } = OfflineOptions.parse(rest);
  const planner = createOfflinePlanner(problem, {
    objective,
    regression,
    ridge,
    resume: plannerStateOf(resume),
  });
  const sizes = sizesOf(problem, planner.log);
  const { names } = problem.features;
  const space = parametersIn(names, (k) => sizes[k], problem.temperature, {
    ...(start ? { start } : {}),
    ...(fix ? { fix } : {}),
    ...(bounds ? { bounds } : {}),
  });
  const { decisions } = planner.log;
  const loop = sampledLoop(planner, space, {
    settings: {
      rounds,
      rollouts: 0,
      planner: 'rollouts',
      learningSteps: 0,
      precision: null,
      entropy: 'uniform',
      unseen: 'error',
    },
    tolerance,
    maxRounds: rounds,
    l2,
    decisions: planner.decisions,
    resume,
  });
  for (;;) {
    const next = loop.next();
    if (next.done) return fitOf(problem, objective, planner, space, next.value);
    const { iteration, theta, value, gradientNorm, checkpoint } = next.value;
    yield {
      round: iteration,
      theta: Object.fromEntries(names.map((name, k) => [name, theta[k]])),
      logLikelihood: value / decisions,
      gradientNorm,
      checkpoint,
    };
  }
}

/** Largest size of each feature among demonstrated steps. */
function sizesOf({ features: { names } }: OfflineProblem, log: OfflineLog): Float64Array {
  const sizes = new Float64Array(names.length);
  for (let i = 0; i < log.decisions * sizes.length; i++)
    sizes[i % sizes.length] = Math.max(sizes[i % sizes.length], Math.abs(log.features[i]));
  const nothing = names.filter((_, k) => sizes[k] === 0).map((name) => `"${name}"`);
  if (nothing.length > 0)
    throw new RangeError(
      `Cannot fit: ${nothing.join(', ')} is 0 in every demonstrated step, so that nothing is known of what it is worth`,
    );
  return sizes;
}

function fitOf(
  problem: OfflineProblem,
  objective: 'likelihood' | 'feature-matching',
  { log, values, logLikelihood }: OfflinePlanner,
  space: ParameterSpace,
  end: SampledLoopEnd,
): OfflineFit {
  const { theta, gap, outerProductError } = end;
  const { steps } = log;
  const shown = new Set(steps.actions.subarray(0, log.decisions));
  const taken = new Set(steps.actions);
  const listed = (actions: readonly number[]): string => actions.join(', ');
  const all = Array.from({ length: steps.actionCount }, (_, a) => a);
  const warnings: string[] = [];
  if (all.some((a) => !taken.has(a)))
    warnings.push(
      `action ${listed(all.filter((a) => !taken.has(a)))} is nowhere in the log: its worth is made up by the ridge alone`,
    );
  else if (all.some((a) => !shown.has(a)))
    warnings.push(`action ${listed(all.filter((a) => !shown.has(a)))} was never demonstrated`);
  if (steps.leftOut > 0)
    warnings.push(
      `${steps.leftOut} decisions were left out: nobody recorded where they led, and episodes end without the last of them`,
    );
  return {
    stop: end.stop,
    stopReason: wordsOf(end, space),
    parameters: space.names.map((name, k): OfflineEstimate => {
      const estimate = theta[k];
      const i = space.free.indexOf(k);
      const [low, high] = space.bounds[k];
      const held = i < 0 ? 'fixed' : estimate <= low || estimate >= high ? 'at-bound' : null;
      if (held) return { name, estimate, held, standardError: null, reason: 'it was not free' };
      if (objective !== 'likelihood')
        return { name, estimate, standardError: null, reason: 'it is known of likelihoods only' };
      const error = outerProductError[i];
      return Number.isFinite(error)
        ? { name, estimate, standardError: error }
        : { name, estimate, standardError: null, reason: 'the log leaves it open' };
    }),
    logLikelihood: logLikelihood() / log.decisions,
    gradientNorm: gap.largest,
    rounds: end.rounds,
    policy: new LinearSoftPolicy({
      basis: values.basis,
      observationSize: steps.observationSize,
      actionCount: steps.actionCount,
      temperature: problem.temperature,
      weights: values.weights.slice(),
    }),
    steps: steps.count,
    decisions: log.decisions,
    warnings,
  };
}

function wordsOf(
  { stop, rounds, gap, theta }: SampledLoopEnd,
  { names, free, spread }: ParameterSpace,
): string | null {
  if (stop === 'converged') return null;
  const after = `after ${rounds} ${rounds === 1 ? 'round' : 'rounds'}`;
  if (stop === 'not-finite' || stop === 'unbounded') {
    const size = (i: number): number => Math.abs(theta[free[i]] * spread[i]);
    const largest = [...free.keys()].reduce((most, i) => (size(i) > size(most) ? i : most), 0);
    return `no plan was found on the log for the next reward ${after}, being largest along "${names[free[largest]]}"; the last one that could be planned for is kept. More ridge, averages, a penalty (l2) or more play in the log may help`;
  }
  return `not there ${after}: the gradient is still ${gap.largest.toPrecision(2)} per decision`;
}
