/**
 * What is known of a street scene from the people watched there first: where one can walk, what is
 * near an obstacle, and where it is crowded.
 *
 * An obstacle is a region of the picture, of a square metre or more, in which nobody was. Closeness
 * and crowding belong to a cell and do not change with time:
 *
 *   closeness = max(0, 1 − d / 1 m)     d: from the middle of the cell to the nearest edge of an obstacle
 *   crowding  = people per m² within 1 m of the middle, mean over the time they were watched
 */

import { stepsAlong } from '../discretize/cellPath.ts';
import { gridCells } from '../discretize/gridCells.ts';
import type { LatticeDiscretizer } from '../discretize/lattice.ts';
import { FRAMES_PER_ROW, type PedestrianTrack } from './pedestrianTracks.ts';

/** Metres. */
const NEAR = 1;
/** Square metres. */
const LEAST_OBSTACLE = 1;
/** Metres from the middle of a cell within which others may still be taken to it. */
const REACH = 1;

export interface WalkableScene {
  /** Cells where one can walk. */
  readonly grid: LatticeDiscretizer;
  /** [cells] 0 … 1 */
  readonly closeness: Float64Array;
  /** [cells] people per square metre */
  readonly crowding: Float64Array;
}

/**
 * @param watched who the scene is learned from; at least one
 * @param size width of a cell in metres
 */
export function walkableScene(watched: readonly PedestrianTrack[], size: number): WalkableScene {
  const walked = Float64Array.from(
    watched.flatMap(({ positions }) => [...stepsAlong(positions, size / 4)].flat()),
  );
  const rule = gridCells({
    size,
    leastObstacle: Math.ceil(LEAST_OBSTACLE / size ** 2),
    reach: REACH,
    unit: 'm',
  });
  const grid = rule.learn(walked);
  // The picture: the box of all cells, of which those that are no states are obstacles.
  const box = gridCells({ size, states: 'box' }).learn(walked);
  const obstacles = middles(box).filter((middle) => !isState(grid, middle, size));
  const places = middles(grid);
  return {
    grid,
    closeness: Float64Array.from(places, (place) => closeness(place, obstacles, size)),
    crowding: crowdingOf(places, watched, edgesOf(middles(box), size)),
  };
}

type Place = readonly [x: number, y: number];

function middles(grid: LatticeDiscretizer): Place[] {
  const middle = new Float64Array(2);
  return Array.from({ length: grid.stateCount }, (_, s) => {
    grid.center(s, middle);
    return [middle[0], middle[1]];
  });
}

/** Whether the cell around a middle is a state itself, not only near one. */
function isState(grid: LatticeDiscretizer, place: Place, size: number): boolean {
  const state = grid.stateOf(place);
  if (state < 0) return false;
  const middle = new Float64Array(2);
  grid.center(state, middle);
  return Math.hypot(middle[0] - place[0], middle[1] - place[1]) < size / 2;
}

function closeness([x, y]: Place, obstacles: readonly Place[], size: number): number {
  const nearest = obstacles.reduce((least, [ox, oy]) => {
    const dx = Math.max(0, Math.abs(x - ox) - size / 2);
    const dy = Math.max(0, Math.abs(y - oy) - size / 2);
    return Math.min(least, Math.hypot(dx, dy));
  }, Number.POSITIVE_INFINITY);
  return Math.max(0, 1 - nearest / NEAR);
}

interface Picture {
  readonly low: Place;
  readonly high: Place;
}

function edgesOf(box: readonly Place[], size: number): Picture {
  const [first, last] = [box[0], box[box.length - 1]];
  return {
    low: [first[0] - size / 2, first[1] - size / 2],
    high: [last[0] + size / 2, last[1] + size / 2],
  };
}

function crowdingOf(
  places: readonly Place[],
  watched: readonly PedestrianTrack[],
  picture: Picture,
): Float64Array {
  const first = Math.min(...watched.map(({ firstFrame }) => firstFrame));
  const last = Math.max(...watched.map(({ lastFrame }) => lastFrame));
  const moments = (last - first) / FRAMES_PER_ROW + 1;
  return Float64Array.from(places, (place) => {
    let people = 0;
    for (const { positions } of watched)
      for (let at = 0; at < positions.length; at += 2)
        if (Math.hypot(positions[at] - place[0], positions[at + 1] - place[1]) <= NEAR) people++;
    return people / (moments * seenAround(place, picture));
  });
}

/** Points along the radius at which the surroundings of a place are sampled. */
const SAMPLES = 20;

/** Square metres within 1 m of a place that lie in the picture: at its edge only a part does. */
function seenAround([x, y]: Place, { low, high }: Picture): number {
  let [inside, all] = [0, 0];
  for (let i = -SAMPLES; i <= SAMPLES; i++)
    for (let j = -SAMPLES; j <= SAMPLES; j++) {
      if (i * i + j * j > SAMPLES * SAMPLES) continue;
      const [px, py] = [x + (NEAR * i) / SAMPLES, y + (NEAR * j) / SAMPLES];
      all++;
      if (px >= low[0] && px <= high[0] && py >= low[1] && py <= high[1]) inside++;
    }
  return (Math.PI * NEAR ** 2 * inside) / all;
}
