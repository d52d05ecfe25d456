/**
 * Whether the steps remembered are enough, asked where the gap is closed in what they show.
 *
 *   sharpness   luck in the steps moves θ by H⁻¹ g̃, g̃ ~ (b, S), which costs ½ Σⱼ (Sⱼ + bⱼ²) / Hⱼ of
 *               likelihood per decision over the axes j of H; it must be a small share of what the
 *               demonstrations, being so few, leave open themselves: size / (2 N) on average
 *   truth       what the policy does by rollouts anew differs from what was demonstrated by no more
 *               than their luck and that of the steps explain, all gaps together at 95 %
 *
 * Where either fails more steps are taken: as many as the sharpness lacks, twice as many at least.
 */

import type { ParameterSpace } from '../parameters.ts';
import { axesOf } from './gainStep.ts';
import { type Gap, type GapOptions, gapIn, loosePart } from './sampledGap.ts';
import type { Replay } from './sampledPlanner.ts';

/** Luck in the steps may cost this share of what the demonstrations leave open, */
const SHARE = 0.02;
/** within these limits, in nats per decision; */
const LEAST_LOSS = 5e-7;
const MOST_LOSS = 2e-6;
/** where a step of θ along an axis is worth less than this share of the sharpest, nothing is said of it. */
const ROUND_OFF = 1e-10;
/** Steps are multiplied by no more than this at once. */
const FASTEST = 8;

/** What luck in the steps leaves open. */
export interface Sharpness {
  /** In what the steps show, less its bias; its error is their luck. */
  readonly doubt: Gap;
  /** How many times as many steps are wanted; at most 1 where there are enough. */
  readonly lacking: number;
  /** [free] the direction in x that luck leaves open most. */
  readonly weakest: Float64Array;
}

export interface ReplayCheck extends Sharpness {
  /** By rollouts anew; its error holds their luck and that of the steps. */
  readonly gap: Gap;
  readonly isMatched: boolean;
}

/** @param theta that was planned for last */
export function sharpnessOf(
  replay: Replay,
  space: ParameterSpace,
  theta: Float64Array,
  options: GapOptions,
): Sharpness {
  const doubt = gapIn(replay.doubt(), space, theta, options);
  return { doubt, ...lackIn(doubt, options) };
}

/** @param theta that was planned for last, and whose sharpness is known */
export function compareAnew(
  replay: Replay,
  sharpness: Sharpness,
  space: ParameterSpace,
  theta: Float64Array,
  options: GapOptions,
): ReplayCheck {
  const seen = gapIn(replay.rollOut(), space, theta, options);
  const error = seen.error.map((e, i) => Math.hypot(e, sharpness.doubt.error[i]));
  const isMatched = seen.value.every(
    (g, i) => seen.isHeld[i] || Math.abs(g) <= seen.within * error[i],
  );
  return { ...sharpness, gap: { ...seen, error }, isMatched };
}

/** How many steps to take before it is asked again. */
export function stepsWanted(replay: Replay, { lacking }: Sharpness): number {
  return Math.ceil(Math.min(Math.max(1.2 * lacking - 1, 1), FASTEST) * replay.remembered());
}

function lackIn(
  doubt: Gap,
  { settings: { precision }, decisions }: GapOptions,
): Pick<Sharpness, 'lacking' | 'weakest'> {
  const size = doubt.value.length;
  const axes = axesOf(loosePart(doubt.information, doubt), doubt.covariance, size) ?? [];
  const least = ROUND_OFF * (axes.at(-1)?.curvature ?? 0);
  let [loss, most] = [0, 0];
  let weakest: Float64Array = new Float64Array(size);
  for (const { vector, curvature, noise } of axes) {
    if (!(curvature > least)) continue;
    const along = vector.reduce((sum, v, i) => sum + v * doubt.value[i], 0);
    const lost = (noise + along * along) / (2 * curvature);
    loss += lost;
    if (lost > most) [most, weakest] = [lost, vector];
  }
  if (precision !== null) {
    const worst = doubt.error.reduce((max, e, i) => (doubt.isHeld[i] ? max : Math.max(max, e)), 0);
    return { lacking: (worst / precision) ** 2, weakest };
  }
  const own = (SHARE * size) / (2 * decisions);
  return { lacking: loss / Math.min(Math.max(own, LEAST_LOSS), MOST_LOSS), weakest };
}
