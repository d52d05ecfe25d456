/**
 * Fits a reward linear in features: minimise, look at the curvature, say what was found.
 *
 * L-BFGS brings a start near where curvature is dear, Newton finishes (and does it all where
 * curvature is cheap), so estimates are exact to round-off and `converged` means that the largest
 * score is below the tolerance and the Newton decrement says no step is left to make.
 */

import type { TimeStructure } from '../mdp/timeStructure.ts';
import { lbfgs } from '../optimizers/lbfgs.ts';
import type { Checkpoint, Minimizer, Minimum } from '../optimizers/minimizer.ts';
import { trustRegionNewton } from '../optimizers/trustRegionNewton.ts';
import type { Criterion } from '../planning/criterion.ts';
import { linearReward } from '../rewards/linearReward.ts';
import type { FitOptions, FitProgress, FitStop, ParameterEstimate } from './algorithm.ts';
import type { FeasibleRegion } from './feasibleRegion.ts';
import { type Identification, identify } from './identification.ts';
import type { Curvature } from './information.ts';
import { type LinearObjective, linearObjective } from './linearObjective.ts';
import { type ParameterSpace, parameterSpace } from './parameters.ts';
import { type Problem, weightedDecisions } from './problem.ts';

/** Beyond so many parameters second derivatives cost more than they bring. */
const NEWTON_LIMIT = 100;
/** Squared distance from the optimum, in standard errors, that still counts as being there. */
const DECREMENT_LIMIT = 1e-6;

export interface LinearFit {
  readonly stop: FitStop;
  readonly stopReason: string | null;
  /** [parameters] null where no feasible reward was found. */
  readonly theta: Float64Array | null;
  /** Value of the criterion at θ, without the penalty. */
  readonly value: number | null;
  readonly gradientNorm: number | null;
  readonly evaluations: number;
  readonly parameters: readonly ParameterEstimate[];
  readonly identification: Identification | null;
  /** At a converged optimum that second derivatives were taken of; else null. */
  readonly curvature: Curvature | null;
  /** Number of parameters that were estimated freely and that the data identify. */
  readonly freedom: number;
  /** The start that was found where the default one was infeasible. */
  readonly foundStart: Readonly<Record<string, number>> | null;
  /** Why a start was refused. */
  readonly refusal: ReturnType<FeasibleRegion['explain']> | null;
}

/** @param region where the criterion is finite; null where it is everywhere */
export function* linearFit(
  problem: Problem,
  criterion: Criterion,
  options: FitOptions,
  region: FeasibleRegion | null,
): Generator<FitProgress, LinearFit> {
  const { world, features } = problem;
  const space = parameterSpace(world.mdp, features, options);
  const decisions = weightedDecisions(problem);
  const l2 = options.l2 ?? 0;
  const reward = linearReward(world.mdp, features);
  const objective = linearObjective(
    criterion,
    reward,
    features,
    world.mdp.pairCount,
    space,
    decisions,
    l2,
  );

  let start: Float64Array = objective.coordinatesOf(space.start);
  let foundStart = (options.resume?.foundStart ?? null) as LinearFit['foundStart'];
  const gradient = new Float64Array(objective.size);
  if (!options.resume && objective.evaluate(start, gradient) === Number.POSITIVE_INFINITY) {
    const found = space.startGiven ? null : (region?.findStart(space) ?? null);
    if (!found) return refused(space, objective, region);
    start = objective.coordinatesOf(found);
    foundStart = Object.fromEntries(space.names.map((name, k) => [name, found[k]]));
  }

  const plan = stages(options, objective.size, criterion.curvatureIsDear ?? false);
  const minimum = yield* rememberingStart(
    minimizeInStages(objective, start, space, decisions, plan, options.resume),
    foundStart,
  );
  const described = describeFit(objective, minimum, space, decisions, problem, options);
  return { ...described, foundStart, refusal: null };
}

/** Keeps the start that was found in every checkpoint, so that a resumed fit can tell it too. */
function* rememberingStart(
  steps: Generator<FitProgress, Minimum>,
  foundStart: LinearFit['foundStart'],
): Generator<FitProgress, Minimum> {
  let next = steps.next();
  for (; !next.done; next = steps.next())
    yield foundStart === null
      ? next.value
      : { ...next.value, checkpoint: { ...next.value.checkpoint, foundStart } };
  return next.value;
}

