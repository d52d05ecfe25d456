/**
 * The gap between demonstrated and rolled-out episodes, and how it is pulled back to parameters:
 *
 *   g = (1 − γ) (ḡ_E − ḡ_L) / τ,   g_episode = Σ γᵗ ∂r(o_t, a_t, o_{t+1}) / ∂θ
 *
 * the mean over demonstrations of those sums less the mean over rollouts from where they began; in
 * units of one step, since Σ γᵗ = 1 / (1 − γ). Where they begin is the same on both sides, so that
 * its spread is no error: replicates differ in luck and choices only. They are passes over the starts;
 * few passes would say little of their own spread, so that it is told there by single rollouts:
 *
 *   g + √((N − 1) / (N − D)) (ḡ of its start − g_rollout),   D starts, N rollouts: the same spread of the mean
 *
 * How fast g falls is about (1 − γ²) Cov(g_episode) / τ², exactly so where the dynamics are certain and
 * choices matter alike at all times: Cov adds up γ²ᵗ of what each choice changes, the gradient γᵗ.
 */

import { meanRow } from '../../numeric/meanRow.ts';
import type { SampledSurplus } from '../sampled/sampledPlanner.ts';
import type { StepReward } from './stepReward.ts';
import type { SteppedEpisode } from './stepRows.ts';

/** Passes over the starts by which their spread is known well enough. */
const MANY = 10;
/** Of more parameters than these nothing is told of how fast the gap falls. */
const MOST_CURVED = 64;

export interface ComparedSetting {
  readonly discount: number;
  readonly temperature: number;
}

/** Adds γᵗ ∂r/∂θ of the steps of an episode, the first `most` of them. */
export function discountedPull(
  { rows }: SteppedEpisode,
  reward: StepReward,
  theta: Float64Array,
  discount: number,
  most = rows.count,
): Float64Array {
  const count = Math.min(rows.count, most);
  const weight = new Float64Array(count);
  let worth = 1;
  for (let t = 0; t < count; t++) {
    weight[t] = worth;
    worth *= discount;
  }
  const sum = new Float64Array(reward.names.length);
  reward.pullBack(theta, { ...rows, count }, weight, sum);
  return sum;
}

/**
 * @param demonstrated [demonstrations] sums of each
 * @param rolled sums of rollouts
 * @param of [rolled] from where which demonstration began each of them was made
 */
export function comparedEpisodes(
  demonstrated: readonly Float64Array[],
  rolled: readonly Float64Array[],
  of: readonly number[],
  { discount, temperature }: ComparedSetting,
): SampledSurplus {
  const scale = (1 - discount) / temperature;
  const rounds = rolled.length / demonstrated.length;
  const isWhole = Number.isInteger(rounds) && rounds >= 2;
  const isCurved = isWhole && demonstrated[0].length <= MOST_CURVED;
  const information = isCurved
    ? informationOf(rolled, of, (1 - discount ** 2) / temperature ** 2)
    : null;
  if (isWhole && rounds < MANY) {
    const gradient = scaledGap(meanRow(demonstrated), meanRow(rolled), scale);
    const replicates = aroundStarts(rolled, of, gradient, scale);
    return { gradient, replicates, information, informationNoise: 0 };
  }
  const replicates = isWhole
    ? Array.from({ length: rounds }, (_, r) => {
        const part = rolled.slice(r * demonstrated.length, (r + 1) * demonstrated.length);
        return scaledGap(meanRow(demonstrated), meanRow(part), scale);
      })
    : rolled.map((one, i) => scaledGap(demonstrated[of[i]], one, scale));
  return {
    gradient: meanRow(replicates),
    replicates,
    information,
    informationNoise: 0,
  };
}

function scaledGap(one: Float64Array, other: Float64Array, scale: number): Float64Array {
  return one.map((x, k) => scale * (x - other[k]));
}

/** One replicate for each rollout, by how far it is from the others of its start. */
function aroundStarts(
  rolled: readonly Float64Array[],
  of: readonly number[],
  gradient: Float64Array,
  scale: number,
): Float64Array[] {
  const groups = byStart(rolled, of);
  const means = new Map([...groups].map(([start, group]) => [start, meanRow(group)]));
  const { length } = rolled;
  const wider = scale * Math.sqrt((length - 1) / (length - groups.size));
  return rolled.map((row, i) => {
    const mean = means.get(of[i])!;
    return gradient.map((g, k) => g + wider * (mean[k] - row[k]));
  });
}

function byStart(
  rolled: readonly Float64Array[],
  of: readonly number[],
): Map<number, Float64Array[]> {
  const groups = new Map<number, Float64Array[]>();
  rolled.forEach((row, i) => {
    const group = groups.get(of[i]);
    if (group) group.push(row);
    else groups.set(of[i], [row]);
  });
  return groups;
}

/** The covariance of sums among rollouts from one start, pooled and scaled. */
function informationOf(
  rolled: readonly Float64Array[],
  of: readonly number[],
  scale: number,
): Float64Array {
  const size = rolled[0].length;
  const groups = byStart(rolled, of);
  const out = new Float64Array(size * size);
  const freedom = rolled.length - groups.size;
  for (const group of groups.values()) {
    const mean = meanRow(group);
    for (const row of group)
      for (let k = 0; k < size; k++)
        for (let l = 0; l < size; l++)
          out[k * size + l] += (scale * (row[k] - mean[k]) * (row[l] - mean[l])) / freedom;
  }
  return out;
}
