/**
 * Distributions over plans: one independent choice for each step ahead, written as flat numbers.
 *
 *   discrete   a ~ categorical(p_t)
 *   box        a ~ N(m_t, diag σ_t²), cut off at the bounds
 *
 * The noise of a box may go on from one step to the next: z_t = ρ z_{t−1} + √(1 − ρ²) ε_t, so that few
 * plans are enough to find those that push for a while.
 *
 * They move towards plans that were good, and step ahead with time: what was planned for the next step
 * is then the first, and the last is drawn from scratch.
 *
 * Reference: Pinneri et al. (2020), CoRL, section 3.1, for noise that goes on.
 */

import type { Action, BoxActions, DiscreteActions } from '../../environments/simulator.ts';
import type { Rng } from '../../numeric/rng.ts';
import { sampleIndex } from '../../numeric/rng.ts';
import { standardNormal } from '../../numeric/standardNormal.ts';

/** [horizon × width] a plan: indices with width 1, or points. */
export type FlatPlan = Float64Array;

export interface PlanDistribution {
  /** Numbers of an action. */
  readonly width: number;
  /** Everything that it is; written to, it is what is written. */
  readonly numbers: Float64Array;
  /** Forgets everything: any action at any step. */
  spreadOut(): void;
  /** Steps ahead by one and widens again, keeping what is most likely. */
  stepAhead(): void;
  draw(out: FlatPlan, rng: Rng): void;
  /** The plan in the middle: means, or the most likely actions. */
  writeCentre(out: FlatPlan): void;
  /** Moves to what these plans are like, but for the share `smoothing` of what it was. */
  moveTo(plans: readonly FlatPlan[], smoothing: number): void;
}

/** @param correlation ρ of the noise in a box */
export function planDistribution(
  actions: DiscreteActions | BoxActions,
  horizon: number,
  correlation = 0,
): PlanDistribution {
  return actions.kind === 'discrete'
    ? categoricalPlans(actions.count, horizon)
    : gaussianPlans(actions, horizon, correlation);
}

/** The action at step `t` of a plan. A point is written into `buffer`. */
export function actionAt<A extends Action>(
  actions: DiscreteActions | BoxActions,
  plan: FlatPlan,
  t: number,
  buffer: Float64Array,
): A {
  if (actions.kind === 'discrete') return plan[t] as A;
  const width = buffer.length;
  for (let i = 0; i < width; i++) buffer[i] = plan[t * width + i];
  return buffer as A;
}

function categoricalPlans(count: number, horizon: number): PlanDistribution {
  const probability = new Float64Array(horizon * count).fill(1 / count);
  return {
    width: 1,
    numbers: probability,
    spreadOut: () => void probability.fill(1 / count),
    stepAhead() {
      probability.copyWithin(0, count);
      probability.fill(1 / count, (horizon - 1) * count);
      for (let i = 0; i < probability.length; i++)
        probability[i] = (probability[i] + 1 / count) / 2;
    },
    draw(out, rng) {
      for (let t = 0; t < horizon; t++)
        out[t] = sampleIndex(probability, rng, t * count, (t + 1) * count) - t * count;
    },
    writeCentre(out) {
      for (let t = 0; t < horizon; t++) {
        let best = 0;
        for (let a = 1; a < count; a++)
          if (probability[t * count + a] > probability[t * count + best]) best = a;
        out[t] = best;
      }
    },
    moveTo(plans, smoothing) {
      for (let i = 0; i < probability.length; i++) probability[i] *= smoothing;
      for (const plan of plans)
        for (let t = 0; t < horizon; t++)
          probability[t * count + plan[t]] += (1 - smoothing) / plans.length;
    },
  };
}

function gaussianPlans(
  { low, high }: BoxActions,
  horizon: number,
  correlation: number,
): PlanDistribution {
  const width = low.length;
  const size = horizon * width;
  const centre = low.map((from, i) => (from + high[i]) / 2);
  const reach = low.map((from, i) => (high[i] - from) / 2);
  const numbers = new Float64Array(2 * size);
  const mean = numbers.subarray(0, size);
  const deviation = numbers.subarray(size);
  const noise = new Float64Array(size);
  const fresh = Math.sqrt(1 - correlation ** 2);
  const widen = (): void => {
    for (let i = 0; i < size; i++) deviation[i] = reach[i % width];
  };
  const spreadOut = (): void => {
    for (let i = 0; i < size; i++) mean[i] = centre[i % width];
    widen();
  };
  spreadOut();
  return {
    width,
    numbers,
    spreadOut,
    stepAhead() {
      mean.copyWithin(0, width);
      mean.set(centre, size - width);
      widen();
    },
    draw(out, rng) {
      for (let i = 0; i < size; i++) {
        const before = i < width ? 0 : correlation * noise[i - width];
        noise[i] = before + (i < width ? 1 : fresh) * standardNormal(rng);
        const x = mean[i] + deviation[i] * noise[i];
        out[i] = Math.min(high[i % width], Math.max(low[i % width], x));
      }
    },
    writeCentre: (out) => out.set(mean),
    moveTo(plans, smoothing) {
      for (let i = 0; i < size; i++) {
        let middle = 0;
        for (const plan of plans) middle += plan[i] / plans.length;
        let square = 0;
        for (const plan of plans) square += (plan[i] - middle) ** 2 / plans.length;
        mean[i] = smoothing * mean[i] + (1 - smoothing) * middle;
        deviation[i] = smoothing * deviation[i] + (1 - smoothing) * Math.sqrt(square);
      }
    },
  };
}
