/**
 * Actions in a box from a Gaussian that is squashed by tanh, with their log densities:
 *
 *   u = μ + σ ε,  a = tanh u,  ε ~ N(0, 1)
 *   log π(a) = Σ −ε²/2 − log σ − ½ log 2π − log(1 − a²)
 *   log(1 − tanh² u) = 2 (log 2 − u − softplus(−2u))
 *
 * The last line is exact where 1 − a² is 0 in single precision.
 *
 * Reference: Haarnoja, Zhou, Abbeel & Levine (2018), Soft actor-critic, ICML, appendix C.
 */

const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);
/** Bounds of log σ; beyond them its gradient is 0. */
const LOG_STD = { low: -20, high: 2 } as const;

/** Actions of a batch, and what is needed to go back from them. */
export interface TanhGaussianSample {
  /** [rows × size] standard normal draws, to be filled in. */
  readonly noise: Float32Array;
  /** [rows × size] actions in (−1, 1). */
  readonly action: Float32Array;
  /** [rows] log densities of the actions. */
  readonly logDensity: Float64Array;
}

export function tanhGaussianSample(rows: number, size: number): TanhGaussianSample {
  return {
    noise: new Float32Array(rows * size),
    action: new Float32Array(rows * size),
    logDensity: new Float64Array(rows),
  };
}

/** log(1 − tanh² u). */
export function logTanhSlope(u: number): number {
  const z = -2 * u;
  const softplus = z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z));
  return 2 * (Math.LN2 - u - softplus);
}

export function clampedLogStd(logStd: number): number {
  return logStd < LOG_STD.low ? LOG_STD.low : logStd > LOG_STD.high ? LOG_STD.high : logStd;
}

/** log π(a) of one coordinate, −1 < a < 1. */
export function tanhGaussianLogDensity(mean: number, rawLogStd: number, a: number): number {
  const logStd = clampedLogStd(rawLogStd);
  const u = Math.atanh(a);
  const noise = (u - mean) / Math.exp(logStd);
  return -0.5 * noise * noise - logStd - HALF_LOG_2PI - logTanhSlope(u);
}

/**
 * Writes actions and log densities from the sample's noise.
 *
 * @param outputs [rows × 2 size] means, then log σ, of each row
 */
export function sampleTanhGaussian(
  outputs: Float32Array,
  size: number,
  { noise, action, logDensity }: TanhGaussianSample,
): void {
  for (let row = 0; row < logDensity.length; row++) {
    let log = 0;
    for (let j = 0; j < size; j++) {
      const k = row * size + j;
      const at = 2 * row * size + j;
      const logStd = clampedLogStd(outputs[at + size]);
      const u = outputs[at] + Math.exp(logStd) * noise[k];
      action[k] = Math.tanh(u);
      log += -0.5 * noise[k] * noise[k] - logStd - HALF_LOG_2PI - logTanhSlope(u);
    }
    logDensity[row] = log;
  }
}

/**
 * Writes ∂L/∂outputs where the noise stays as it is and the actions move (the reparameterised
 * gradient):
 *
 *   ∂L/∂u = ∂L/∂a (1 − a²) + 2 a ∂L/∂log π,  ∂L/∂μ = ∂L/∂u,  ∂L/∂log σ = σ ε ∂L/∂u − ∂L/∂log π
 *
 * @param actionSlope [rows × size] ∂L/∂a
 * @param densitySlope ∂L/∂log π of each row
 * @param out [rows × 2 size], overwritten
 */
export function pullBackTanhGaussian(
  outputs: Float32Array,
  size: number,
  { noise, action, logDensity }: TanhGaussianSample,
  actionSlope: Float32Array,
  densitySlope: number,
  out: Float32Array,
): void {
  for (let row = 0; row < logDensity.length; row++)
    for (let j = 0; j < size; j++) {
      const k = row * size + j;
      const at = 2 * row * size + j;
      const a = action[k];
      const slope = actionSlope[k] * (1 - a * a) + 2 * a * densitySlope;
      const raw = outputs[at + size];
      out[at] = slope;
      out[at + size] =
        raw > LOG_STD.low && raw < LOG_STD.high
          ? slope * Math.exp(raw) * noise[k] - densitySlope
          : 0;
    }
}
