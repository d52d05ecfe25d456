import { expect, test } from 'vitest';
import type { Problem } from '../../../src/algorithms/problem.ts';
import { cellWorld } from '../../../src/environments/cellWorld.ts';
import type { Trajectories } from '../../../src/mdp/trajectories.ts';
import { withSamplePaths } from '../../../src/study/output/samplePaths.ts';

const side = 4;
const cells = Int32Array.from(
  Array.from({ length: side * side }, (_, i) => [i % side, Math.floor(i / side)]).flat(),
);
const { world } = cellWorld([{ name: '', cells }], { moves: 4 });
const goal = side * side - 1;

/** Along the bottom and up: as many moves as asked for, from where that takes to the goal. */
function recorded(lengths: readonly number[]): Trajectories {
  const whole = [0, 1, 2, 3, 7, 11, 15];
  const ways = lengths.map((moves) => whole.slice(whole.length - 1 - moves));
  const rowStart = Int32Array.from([
    0,
    ...lengths.map((_, i) => ways.slice(0, i + 1).flat().length),
  ]);
  return {
    count: ways.length,
    rowStart,
    state: Int32Array.from(ways.flat()),
    pair: Int32Array.from(ways.flat()).fill(-1),
    goal: new Int32Array(ways.length),
    weight: new Float64Array(ways.length).fill(1),
    stopped: new Uint8Array(ways.length),
    names: ways.map((_, i) => `${i}`),
    folds: null,
  };
}

function problemOf(trajectories: Trajectories): Problem {
  return {
    world,
    time: { kind: 'undiscounted' },
    goals: [
      {
        name: 'corner',
        absorbing: true,
        stopState: Int32Array.of(goal),
        stopReward: new Float64Array(1),
      },
    ],
    features: { names: ['x'], per: 'pair', values: new Float64Array(world.mdp.pairCount) },
    trajectories,
    initial: null,
    temperature: 1,
  };
}

test('withSamplePaths keeps ways from short to long, and the best one beside each', () => {
  const trajectories = recorded([6, 0, 2, 4]);
  // Moves in the bottom row cost ten times as much: the best way goes up first.
  const reward = Float64Array.from(world.mdp.nextState, (to) => (to < side ? -10 : -1));
  const arrays = { world: { cells: new Float64Array(1) }, fit: { reward }, table: {} };
  const paths = withSamplePaths(problemOf(trajectories), trajectories, arrays);
  const waysOf = (owner: string): number[][] => {
    const { 'path-start': start, 'path-state': state } = paths[owner];
    return Array.from(start.subarray(1), (end, k) => [...state.subarray(start[k], end)]);
  };
  expect(waysOf('world')).toEqual([
    [7, 11, 15],
    [2, 3, 7, 11, 15],
    [0, 1, 2, 3, 7, 11, 15],
  ]);
  const found = waysOf('fit');
  found.forEach((way, k) => {
    expect(way[0]).toBe(waysOf('world')[k][0]);
    expect(way.at(-1)).toBe(goal);
    // No way is shorter, and from the bottom row the next cell is above.
    expect(way).toHaveLength(waysOf('world')[k].length);
    expect(way.slice(1).every((cell) => cell >= side)).toBe(true);
  });
  expect(paths.table).not.toHaveProperty('path-start');
});

test('withSamplePaths adds nothing where states lie nowhere', () => {
  const trajectories = recorded([2]);
  const arrays = { fit: { reward: new Float64Array(world.mdp.pairCount) } };
  expect(withSamplePaths(problemOf(trajectories), trajectories, arrays)).toBe(arrays);
});
