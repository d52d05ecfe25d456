/**
 * What the curvature at an optimum says about the estimates: directions that the data do not
 * identify, and coefficients that run away.
 *
 * Both have (almost) no curvature. Walking along them tells them apart: along an unidentified
 * direction the likelihood does not change in either sense; along a runaway it falls one way and
 * never falls the other, because the best value lies at infinity. A direction that is only weakly
 * identified falls both ways.
 */

import { symmetricEigen } from '../numeric/symmetricEigen.ts';
import type { UnidentifiedDirection } from './algorithm.ts';
import type { LinearObjective } from './linearObjective.ts';
import type { ParameterSpace } from './parameters.ts';

/** Curvature per decision, features at unit spread, below which a direction is looked into. */
const FLAT_CURVATURE = 1e-6;
/** Change of the objective per decision that counts as none. */
const NO_CHANGE = 1e-10;
/** Rounding of the difference of two values that a walk of length 1 makes as large as 1. */
const ROUND_OFF = 1e-14;
/** How often a walk that leaves the feasible region is halved. */
const MAX_HALVINGS = 12;
/** How far to walk beyond the estimate, in units in which features have unit spread. */
const STRIDE = 10;

export interface Identification {
  readonly unidentified: readonly UnidentifiedDirection[];
  readonly unbounded: readonly string[];
  /** [free × free] second derivatives of the objective at the optimum. */
  readonly hessian: Float64Array;
  /** The directions that are not identified, [free] each, linearly independent. */
  readonly flat: readonly Float64Array[];
  /** gᵀ H⁻¹ g · decisions over the identified directions: squared distance in standard errors. */
  readonly newtonDecrement: number;
}

/**
 * @param held [free] 1 where a coordinate is held by a bound
 * @param x the optimum; the objective must have been evaluated there last
 * @param lookAhead how many steps a value sums up: 1 / (1 − γ), or the horizon
 * @returns null where the curvature is not finite
 */
export function identify(
  objective: LinearObjective,
  space: ParameterSpace,
  x: Float64Array,
  gradient: Float64Array,
  value: number,
  held: Uint8Array,
  decisions: number,
  lookAhead: number,
): Identification | null {
  const size = x.length;
  const hessian = new Float64Array(size * size);
  objective.hessian(x, hessian);
  if (!hessian.every(Number.isFinite)) return null;
  const unmasked = hessian.slice();
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) if (held[i] || held[j]) hessian[i * size + j] = i === j ? 1 : 0;
  const { values, vectors } = symmetricEigen(hessian, size);

  const flat: Float64Array[] = [];
  const unbounded = new Set<string>();
  let newtonDecrement = 0;
  const trial = new Float64Array(size);
  const scratch = new Float64Array(size);
  /** Change of the objective as far along v as it is finite. */
  const walk = (v: Float64Array, length: number): number => {
    for (let step = length, tries = 0; tries < MAX_HALVINGS; step /= 2, tries++) {
      for (let i = 0; i < size; i++)
        trial[i] = Math.min(Math.max(x[i] + step * v[i], space.lower[i]), space.upper[i]);
      const change = objective.evaluate(trial, scratch) - value;
      if (Number.isFinite(change)) return change;
    }
    return Number.POSITIVE_INFINITY;
  };

  for (let e = 0; e < size; e++) {
    const v = vectors.subarray(e * size, (e + 1) * size);
    const along = v.reduce((sum, vi, i) => sum + vi * x[i], 0);
    const slope = v.reduce((sum, vi, i) => sum + (held[i] ? 0 : vi * gradient[i]), 0);
    if (values[e] > FLAT_CURVATURE) {
      newtonDecrement += (decisions * slope * slope) / values[e];
      continue;
    }
    const length = STRIDE + Math.abs(along);
    const up = walk(v, length);
    const down = walk(v, -length);
    const noise = Math.max(
      NO_CHANGE * Math.max(1, Math.abs(value)),
      ROUND_OFF * length * lookAhead,
    );
    if (Math.abs(up) <= noise && Math.abs(down) <= noise) flat.push(v.slice());
    else if (up <= noise || down <= noise)
      for (const name of mainNames(space, v)) unbounded.add(name);
    else newtonDecrement += (decisions * slope * slope) / Math.max(values[e], 1e-300);
  }
  objective.evaluate(x, scratch);
  const unidentified = reduceRows(flat).map((v) => describe(space, v));
  return { unidentified, unbounded: [...unbounded], hessian: unmasked, flat, newtonDecrement };
}

/**
 * Another basis of the same directions, reduced so that each involves few parameters (Gauss–Jordan
 * with the largest pivot): "a constant" and "b is twice c" instead of two mixtures of both.
 */
function reduceRows(rows: Float64Array[]): Float64Array[] {
  const used = new Set<number>();
  for (const row of rows) {
    const pivot = [...row.keys()]
      .filter((i) => !used.has(i))
      .reduce((a, b) => (Math.abs(row[b]) > Math.abs(row[a]) ? b : a));
    used.add(pivot);
    const scale = row[pivot];
    for (let i = 0; i < row.length; i++) row[i] /= scale;
    for (const other of rows) {
      if (other === row) continue;
      const factor = other[pivot];
      for (let i = 0; i < row.length; i++) other[i] -= factor * row[i];
    }
  }
  return rows;
}

/** The parameters that carry a direction. */
function mainNames({ names, free }: ParameterSpace, v: Float64Array): string[] {
  const largest = v.reduce((max, vi) => Math.max(max, Math.abs(vi)), 0);
  return [...free].filter((_, i) => Math.abs(v[i]) > 0.3 * largest).map((k) => names[k]);
}

function describe({ names, free, spread }: ParameterSpace, v: Float64Array): UnidentifiedDirection {
  const inTheta = v.map((vi, i) => vi / spread[i]);
  const shown = [...free.keys()].filter((i) => Math.abs(v[i]) > 1e-6);
  const lead = shown.reduce((a, b) => (Math.abs(inTheta[b]) > Math.abs(inTheta[a]) ? b : a));
  const direction = Object.fromEntries(
    shown.map((i) => [names[free[i]], inTheta[i] / inTheta[lead]]),
  );
  const sum = Object.entries(direction)
    .map(([name, c]) => `${Number(c.toPrecision(4))} · "${name}"`)
    .join(' + ');
  const words =
    shown.length === 1
      ? `the data say nothing about "${names[free[lead]]}": the likelihood is the same whatever its value`
      : `the data do not tell these apart: θ may move by any multiple of ${sum} without changing the likelihood`;
  return { direction, words };
}
