/** What is odd about classes that were found, in words: that there are fewer of them than asked for. */

import type { Classes } from './classSpace.ts';
import type { ParameterSpace } from './parameters.ts';

export interface DegenerateClasses {
  /** Their numbers, from 1. */
  readonly classes: readonly number[];
  readonly words: string;
}

/** Two classes whose θ differ by less, in units in which features have unit spread, are one. */
const SAME_THETA = 1e-3;

/**
 * @param posterior [trajectories × classes]
 * @param weight [trajectories]
 */
export function degenerateClasses(
  { theta, share }: Classes,
  { free, spread }: ParameterSpace,
  posterior: Float64Array,
  weight: Float64Array,
): DegenerateClasses[] {
  const found: DegenerateClasses[] = [];
  const count = share.length;
  const hollow = new Set<number>();
  for (let k = 0; k < count; k++) {
    let members = 0;
    let most = 0;
    weight.forEach((w, i) => {
      const own = w > 0 ? posterior[i * count + k] : 0;
      members += own;
      most = Math.max(most, own);
    });
    if (members < 0.5) {
      hollow.add(k);
      found.push({
        classes: [k + 1],
        words: `class ${k + 1} is empty: less than half a trajectory belongs to it`,
      });
    } else if (members < 1.5 && most > 0.5) {
      hollow.add(k);
      found.push({
        classes: [k + 1],
        words: `class ${k + 1} describes a single trajectory`,
      });
    }
  }
  for (let k = 0; k < count; k++)
    for (let j = k + 1; j < count; j++) {
      if (hollow.has(k) || hollow.has(j)) continue;
      const isSame = [...free].every(
        (f, i) => Math.abs(theta[k][f] - theta[j][f]) * spread[i] < SAME_THETA,
      );
      if (isSame)
        found.push({
          classes: [k + 1, j + 1],
          words: `classes ${k + 1} and ${j + 1} want the same: together they are one class`,
        });
    }
  return found;
}
