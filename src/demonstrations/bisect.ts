/**
 * Returns where `wanted` is in `sorted[start … end − 1]`, ascending; −1 where it is not.
 */
export function bisect(sorted: Int32Array, start: number, end: number, wanted: number): number {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low < end && sorted[low] === wanted ? low : -1;
}
