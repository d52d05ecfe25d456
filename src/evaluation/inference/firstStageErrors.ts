/**
 * Standard errors of θ̂ that know that the dynamics were estimated first, from the same log.
 *
 * With A = H⁻¹ of the choices, C = ∂²LL(θ, p) / ∂θ∂p, I the information of the first stage on its
 * parameters p, and per trajectory i the scores s_i of choices and t_i of the first stage:
 *
 *   hessian          A + A C I⁻¹ Cᵀ A                           two steps, Murphy & Topel
 *   sandwich         Σ_i ψ_i ψ_iᵀ,  ψ_i = A ( s_i + C I⁻¹ t_i )  two steps, clustered by trajectory
 *   fullLikelihood   A + A C ( I − D − Cᵀ A C )⁻¹ Cᵀ A          θ and p at once, D = ∂²LL / ∂p∂p
 *
 * In the first, scores of choices and of the first stage are uncorrelated, as the model says: the
 * next state depends on the choice, not on why it was made. Derivatives in p are fourth-order
 * central differences of exact scores and likelihoods.
 *
 * References: Murphy & Topel (1985), Journal of Business & Economic Statistics 3(4), 370–379;
 * Rust (1987), Econometrica 55, sec. 4, on estimating in stages or at once.
 */

import { likelihoodScores } from '../../algorithms/likelihoodScores.ts';
import type { Problem } from '../../algorithms/problem.ts';
import type { FirstStageSampling } from '../../demonstrations/sharesStage.ts';
import { complementInverse } from '../../numeric/complementInverse.ts';

export const firstStageKinds = ['hessian', 'sandwich', 'fullLikelihood'] as const;
export type FirstStageKind = (typeof firstStageKinds)[number];

export interface FirstStageSettings {
  readonly sampling: Pick<FirstStageSampling<unknown>, 'free' | 'information' | 'scores'>;
  /** The problem in the world of other first-stage estimates, [free]. */
  readonly problemAt: (free: Float64Array) => Problem;
  /** [trajectories of the problem] their numbers among those that the first stage saw. */
  readonly seenAs: Int32Array;
  /** [parameters] estimates. */
  readonly theta: Float64Array;
  /** [parameters × parameters] inverse curvature of the choices; zero for what was not free. */
  readonly inverse: Float64Array;
}

/** Share of the smallest room that a first-stage parameter has, to move it by. */
const SHARE = 3e-3;
/** f′(x) ≈ Σ weight · f(x + step · h) / h. */
const STENCIL = [
  { step: -2, weight: 1 / 12 },
  { step: -1, weight: -8 / 12 },
  { step: 1, weight: 8 / 12 },
  { step: 2, weight: -1 / 12 },
];

/** Returns [parameters × parameters] covariances of θ̂ by kind, or why there is none. */
export function firstStageCovariances(
  settings: FirstStageSettings,
): Readonly<Record<FirstStageKind, Float64Array | string>> {
  const { sampling, problemAt, seenAs, theta, inverse } = settings;
  const { free, information, scores } = sampling;
  const [n, q] = [theta.length, free.length];
  const here = likelihoodScores(problemAt(free), theta);
  const ofFirst = complementInverse(information, q, []);
  const derivatives = here && differentiate(problemAt, free, theta);
  if (!here || !derivatives || !ofFirst) {
    const why = 'the choices cannot be planned where the dynamics are a little different';
    return { hessian: why, sandwich: why, fullLikelihood: why };
  }
  const { cross, second } = derivatives;
  /** How far θ̂ moves with p, [parameters × free]. */
  const response = multiply(inverse, cross, n, n, q);
  const spread = (middle: Float64Array): Float64Array => {
    const half = multiply(response, middle, n, q, q);
    return multiplyTransposed(half, response, n, q, n);
  };
  const add = (a: Float64Array, b: Float64Array): Float64Array => a.map((x, i) => x + b[i]);

  // I − D − Cᵀ A C, and Cᵀ A C = Cᵀ · response
  const joint = information.slice();
  for (let j = 0; j < q; j++)
    for (let k = 0; k < q; k++) {
      let through = 0;
      for (let i = 0; i < n; i++) through += cross[i * q + j] * response[i * q + k];
      joint[j * q + k] -= second[j * q + k] + through;
    }
  const atOnce = complementInverse(joint, q, []);

  const own = here.ofTrajectories();
  const sandwich = new Float64Array(n * n);
  for (let i = 0; i < seenAs.length; i++) {
    const psi = multiply(inverse, own.subarray(i * n, (i + 1) * n), n, n, 1);
    const seen = scores.subarray(seenAs[i] * q, (seenAs[i] + 1) * q);
    const moved = multiply(response, multiply(ofFirst, seen, q, q, 1), n, q, 1);
    for (let k = 0; k < n; k++)
      for (let l = 0; l < n; l++) sandwich[k * n + l] += (psi[k] + moved[k]) * (psi[l] + moved[l]);
  }
  return {
    hessian: add(inverse, spread(ofFirst)),
    sandwich:
      seenAs.length < 2 ? 'a single trajectory cannot show how much trajectories differ' : sandwich,
    fullLikelihood: atOnce
      ? add(inverse, spread(atOnce))
      : 'choices and first stage together have no maximum here',
  };
}

/** ∂²LL/∂θ∂p [parameters × free] and ∂²LL/∂p∂p [free × free]; null where p cannot be moved. */
function differentiate(
  problemAt: FirstStageSettings['problemAt'],
  free: Float64Array,
  theta: Float64Array,
): { cross: Float64Array; second: Float64Array } | null {
  const [n, q] = [theta.length, free.length];
  const rest = 1 - free.reduce((sum, p) => sum + p, 0);
  const room = (p: number): number => (rest > 0 ? Math.min(Math.abs(p), rest) : Math.abs(p)) || 1;
  const h = free.map((p) => SHARE * room(p));
  const at = (steps: readonly (readonly [index: number, step: number])[]) => {
    const moved = free.slice();
    for (const [j, step] of steps) moved[j] += step * h[j];
    return likelihoodScores(problemAt(moved), theta);
  };
  const cross = new Float64Array(n * q);
  const second = new Float64Array(q * q);
  for (let j = 0; j < q; j++) {
    for (const { step, weight } of STENCIL) {
      const there = at([[j, step]]);
      if (!there) return null;
      for (let k = 0; k < n; k++) cross[k * q + j] += (weight * there.gradient[k]) / h[j];
    }
    for (let k = 0; k <= j; k++) {
      let sum = 0;
      for (const a of STENCIL)
        for (const b of STENCIL) {
          const there = at([
            [j, a.step],
            [k, b.step],
          ]);
          if (!there) return null;
          sum += a.weight * b.weight * there.logLikelihood;
        }
      second[j * q + k] = second[k * q + j] = sum / (h[j] * h[k]);
    }
  }
  return { cross, second };
}

/** A [rows × inner] times B [inner × columns]. */
function multiply(
  a: Float64Array,
  b: Float64Array,
  rows: number,
  inner: number,
  columns: number,
): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < inner; k++)
      for (let j = 0; j < columns; j++)
        out[i * columns + j] += a[i * inner + k] * b[k * columns + j];
  return out;
}

/** A [rows × inner] times Bᵀ, B being [columns × inner]. */
function multiplyTransposed(
  a: Float64Array,
  b: Float64Array,
  rows: number,
  inner: number,
  columns: number,
): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++)
      for (let k = 0; k < inner; k++) out[i * columns + j] += a[i * inner + k] * b[j * inner + k];
  return out;
}
