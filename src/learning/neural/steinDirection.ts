/**
 * Where particles should move to become draws from a density p: Stein variational gradient descent.
 *
 *   Δ(y) = 1/n Σᵢ κ(xᵢ, y) ∇ log p(xᵢ) + ∇ₓ κ(xᵢ, y),   κ(x, y) = exp(−‖x − y‖² / h)
 *   h    = median of ‖xᵢ − yⱼ‖² / log n, at least 0.001
 *
 * The first term pulls towards where p is high, the second keeps particles apart. The median is the
 * upper one where there are two.
 *
 * Reference: Liu & Wang (2016), Stein variational gradient descent, NIPS.
 */

const NARROWEST = 1e-3;

/**
 * Writes Δ at each y [count × size] and returns h.
 *
 * @param x [count × size], at least two rows
 * @param slope [count × size] ∇ log p at each x
 * @param y [any × size]
 * @param out like y, overwritten
 */
export function steinDirection(
  x: Float32Array,
  slope: Float64Array,
  y: Float32Array,
  size: number,
  out: Float64Array,
): number {
  const n = x.length / size;
  const m = y.length / size;
  const distance = new Float64Array(n * m);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += (x[i * size + k] - y[j * size + k]) ** 2;
      distance[i * m + j] = sum;
    }
  const median = distance.slice().sort()[n * m - 1 - Math.floor((n * m) / 2)];
  const width = Math.max(median / Math.log(n), NARROWEST);
  for (let j = 0; j < m; j++)
    for (let k = 0; k < size; k++) {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const near = Math.exp(-distance[i * m + j] / width);
        sum += near * (slope[i * size + k] - (2 / width) * (x[i * size + k] - y[j * size + k]));
      }
      out[j * size + k] = sum / n;
    }
  return width;
}
