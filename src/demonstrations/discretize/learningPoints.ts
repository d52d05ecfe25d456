/** What every rule asks of the points it learns from. */

/** Returns how many points there are; throws where there is none, half a one, or one that is not finite. */
export function countPoints(points: Float64Array, dimension: number, rule: string): number {
  const count = points.length / dimension;
  if (count === 0 || !Number.isInteger(count))
    throw new RangeError(
      `Cannot learn a ${rule}: wanted points of ${dimension} coordinates, got ${points.length} numbers`,
    );
  const wrong = points.findIndex((x) => !Number.isFinite(x));
  if (wrong >= 0)
    throw new RangeError(
      `Cannot learn a ${rule}: wanted finite coordinates, got ${points[wrong]} in point ${Math.floor(wrong / dimension) + 1}`,
    );
  return count;
}

/** Returns one number per axis of what was given for all axes, or for each. */
export function perAxis(
  given: number | readonly number[],
  dimension: number,
  what: string,
): readonly number[] {
  if (typeof given === 'number') return new Array<number>(dimension).fill(given);
  if (given.length !== dimension)
    throw new RangeError(
      `Cannot cut space of ${dimension} axes: ${what} must have ${dimension} numbers, got ${given.length}`,
    );
  return given;
}
