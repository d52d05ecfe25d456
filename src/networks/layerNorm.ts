/**
 * Layer norm: each row gets mean 0 and variance 1, then a learned gain and shift per column.
 *
 *   x̂ = (z − mean z) / √(var z + ε),  y = gain · x̂ + shift
 *
 * Reference: Ba, Kiros & Hinton (2016), Layer normalization, eq. 4.
 */

const EPSILON = 1e-5;

export interface LayerNormParameters {
  readonly gains: Float32Array;
  readonly gainGradient: Float32Array;
  readonly shiftGradient: Float32Array;
}

/**
 * Overwrites z [rows × columns] with y, and keeps x̂ [rows × columns] and √(var + ε) [rows].
 */
export function layerNorm(
  z: Float32Array,
  gains: Float32Array,
  shifts: Float32Array,
  rows: number,
  normed: Float32Array,
  spread: Float64Array,
): void {
  const columns = gains.length;
  for (let i = 0; i < rows; i++) {
    const start = i * columns;
    let mean = 0;
    for (let j = 0; j < columns; j++) mean += z[start + j];
    mean /= columns;
    let variance = 0;
    for (let j = 0; j < columns; j++) variance += (z[start + j] - mean) ** 2;
    const root = Math.sqrt(variance / columns + EPSILON);
    spread[i] = root;
    for (let j = 0; j < columns; j++) {
      normed[start + j] = (z[start + j] - mean) / root;
      z[start + j] = gains[j] * normed[start + j] + shifts[j];
    }
  }
}

/** Overwrites the slope ∂L/∂y by ∂L/∂z, and writes the gradients of gains and shifts. */
export function pullBackLayerNorm(
  slope: Float32Array,
  { gains, gainGradient, shiftGradient }: LayerNormParameters,
  rows: number,
  normed: Float32Array,
  spread: Float64Array,
): void {
  const columns = gains.length;
  gainGradient.fill(0);
  shiftGradient.fill(0);
  for (let i = 0; i < rows; i++) {
    const start = i * columns;
    let mean = 0;
    let along = 0;
    for (let j = 0; j < columns; j++) {
      const k = start + j;
      gainGradient[j] += slope[k] * normed[k];
      shiftGradient[j] += slope[k];
      slope[k] *= gains[j];
      mean += slope[k];
      along += slope[k] * normed[k];
    }
    mean /= columns;
    along /= columns;
    for (let k = start; k < start + columns; k++)
      slope[k] = (slope[k] - mean - normed[k] * along) / spread[i];
  }
}
