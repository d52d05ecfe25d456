/**
 * What the curvature at an optimum says about the estimates: directions that the data do not
 * identify, and coefficients that run away.
 *
 * Both have (almost) no curvature. Walking along them tells them apart: along an unidentified
 * direction the likelihood does not change in either sense; along a runaway it falls one way and
 * never falls the other, because the best value lies at infinity. A direction that is only weakly
 * identified falls both ways.
 */

import { dot } from '../numeric/csr.ts';
import { symmetricEigen } from '../numeric/symmetricEigen.ts';
import type { UnidentifiedDirection } from './algorithm.ts';
import type { DirectionMeaning } from './explainDirections.ts';
import type { LinearObjective } from './linearObjective.ts';
import type { ParameterSpace } from './parameters.ts';

/** Curvature per decision, features at unit spread, below which a direction is looked into. */
export const FLAT_CURVATURE = 1e-6;
/** Change of the objective per decision that counts as none. */
const NO_CHANGE = 1e-10;
/** Rounding of the difference of two values that a walk of length 1 makes as large as 1. */
const ROUND_OFF = 1e-14;
/** A share of one decision's likelihood that a walk must cost to mean anything at all. */
const BARELY = 0.01;
/** How often a walk that leaves the feasible region is halved. */
const MAX_HALVINGS = 12;
/** How much farther a runaway is followed where the fit did not arrive. */
const FARTHER = [8, 64];
/** A coordinate beyond this, in units in which features have unit spread, may be running away. */
const FAR = 5;
/** How far to walk beyond the estimate, in units in which features have unit spread. */
const STRIDE = 10;

export interface Identification {
  readonly unidentified: readonly UnidentifiedDirection[];
  readonly unbounded: readonly string[];
  /** [free × free] second derivatives of the objective at the optimum; null where not taken. */
  readonly hessian: Float64Array | null;
  /** The directions that are not identified, [free] each, linearly independent. */
  readonly flat: readonly Float64Array[];
  /** gᵀ H⁻¹ g · decisions over the identified directions: squared distance in standard errors. */
  readonly newtonDecrement: number;
}

/** A fit that ended, as what is looked into here. */
export interface FitEnd {
  /** What directions of x stand for. */
  readonly meaning: DirectionMeaning;
  readonly objective: LinearObjective;
  readonly space: ParameterSpace;
  /** [free] where it ended; the objective must have been evaluated there last. */
  readonly x: Float64Array;
  readonly gradient: Float64Array;
  readonly value: number;
  /** [free] 1 where a coordinate is held by a bound. */
  readonly held: Uint8Array;
  /** Weighted. */
  readonly decisions: number;
  /** How many steps a value sums up: 1 / (1 − γ), or the horizon. */
  readonly lookAhead: number;
  /** Whether the gradient is all but 0. */
  readonly arrived: boolean;
}

/** Looks into what has no curvature. Returns null where the curvature is not finite. */
export function identify(end: FitEnd): Identification | null {
  const { meaning, objective, space, x, gradient, held, decisions } = end;
  const size = x.length;
  const hessian = new Float64Array(size * size);
  objective.hessian(x, hessian);
  if (!hessian.every(Number.isFinite)) return null;
  const unmasked = hessian.slice();
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) if (held[i] || held[j]) hessian[i * size + j] = i === j ? 1 : 0;
  const { values, vectors } = symmetricEigen(hessian, size);
  const vectorOf = (e: number) => vectors.slice(e * size, (e + 1) * size);
  const curved = [...values.keys()].filter((e) => values[e] > FLAT_CURVATURE);
  const slack = [...values.keys()].filter((e) => !(values[e] > FLAT_CURVATURE));
  // Eigenvectors of equal curvature are any mixture: what changes no choice is taken out first.
  const { nil, rest } = meaning.partIndifferent(slack.map(vectorOf));

  const look = walker(end);
  const flat: Float64Array[] = [];
  const unbounded = new Set<string>();
  let newtonDecrement = 0;
  const addDecrement = (v: Float64Array, curvature: number): void => {
    const slope = v.reduce((sum, vi, i) => sum + (held[i] ? 0 : vi * gradient[i]), 0);
    newtonDecrement += (decisions * slope * slope) / Math.max(curvature, 1e-300);
  };
  for (const e of curved) addDecrement(vectorOf(e), values[e]);
  for (const v of [...nil, ...rest]) {
    const seen = look(v, nil.includes(v));
    if (seen === 'flat') flat.push(v);
    else if (seen === 'runaway') for (const name of mainNames(space, v)) unbounded.add(name);
    else addDecrement(v, curvatureAlong(hessian, v));
  }
  objective.evaluate(x, new Float64Array(size));
  const unidentified = meaning.explain(flat);
  return { unidentified, unbounded: [...unbounded], hessian: unmasked, flat, newtonDecrement };
}

