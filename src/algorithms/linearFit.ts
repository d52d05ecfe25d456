/**
 * Fits a reward linear in features: minimise, look at the curvature, say what was found.
 *
 * `converged` means that the largest score is below the tolerance and that the Newton decrement says
 * no step is left to make; Newton's steps at the end take the estimates to round-off.
 */

import type { TimeStructure } from '../mdp/timeStructure.ts';
import type { Minimum } from '../optimizers/minimizer.ts';
import type { Criterion } from '../planning/criterion.ts';
import { linearReward } from '../rewards/linearReward.ts';
import type {
  FitOptions,
  FitProgress,
  FitStop,
  ParameterEstimate,
  UnidentifiedDirection,
} from './algorithm.ts';
import { meaningOfFeatures } from './explainDirections.ts';
import type { FeasibleRegion } from './feasibleRegion.ts';
import { minimizeInStages, stages } from './fitStages.ts';
import { type Identification, identify, identifyByStructure } from './identification.ts';
import type { Curvature } from './information.ts';
import { type LinearObjective, linearObjective } from './linearObjective.ts';
import { type ParameterSpace, parameterSpace } from './parameters.ts';
import { type Problem, weightedDecisions } from './problem.ts';
import { runawayWords, stopWords } from './stopWords.ts';

/** Beyond so many parameters second derivatives are not taken at all, not even once. */
const CURVATURE_LIMIT = 400;
/** Up to so many parameters a penalised fit is looked at without its penalty too, */
const PENALTY_LIMIT = 100;
/** for at most so many iterations. */
const PENALTY_ITERATIONS = 60;
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
  /** What the data leave open or send to infinity, and nothing but the penalty holds. */
  readonly heldByPenalty: HeldByPenalty | null;
  /** Why a start was refused. */
  readonly refusal: ReturnType<FeasibleRegion['explain']> | null;
}

/** What would be said of a fit without its penalty; at least one of the two holds something. */
export interface HeldByPenalty {
  readonly unidentified: readonly UnidentifiedDirection[];
  readonly unbounded: readonly string[];
}

/** @param region where the criterion is finite; null where it is everywhere */
export function* linearFit(
  problem: Problem,
  criterion: Criterion,
  options: FitOptions,
  region: FeasibleRegion | null,
): Generator<FitProgress, LinearFit> {
  const { world, features } = problem;
  const space = parameterSpace(world.mdp, features, problem.temperature, options);
  const decisions = weightedDecisions(problem);
  const l2 = options.l2 ?? 0;
  const reward = linearReward(world.mdp, features);
  const objectiveWith = (penalty: number): LinearObjective =>
    linearObjective(criterion, reward, features, world.mdp.pairCount, space, decisions, penalty);
  const objective = objectiveWith(l2);

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
  let heldByPenalty: HeldByPenalty | null = null;
  if (l2 > 0 && described.stop === 'converged' && objective.size <= PENALTY_LIMIT) {
    const bare = { ...options, l2: 0, maxIterations: PENALTY_ITERATIONS };
    const stagesLeft = stages(bare, objective.size, criterion.curvatureIsDear ?? false);
    const free = objectiveWith(0);
    const end = runToEnd(
      minimizeInStages(free, minimum.x, space, decisions, stagesLeft, undefined),
    );
    heldByPenalty = heldOnlyBy(describeFit(free, end, space, decisions, problem, bare));
  }
  return { ...described, heldByPenalty, foundStart, refusal: null };
}

function heldOnlyBy({ identification }: Pick<LinearFit, 'identification'>): HeldByPenalty | null {
  const { unidentified = [], unbounded = [] } = identification ?? {};
  return unidentified.length + unbounded.length === 0 ? null : { unidentified, unbounded };
}

function runToEnd<Step, End>(steps: Generator<Step, End>): End {
  let next = steps.next();
  while (!next.done) next = steps.next();
  return next.value;
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
    stop: region ? 'infeasible' : 'not-finite',
    stopReason: region
      ? 'the soft value is infinite at the start: moving about for ever pays'
      : 'the likelihood is not a finite number at the start: look for features, or a start, of extreme size',
    theta: null,
    value: null,
    gradientNorm: null,
    evaluations: objective.evaluations(),
    parameters: space.names.map((name) => ({ name, estimate: Number.NaN })),
    identification: null,
    curvature: null,
    freedom: space.free.length,
    foundStart: null,
    heldByPenalty: null,
    refusal: region?.explain(space) ?? null,
  };
}

function describeFit(
  objective: LinearObjective,
  minimum: Minimum,
  space: ParameterSpace,
  decisions: number,
  problem: Problem,
  { l2 = 0, objective: criterion = 'likelihood' }: FitOptions,
): Omit<LinearFit, 'foundStart' | 'heldByPenalty' | 'refusal'> {
  const { x, gradient, gradientNorm, value } = minimum;
  const theta = objective.thetaOf(x);
  const held = Uint8Array.from(x, (xi, i) =>
    xi <= space.lower[i] || xi >= space.upper[i] ? 1 : 0,
  );
  let stop: FitStop = minimum.stop;
  let stopReason: string | null = null;
  let identification: Identification | null = null;
  const runaway = stop === 'not-finite' ? runawayNames(x, space) : [];
  if (runaway.length > 0) {
    stop = 'unbounded';
    stopReason = runawayWords(runaway, criterion);
  } else if (stop !== 'infeasible' && stop !== 'not-finite' && x.length > 0) {
    objective.evaluate(x, gradient);
    const look = x.length <= CURVATURE_LIMIT ? identify : identifyByStructure;
    identification = look({
      meaning: meaningOfFeatures(problem, space),
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

/** A coefficient of this size, its feature at unit spread, was not stopped by any data. */
const RUNAWAY = 1e8;

/** The features whose coefficients left for infinity, where a search ended out of all range. */
function runawayNames(x: Float64Array, { free, names }: ParameterSpace): string[] {
  const largest = x.reduce((most, xi) => Math.max(most, Math.abs(xi)), 0);
  if (!(largest > RUNAWAY)) return [];
  return [...free].filter((_, i) => Math.abs(x[i]) > 1e-3 * largest).map((k) => names[k]);
}

/** The curvature of what was maximised, for the parameters that no bound holds. */
function curvatureOf(
  { hessian, flat }: Identification,
  { free, spread }: ParameterSpace,
  held: Uint8Array,
  decisions: number,
): Curvature | null {
  if (hessian === null) return null;
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
export function stepsAhead(time: TimeStructure): number {
  if (time.kind === 'discounted') return 1 / (1 - time.discount);
  return time.kind === 'finite' ? time.horizon : 1;
}
