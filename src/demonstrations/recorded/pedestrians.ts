/**
 * Ways of people across three street scenes (Lerner et al. 2007), in one world of disjoint grids.
 *
 * The half of the people who appear first in a scene are watched: from them comes where one can walk
 * and where it is crowded. Those who appear later are who is predicted; they add nothing to the map.
 *
 * A state is a cell and the move that led into it, so that a move can cost by how much it turns; an
 * action is one of eight moves. The first move is given. A person goes to where they leave, a cell,
 * which is a goal with exits from all its states; to leave there is a decision, too. Who stands
 * still makes no move: the question is the way, not the time. What one sees of a move:
 *
 *   distance = metres to the next cell          turning = right angles turned, 0 … 2
 *   obstacles = metres × closeness of the next cell      crowding = metres × people per m² there
 */

import { z } from 'zod';
import { type CellWorld, cellWorld, DIRECTIONS } from '../../environments/cellWorld.ts';
import type { FeatureMatrix } from '../../features/featureMatrix.ts';
import type { Goal } from '../../mdp/goal.ts';
import { statesOfPairs } from '../../mdp/mdp.ts';
import type { Trajectories } from '../../mdp/trajectories.ts';
import type { World } from '../../mdp/world.ts';
import { type CellPath, cellPath } from '../discretize/cellPath.ts';
import {
  type DiscretizationError,
  discretizationError,
} from '../discretize/discretizationError.ts';
import type { TableFile } from '../tables/readTable.ts';
import {
  PEDESTRIAN_SCENES,
  type PedestrianScene,
  type PedestrianTrack,
  readPedestrianTracks,
} from './pedestrianTracks.ts';
import { type WalkableScene, walkableScene } from './walkableScene.ts';

export const PedestrianOptions = z.strictObject({
  size: z.number().min(0.3).max(3).default(0.5).describe('Width of a cell in metres'),
  margin: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.25)
    .describe('How far beyond its edge one is still in a cell, in widths of a cell'),
});
export type PedestrianOptions = z.input<typeof PedestrianOptions>;

/** Whose way a trajectory is. */
export interface Walker {
  readonly scene: PedestrianScene;
  /** Whether the map was learned from them, among others; else they may be predicted. */
  readonly isWatched: boolean;
  /** Place among the people of the scene in order of appearance, 0 … 1. */
  readonly rank: number;
}

export interface Pedestrians {
  readonly world: World;
  /** Per pair: distance, turning, obstacles, crowding. */
  readonly features: FeatureMatrix;
  /** Every cell that somebody leaves from. */
  readonly goals: readonly Goal[];
  /** One per person, named `zara01 12`, in the folds `watched` and `later`. */
  readonly trajectories: Trajectories;
  /** [trajectories] */
  readonly walkers: readonly Walker[];
  /** How far positions are from the middles of their cells, of those who are predicted. */
  readonly error: DiscretizationError;
  readonly files: readonly TableFile[];
  readonly warnings: readonly string[];
}

const FEATURES = ['distance', 'turning', 'obstacles', 'crowding'];

export async function pedestrians(options: PedestrianOptions = {}): Promise<Pedestrians> {
  const { size, margin } = PedestrianOptions.parse(options);
  const { tracks, file } = await readPedestrianTracks();
  const people = PEDESTRIAN_SCENES.flatMap((scene) => ranked(tracks, scene));
  const scenes = PEDESTRIAN_SCENES.map((scene) =>
    walkableScene(
      people.flatMap(({ walker, track }) =>
        walker.scene === scene && walker.isWatched ? [track] : [],
      ),
      size,
    ),
  );
  const cells = cellWorld(
    PEDESTRIAN_SCENES.map((name, i) => ({ name, cells: scenes[i].grid.cells })),
    { headings: true },
  );
  const walks = people.map(({ walker, track }) => ({
    walker,
    track,
    ...walkOf(track, scenes, cells, size, margin),
  }));
  // A way of a single move has no decision about where to go on.
  const kept = walks.filter(({ states }) => states.length >= 2);
  const { trajectories, goals } = headedTrajectories(kept, cells);
  const error = errorOf(people, scenes);
  return {
    world: cells.world,
    features: featuresOf(cells, scenes, size),
    goals,
    trajectories,
    walkers: kept.map(({ walker }) => walker),
    error,
    files: [file],
    warnings: warningsOf(walks, kept.length, error),
  };
}

