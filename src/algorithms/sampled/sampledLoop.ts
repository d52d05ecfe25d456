/**
 * The loop of maximum causal entropy where plans and visits may come from samples:
 *
 *   reward θ → plan → visits → surplus = demonstrated − expected → gradient → step
 *
 * Who plans is exchangeable: exactly, from a simulator, from a log. Without noise its steps are
 * Newton's, and it ends `converged` as any exact fit does. With noise steps decrease and iterates are
 * averaged; at some rounds the mean of the last half is held still, planned for at length and compared
 * with the demonstrations anew (how and when: `Pace`). It ends `matched-within-error` where every gap
 * is then within its error (all of them together with a confidence of 95 %) and the errors are as
 * small as was asked; else it corrects the mean by that measurement and goes on.
 *
 * A planner that remembers its steps is without noise as long as it takes none: the gap is closed in
 * what they show, then it is asked how far their luck reaches, compared with the demonstrations anew,
 * and takes more of them until both are in order (`replayCheck`).
 *
 * References: Ziebart, Bagnell & Dey (2010), ICML, alg. 1; Polyak & Juditsky (1992), SIAM J. Control
 * Optim. 30 (averaging).
 */

import { dot } from '../../numeric/csr.ts';
import { meanRow } from '../../numeric/meanRow.ts';
import type { Checkpoint } from '../../optimizers/minimizer.ts';
import type { FitProgress, FitStop } from '../algorithm.ts';
import type { ParameterSpace } from '../parameters.ts';
import { type Axis, axesOf, gainStep } from './gainStep.ts';
import { naturalPace, type Pace } from './pace.ts';
import { compareAnew, type ReplayCheck, sharpnessOf, stepsWanted } from './replayCheck.ts';
import { type Gap, gapIn, loosePart } from './sampledGap.ts';
import type { SampledSettings } from './sampledOptions.ts';
import { DivergedPlan, type SampledPlanner } from './sampledPlanner.ts';
import { type ThetaUncertainty, uncertaintyOf } from './thetaUncertainty.ts';

/** Of the information and the noise known before, this share stays when a round adds its own. */
const MEMORY = 0.9;
/** Squared distance from the optimum, in standard errors, that still counts as being there. */
const DECREMENT_LIMIT = 1e-6;
/** At most so many times the first steps are remembered. */
const MOST_STEPS = 1024;
/** A step that ends where the slope along it has turned by this share was too long. */
const OVERSHOT = 0.5;

export interface SampledLoopOptions {
  readonly settings: SampledSettings;
  /** Largest gap that counts as none where nothing is random. */
  readonly tolerance: number;
  readonly maxRounds: number;
  /** λ of the penalty, perhaps by parameter, and the weight of all decisions it is shared by. */
  readonly l2: number | Float64Array;
  readonly decisions: number;
  /** How θ moves where plans are noisy; `naturalPace` where absent. */
  readonly pace?: Pace;
  /** Largest |x| that is believed; beyond it the fit is `unbounded`. Infinite where absent. */
  readonly farthest?: number;
  readonly resume?: Checkpoint | undefined;
}

/** A round, and where it led. */
export interface LoopProgress extends FitProgress {
  /** [parameters] that the plan of the round was made for. */
  readonly theta: Float64Array;
  /** [free] what its rollouts showed. */
  readonly gap: Gap;
}

export interface SampledLoopEnd extends ThetaUncertainty {
  readonly stop: FitStop;
  readonly theta: Float64Array;
  /** [free] what was left at the end. */
  readonly gap: Gap;
  /** Of the demonstrations under the planner's own last plan. */
  readonly ownLogLikelihood: number;
  /** What the steps that were remembered were good for; null where none were. */
  readonly check: ReplayCheck | null;
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
  /** What the pace remembers. */
  readonly pace: unknown;
  /** The step of θ that was made last, where nothing is random. */
  readonly leap: Leap<readonly number[]> | null;
  readonly planner: Checkpoint;
}

/** A step of x, where it began, and the slope there along it. */
interface Leap<Numbers> {
  readonly from: Numbers;
  readonly step: Numbers;
  readonly slope: number;
}

