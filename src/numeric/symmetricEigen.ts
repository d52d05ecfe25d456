/**
 * Eigenvalues and eigenvectors of a dense symmetric matrix.
 *
 *   A = Q T Qᵀ   by Householder reflections, T tridiagonal
 *   T = S Λ Sᵀ   by QL steps with implicit shifts
 *
 * About 9 n³ operations: meant for matrices of up to a few hundred rows.
 *
 * Reference: Golub & Van Loan (2013), Matrix Computations, alg. 8.3.1; Dubrulle, Martin &
 * Wilkinson (1968), The implicit QL algorithm, Numerische Mathematik 12 (EISPACK imtql2).
 */

export interface SymmetricEigen {
  /** [size] ascending. */
  readonly values: Float64Array;
  /** [size × size, row-major] row j is the unit eigenvector of values[j]. */
  readonly vectors: Float64Array;
}

/**
 * Returns the eigendecomposition of a symmetric matrix.
 *
 * @param matrix [size × size], finite; only the lower triangle is read
 */
export function symmetricEigen(matrix: Float64Array, size: number): SymmetricEigen {
  if (matrix.length !== size * size)
    throw new RangeError(
      `Cannot decompose: matrix must have ${size} × ${size} entries, got ${matrix.length}`,
    );
  const work = new Float64Array(size * size);
  let scale = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const entry = matrix[i * size + j];
      if (!Number.isFinite(entry))
        throw new RangeError(`Cannot decompose: entry (${i}, ${j}) must be finite, got ${entry}`);
      work[i * size + j] = work[j * size + i] = entry;
      scale = Math.max(scale, Math.abs(entry));
    }
  }
  // Squares of entries must neither overflow nor vanish.
  if (scale > 0) for (let k = 0; k < work.length; k++) work[k] /= scale;
  const diagonal = new Float64Array(size);
  const offDiagonal = new Float64Array(size);
  const vectors = new Float64Array(size * size);
  tridiagonalise(work, size, diagonal, offDiagonal, vectors);
  diagonalise(diagonal, offDiagonal, size, vectors);
  return inAscendingOrder(diagonal, scale, vectors, size);
}

/**
 * Reduces `a` to tridiagonal form; `a` is used up.
 *
 * @param offDiagonal [size] entry i joins rows i and i + 1; the last is 0
 * @param vectors [size × size] overwritten with Qᵀ
 */
function tridiagonalise(
  a: Float64Array,
  size: number,
  diagonal: Float64Array,
  offDiagonal: Float64Array,
  vectors: Float64Array,
): void {
  const normal = new Float64Array(size);
  const product = new Float64Array(size);
  for (let i = 0; i < size; i++) vectors[i * size + i] = 1;
  for (let k = 0; k < size - 1; k++) {
    const beta = householder(a, size, k, normal, offDiagonal);
    if (beta === 0) continue;
    reflectSymmetric(a, size, k + 1, normal, beta, product);
    reflectRows(vectors, size, k + 1, normal, beta, product);
  }
  for (let i = 0; i < size; i++) diagonal[i] = a[i * size + i];
}

/**
 * Writes into `normal` the v for which (I − β v vᵀ) maps column k below the diagonal onto its
 * first entry, that entry into `offDiagonal[k]`, and returns β, 0 where nothing is to be mapped.
 */
function householder(
  a: Float64Array,
  size: number,
  k: number,
  normal: Float64Array,
  offDiagonal: Float64Array,
): number {
  let tail = 0;
  for (let i = k + 2; i < size; i++) tail += a[i * size + k] ** 2;
  const head = a[(k + 1) * size + k];
  offDiagonal[k] = head;
  if (tail === 0) return 0;
  const length = Math.sqrt(head * head + tail);
  offDiagonal[k] = head > 0 ? -length : length;
  for (let i = k + 2; i < size; i++) normal[i] = a[i * size + k];
  normal[k + 1] = head - offDiagonal[k];
  return 2 / (normal[k + 1] ** 2 + tail);
}