interface Person {
  readonly walker: Walker;
  readonly track: PedestrianTrack;
}

function ranked(tracks: readonly PedestrianTrack[], scene: PedestrianScene): Person[] {
  const here = tracks.filter((track) => track.scene === scene);
  const half = Math.ceil(here.length / 2);
  return here.map((track, i) => ({
    track,
    walker: { scene, isWatched: i < half, rank: i / here.length },
  }));
}

interface Walk extends Person {
  /** Cell and heading, from after the first move on. */
  readonly states: readonly number[];
  readonly path: CellPath;
}

/** Finds the cells and headings of a person's way; cells are numbered over all scenes. */
function walkOf(
  { positions, scene }: PedestrianTrack,
  scenes: readonly WalkableScene[],
  cells: CellWorld,
  size: number,
  margin: number,
): Pick<Walk, 'states' | 'path'> {
  const part = PEDESTRIAN_SCENES.indexOf(scene);
  const first = firstCell(scenes, part);
  const path = cellPath(positions, scenes[part].grid, {
    size,
    margin,
    directions: DIRECTIONS,
    neighbor: (cell, d) => {
      const beside = cells.neighbor(first + cell, d);
      return beside < 0 ? -1 : beside - first;
    },
  });
  const states = path.states.slice(1).map((cell, i) => {
    const from = first + path.states[i];
    const heading = DIRECTIONS.findIndex((_, d) => cells.neighbor(from, d) === first + cell);
    return cells.stateOf(first + cell, heading);
  });
  return { states, path };
}

/** Number, over all scenes, of the first cell of one. */
function firstCell(scenes: readonly WalkableScene[], part: number): number {
  return scenes.slice(0, part).reduce((sum, { grid }) => sum + grid.stateCount, 0);
}

function featuresOf(
  { world, cellOfState, headingOfState, partOfCell }: CellWorld,
  scenes: readonly WalkableScene[],
  size: number,
): FeatureMatrix {
  const { nextState, pairCount } = world.mdp;
  const stateOfPair = statesOfPairs(world.mdp);
  const values = new Float64Array(pairCount * FEATURES.length);
  for (let pair = 0; pair < pairCount; pair++) {
    const next = nextState[pair];
    const heading = headingOfState[next];
    const turn = Math.abs(heading - headingOfState[stateOfPair[pair]]);
    const cell = cellOfState[next];
    const part = partOfCell[cell];
    const at = cell - firstCell(scenes, part);
    const { dx, dy } = DIRECTIONS[heading];
    const metres = size * Math.hypot(dx, dy);
    values.set(
      [
        metres,
        Math.min(turn, 8 - turn) / 2,
        metres * scenes[part].closeness[at],
        metres * scenes[part].crowding[at],
      ],
      pair * FEATURES.length,
    );
  }
  return { names: FEATURES, per: 'pair', values };
}

