/**
 * The arithmetic of dense networks in single precision on arrays that one owner hands out: with
 * SIMD where WebAssembly has it, and a plain twin to read and to test against. Matrices lie row by
 * row; nothing may alias what is written.
 */

export interface Kernels {
  readonly name: 'kernels' | 'plain';
  /** Hands out an array of zeros; all other functions take only such arrays, from their start. */
  take(length: number): Float32Array;
  /** Forgets every array that was handed out. */
  release(): void;
  /** How many numbers are handed out. */
  readonly taken: number;
  /** Writes Y = X W + b: X [rows × inputs], W [inputs × outputs], b [outputs], Y [rows × outputs]. */
  affine(
    x: Float32Array,
    w: Float32Array,
    b: Float32Array,
    y: Float32Array,
    rows: number,
    inputs: number,
    outputs: number,
  ): void;
  /** Writes D = Xᵀ G: G [rows × outputs], D [inputs × outputs]. */
  weightGradient(
    x: Float32Array,
    g: Float32Array,
    d: Float32Array,
    rows: number,
    inputs: number,
    outputs: number,
  ): void;
  /** Writes D = G Wᵀ: D [rows × inputs]. */
  inputGradient(
    g: Float32Array,
    w: Float32Array,
    d: Float32Array,
    rows: number,
    inputs: number,
    outputs: number,
  ): void;
  /** Writes out[j] = Σᵢ G[i, j]: G [rows × columns]. */
  columnSums(g: Float32Array, out: Float32Array, rows: number, columns: number): void;
  /** y ← max(y, 0), over the first `length`. */
  rectify(y: Float32Array, length: number): void;
  /** g ← 0 where y ≤ 0, over the first `length`. */
  maskRectified(g: Float32Array, y: Float32Array, length: number): void;
  /** x ← x − rate · m̂ / (√v̂ + ε) after the moments m and v moved on to the slope g. */
  adam(
    x: Float32Array,
    g: Float32Array,
    first: Float32Array,
    second: Float32Array,
    step: AdamStep,
  ): void;
  /** target ← target + rate (source − target). */
  blend(target: Float32Array, source: Float32Array, rate: number): void;
}

export interface AdamStep {
  /** Learning rate over 1 − β₁ᵗ. */
  readonly rate: number;
  /** 1 / (1 − β₂ᵗ). */
  readonly secondScale: number;
  /** β₁ and β₂. */
  readonly keepFirst: number;
  readonly keepSecond: number;
  readonly epsilon: number;
}
