/**
 * What the curvature at the end of a fit of classes says: directions that the data leave open, also
 * such as make two classes each other's equal, and coefficients or shares that run away.
 */

import { dot } from '../numeric/csr.ts';
import { symmetricEigen } from '../numeric/symmetricEigen.ts';
import type { UnidentifiedDirection } from './algorithm.ts';
import type { ClassSpace } from './classSpace.ts';
import { type FitEnd, FLAT_CURVATURE, mainNames, walker } from './identification.ts';
import { reduceRows } from './nullDirections.ts';

export interface MixtureIdentification {
  readonly unidentified: readonly UnidentifiedDirection[];
  readonly unbounded: readonly string[];
  /** [x × x] second derivatives of the objective. */
  readonly hessian: Float64Array;
  /** [x] the directions that are not identified, linearly independent. */
  readonly flat: readonly Float64Array[];
  /** Squared distance from the optimum in standard errors; Infinity where this is none. */
  readonly newtonDecrement: number;
}

/** Returns null where the curvature is not finite. */
export function identifyMixture(
  end: Omit<FitEnd, 'meaning' | 'space'> & { readonly space: ClassSpace },
): MixtureIdentification | null {
  const { objective, space, x, gradient, held, decisions } = end;
  const size = x.length;
  const hessian = new Float64Array(size * size);
  objective.hessian(x, hessian);
  if (!hessian.every(Number.isFinite)) return null;
  const unmasked = hessian.slice();
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) if (held[i] || held[j]) hessian[i * size + j] = i === j ? 1 : 0;
  const { values, vectors } = symmetricEigen(hessian, size);
  const look = walker(end);
  const flat: Float64Array[] = [];
  const unbounded = new Set<string>();
  let newtonDecrement = 0;
  for (let e = 0; e < size; e++) {
    const v = vectors.slice(e * size, (e + 1) * size);
    const slope = v.reduce((sum, vi, i) => sum + (held[i] ? 0 : vi * gradient[i]), 0);
    const seen = values[e] > FLAT_CURVATURE ? 'curved' : look(v, false);
    if (seen === 'flat') flat.push(v);
    else if (seen === 'runaway') for (const name of mainNames(space, v)) unbounded.add(name);
    // A mixture has saddles, where the score is 0 and yet there is a way up.
    else if (values[e] < -FLAT_CURVATURE) newtonDecrement = Number.POSITIVE_INFINITY;
    else newtonDecrement += (decisions * slope * slope) / Math.max(values[e], 1e-300);
  }
  objective.evaluate(x, new Float64Array(size));
  const { share } = space.classesAt(x);
  const unidentified = reduceRows(flat.map((v) => v.slice())).map((v) => describe(space, share, v));
  return { unidentified, unbounded: [...unbounded], hessian: unmasked, flat, newtonDecrement };
}

/** In coefficients and in shares, all of which move where one does. */
function describe(space: ClassSpace, share: Float64Array, v: Float64Array): UnidentifiedDirection {
  const { names, free, spread, classCount, one } = space;
  const logits = classCount * one.free.length;
  const least = 1e-6 * Math.sqrt(dot(v, v));
  const slope = Float64Array.from(share, (_, k) => v[logits + k] ?? 0);
  const mean = share.reduce((sum, p, k) => sum + p * slope[k], 0);
  const terms: [name: string, coefficient: number][] = [];
  for (let i = 0; i < logits; i++)
    if (Math.abs(v[i]) > least) terms.push([names[free[i]], v[i] / spread[i]]);
  share.forEach((p, k) => {
    const change = p * (slope[k] - mean);
    if (Math.abs(change) > least) terms.push([names[names.length - classCount + k], change]);
  });
  const lead = terms.reduce((a, b) => (Math.abs(b[1]) > Math.abs(a[1]) ? b : a))[1];
  const direction = Object.fromEntries(terms.map(([name, c]) => [name, c / lead]));
  const sum = Object.entries(direction)
    .map(([name, c]) => `${Number(c.toPrecision(4))} · "${name}"`)
    .join(' + ');
  const words =
    terms.length === 1
      ? `the data say nothing about "${terms[0][0]}": the likelihood is the same whatever its value`
      : `the data do not tell these apart: the classes may move by any multiple of ${sum} without changing the likelihood`;
  return { direction, words };
}
