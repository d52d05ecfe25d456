/** A reward linear in named features: r = F θ, ∇ = Fᵀ surplus. */

import type { FeatureMatrix } from '../features/featureMatrix.ts';
import type { Mdp } from '../mdp/mdp.ts';
import type { Reward } from './reward.ts';

export function linearReward(mdp: Mdp, { names, per, values }: FeatureMatrix): Reward {
  const size = names.length;
  const { stateCount, pairStart, pairCount } = mdp;
  const rows = per === 'pair' ? pairCount : stateCount;
  if (values.length !== rows * size)
    throw new RangeError(
      `Cannot make a linear reward: features must have ${rows} rows (one per ${per}) of ${size}, ` +
        `got ${values.length} numbers`,
    );

  if (per === 'pair')
    return {
      size,
      names,
      evaluate(theta, out) {
        for (let pair = 0, i = 0; pair < pairCount; pair++) {
          let sum = 0;
          for (let k = 0; k < size; k++) sum += theta[k] * values[i++];
          out[pair] = sum;
        }
      },
      pullBack(_theta, surplus, gradient) {
        gradient.fill(0);
        for (let pair = 0; pair < pairCount; pair++) {
          const weight = surplus[pair];
          if (weight === 0) continue;
          for (let k = 0, i = pair * size; k < size; k++) gradient[k] += weight * values[i++];
        }
      },
    };

  return {
    size,
    names,
    evaluate(theta, out) {
      for (let s = 0, i = 0; s < stateCount; s++) {
        let sum = 0;
        for (let k = 0; k < size; k++) sum += theta[k] * values[i++];
        out.fill(sum, pairStart[s], pairStart[s + 1]);
      }
    },
    pullBack(_theta, surplus, gradient) {
      gradient.fill(0);
      for (let s = 0; s < stateCount; s++) {
        let weight = 0;
        for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) weight += surplus[pair];
        if (weight === 0) continue;
        for (let k = 0, i = s * size; k < size; k++) gradient[k] += weight * values[i++];
      }
    },
  };
}

/** Returns [pairs] r = F θ. */
export function rewardAt(
  { world, features }: { readonly world: { readonly mdp: Mdp }; readonly features: FeatureMatrix },
  theta: Float64Array,
): Float64Array {
  const reward = new Float64Array(world.mdp.pairCount);
  linearReward(world.mdp, features).evaluate(theta, reward);
  return reward;
}
