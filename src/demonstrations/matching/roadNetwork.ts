/** A road network that positions can be matched to: directed links on a plane, and where each leads. */

/** Degrees, north and east. */
export interface Coordinates {
  readonly latitude: number;
  readonly longitude: number;
}

export interface RoadNetwork {
  readonly linkCount: number;
  /** [links + 1] first point of each link's line; two points or more each. */
  readonly pointStart: Int32Array;
  /** [points × 2] x and y in metres, in the direction of travel. */
  readonly point: Float64Array;
  /** [links] metres to drive; may be more than the line drawn is long. */
  readonly length: Float64Array;
  /** [links + 1] first turn out of each link. */
  readonly turnStart: Int32Array;
  /** [turns] the link that a turn enters. */
  readonly turnTo: Int32Array;
}

/** Metres; the mean radius of the earth. */
const EARTH = 6_371_008.8;
const DEGREE = Math.PI / 180;

/**
 * Returns what turns degrees into metres on a plane around a place. Within 20 km distances are those
 * on the globe to a few parts in 10⁵ (at the latitude of Shanghai).
 */
export function planeAround(
  middle: Coordinates,
): (place: Coordinates) => readonly [x: number, y: number] {
  const shrink = Math.cos(middle.latitude * DEGREE);
  return ({ latitude, longitude }) => [
    EARTH * DEGREE * shrink * (longitude - middle.longitude),
    EARTH * DEGREE * (latitude - middle.latitude),
  ];
}

export interface RoadLink {
  /** Points of its line in metres, in the direction of travel; two or more. */
  readonly line: readonly (readonly [x: number, y: number])[];
  /** Metres to drive; the length of the line where absent. */
  readonly length?: number;
  /** Numbers of the links that it leads into. */
  readonly next: readonly number[];
}

/** Packs links into a network; throws where a line, a length or a turn cannot be. */
export function roadNetwork(links: readonly RoadLink[]): RoadNetwork {
  const pointStart = new Int32Array(links.length + 1);
  const turnStart = new Int32Array(links.length + 1);
  const refuse = (link: number, wanted: string, came: unknown): never => {
    throw new RangeError(`Cannot build a road network: link ${link} must ${wanted}, got ${came}`);
  };
  const length = Float64Array.from(links, ({ line, length: given, next }, i) => {
    if (line.length < 2) refuse(i, 'have a line of 2 points or more', line.length);
    const wrong = line.flat().find((x) => !Number.isFinite(x));
    if (wrong !== undefined) refuse(i, 'lie at finite coordinates', wrong);
    const lost = next.find((to) => !(Number.isInteger(to) && to >= 0 && to < links.length));
    if (lost !== undefined) refuse(i, `lead into links from 0 to ${links.length - 1}`, lost);
    pointStart[i + 1] = pointStart[i] + line.length;
    turnStart[i + 1] = turnStart[i] + next.length;
    const metres = given ?? lengthOf(line);
    if (!(metres >= 0 && metres < Number.POSITIVE_INFINITY))
      refuse(i, 'have a length of 0 metres or more', metres);
    return metres;
  });
  return {
    linkCount: links.length,
    pointStart,
    point: Float64Array.from(links.flatMap(({ line }) => line.flat())),
    length,
    turnStart,
    turnTo: Int32Array.from(links.flatMap(({ next }) => next)),
  };
}

function lengthOf(line: RoadLink['line']): number {
  return line
    .slice(1)
    .reduce((sum, [x, y], i) => sum + Math.hypot(x - line[i][0], y - line[i][1]), 0);
}
