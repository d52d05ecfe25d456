/**
 * Looks closely at where the best start ended: whether it is a maximum, what the data leave open
 * there, what runs to infinity, and what standard errors are made of.
 */

import type { FitOptions, FitStop, UnidentifiedDirection } from './algorithm.ts';
import type { Classes, ClassSpace } from './classSpace.ts';
import { NEWTON_LIMIT } from './fitStages.ts';
import { identifyMixture } from './identifyMixture.ts';
import type { Information } from './information.ts';
import { stepsAhead } from './linearFit.ts';
import type { ClassRun } from './mixtureFit.ts';
import { mixtureInformation } from './mixtureInformation.ts';
import { mixtureObjective } from './mixtureObjective.ts';
import { type Problem, weightedDecisions } from './problem.ts';
import { runawayWords } from './stopWords.ts';

export interface SettledMixture {
  readonly classes: Classes;
  readonly stop: FitStop;
  readonly stopReason: string | null;
  readonly logLikelihood: number | null;
  readonly gradientNorm: number | null;
  /** [trajectories × classes] */
  readonly posterior: Float64Array;
  /** [x] 1 where a bound holds a coordinate. */
  readonly held: Uint8Array;
  readonly unidentified: readonly UnidentifiedDirection[];
  readonly unbounded: readonly string[];
  readonly freedom: number;
  readonly information: Information | null;
}

/** Squared distance from the optimum, in standard errors, that still counts as being there. */
const DECREMENT_LIMIT = 1e-6;

/** @param problem of the trajectories that count */
export function settleMixture(
  problem: Problem,
  space: ClassSpace,
  run: ClassRun,
  { l2 = 0, tolerance = 1e-9 }: FitOptions,
): SettledMixture {
  const decisions = weightedDecisions(problem);
  const objective = mixtureObjective(problem, space, decisions, l2);
  const x = Float64Array.from(run.x);
  const gradient = new Float64Array(x.length);
  const value = objective.evaluate(x, gradient);
  const held = Uint8Array.from(x, (xi, a) =>
    xi <= space.lower[a] || xi >= space.upper[a] ? 1 : 0,
  );
  const known = {
    classes: space.classesAt(x),
    logLikelihood: run.logLikelihood,
    gradientNorm: gradient.reduce(
      (most, g, a) => (held[a] ? most : Math.max(most, Math.abs(g))),
      0,
    ),
    posterior: objective.posterior.slice(),
    held,
  };
  let stop: FitStop = run.stop;
  let stopReason = stop === 'converged' ? null : wordsOf(run, known.gradientNorm);
  if (x.length > NEWTON_LIMIT || !Number.isFinite(value))
    return {
      ...known,
      stop,
      stopReason,
      unidentified: [],
      unbounded: [],
      freedom: x.length,
      information: null,
    };
  const found = identifyMixture({
    objective,
    space,
    x,
    gradient,
    value,
    held,
    decisions,
    lookAhead: stepsAhead(problem.time),
    arrived: stop === 'converged',
  });
  if (found && found.unbounded.length > 0) {
    stop = 'unbounded';
    stopReason = runaway(found.unbounded, space);
  } else if (stop === 'converged' && (found?.newtonDecrement ?? 0) > DECREMENT_LIMIT) {
    stop = 'max-iterations';
    stopReason =
      found?.newtonDecrement === Number.POSITIVE_INFINITY
        ? 'it ended on a saddle, where the score is 0 and the likelihood still rises one way: more --restarts may find a maximum'
        : 'the score is small but a Newton step would still move the estimates';
  } else if (
    // Newton gives up where no step can be told from round-off; that is an optimum all the same.
    stop === 'line-search-failed' &&
    found &&
    known.gradientNorm <= tolerance
  ) {
    stop = 'converged';
    stopReason = null;
  }
  return {
    ...known,
    stop,
    stopReason,
    unidentified: found?.unidentified ?? [],
    unbounded: found?.unbounded ?? [],
    freedom: x.length - held.reduce((n, h) => n + h, 0) - (found?.unidentified.length ?? 0),
    information:
      stop === 'converged' && found
        ? mixtureInformation(problem, space, objective, found.hessian, found.flat, held, decisions)
        : null,
  };
}

function wordsOf({ stop, newtonIterations }: ClassRun, gradientNorm: number): string {
  const left = `with a score of ${gradientNorm.toExponential(1)} per decision`;
  return stop === 'max-iterations'
    ? `stopped after ${newtonIterations} iterations ${left}`
    : stop === 'not-finite'
      ? 'the likelihood or its gradient was not a finite number'
      : `no step improved the fit any more, ${left} left`;
}

/** Of coefficients or shares that run away. */
function runaway(unbounded: readonly string[], { names, classCount }: ClassSpace): string {
  const shares = new Set(names.slice(-classCount));
  const emptied = unbounded.filter((name) => shares.has(name));
  if (emptied.length === 0) return runawayWords(unbounded, 'likelihood');
  return `a class empties (${emptied.join(', ')} runs to 0 or 1): fewer classes describe the data as well`;
}
