/**
 * The synthetic town of the transfer examples: 7 × 7 crossings, four ways from each, mud in places,
 * and two corners in the east that people head for. A wall between two columns leaves some rows
 * open. What people do is drawn from a reward, seeded.
 */

import {
  createRng,
  type Goal,
  type Recordings,
  simulateTrajectories,
  tabulateFeatures,
  type World,
} from 'revealed';

const SIZE = 7;
const MOVES = { east: [1, 0], north: [0, -1], south: [0, 1], west: [-1, 0] } as const;
const ENDS = ['6,0', '6,6'];

/** A wall west of column `x + 1`, passable in the rows that are open. */
export interface Wall {
  readonly x: number;
  readonly open: readonly number[];
}

export const FEATURES = {
  step: () => 1,
  mud: (_state: string, _action: string, next: string) => (isMuddy(next) ? 1 : 0),
};

/** What people want; the habit comes on top, and no feature of the studies sees it. */
const TRUTH = { step: -1.2, mud: -1 };

function isMuddy(state: string): boolean {
  const [x, y] = state.split(',').map(Number);
  return x % 2 === 1 && y > 0 && y < 5;
}

/** Builds the town, with a wall where one is given. */
export function townWorld(wall?: Wall): World {
  const stateNames: string[] = [];
  for (let y = 0; y < SIZE; y++) for (let x = 0; x < SIZE; x++) stateNames.push(`${x},${y}`);
  const actionNames = Object.keys(MOVES);
  const pairStart = [0];
  const pairAction: number[] = [];
  const nextState: number[] = [];
  stateNames.forEach((name) => {
    const [x, y] = name.split(',').map(Number);
    Object.values(MOVES).forEach(([dx, dy], action) => {
      const [nx, ny] = [x + dx, y + dy];
      if (nx < 0 || ny < 0 || nx >= SIZE || ny >= SIZE) return;
      const crosses = wall && dx !== 0 && Math.min(x, nx) === wall.x;
      if (crosses && !wall.open.includes(y)) return;
      pairAction.push(action);
      nextState.push(ny * SIZE + nx);
    });
    pairStart.push(pairAction.length);
  });
  return {
    mdp: {
      stateCount: stateNames.length,
      pairCount: pairAction.length,
      pairStart: Int32Array.from(pairStart),
      transitionStart: Int32Array.from({ length: pairAction.length + 1 }, (_, p) => p),
      nextState: Int32Array.from(nextState),
      probability: new Float64Array(pairAction.length).fill(1),
    },
    stateNames,
    actionNames,
    pairAction: Int32Array.from(pairAction),
  };
}

/** Draws trips from the west to the two places in the east. */
export function townBehavior(
  world: World,
  { seed, trips, habit = 0 }: { seed: string; trips: number; habit?: number },
): Recordings & { readonly goals: readonly Goal[] } {
  const rng = createRng(seed, 'synthetic town');
  const goals = ENDS.map(
    (name): Goal => ({
      name,
      absorbing: true,
      stopState: Int32Array.of(world.stateNames.indexOf(name)),
      stopReward: new Float64Array(1),
    }),
  );
  // Wherever they can, people with the habit turn south in even columns and north in odd ones.
  const turns = (state: string, action: string): number => {
    const wanted = Number(state.split(',')[0]) % 2 === 0 ? 'south' : 'north';
    return action === wanted ? 1 : 0;
  };
  const features = tabulateFeatures(world, { ...FEATURES, turns });
  const start = Array.from({ length: trips }, () => Math.floor(rng() * SIZE) * SIZE);
  const plans = {
    count: trips,
    rowStart: Int32Array.from({ length: trips + 1 }, (_, i) => 2 * i),
    // A first move and where it leads; only start, goal and completeness are taken from it.
    state: Int32Array.from(start.flatMap((s, i) => [s, goals[i % 2].stopState[0]])),
    pair: Int32Array.from(start.flatMap((s) => [world.mdp.pairStart[s], -1])),
    goal: Int32Array.from(start, (_, i) => i % 2),
    weight: new Float64Array(trips).fill(1),
    stopped: new Uint8Array(trips),
    names: start.map((_, i) => `${seed} ${i}`),
    folds: null,
  };
  const { trajectories } = simulateTrajectories(
    {
      world,
      time: { kind: 'undiscounted' },
      goals,
      features,
      trajectories: plans,
      initial: null,
      temperature: 1,
    },
    // With the habit steps cost more, so that nobody turns for ever.
    Float64Array.of(TRUTH.step - habit, TRUTH.mud, habit),
    rng,
  );
  return { trajectories, goals, files: [] };
}
