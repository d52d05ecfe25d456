/** A square sparse matrix in compressed rows, columns ascending, every diagonal entry present. */
export interface Csr {
  readonly size: number;
  /** [size + 1] */
  readonly rowStart: Int32Array;
  /** [entries] */
  readonly column: Int32Array;
  /** [size] where the diagonal entry of each row is. */
  readonly diagonal: Int32Array;
  /** [entries] */
  readonly value: Float64Array;
}

/** Returns the sum of xᵢ yᵢ, in four interleaved partial sums. */
export function dot(x: Float64Array, y: Float64Array): number {
  const whole = x.length & ~3;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i < whole; i += 4) {
    a += x[i] * y[i];
    b += x[i + 1] * y[i + 1];
    c += x[i + 2] * y[i + 2];
    d += x[i + 3] * y[i + 3];
  }
  for (; i < x.length; i++) a += x[i] * y[i];
  return a + b + c + d;
}

/** Returns max |xᵢ|; NaN where any entry is NaN. */
export function maxNorm(x: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) {
    const size = Math.abs(x[i]);
    if (!(size <= largest)) largest = size;
  }
  return largest;
}

/** Returns Σ |xᵢ|. */
export function sumNorm(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += Math.abs(x[i]);
  return sum;
}
