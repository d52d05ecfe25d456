/**
 * Linear restrictions R θ = r, and the fit of a likelihood under them.
 *
 * Elimination with pivots solves R θ = r for as many parameters as there are restrictions; what is
 * left is a linear reward of other features: f_j − Σ_p c_pj f_p for every parameter j that stays,
 * and Σ_p d_p f_p, the offset, held at 1. So a restricted fit is a fit like any other.
 */

import type { FitOptions, FitProgress, FitStop } from '../../algorithms/algorithm.ts';
import type { LikelihoodModel } from '../../algorithms/likelihoodModel.ts';
import { nearestName } from '../../demonstrations/nearestName.ts';
import type { FeatureMatrix } from '../../features/featureMatrix.ts';

/** Σ coefficient · parameter = value. */
export interface Restriction {
  readonly coefficients: Readonly<Record<string, number>>;
  readonly value: number;
}

/** Parameters held at values, as restrictions. */
export function heldAt(values: Readonly<Record<string, number>>): Restriction[] {
  return Object.entries(values).map(([name, value]) => ({ coefficients: { [name]: 1 }, value }));
}

/** Restrictions solved for one parameter each. */
export interface SolvedRestrictions {
  /** [restrictions × parameters] R, as given. */
  readonly matrix: Float64Array;
  /** [restrictions] r */
  readonly values: Float64Array;
  /** [restrictions] the parameter that each is solved for. */
  readonly pivots: Int32Array;
  /** [restrictions × parameters] θ_pivot + Σ_j c_j θ_j = d: c, 1 at the pivot. */
  readonly reduced: Float64Array;
  /** [restrictions] d */
  readonly constants: Float64Array;
}

/** Coefficients below this share of a restriction's largest are what elimination left of none. */
const ROUND_OFF = 1e-10;

/** @throws RangeError where a name is unknown, or a restriction follows from the others */
export function solveRestrictions(
  restrictions: readonly Restriction[],
  names: readonly string[],
): SolvedRestrictions {
  if (restrictions.length === 0)
    throw new RangeError('Cannot test: there is no restriction; say which parameter is what');
  const size = names.length;
  const matrix = new Float64Array(restrictions.length * size);
  const values = new Float64Array(restrictions.length);
  restrictions.forEach(({ coefficients, value }, row) => {
    for (const [name, coefficient] of Object.entries(coefficients)) {
      const k = names.indexOf(name);
      if (k < 0) {
        const near = nearestName(name, names);
        throw new RangeError(
          `Cannot restrict "${name}": the parameters are ${names.map((n) => `"${n}"`).join(', ')}` +
            (near === null ? '' : `; did you mean "${near}"?`),
        );
      }
      matrix[row * size + k] = finite(coefficient, restrictions[row]);
    }
    values[row] = finite(value, restrictions[row]);
  });
  const reduced = matrix.slice();
  const constants = values.slice();
  const pivots = new Int32Array(restrictions.length);
  for (let row = 0; row < restrictions.length; row++) {
    let pivot = 0;
    for (let k = 1; k < size; k++)
      if (Math.abs(reduced[row * size + k]) > Math.abs(reduced[row * size + pivot])) pivot = k;
    const largest = matrix
      .subarray(row * size, (row + 1) * size)
      .reduce((most, c) => Math.max(most, Math.abs(c)), 0);
    const lead = reduced[row * size + pivot];
    if (!(Math.abs(lead) > ROUND_OFF * largest))
      throw new RangeError(
        `Cannot test ${restrictionWords(restrictions[row])}: it ${largest === 0 ? 'restricts no parameter' : 'follows from, or contradicts, the other restrictions'}`,
      );
    pivots[row] = pivot;
    for (let k = 0; k < size; k++) reduced[row * size + k] /= lead;
    constants[row] /= lead;
    for (let other = 0; other < restrictions.length; other++) {
      const factor = reduced[other * size + pivot];
      if (other === row || factor === 0) continue;
      for (let k = 0; k < size; k++) reduced[other * size + k] -= factor * reduced[row * size + k];
      reduced[other * size + pivot] = 0;
      constants[other] -= factor * constants[row];
    }
  }
  return { matrix, values, pivots, reduced, constants };
}

