/**
 * Finds the classes behind a problem's trajectories: from every start some steps of expectation
 * maximisation, then Newton on the likelihood of the mixture; the best end counts.
 */

import { createRng } from '../numeric/rng.ts';
import type { Minimum } from '../optimizers/minimizer.ts';
import type { FitOptions, FitProgress } from './algorithm.ts';
import { byShare, type Classes, type ClassSpace } from './classSpace.ts';
import { type ClassStartKind, drawClassStart } from './classStarts.ts';
import { type EmStep, expectationMaximization } from './expectationMaximization.ts';
import { minimizeInStages, stages } from './fitStages.ts';
import { mixtureObjective } from './mixtureObjective.ts';
import { type Problem, weightedDecisions } from './problem.ts';
import { createTrajectoryScores } from './trajectoryScores.ts';

/** The end of one start. Plain JSON, so that an interrupted search can keep it. */
export interface ClassRun {
  readonly start: ClassStartKind;
  readonly stop: Minimum['stop'];
  /** Log-likelihood without penalty, and with it; null where the start was infeasible. */
  readonly logLikelihood: number | null;
  readonly value: number | null;
  readonly emIterations: number;
  readonly newtonIterations: number;
  readonly gradientNorm: number | null;
  readonly evaluations: number;
  /** [x] in the order of shares; empty where the start was infeasible. */
  readonly x: readonly number[];
}

export interface MixtureFit {
  readonly runs: readonly ClassRun[];
  /** The one of highest likelihood, and which it is; null where every start was infeasible. */
  readonly best: ClassRun | null;
}

export interface MixtureSettings extends FitOptions {
  readonly restarts: number;
  /** Distinguishes the random draws of this search from those of others. */
  readonly stream: string;
}

/** Iterations of expectation maximisation before Newton, and the gain that ends them. */
const EM_LIMIT = 10;
const EM_GAIN = 1e-3;
/** Log-likelihoods that differ by less are the same peak. */
export const SAME_PEAK = 1e-4;

/**
 * @param theta [features] of everybody, to begin at
 * @param done ends of starts that an earlier, interrupted search reached, in order
 * @param onRun told of every new one
 */
export function* fitMixture(
  problem: Problem,
  space: ClassSpace,
  theta: Float64Array,
  settings: MixtureSettings,
  done: readonly ClassRun[],
  onRun: (run: ClassRun) => void,
): Generator<Omit<FitProgress, 'checkpoint'>, MixtureFit> {
  const { restarts, seed = 0, stream } = settings;
  const runs = [...done].slice(0, restarts);
  const everybody = createTrajectoryScores(problem, 'scores');
  if (runs.length < restarts) everybody.evaluate(theta);
  const score = everybody.score.slice();
  for (let turn = runs.length; turn < restarts; turn++) {
    const rng = createRng(seed, `${stream}, start ${turn}`);
    const { kind, start } = drawClassStart(
      turn,
      space.classCount,
      { space: space.one, theta, score },
      (trial) => everybody.evaluate(trial),
      rng,
    );
    const run = yield* runFrom(problem, space, kind, start, settings);
    runs.push(run);
    onRun(run);
  }
  return { runs, best: bestOf(runs) };
}

function* runFrom(
  problem: Problem,
  space: ClassSpace,
  kind: ClassStartKind,
  start: Parameters<typeof expectationMaximization>[2],
  settings: MixtureSettings,
): Generator<Omit<FitProgress, 'checkpoint'>, ClassRun> {
  const { l2 = 0, maxIterations = 500 } = settings;
  const decisions = weightedDecisions(problem);
  const em = expectationMaximization(problem, space, start, {
    l2,
    maxIterations: Math.min(EM_LIMIT, maxIterations),
    tolerance: EM_GAIN,
  });
  let step = em.next();
  for (; !step.done; step = em.next()) yield emProgress(step.value, space);
  const last = step.value;
  if (!last) return refused(kind);
  const objective = mixtureObjective(problem, space, decisions, l2);
  const newton = minimizeInStages(
    objective,
    space.coordinatesOf(last.classes),
    space,
    decisions,
    stages(settings, objective.size, false),
    undefined,
  );
  let next = newton.next();
  for (; !next.done; next = newton.next()) {
    const { iteration, evaluations, value, gradientNorm } = next.value;
    yield { iteration: last.iteration + iteration, evaluations, value, gradientNorm };
  }
  return settled(kind, last, next.value, space, decisions, l2);
}

function emProgress({ iteration, value }: EmStep, { classCount }: ClassSpace) {
  return {
    iteration,
    evaluations: (iteration + 1) * classCount,
    value,
    gradientNorm: Number.POSITIVE_INFINITY,
  };
}

/** Puts the classes into the order of their shares. */
function settled(
  start: ClassStartKind,
  { iteration }: EmStep,
  { x, stop, value, gradientNorm, iterations, evaluations }: Minimum,
  space: ClassSpace,
  decisions: number,
  l2: number,
): ClassRun {
  if (!Number.isFinite(value)) return { ...refused(start), stop };
  const classes: Classes = byShare(space.classesAt(x));
  const penalised = -value * decisions;
  const penalty = classes.theta.reduce(
    (sum, theta) => theta.reduce((s, t) => s + 0.5 * l2 * t * t, sum),
    0,
  );
  return {
    start,
    stop,
    logLikelihood: penalised + penalty,
    value: penalised,
    emIterations: iteration,
    newtonIterations: iterations,
    gradientNorm,
    evaluations,
    x: [...space.coordinatesOf(classes)],
  };
}

function refused(start: ClassStartKind): ClassRun {
  return {
    start,
    stop: 'infeasible',
    logLikelihood: null,
    value: null,
    emIterations: 0,
    newtonIterations: 0,
    gradientNorm: null,
    evaluations: 1,
    x: [],
  };
}

/** The highest; among those of the same height one that converged. */
function bestOf(runs: readonly ClassRun[]): ClassRun | null {
  let best: ClassRun | null = null;
  for (const run of runs) {
    if (run.value === null) continue;
    const lead = best?.value == null ? Number.POSITIVE_INFINITY : run.value - best.value;
    const isSame = Math.abs(lead) < SAME_PEAK;
    const arrived = run.stop === 'converged' && best?.stop !== 'converged';
    if (isSame ? arrived || (lead > 0 && run.stop === best?.stop) : lead > 0) best = run;
  }
  return best;
}
