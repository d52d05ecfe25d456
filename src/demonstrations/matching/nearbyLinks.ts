/**
 * Which links pass near a position, and where on them it is nearest. Pieces of lines are kept in
 * squares of a plane, so that only those nearby are looked at.
 */

import type { RoadNetwork } from './roadNetwork.ts';

/** The point of a link that is nearest to a position. */
export interface LinkPoint {
  readonly link: number;
  /** Metres driven from the beginning of the link. */
  readonly offset: number;
  /** Metres from the position to the link. */
  readonly distance: number;
}

/**
 * Returns what finds, of every link within `radius` metres of a position, its nearest point: nearest
 * links first, among equals the lower number.
 */
export function nearbyLinks(
  { linkCount, pointStart, point, length }: RoadNetwork,
  radius: number,
): (x: number, y: number) => LinkPoint[] {
  if (!(radius > 0 && radius < Number.POSITIVE_INFINITY))
    throw new RangeError(`Cannot look for links: the radius must be positive, got ${radius}`);
  const squares = new Map<string, number[]>();
  const squareOf = (x: number): number => Math.floor(x / radius);
  /** [points] metres along the line drawn. */
  const along = new Float64Array(point.length / 2);
  const linkOf = new Int32Array(point.length / 2);
  for (let link = 0; link < linkCount; link++)
    for (let p = pointStart[link]; p < pointStart[link + 1]; p++) {
      linkOf[p] = link;
      if (p === pointStart[link]) continue;
      const [x1, y1, x2, y2] = point.subarray(2 * p - 2, 2 * p + 2);
      along[p] = along[p - 1] + Math.hypot(x2 - x1, y2 - y1);
      for (let i = squareOf(Math.min(x1, x2)); i <= squareOf(Math.max(x1, x2)); i++)
        for (let j = squareOf(Math.min(y1, y2)); j <= squareOf(Math.max(y1, y2)); j++) {
          const pieces = squares.get(`${i},${j}`);
          if (pieces) pieces.push(p);
          else squares.set(`${i},${j}`, [p]);
        }
    }

  return (x, y) => {
    const best = new Map<number, LinkPoint>();
    for (let i = squareOf(x) - 1; i <= squareOf(x) + 1; i++)
      for (let j = squareOf(y) - 1; j <= squareOf(y) + 1; j++)
        for (const p of squares.get(`${i},${j}`) ?? []) {
          const near = nearestOf(p, x, y);
          const known = best.get(near.link);
          if (near.distance <= radius && !(known && known.distance <= near.distance))
            best.set(near.link, near);
        }
    return [...best.values()].sort((a, b) => a.distance - b.distance || a.link - b.link);
  };

  /** The nearest point of the piece that ends in point p. */
  function nearestOf(p: number, x: number, y: number): LinkPoint {
    const link = linkOf[p];
    const [x1, y1, x2, y2] = [point[2 * p - 2], point[2 * p - 1], point[2 * p], point[2 * p + 1]];
    const [dx, dy] = [x2 - x1, y2 - y1];
    const square = dx * dx + dy * dy;
    const share =
      square === 0 ? 0 : Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / square));
    const drawn = along[pointStart[link + 1] - 1];
    const passed = along[p - 1] + share * (along[p] - along[p - 1]);
    return {
      link,
      offset: drawn === 0 ? 0 : (passed / drawn) * length[link],
      distance: Math.hypot(x - x1 - share * dx, y - y1 - share * dy),
    };
  }
}
