/**
 * The loop of maximum causal entropy where plans and visits may come from samples:
 *
 *   reward θ → plan → visits → surplus = demonstrated − expected → gradient → step
 *
 * Who plans is exchangeable: exactly, from a simulator, from a log. Without noise its steps are
 * Newton's, and it ends `converged` as any exact fit does. With noise steps decrease and iterates are
 * averaged; at rounds 16, 24, 32, 48, 64, … the mean of the last half is held still, planned for at length and
 * compared with the demonstrations anew. It ends `matched-within-error` where every gap is then within
 * its error (all of them together with a confidence of 95 %) and the errors are as small as was asked;
 * else it corrects the mean by that measurement and goes on.
 *
 * References: Ziebart, Bagnell & Dey (2010), ICML, alg. 1; Polyak & Juditsky (1992), SIAM J. Control
 * Optim. 30 (averaging).
 */

import type { Checkpoint } from '../../optimizers/minimizer.ts';
import type { FitProgress, FitStop } from '../algorithm.ts';
import type { ParameterSpace } from '../parameters.ts';
import { type Axis, axesOf, gainAlong, gainStep } from './gainStep.ts';
import { type Gap, gapIn, measureGap } from './sampledGap.ts';
import type { SampledSettings } from './sampledOptions.ts';
import type { SampledPlanner } from './sampledPlanner.ts';

/** The first round after which the mean is held still and compared. */
const FIRST_CHECK = 16;
/** Of the information and the noise known before, this share stays when a round adds its own. */
const MEMORY = 0.9;
/** An eigenvalue below this share of the largest is round-off. */
const ROUND_OFF = 1e-10;
/** A parameter whose share in a direction is below this takes no part in it. */
const NO_PART = 0.02;
/** Squared distance from the optimum, in standard errors, that still counts as being there. */
const DECREMENT_LIMIT = 1e-6;
export interface SampledLoopOptions {
  readonly settings: SampledSettings;
  /** Largest gap that counts as none where nothing is random. */
  readonly tolerance: number;
  readonly maxRounds: number;
  /** λ of the penalty, and the weight of all decisions it is shared by. */
  readonly l2: number;
  readonly decisions: number;
  readonly resume?: Checkpoint | undefined;
}

export interface SampledLoopEnd {
  readonly stop: FitStop;
  readonly theta: Float64Array;
  /** [free] what was left at the end. */
  readonly gap: Gap;
  /** [free] Monte-Carlo standard error of each free θ; zero where nothing was random, NaN where unknown. */
  readonly thetaError: Float64Array;
  /** [free] standard error of θ from the outer product of scores; NaN where unknown. */
  readonly outerProductError: Float64Array;
  /** Of the demonstrations under the planner's own last plan. */
  readonly ownLogLikelihood: number;
  /** Directions [free] in θ along which rollouts show no change of what is decided. */
  readonly flat: readonly Float64Array[];
  readonly rounds: number;
}

/** What is kept from round to round. */
interface LoopState {
  readonly round: number;
  readonly x: readonly number[];
  /** Iterates since the last comparison. */
  readonly window: readonly (readonly number[])[];
  readonly information: readonly number[] | null;
  readonly covariance: readonly number[] | null;
  /** The gap of the round; null after a comparison at length. */
  readonly before: readonly number[] | null;
  readonly planner: Checkpoint;
}