export function* sampledLoop(
  planner: SampledPlanner,
  space: ParameterSpace,
  options: SampledLoopOptions,
): Generator<LoopProgress, SampledLoopEnd> {
  const { settings, tolerance, maxRounds, decisions, pace = naturalPace } = options;
  const { farthest = Number.POSITIVE_INFINITY } = options;
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
  let leap = saved?.leap ? leapOf(saved.leap) : null;
  const stepper = pace.stepper(size, saved?.pace);
  /** The last round whose plan was found. */
  let good: { readonly x: Float64Array; readonly gap: Gap } | null = null;

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
  const { l2 } = options;
  const l2Of = (k: number): number => (typeof l2 === 'number' ? l2 : l2[k]);
  const penaltyAt = (theta: Float64Array): number =>
    theta.reduce((sum, t, k) => sum + 0.5 * l2Of(k) * t * t, 0);
  const moved = (point: Float64Array, step: Float64Array): Float64Array =>
    point.map((xi, i) => Math.min(Math.max(xi + step[i], lower[i]), upper[i]));
  const end = (
    stop: FitStop,
    point: Float64Array,
    gap: Gap,
    round: number,
    check: ReplayCheck | null = null,
  ): SampledLoopEnd => {
    const theta = thetaAt(point);
    if (stop !== 'not-finite' && stop !== 'unbounded') planner.settle(theta, pace.learning(round));
    return {
      stop,
      theta,
      gap,
      check,
      rounds: round,
      ownLogLikelihood: planner.logLikelihood(),
      ...uncertaintyOf(check?.doubt ?? gap, window, space, decisions),
    };
  };

  if (!saved && pace.settlesFirst) planner.settle(thetaAt(x), pace.learning(1));
  for (let round = (saved?.round ?? 0) + 1; ; round++) {
    const planned = x;
    const isPlanned = succeeds(() => planner.plan(thetaAt(planned), pace.learning(round)), good);
    if (!isPlanned && good) return end('not-finite', good.x, good.gap, round - 1);
    const gap = compare(x, settings.rollouts);
    good = { x, gap };
    const exact = gap.replicates.length === 0;
    if (exact || pace.looksAhead) {
      information = exact ? gap.information : remember(information, gap.information);
      covariance = exact ? null : remember(covariance, noiseOf(gap, before));
    }
    before = gap.value;
    const axes = (): Axis[] | null => axesOf(loosePart(information, gap), covariance, size);
    const last = round >= maxRounds;
    if (exact) {
      const step = gainStep(gap.value, axes(), 1);
      const slope = dot(step, gap.value);
      const isThere = gap.largest <= tolerance && Math.abs(decisions * slope) <= DECREMENT_LIMIT;
      const { replay } = planner;
      if (isThere && !replay) return end('converged', x, gap, round);
      if (replay && (isThere || last)) {
        const theta = thetaAt(x);
        const sharpness = sharpnessOf(replay, space, theta, options);
        const isSharp = isThere && sharpness.lacking <= 1;
        const isFull = replay.remembered() >= MOST_STEPS * settings.learningSteps;
        if (isSharp || last || isFull) {
          const check = compareAnew(replay, sharpness, space, theta, options);
          if (isSharp && check.isMatched)
            return end('matched-within-error', x, check.gap, round, check);
          if (last || isFull) return end('max-iterations', x, check.gap, round, check);
        }
        replay.explore(stepsWanted(replay, sharpness));
        leap = null;
      } else if (last) return end('max-iterations', x, gap, round);
      else if (leap && dot(leap.step, gap.value) < -OVERSHOT * leap.slope) {
        leap = { ...leap, step: leap.step.map((d) => d / 2), slope: leap.slope / 2 };
        x = moved(leap.from, leap.step);
      } else {
        const from = x;
        x = moved(from, step);
        const made = x.map((xi, i) => xi - from[i]);
        leap = { from, step: made, slope: dot(made, gap.value) };
      }
    } else {
      x = moved(x, stepper.step(gap.value, axes, round));
      if (x.some((xi) => Math.abs(xi) > farthest)) return end('unbounded', good.x, gap, round);
      window.push(x);
      if (pace.isCheck(round) || last) {
        const mean = meanRow(window.slice(Math.floor(window.length / 2)));
        const measured = pace.measure(planner, space, thetaAt(mean), pace.learning(round), options);
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
      theta: thetaAt(planned),
      gap,
      checkpoint: {
        round,
        x: [...x],
        window: window.map((row) => [...row]),
        information: information && [...information],
        covariance: covariance && [...covariance],
        before: before && [...before],
        pace: stepper.state(),
        leap: leap && { from: [...leap.from], step: [...leap.step], slope: leap.slope },
        planner: planner.state(),
      } satisfies LoopState,
    };
  }
}

/** Where the planner stood at a checkpoint; absent where there is none. */
export function plannerStateOf(resume: Checkpoint | undefined): unknown {
  return (resume as LoopState | undefined)?.planner;
}

function leapOf({ from, step, slope }: Leap<readonly number[]>): Leap<Float64Array> {
  return { from: Float64Array.from(from), step: Float64Array.from(step), slope };
}

/** Whether it did not diverge; throws where nothing was found before either. */
function succeeds(plan: () => void, before: unknown): boolean {
  try {
    plan();
    return true;
  } catch (error) {
    if (!(error instanceof DivergedPlan)) throw error;
    if (before) return false;
    throw new Error(`Cannot plan for the reward that the fit begins with: ${error.message}`, {
      cause: error,
    });
  }
}

function remember(before: Float64Array | null, now: Float64Array | null): Float64Array | null {
  if (!before || !now) return now ?? before;
  return before.map((h, i) => MEMORY * h + (1 - MEMORY) * now[i]);
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
