/**
 * Standard errors of estimates θ̂, from the curvature and the scores that a fit leaves behind.
 *
 *   hessian                  H⁻¹
 *   outerProduct             (Σ_d s_d s_dᵀ)⁻¹   over decisions
 *   outerProductTrajectory   (Σ_i s_i s_iᵀ)⁻¹   over trajectories
 *   sandwich                 H⁻¹ (Σ_i s_i s_iᵀ) H⁻¹, clustered by trajectory; by person where the data
 *                            say whose trajectories are, as those of one person are alike
 *
 * each the square roots of its diagonal, without a small-sample factor. H is minus the second
 * derivative of what was maximised, penalty included. Where the data do not identify a direction,
 * everything is done on the directions that are left: a contrast that is identified keeps its
 * variance, a parameter that takes part in what is not has none.
 *
 * Where features were matched only the sandwich means something: the dual is the likelihood of
 * trajectories that are complete and had no luck, and elsewhere its curvature is half of the story.
 *
 * References: White (1982), Econometrica 50, 1–25; Berndt, Hall, Hall & Hausman (1974), Annals of
 * Economic and Social Measurement 3/4, 653–665.
 */

import type { Information, ScoreProducts } from '../../algorithms/information.ts';
import { complementInverse } from '../../numeric/complementInverse.ts';

export const standardErrorKinds = [
  'hessian',
  'outerProduct',
  'outerProductTrajectory',
  'sandwich',
] as const;
export type StandardErrorKind = (typeof standardErrorKinds)[number];

/** Numbers by kind, and why those that are null do not exist. */
export interface StandardErrorsOfOne {
  readonly errors: Readonly<Record<StandardErrorKind, number | null>>;
  readonly reasons: Readonly<Partial<Record<StandardErrorKind, string>>>;
}

export interface Inference {
  /**
   * [parameters × parameters] of θ̂, by kind, or a reason where there is none; zero where a parameter
   * was not free. A combination of parameters that the data do not identify has no variance,
   * whatever is read off here.
   */
  readonly covariance: Readonly<Record<StandardErrorKind, Float64Array | string>>;
  /** The standard errors of a parameter that was free and is identified. */
  of(parameter: number): StandardErrorsOfOne;
}

/**
 * Scores that differ so much less (as a share of a variance) than the curvature lets expect do not
 * differ at all: what is left of them is how exactly the fit was solved.
 */
const NO_SPREAD = 1e-10;

/** A variance below this share of the largest is none. */
const ROUND_OFF = 1e-15;

const COUNTED =
  'decisions were counted, and counts do not say which of them belong to one trajectory';

const NO_LIKELIHOOD =
  'features or whole trajectories were matched, which is no likelihood of decisions: see the sandwich';

/** @param parameterCount of θ, those that were not free included */
export function standardErrors(information: Information, parameterCount: number): Inference {
  const { free, hessian, flat, scoresOf, decisionScores, decisions, trajectories } = information;
  const identified = free.length - flat.length;
  const invert = (matrix: Float64Array) => complementInverse(matrix, free.length, flat);
  const scores = inX(information, information.trajectoryScores, parameterCount);
  const { personScores } = information;
  const clustered = personScores ? inX(information, personScores, parameterCount) : scores;
  const byCurvature = invert(hessian);
  const invertScores = (products: Float64Array): Float64Array | null => {
    const inverse = invert(products);
    if (!byCurvature || !inverse) return inverse;
    // Along what is not identified both are zero but for round-off.
    const largest = free.reduce(
      (max, _, i) => Math.max(max, byCurvature[i * (free.length + 1)]),
      0,
    );
    const isSpanned = free.every((_, i) => {
      const ii = i * (free.length + 1);
      return inverse[ii] * NO_SPREAD <= Math.max(byCurvature[ii], ROUND_OFF * largest);
    });
    return isSpanned ? inverse : null;
  };
  const noMaximum = 'the curvature at the estimates is not that of a maximum';

  const byKind = (): Record<StandardErrorKind, Float64Array | string> => {
    const robust =
      onlyOne(information) ??
      (byCurvature ? product(product(byCurvature, clustered), byCurvature) : noMaximum);
    if (scoresOf === 'moments' || decisionScores === null)
      return {
        hessian: NO_LIKELIHOOD,
        outerProduct: NO_LIKELIHOOD,
        outerProductTrajectory: NO_LIKELIHOOD,
        sandwich: robust,
      };
    return {
      hessian: byCurvature ?? noMaximum,
      outerProduct:
        invertScores(inX(information, decisionScores, parameterCount)) ??
        tooFew('decisions', decisions, identified),
      outerProductTrajectory: information.counted
        ? COUNTED
        : (invertScores(scores) ?? tooFew('trajectories', trajectories, identified)),
      sandwich: robust,
    };
  };
  const inParameters = Object.fromEntries(
    Object.entries(byKind()).map(([kind, found]) => [
      kind,
      typeof found === 'string' ? found : inTheta(information, found, parameterCount),
    ]),
  ) as Record<StandardErrorKind, Float64Array | string>;
  const unit = byCurvature && inTheta(information, byCurvature, parameterCount);

  return {
    covariance: inParameters,
    of(k) {
      const errors: Record<string, number | null> = {};
      const reasons: Partial<Record<StandardErrorKind, string>> = {};
      for (const kind of standardErrorKinds) {
        const covariance = inParameters[kind];
        errors[kind] = null;
        if (typeof covariance === 'string') {
          reasons[kind] = covariance;
          continue;
        }
        const at = k * parameterCount + k;
        const variance = covariance[at];
        if (variance > NO_SPREAD * (unit?.[at] ?? 0) && variance < Number.POSITIVE_INFINITY)
          errors[kind] = Math.sqrt(variance);
        else reasons[kind] = 'trajectories do not differ in what they say about it';
      }
      return { errors: errors as Record<StandardErrorKind, number | null>, reasons };
    },
  };
}

/** Why there is nothing to see differences between, or null where there is. */
export function onlyOne({ counted, persons, trajectories }: ScoreProducts): string | null {
  if (counted) return COUNTED;
  if (persons !== null)
    return persons < 2 ? 'a single person cannot show how much people differ' : null;
  return trajectories < 2 ? 'a single trajectory cannot show how much trajectories differ' : null;
}

function tooFew(what: string, found: number, wanted: number): string {
  return found < wanted
    ? `fewer ${what} than parameters (${found} for ${wanted})`
    : `the scores of the ${found} ${what} do not span the ${wanted} parameters`;
}

/** The free part of a matrix about θ, in x = θ · spread. */
function inX({ free, spread }: Information, matrix: Float64Array, count: number): Float64Array {
  const part = new Float64Array(free.length ** 2);
  free.forEach((k, i) => {
    free.forEach((l, j) => {
      part[i * free.length + j] = matrix[k * count + l] / (spread[i] * spread[j]);
    });
  });
  return part;
}

/** Covariances of x as covariances of θ, zero for what was not free. */
function inTheta({ free, spread }: Information, part: Float64Array, count: number): Float64Array {
  const matrix = new Float64Array(count * count);
  free.forEach((k, i) => {
    free.forEach((l, j) => {
      matrix[k * count + l] = part[i * free.length + j] / (spread[i] * spread[j]);
    });
  });
  return matrix;
}

function product(a: Float64Array, b: Float64Array): Float64Array {
  const size = Math.sqrt(a.length);
  const out = new Float64Array(a.length);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += a[i * size + k] * b[k * size + j];
      out[i * size + j] = sum;
    }
  return out;
}
