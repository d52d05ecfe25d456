/**
 * The parameters of several classes of demonstrators as one vector that a minimiser can move.
 *
 *   x = ( θ₁ · spread, …, θ_K · spread, α₁, …, α_{K−1} ),   share_k = exp(α_k) / Σ exp(α),  α_K = 0
 *
 * What is fixed or bounded is so in every class.
 */

import type { ParameterSpace } from './parameters.ts';

/** The classes at a point. */
export interface Classes {
  /** [classes][features] */
  readonly theta: readonly Float64Array[];
  /** [classes] positive, summing to 1. */
  readonly share: Float64Array;
}

/** Its parameters are all θ, class after class, and then all shares; x has K − 1 of these. */
export interface ClassSpace extends ParameterSpace {
  readonly classCount: number;
  /** The parameters of one class. */
  readonly one: ParameterSpace;
  classesAt(x: Float64Array): Classes;
  coordinatesOf(classes: Classes): Float64Array<ArrayBuffer>;
}

/** @param one the parameters of a single class */
export function classSpace(one: ParameterSpace, classCount: number): ClassSpace {
  const features = one.names.length;
  const width = one.free.length;
  const size = classCount * width + classCount - 1;
  const eachClass = Array.from({ length: classCount }, (_, k) => k);
  const open = new Array<number>(classCount - 1);
  const spread = Float64Array.from([...eachClass.flatMap(() => [...one.spread]), ...open.fill(1)]);
  const lower = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
  const upper = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  for (const k of eachClass) {
    lower.set(one.lower, k * width);
    upper.set(one.upper, k * width);
  }
  const logits = classCount * width;
  return {
    classCount,
    one,
    names: [
      ...eachClass.flatMap((k) => one.names.map((name) => `class ${k + 1}: ${name}`)),
      ...eachClass.map((k) => `share of class ${k + 1}`),
    ],
    free: Int32Array.from([
      ...eachClass.flatMap((k) => [...one.free].map((f) => k * features + f)),
      ...eachClass.slice(1).map((k) => classCount * features + k - 1),
    ]),
    spread,
    start: new Float64Array(classCount * (features + 1)),
    startGiven: one.startGiven,
    bounds: [
      ...eachClass.flatMap(() => one.bounds),
      ...eachClass.map(() => [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const),
    ],
    lower,
    upper,

    classesAt(x) {
      const theta = eachClass.map((k) => {
        const own = one.start.slice();
        one.free.forEach((f, i) => {
          const value = x[k * width + i];
          // Rounding must not carry an estimate past the bound that stops it, nor short of it.
          const [low, high] = one.bounds[f];
          const atLow = value <= one.lower[i];
          own[f] = atLow ? low : value >= one.upper[i] ? high : value / one.spread[i];
        });
        return own;
      });
      const share = new Float64Array(classCount);
      let largest = 0;
      for (let k = 0; k < classCount - 1; k++) largest = Math.max(largest, x[logits + k]);
      let sum = 0;
      for (let k = 0; k < classCount; k++) {
        share[k] = Math.exp((k < classCount - 1 ? x[logits + k] : 0) - largest);
        sum += share[k];
      }
      for (let k = 0; k < classCount; k++) share[k] /= sum;
      return { theta, share };
    },

    coordinatesOf({ theta, share }) {
      const x = new Float64Array(size);
      for (const k of eachClass)
        one.free.forEach((f, i) => {
          x[k * width + i] = theta[k][f] * one.spread[i];
        });
      for (let k = 0; k < classCount - 1; k++)
        x[logits + k] = Math.log(share[k]) - Math.log(share[classCount - 1]);
      return x;
    },
  };
}

/** The same classes with the largest share first; those of equal share keep their order. */
export function byShare({ theta, share }: Classes): Classes {
  const order = [...share.keys()].sort((a, b) => share[b] - share[a] || a - b);
  return { theta: order.map((k) => theta[k]), share: Float64Array.from(order, (k) => share[k]) };
}