function refused(
  space: ParameterSpace,
  objective: LinearObjective,
  region: FeasibleRegion | null,
): LinearFit {
  return {
    stop: 'infeasible',
    stopReason: 'the soft value is infinite at the start: moving about for ever pays',
    theta: null,
    value: null,
    gradientNorm: null,
    evaluations: objective.evaluations(),
    parameters: space.names.map((name) => ({ name, estimate: Number.NaN })),
    identification: null,
    curvature: null,
    freedom: space.free.length,
    foundStart: null,
    refusal: region?.explain(space) ?? null,
  };
}

interface Stage {
  readonly name: string;
  readonly minimizer: Minimizer;
  readonly tolerance: number;
  readonly maxIterations: number;
  /** Whether it begins at the start again, and only where the stages before did not converge. */
  readonly again?: true;
}

function stages(options: FitOptions, size: number, curvatureIsDear: boolean): Stage[] {
  const { tolerance = 1e-9, maxIterations = 500 } = options;
  const only = (minimizer: Minimizer, name: string): Stage[] => [
    { name, minimizer, tolerance, maxIterations },
  ];
  if (options.optimizer) return only(options.optimizer, options.optimizer.name);
  if (size > NEWTON_LIMIT) return only(lbfgs, 'lbfgs');
  const newton = only(trustRegionNewton, 'newton');
  if (!curvatureIsDear) return newton;
  return [
    { name: 'lbfgs', minimizer: lbfgs, tolerance: 1e-6, maxIterations: 100 },
    ...newton,
    { ...newton[0], name: 'newton from the start', again: true },
  ];
}

function* minimizeInStages(
  objective: LinearObjective,
  start: Float64Array,
  space: ParameterSpace,
  decisions: number,
  plan: readonly Stage[],
  checkpoint: Checkpoint | undefined,
): Generator<FitProgress, Minimum> {
  const resumed = checkpoint as { stage?: string; x?: number[]; inner?: Checkpoint } | undefined;
  let first = Math.max(
    0,
    plan.findIndex((stage) => stage.name === resumed?.stage),
  );
  if (resumed?.x === undefined) first = 0;
  let x: Float64Array = resumed?.x ? Float64Array.from(resumed.x) : start;
  let minimum: Minimum | null = null;
  let iterationsBefore = 0;
  for (const stage of plan.slice(first)) {
    const before: Minimum | null = minimum;
    if (stage.again && before?.stop === 'converged') break;
    if (stage.again && before) x = start;
    const inner = stage.name === resumed?.stage && minimum === null ? resumed.inner : undefined;
    const steps = stage.minimizer.minimize({ ...objective, hessian: objective.uphillHessian }, x, {
      tolerance: stage.tolerance,
      maxIterations: stage.maxIterations,
      lower: space.lower,
      upper: space.upper,
      ...(inner ? { resume: inner } : {}),
    });
    let next = steps.next();
    for (; !next.done; next = steps.next()) {
      const { iteration, value, gradientNorm } = next.value;
      yield {
        iteration: iterationsBefore + iteration,
        evaluations: objective.evaluations(),
        value: -value * decisions,
        gradientNorm,
        checkpoint: {
          stage: stage.name,
          x: [...next.value.x],
          inner: next.value.checkpoint,
        },
      };
    }
    iterationsBefore += next.value.iterations;
    minimum = stage.again ? betterOf(before, next.value) : next.value;
    x = minimum.x;
  }
  if (!minimum) throw new TypeError('Cannot minimise: no stage is left to run');
  return minimum;
}

/** The minimum that converged, or else the lower one. */
function betterOf(before: Minimum | null, after: Minimum): Minimum {
  if (!before || after.stop === 'converged' || !(before.value <= after.value)) return after;
  return before;
}