/** Overwrites the block of `a` from row `first` on with (I − β v vᵀ) A (I − β v vᵀ). */
function reflectSymmetric(
  a: Float64Array,
  size: number,
  first: number,
  normal: Float64Array,
  beta: number,
  product: Float64Array,
): void {
  let along = 0;
  for (let i = first; i < size; i++) {
    let sum = 0;
    for (let j = first; j < size; j++) sum += a[i * size + j] * normal[j];
    product[i] = beta * sum;
    along += product[i] * normal[i];
  }
  for (let i = first; i < size; i++) product[i] -= 0.5 * beta * along * normal[i];
  for (let i = first; i < size; i++) {
    for (let j = first; j < size; j++)
      a[i * size + j] -= normal[i] * product[j] + product[i] * normal[j];
  }
}

/** Overwrites `rows` with (I − β v vᵀ) · rows, where v is zero before `first`. */
function reflectRows(
  rows: Float64Array,
  size: number,
  first: number,
  normal: Float64Array,
  beta: number,
  product: Float64Array,
): void {
  product.fill(0);
  for (let i = first; i < size; i++) {
    for (let j = 0; j < size; j++) product[j] += normal[i] * rows[i * size + j];
  }
  for (let i = first; i < size; i++) {
    for (let j = 0; j < size; j++) rows[i * size + j] -= beta * normal[i] * product[j];
  }
}

/** QL iterations on a tridiagonal matrix until it is diagonal; `vectors` turns along by rows. */
function diagonalise(d: Float64Array, e: Float64Array, size: number, vectors: Float64Array): void {
  for (let first = 0; first < size; first++) {
    for (;;) {
      let last = first;
      while (last < size - 1 && !isNegligible(d, e, last)) last++;
      if (last === first) break;
      qlStep(d, e, first, last, vectors, size);
    }
  }
}

/** Whether the entry between rows i and i + 1 is below round-off (the matrix is scaled to 1). */
function isNegligible(d: Float64Array, e: Float64Array, i: number): boolean {
  const size = Math.abs(e[i]);
  return size <= Number.EPSILON * (Math.abs(d[i]) + Math.abs(d[i + 1])) || size < 1e-40;
}

/** One implicit QL step on rows `first` to `last`, shifted by an eigenvalue of the top 2 × 2. */
function qlStep(
  d: Float64Array,
  e: Float64Array,
  first: number,
  last: number,
  vectors: Float64Array,
  size: number,
): void {
  const half = (d[first + 1] - d[first]) / (2 * e[first]);
  const root = Math.hypot(half, 1);
  let bulge = d[last] - d[first] + e[first] / (half + (half >= 0 ? root : -root));
  let sine = 1;
  let cosine = 1;
  let carried = 0;
  for (let i = last - 1; i >= first; i--) {
    const f = sine * e[i];
    const b = cosine * e[i];
    const length = Math.hypot(f, bulge);
    e[i + 1] = length;
    if (length === 0) {
      d[i + 1] -= carried;
      e[last] = 0;
      return;
    }
    sine = f / length;
    cosine = bulge / length;
    const shifted = d[i + 1] - carried;
    const turn = (d[i] - shifted) * sine + 2 * cosine * b;
    carried = sine * turn;
    d[i + 1] = shifted + carried;
    bulge = cosine * turn - b;
    turnRows(vectors, size, i, cosine, sine);
  }
  d[first] -= carried;
  e[first] = bulge;
  e[last] = 0;
}

/** Rotates rows i and i + 1 into each other. */
function turnRows(rows: Float64Array, size: number, i: number, cosine: number, sine: number): void {
  const upper = i * size;
  const lower = upper + size;
  for (let j = 0; j < size; j++) {
    const a = rows[upper + j];
    const b = rows[lower + j];
    rows[lower + j] = sine * a + cosine * b;
    rows[upper + j] = cosine * a - sine * b;
  }
}

function inAscendingOrder(
  unsorted: Float64Array,
  scale: number,
  rows: Float64Array,
  size: number,
): SymmetricEigen {
  const order = Array.from(unsorted.keys()).sort((i, j) => unsorted[i] - unsorted[j]);
  const vectors = new Float64Array(size * size);
  order.forEach((i, rank) => {
    vectors.set(rows.subarray(i * size, (i + 1) * size), rank * size);
  });
  return { values: Float64Array.from(order, (i) => scale * unsorted[i]), vectors };
}
