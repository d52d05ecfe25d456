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
  one: ParameterSpace,
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
      if (wantTheSame(theta[k], theta[j], one))
        found.push({ classes: [k + 1, j + 1], words: sameWords(k, j) });
    }
  return found;
}

/** Of each class [classes], which other it coincides with, in words; null where with none. */
export function twinsOf({ theta }: Classes, one: ParameterSpace): (string | null)[] {
  return theta.map((own, k) => {
    const j = theta.findIndex((other, j) => j !== k && wantTheSame(own, other, one));
    return j < 0 ? null : sameWords(Math.min(j, k), Math.max(j, k));
  });
}

function wantTheSame(a: Float64Array, b: Float64Array, { free, spread }: ParameterSpace): boolean {
  return [...free].every((f, i) => Math.abs(a[f] - b[f]) * spread[i] < SAME_THETA);
}

function sameWords(k: number, j: number): string {
  return `classes ${k + 1} and ${j + 1} want the same: together they are one class`;
}