export function* sampledLoop(
  planner: SampledPlanner,
  space: ParameterSpace,
  options: SampledLoopOptions,
): Generator<FitProgress, SampledLoopEnd> {
  const { settings, tolerance, maxRounds, decisions } = options;
  const { free, spread, lower, upper } = space;
  const size = free.length;
  const saved = options.resume as LoopState | undefined;
  let x: Float64Array = saved
    ? Float64Array.from(saved.x)
    : Float64Array.from(free, (k, i) => space.start[k] * spread[i]);
  let window: Float64Array[] = saved ? saved.window.map((row) => Float64Array.from(row)) : [];
  const restored = (saw: readonly number[] | null | undefined): Float64Array | null =>
    saw ? Float64Array.from(saw) : null;
  let information = restored(saved?.information);
  let covariance = restored(saved?.covariance);
  let before = restored(saved?.before);

  const thetaAt = (point: Float64Array): Float64Array => {
    const theta = space.start.slice();
    free.forEach((k, i) => {
      const [low, high] = space.bounds[k];
      theta[k] = Math.min(Math.max(point[i] / spread[i], low), high);
    });
    return theta;
  };
  const compare = (point: Float64Array, rollouts: number): Gap =>
    gapIn(planner.surplus(rollouts), space, thetaAt(point), options);
  const penaltyAt = (theta: Float64Array): number =>
    theta.reduce((sum, t) => sum + 0.5 * options.l2 * t * t, 0);
  const moved = (point: Float64Array, step: Float64Array): Float64Array =>
    point.map((xi, i) => Math.min(Math.max(xi + step[i], lower[i]), upper[i]));
  const end = (stop: FitStop, point: Float64Array, gap: Gap, round: number): SampledLoopEnd => {
    const theta = thetaAt(point);
    planner.settle(theta, learningFloor(round));
    return {
      stop,
      theta,
      gap,
      rounds: round,
      ownLogLikelihood: planner.logLikelihood(),
      ...uncertaintyOf(gap, window, space, decisions),
    };
  };

  if (!saved) planner.settle(thetaAt(x), learningFloor(1));
  for (let round = (saved?.round ?? 0) + 1; ; round++) {
    planner.plan(thetaAt(x), learningFloor(round));
    const gap = compare(x, settings.rollouts);
    const exact = gap.replicates.length === 0;
    information = exact ? gap.information : remember(information, gap.information);
    covariance = exact ? null : remember(covariance, noiseOf(gap, before));
    before = gap.value;
    const axes = axesOf(loosePart(information, gap), covariance, size);
    const last = round >= maxRounds;
    if (exact) {
      const step = gainStep(gap.value, axes, 1);
      const decrement = decisions * step.reduce((sum, d, i) => sum + d * gap.value[i], 0);
      if (gap.largest <= tolerance && Math.abs(decrement) <= DECREMENT_LIMIT)
        return end('converged', x, gap, round);
      if (last) return end('max-iterations', x, gap, round);
      x = moved(x, step);
    } else {
      x = moved(x, gainStep(gap.value, axes, gainOf(round)));
      window.push(x);
      if (isCheck(round) || last) {
        const mean = averageOf(window.slice(Math.floor(window.length / 2)));
        const measured = measureGap(planner, space, thetaAt(mean), learningFloor(round), options);
        if (measured.isClosed) return end('matched-within-error', mean, measured, round);
        if (last) return end('max-iterations', mean, measured, round);
        const known = measured.information ?? information;
        const there = axesOf(loosePart(known, measured), measured.covariance, size);
        x = moved(mean, gainStep(measured.value, there, 1));
        window = [];
        before = null;
      }
    }
    yield {
      iteration: round,
      evaluations: round,
      value: planner.logLikelihood() - penaltyAt(thetaAt(x)),
      gradientNorm: gap.largest,
      checkpoint: {
        round,
        x: [...x],
        window: window.map((row) => [...row]),
        information: information && [...information],
        covariance: covariance && [...covariance],
        before: before && [...before],
        planner: planner.state(),
      } satisfies LoopState,
    };
  }
}

/** Where the planner stood at a checkpoint; absent where there is none. */
export function plannerStateOf(resume: Checkpoint | undefined): unknown {
  return (resume as LoopState | undefined)?.planner;
}

function isCheck(round: number): boolean {
  const doubled = Math.log2(round / FIRST_CHECK);
  const between = Math.log2(round / (1.5 * FIRST_CHECK));
  return round >= FIRST_CHECK && (Number.isInteger(doubled) || Number.isInteger(between));
}

/** ρ: Σ ρ = ∞ and Σ ρ² < ∞, slow enough for averaging. */
function gainOf(round: number): number {
  return 0.7 / (1 + round / 8) ** 0.6;
}

/** Smallest step of learning in a round: plans must settle, and yet follow θ. */
function learningFloor(round: number): number {
  return Math.max(0.003, 0.25 / (1 + round));
}

