/** Which of many centres is nearest to a point; among equals the first. */

/**
 * @param centers [centres × dimension]
 * @returns the number of the nearest centre; −1 where none is within `reach`
 */
export function nearestCenter(
  centers: Float64Array,
  dimension: number,
): (point: ArrayLike<number>, reach?: number) => number {
  const count = centers.length / dimension;
  return (point, reach = Number.POSITIVE_INFINITY) => {
    let best = -1;
    let least = reach * reach;
    for (let i = 0; i < count; i++) {
      let sum = 0;
      for (let d = 0; d < dimension; d++) sum += (centers[i * dimension + d] - point[d]) ** 2;
      if (best < 0 ? sum <= least : sum < least) [best, least] = [i, sum];
    }
    return best;
  };
}