/** Ways as trajectories, each to the cell where it ends. */
function headedTrajectories(walks: readonly Walk[], { world, cellOfState }: CellWorld) {
  const statesOfCell = new Map<number, number[]>();
  cellOfState.forEach((cell, s) => {
    const states = statesOfCell.get(cell);
    if (states) states.push(s);
    else statesOfCell.set(cell, [s]);
  });
  const lastCell = (states: readonly number[]): number => cellOfState[states[states.length - 1]];
  const ends = [...new Set(walks.map(({ states }) => lastCell(states)))].sort((a, b) => a - b);
  const goals = ends.map((cell): Goal => {
    const stopState = Int32Array.from(statesOfCell.get(cell) ?? []);
    // All states of a cell are named alike but for the heading, their last word.
    const name = world.stateNames[stopState[0]].replace(/ \w+$/, '');
    return { name, absorbing: false, stopState, stopReward: new Float64Array(stopState.length) };
  });
  const goalOfCell = new Map(ends.map((cell, goal) => [cell, goal]));
  const rowStart = new Int32Array(walks.length + 1);
  walks.forEach(({ states }, i) => {
    rowStart[i + 1] = rowStart[i] + states.length;
  });
  const state = Int32Array.from(walks.flatMap(({ states }) => states));
  const pair = Int32Array.from(
    walks.flatMap(({ states }) =>
      states.map((s, i) => {
        const next = states[i + 1];
        return next === undefined ? -1 : pairTo(world, s, next);
      }),
    ),
  );
  const trajectories: Trajectories = {
    count: walks.length,
    rowStart,
    state,
    pair,
    goal: Int32Array.from(walks, ({ states }) => goalOfCell.get(lastCell(states)) ?? -1),
    weight: new Float64Array(walks.length).fill(1),
    stopped: new Uint8Array(walks.length).fill(1),
    names: walks.map(({ track }) => `${track.scene} ${track.person}`),
    folds: walks.map(({ walker }) => (walker.isWatched ? 'watched' : 'later')),
  };
  return { trajectories, goals };
}

function pairTo(world: World, state: number, next: number): number {
  const { pairStart, nextState } = world.mdp;
  for (let pair = pairStart[state]; pair < pairStart[state + 1]; pair++)
    if (nextState[pair] === next) return pair;
  throw new RangeError(
    `Cannot follow a way: no move leads from "${world.stateNames[state]}" to "${world.stateNames[next]}"`,
  );
}

/** Of the positions of people who may be predicted. */
function errorOf(people: readonly Person[], scenes: readonly WalkableScene[]): DiscretizationError {
  const errors = PEDESTRIAN_SCENES.map((scene, part) =>
    discretizationError(
      scenes[part].grid,
      Float64Array.from(
        people.flatMap(({ walker, track }) =>
          walker.scene === scene && !walker.isWatched ? [...track.positions] : [],
        ),
      ),
    ),
  );
  const points = errors.reduce((sum, error) => sum + error.points, 0);
  const inside = errors.map((error) => error.points * (1 - (error.outside ?? 0)));
  const total = inside.reduce((sum, n) => sum + n, 0);
  const squares = errors.reduce((sum, { rms }, i) => sum + inside[i] * (rms ?? 0) ** 2, 0);
  return {
    points,
    rms: Math.sqrt(squares / total),
    largest: Math.max(...errors.map(({ largest }) => largest ?? 0)),
    outside: 1 - total / points,
    statesSeen: errors.reduce((sum, { statesSeen }) => sum + statesSeen, 0),
  };
}

function warningsOf(
  walks: readonly Walk[],
  kept: number,
  { rms, outside }: DiscretizationError,
): string[] {
  const filled = walks.reduce((sum, { path }) => sum + path.filled, 0);
  const cut = walks.filter(({ path }) => path.isCut).length;
  const shareOff = (100 * (outside ?? 0)).toFixed(1);
  return [
    `positions of those who came later lie ${rms?.toFixed(2)} m from the middle of their cell (root mean square), ${shareOff} % are off the map that others made`,
    ...(kept < walks.length
      ? [`${walks.length - kept} people are left out: they make fewer than two moves on the map`]
      : []),
    ...(filled > 0
      ? [`${filled} moves of people who were off the map for a while are shortest ways between`]
      : []),
    ...(cut > 0 ? [`the ways of ${cut} people end where no way on the map leads on`] : []),
  ];
}