function remember(before: Float64Array | null, now: Float64Array | null): Float64Array | null {
  if (!before || !now) return now ?? before;
  return before.map((h, i) => MEMORY * h + (1 - MEMORY) * now[i]);
}

/** H without the parameters that a bound holds, which no step shall move. */
function loosePart(information: Float64Array | null, { isHeld }: Gap): Float64Array | null {
  if (!information) return null;
  const size = isHeld.length;
  return information.map((h, ij) => (isHeld[Math.floor(ij / size)] || isHeld[ij % size] ? 0 : h));
}

/**
 * [free × free] how much a gap varies from round to round, by luck in rollouts and in learning:
 * ½ (g − g′)(g − g′)ᵀ of successive ones; of rollouts alone in the first round.
 */
function noiseOf({ value, covariance }: Gap, before: Float64Array | null): Float64Array {
  if (!before) return covariance;
  const size = value.length;
  return covariance.map((_, ij) => {
    const [i, j] = [Math.floor(ij / size), ij % size];
    return 0.5 * (value[i] - before[i]) * (value[j] - before[j]);
  });
}

function averageOf(rows: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(rows[0].length);
  for (const row of rows) for (let i = 0; i < mean.length; i++) mean[i] += row[i] / rows.length;
  return mean;
}

/**
 * How sure θ is. Monte Carlo: how far x may be from where the gap closes, by what the last comparison
 * measured, how sure that was, and how much the mean of the iterates still moved. Outer products: what
 * so many decisions leave open. Both are without end along directions that rollouts say nothing of.
 */
function uncertaintyOf(
  gap: Gap,
  window: readonly Float64Array[],
  { free, spread }: ParameterSpace,
  decisions: number,
): Pick<SampledLoopEnd, 'thetaError' | 'outerProductError' | 'flat'> {
  const size = free.length;
  const axes = axesOf(gap.information, gap.covariance, size) ?? [];
  const least = ROUND_OFF * (axes.at(-1)?.curvature ?? 0);
  const isFlat = ({ curvature, noise }: Axis): boolean =>
    !(curvature > Math.max(least, 3 * gap.informationNoise * noise));
  const flat = axes.filter(isFlat);
  const sharp = axes.filter((axis) => !isFlat(axis)).map((axis) => ({ ...axis, noise: 0 }));
  const isOpen = (i: number): boolean =>
    axes.length === 0 || flat.some(({ vector }) => Math.abs(vector[i]) > NO_PART);
  const inverse = sharp.length > 0 ? gainAlong(sharp) : (x: Float64Array) => x;
  const left = inverse(gap.value);
  const wander = errorOfMean(window.slice(Math.floor(window.length / 2)), size);
  const variance = (i: number): { simulated: number; sampled: number } => {
    let [simulated, sampled] = [left[i] ** 2 + wander[i] ** 2, 0];
    for (const { vector, curvature, noise } of axes.filter((axis) => !isFlat(axis))) {
      simulated += (noise * vector[i] ** 2) / curvature ** 2;
      sampled += vector[i] ** 2 / (curvature * decisions);
    }
    return { simulated, sampled };
  };
  const errors = (kind: 'simulated' | 'sampled'): Float64Array =>
    Float64Array.from(free, (_, i) =>
      isOpen(i) ? Number.NaN : Math.sqrt(variance(i)[kind]) / spread[i],
    );
  return {
    thetaError: gap.replicates.length === 0 ? new Float64Array(size) : errors('simulated'),
    outerProductError: errors('sampled'),
    flat: flat.map(({ vector }) => vector.map((v, i) => v / spread[i])),
  };
}

/** Standard error of the mean of a sequence that remembers, by the means of four parts of it. */
function errorOfMean(rows: readonly Float64Array[], size: number): Float64Array {
  const parts = 4;
  const length = Math.floor(rows.length / parts);
  if (length < 1) return new Float64Array(size);
  const means = Array.from({ length: parts }, (_, b) =>
    averageOf(rows.slice(b * length, (b + 1) * length)),
  );
  const whole = averageOf(means);
  return whole.map((m, i) =>
    Math.sqrt(means.reduce((sum, row) => sum + (row[i] - m) ** 2, 0) / (parts * (parts - 1))),
  );
}