/**
 * What can be said without second derivatives, where there are too many parameters for them:
 * directions that change no choice whatever θ is, and single coefficients that run away.
 */
export function identifyByStructure(end: FitEnd): Identification {
  const { meaning, objective, space, x, held } = end;
  const look = walker(end);
  const flat = (meaning.structural() ?? []).filter(
    (v) => v.every((vi, i) => vi === 0 || held[i] === 0) && look(v, true) === 'flat',
  );
  const unbounded = [...x.keys()].filter((i) => {
    if (held[i] || Math.abs(x[i]) < FAR || flat.some((v) => v[i] !== 0)) return false;
    return (
      look(
        Float64Array.from(x, (_, j) => (i === j ? 1 : 0)),
        false,
      ) === 'runaway'
    );
  });
  objective.evaluate(x, new Float64Array(x.length));
  return {
    unidentified: meaning.explain(flat),
    unbounded: unbounded.map((i) => space.names[space.free[i]]),
    hessian: null,
    flat,
    newtonDecrement: 0,
  };
}

/**
 * Returns what walks both ways along a direction of unit length, or about so, see of it.
 *
 * A direction that changes no choice, or all but none, as of features that are collinear but for
 * their last digits, is flat even where the walk sees more than round-off.
 */
export function walker({
  objective,
  space,
  x,
  value,
  decisions,
  lookAhead,
  arrived,
}: Omit<FitEnd, 'meaning'>): (
  v: Float64Array,
  changesNoChoice: boolean,
) => 'flat' | 'runaway' | 'curved' {
  const trial = new Float64Array(x.length);
  const scratch = new Float64Array(x.length);
  const changeAfter = (v: Float64Array, step: number): number => {
    for (let i = 0; i < x.length; i++)
      trial[i] = Math.min(Math.max(x[i] + step * v[i], space.lower[i]), space.upper[i]);
    return objective.evaluate(trial, scratch) - value;
  };
  /** Change of the objective as far along v as it is finite. */
  const walk = (v: Float64Array, length: number): number => {
    let change = changeAfter(v, length);
    let step = length;
    let beyond = length;
    for (let tries = 0; tries < MAX_HALVINGS && !Number.isFinite(change); tries++) {
      beyond = step;
      step /= 2;
      change = changeAfter(v, step);
    }
    if (!Number.isFinite(change)) return Number.POSITIVE_INFINITY;
    // Right before the edge a runaway shows what it costs to come back.
    for (let tries = 0; tries < MAX_HALVINGS && step !== beyond; tries++) {
      const middle = (step + beyond) / 2;
      const there = changeAfter(v, middle);
      if (Number.isFinite(there)) [step, change] = [middle, there];
      else beyond = middle;
    }
    return change;
  };
  return (v, changesNoChoice) => {
    const length = STRIDE + Math.abs(dot(v, x));
    const noiseOf = (walked: number): number =>
      Math.max(NO_CHANGE * Math.max(1, Math.abs(value)), ROUND_OFF * walked * lookAhead);
    const noise = noiseOf(length);
    const up = walk(v, length);
    const down = walk(v, -length);
    if (Math.abs(up) <= noise && Math.abs(down) <= noise) return 'flat';
    if (up > noise && down > noise) return 'curved';
    const nothing = changesNoChoice ? Math.min(1e-7, BARELY / Math.max(1, decisions)) : 0;
    if (Math.max(Math.abs(up), Math.abs(down)) <= Math.max(noise, nothing)) return 'flat';
    // Short of the optimum one way leads up to it: only what never turns runs away.
    let last = Math.min(up, down);
    for (const factor of arrived ? [] : FARTHER) {
      const next = walk(v, (up <= down ? factor : -factor) * length);
      if (next > last + noiseOf(factor * length)) return 'curved';
      last = next;
    }
    return 'runaway';
  };
}

function curvatureAlong(hessian: Float64Array, v: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < v.length; i++)
    for (let j = 0; j < v.length; j++) sum += v[i] * hessian[i * v.length + j] * v[j];
  return sum / dot(v, v);
}

/** The parameters that carry a direction. */
export function mainNames({ names, free }: ParameterSpace, v: Float64Array): string[] {
  const largest = v.reduce((max, vi) => Math.max(max, Math.abs(vi)), 0);
  return [...free].filter((_, i) => Math.abs(v[i]) > 0.3 * largest).map((k) => names[k]);
}
