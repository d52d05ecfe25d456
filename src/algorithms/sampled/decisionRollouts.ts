/**
 * The gradient of the likelihood from rollouts: the mean of the scores of decisions, each the
 * difference d of two coupled walks,
 *
 *   ∇ log π(a | s) = (∇Q(s, a) − ∇V(s)) / τ = E[d] / τ
 *
 * Decisions are visited evenly by their weight. Rollouts fall into two halves, independent of each
 * other; the product of a decision's mean scores in both estimates the product of its score with
 * itself without bias, and so the information (outer product of scores).
 */

import type { Difference } from '../../learning/walks/coupledRollouts.ts';
import { meanRow } from '../../numeric/meanRow.ts';
import type { Rng } from '../../numeric/rng.ts';
import { systematicSample } from '../../numeric/systematicSample.ts';
import type { SampledSurplus } from './sampledPlanner.ts';
import type { DemonstratedDecisions } from './steppedProblem.ts';

/** So many independent estimates tell the error of their mean. */
export const REPLICATES = 20;

/** A surplus, and how many steps it took. */
export type RolledOut = SampledSurplus & { readonly steps: number };

export interface DecisionRollouts {
  readonly decisions: DemonstratedDecisions;
  /** [states + 1] */
  readonly pairStart: Int32Array;
  readonly difference: Difference;
  /** Number of parameters. */
  readonly size: number;
  readonly temperature: number;
  readonly rng: Rng;
}

/** The rollouts of one half, by decision. */
interface Half {
  /** [decisions] */
  readonly drawn: Int32Array;
  /** [decisions × parameters] sums of scores. */
  readonly sum: Float64Array;
}

/** @param rollouts how many, about */
export function rollOutDecisions(setting: DecisionRollouts, rollouts: number): RolledOut {
  const { decisions, pairStart, difference, size, temperature, rng } = setting;
  const { layer, state, pair, weight } = decisions;
  const each = Math.max(1, Math.floor(rollouts / REPLICATES));
  const d = new Float64Array(size);
  const halves = [0, 1].map(
    (): Half => ({
      drawn: new Int32Array(weight.length),
      sum: new Float64Array(weight.length * size),
    }),
  );
  let steps = 0;
  const replicates = Array.from({ length: REPLICATES }, (_, r) => {
    const mean = new Float64Array(size);
    const { drawn, sum } = halves[r % 2];
    systematicSample(weight, each, rng, (i) => {
      steps += difference(layer[i], state[i], pair[i] - pairStart[state[i]], d);
      drawn[i]++;
      for (let k = 0; k < size; k++) {
        mean[k] += d[k] / (temperature * each);
        sum[i * size + k] += d[k] / temperature;
      }
    });
    return mean;
  });
  return {
    gradient: meanRow(replicates),
    replicates,
    ...productsOf(halves[0], halves[1], weight, size),
    steps,
  };
}

/**
 * The mean over the decisions drawn in both halves of the product of their mean scores. Along a
 * direction whose gradient has variance σ² its standard error is 2 σ² √m where it is 0, m decisions.
 */
function productsOf(
  one: Half,
  other: Half,
  weight: Float64Array,
  size: number,
): Pick<SampledSurplus, 'information' | 'informationNoise'> {
  const information = new Float64Array(size * size);
  let total = 0;
  let count = 0;
  for (let i = 0; i < weight.length; i++) {
    const times = one.drawn[i] * other.drawn[i];
    if (times === 0) continue;
    total += weight[i];
    count++;
    const share = weight[i] / (2 * times);
    for (let k = 0; k < size; k++)
      for (let l = 0; l < size; l++) {
        const [ik, il] = [i * size + k, i * size + l];
        information[k * size + l] +=
          share * (one.sum[ik] * other.sum[il] + one.sum[il] * other.sum[ik]);
      }
  }
  return {
    information: total === 0 ? null : information.map((x) => x / total),
    informationNoise: 2 * Math.sqrt(count),
  };
}