/** A restriction as it would be written. */
export function restrictionWords({ coefficients, value }: Restriction): string {
  const terms = Object.entries(coefficients);
  if (value === 0 && terms.length === 2 && terms[0][1] === 1 && terms[1][1] === -1)
    return `${terms[0][0]} = ${terms[1][0]}`;
  const sum = terms.map(([name, c]) => (c === 1 ? name : `${c} · ${name}`)).join(' + ');
  return `${sum} = ${value}`;
}

export interface RestrictedFit {
  readonly stop: FitStop;
  readonly stopReason: string | null;
  /** [parameters] of the unrestricted likelihood; null where no feasible reward was found. */
  readonly theta: Float64Array | null;
  readonly logLikelihood: number | null;
  /** How many numbers were left to estimate, and identified. */
  readonly freedom: number;
}

/** The offset's name among the parameters of a restricted fit: no feature of the world has it. */
const OFFSET = '\u0000offset';

/**
 * Maximises the likelihood under the restrictions.
 *
 * @param options of the unrestricted fit; a start is where the parameters that stay begin
 */
export function* restrictedFit(
  model: LikelihoodModel,
  solved: SolvedRestrictions,
  options: FitOptions,
): Generator<FitProgress, RestrictedFit> {
  const { features } = model.problem;
  const { names } = features;
  const { pivots, reduced, constants } = solved;
  const stays = [...names.keys()].filter((k) => !pivots.includes(k));
  const kept = <Value>(record: Readonly<Record<string, Value>> | undefined) =>
    Object.fromEntries(
      Object.entries(record ?? {}).filter(([name]) => stays.includes(names.indexOf(name))),
    );
  const { start, fix, bounds, resume: _, ...others } = options;
  const fit = yield* model.maximize(
    {
      ...others,
      ...(start ? { start: kept(start) } : {}),
      bounds: kept(bounds),
      fix: { ...kept(fix), [OFFSET]: 1 },
    },
    restrictedFeatures(features, stays, solved),
  );
  if (!fit.theta) return { ...fit, theta: null, logLikelihood: null };
  const theta = new Float64Array(names.length);
  stays.forEach((k, i) => {
    theta[k] = (fit.theta as Float64Array)[i];
  });
  pivots.forEach((pivot, row) => {
    let value = constants[row];
    for (const k of stays) value -= reduced[row * names.length + k] * theta[k];
    theta[pivot] = value;
  });
  return { ...fit, theta, logLikelihood: fit.value };
}

/** f_j − Σ_p c_pj f_p of the parameters that stay, and the offset Σ_p d_p f_p last. */
function restrictedFeatures(
  { names, per, values }: FeatureMatrix,
  stays: readonly number[],
  { pivots, reduced, constants }: SolvedRestrictions,
): FeatureMatrix {
  const size = names.length;
  const rows = values.length / size;
  const width = stays.length + 1;
  const out = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++) {
    stays.forEach((k, i) => {
      let value = values[row * size + k];
      for (let p = 0; p < pivots.length; p++)
        value -= reduced[p * size + k] * values[row * size + pivots[p]];
      out[row * width + i] = value;
    });
    for (let p = 0; p < pivots.length; p++)
      out[row * width + width - 1] += constants[p] * values[row * size + pivots[p]];
  }
  return { names: [...stays.map((k) => names[k]), OFFSET], per, values: out };
}

function finite(x: number, restriction: Restriction): number {
  if (Number.isFinite(x)) return x;
  throw new RangeError(`Cannot test ${restrictionWords(restriction)}: wanted finite numbers`);
}
