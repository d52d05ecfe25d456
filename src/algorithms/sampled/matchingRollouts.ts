/**
 * The gap of feature matching from rollouts that only begin where the simulator begins them:
 *
 *   gradient = (W / N) ( f̂ − E Σ γᵗ φ ) / τ,   f̂ = Σ_i w_i Σ γᵗ φ / W
 *
 * W the weight of the N demonstrated decisions' trajectories. The spread of whole rollouts is at least
 * the curvature of the dual (luck adds to it), so that steps by its inverse are careful ones.
 */

import { type RolloutSetting, stepsThatCount } from '../../learning/walks/coupledRollouts.ts';
import { LayeredWalk, type SteppedWorld } from '../../learning/walks/layeredWalk.ts';
import { softChoice } from '../../learning/walks/softChoice.ts';
import { meanRow } from '../../numeric/meanRow.ts';
import type { Rng } from '../../numeric/rng.ts';
import { REPLICATES, type RolledOut } from './decisionRollouts.ts';

/** What the demonstrations have of each feature. */
export interface DemonstratedSums {
  /** [parameters] discounted features of a trajectory, on average. */
  readonly mean: Float64Array;
  /** W / N: trajectories per decision. */
  readonly perDecision: number;
}

/** @param rngs draw the starts, the choices and what comes of them */
export function createMatchingRollouts(
  world: SteppedWorld,
  { discount, temperature, actionValue, rows, size }: RolloutSetting,
  demonstrated: DemonstratedSums,
  rngs: { readonly starts: Rng; readonly choices: Rng; readonly outcomes: Rng },
): (rollouts: number) => RolledOut {
  const { pairStart } = world;
  const pairCount = pairStart[pairStart.length - 1];
  const walk = new LayeredWalk(world, rngs.outcomes);
  const most = stepsThatCount(discount);

  /** Adds up one episode; returns its steps. */
  const rollOut = (out: Float64Array): number => {
    out.fill(0);
    walk.reset(rngs.starts);
    let [worth, steps] = [1, 0];
    for (; steps < most && !walk.isOver; steps++) {
      const pair = softChoice(actionValue, walk.first, walk.end, temperature, rngs.choices());
      const row = (pair % pairCount) * size;
      for (let k = 0; k < size; k++) out[k] += worth * rows[row + k];
      worth *= discount;
      walk.step(pair);
    }
    return steps;
  };

  return (rollouts) => {
    const each = Math.max(2, Math.floor(rollouts / REPLICATES));
    const scale = demonstrated.perDecision / temperature;
    const sums = new Float64Array(size);
    const squares = new Float64Array(size * size);
    let steps = 0;
    const replicates = Array.from({ length: REPLICATES }, () => {
      const gap = Float64Array.from(demonstrated.mean, (x) => x * scale);
      for (let n = 0; n < each; n++) {
        steps += rollOut(sums);
        for (let k = 0; k < size; k++) {
          gap[k] -= (scale * sums[k]) / each;
          // about the demonstrated mean, so that large sums do not cancel
          const x = sums[k] - demonstrated.mean[k];
          for (let l = 0; l < size; l++)
            squares[k * size + l] += x * (sums[l] - demonstrated.mean[l]);
        }
      }
      return gap;
    });
    const gradient = meanRow(replicates);
    const count = each * REPLICATES;
    const information = squares.map((sum, kl) => {
      const [k, l] = [Math.floor(kl / size), kl % size];
      const shift = (gradient[k] * gradient[l]) / (scale * scale);
      return (demonstrated.perDecision / temperature ** 2) * (sum / count - shift);
    });
    return { gradient, replicates, information, informationNoise: 0, steps };
  };
}