function describeFit(
  objective: LinearObjective,
  minimum: Minimum,
  space: ParameterSpace,
  decisions: number,
  { time }: Problem,
  { l2 = 0, objective: criterion = 'likelihood' }: FitOptions,
): Omit<LinearFit, 'foundStart' | 'refusal'> {
  const { x, gradient, gradientNorm, value } = minimum;
  const theta = objective.thetaOf(x);
  const held = Uint8Array.from(x, (xi, i) =>
    xi <= space.lower[i] || xi >= space.upper[i] ? 1 : 0,
  );
  let stop: FitStop = minimum.stop;
  let stopReason: string | null = null;
  let identification: Identification | null = null;
  if (stop !== 'infeasible' && stop !== 'not-finite' && x.length > 0 && x.length <= NEWTON_LIMIT) {
    objective.evaluate(x, gradient);
    const lookAhead = stepsAhead(time);
    identification = identify(objective, space, x, gradient, value, held, decisions, lookAhead);
    if (identification && identification.unbounded.length > 0) {
      stop = 'unbounded';
      stopReason = runawayWords(identification.unbounded, criterion);
    } else if (stop === 'converged' && (identification?.newtonDecrement ?? 0) > DECREMENT_LIMIT) {
      stop = 'max-iterations';
      stopReason =
        'the score is small but a Newton step would still move the estimates: lower the tolerance';
    }
  }
  stopReason ??= stopWords(minimum);
  let penalty = 0;
  for (const t of theta) penalty += 0.5 * l2 * t * t;
  let fitted = Number.isFinite(value) ? penalty - value * decisions : null;
  if (criterion === 'likelihood' && fitted !== null && fitted > 1e-6 * (1 + decisions)) {
    stop = 'not-finite';
    stopReason =
      'the values grew so large that rounding swallowed the likelihood: a lower discount, or fewer features, keeps them in range';
    fitted = null;
  }
  const parameters = space.names.map((name, k): ParameterEstimate => {
    const i = space.free.indexOf(k);
    const estimate = theta[k];
    if (i < 0) return { name, estimate, held: 'fixed' };
    return held[i] ? { name, estimate, held: 'at-bound' } : { name, estimate };
  });
  return {
    stop,
    stopReason,
    theta,
    value: fitted,
    gradientNorm: Number.isFinite(gradientNorm) ? gradientNorm : null,
    evaluations: objective.evaluations(),
    parameters,
    identification,
    curvature:
      stop === 'converged' && identification
        ? curvatureOf(identification, space, held, decisions)
        : null,
    freedom:
      parameters.filter(({ held: by }) => by === undefined).length -
      (identification?.unidentified.length ?? 0),
  };
}

/** The curvature of what was maximised, for the parameters that no bound holds. */
function curvatureOf(
  { hessian, flat }: Identification,
  { free, spread }: ParameterSpace,
  held: Uint8Array,
  decisions: number,
): Curvature {
  const size = free.length;
  const loose = Int32Array.from(free.keys()).filter((i) => held[i] === 0);
  const part = new Float64Array(loose.length ** 2);
  loose.forEach((i, a) => {
    loose.forEach((j, b) => {
      part[a * loose.length + b] = (decisions || 1) * hessian[i * size + j];
    });
  });
  return {
    free: loose.map((i) => free[i]),
    spread: Float64Array.from(loose, (i) => spread[i]),
    hessian: part,
    flat: flat.map((v) => Float64Array.from(loose, (i) => v[i])),
  };
}

/** How many steps a value sums up, about. */
function stepsAhead(time: TimeStructure): number {
  if (time.kind === 'discounted') return 1 / (1 - time.discount);
  return time.kind === 'finite' ? time.horizon : 1;
}

function runawayWords(
  unbounded: readonly string[],
  criterion: 'likelihood' | 'feature-matching',
): string {
  const names = unbounded.map((name) => `"${name}"`).join(', ');
  const remedy = 'an L2 penalty (--l2) or a bound (--bounds) gives a finite answer';
  return criterion === 'likelihood'
    ? `the likelihood keeps rising as ${names} runs away: the data never (or always) show what it describes; ${remedy}`
    : `the dual keeps rising as ${names} runs away: no reward of these features makes people expected to do what was recorded, as where recordings end and the future does not; ${remedy}`;
}

function stopWords({ stop, iterations, gradientNorm }: Minimum): string | null {
  switch (stop) {
    case 'converged':
      return null;
    case 'max-iterations':
      return `stopped after ${iterations} iterations with a score of ${gradientNorm.toExponential(1)} per decision`;
    case 'line-search-failed':
      return `no step improved the fit any more, with a score of ${gradientNorm.toExponential(1)} per decision left`;
    case 'infeasible':
      return 'the soft value is infinite at the start: moving about for ever pays';
    case 'not-finite':
      return 'the likelihood or its gradient was not a finite number: look for features of extreme size';
  }
}
