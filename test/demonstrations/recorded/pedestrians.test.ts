import { expect, test } from 'vitest';
import {
  pedestriansByScene,
  pedestriansByTime,
} from '../../../src/demonstrations/recorded/pedestrianSplits.ts';
import { pedestrians } from '../../../src/demonstrations/recorded/pedestrians.ts';
import { readPedestrianTracks } from '../../../src/demonstrations/recorded/pedestrianTracks.ts';
import { walkableScene } from '../../../src/demonstrations/recorded/walkableScene.ts';
import { DIRECTIONS } from '../../../src/environments/cellWorld.ts';

const coarse = await pedestrians({ size: 1 });
const { tracks } = await readPedestrianTracks();

test('readPedestrianTracks reads what the data card says', () => {
  expect(tracks).toHaveLength(780);
  expect(tracks.reduce((sum, { positions }) => sum + positions.length / 2, 0)).toBe(36_407);
  const people = (scene: string) => tracks.filter((track) => track.scene === scene).length;
  expect(['zara01', 'zara02', 'students03'].map(people)).toEqual([148, 204, 428]);
});

test('pedestrians makes moves that lead from each state to the next, and leave at the goal', () => {
  const { world, trajectories, goals } = coarse;
  const { rowStart, state, pair, goal, stopped } = trajectories;
  for (let i = 0; i < trajectories.count; i++) {
    for (let row = rowStart[i]; row < rowStart[i + 1] - 1; row++) {
      expect(pair[row]).toBeGreaterThanOrEqual(world.mdp.pairStart[state[row]]);
      expect(pair[row]).toBeLessThan(world.mdp.pairStart[state[row] + 1]);
      expect(world.mdp.nextState[pair[row]]).toBe(state[row + 1]);
    }
    expect(pair[rowStart[i + 1] - 1]).toBe(-1);
    expect(stopped[i]).toBe(1);
    expect(goals[goal[i]].stopState).toContain(state[rowStart[i + 1] - 1]);
  }
});

test('pedestrians sees distance, turning, obstacles and crowding as they are said to be', () => {
  const { world, features } = coarse;
  const { nextState, pairStart } = world.mdp;
  const heading = (state: number) => world.stateNames[state].split(' ')[2];
  const angle = (name: string) => {
    const { dx, dy } = DIRECTIONS[DIRECTIONS.findIndex((direction) => direction.name === name)];
    return Math.atan2(dy, dx);
  };
  const perMetre = new Map<string, number>();
  for (let s = 0; s < world.mdp.stateCount; s += 7)
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
      const [metres, turning, obstacles, crowding] = features.values.subarray(
        4 * pair,
        4 * pair + 4,
      );
      const next = heading(nextState[pair]);
      expect(metres).toBeCloseTo(next.length === 2 ? Math.SQRT2 : 1, 12);
      const between = Math.acos(Math.cos(angle(next) - angle(heading(s))));
      expect(turning).toBeCloseTo(between / (Math.PI / 2), 6);
      // What is known of a cell is the same from all sides, per metre.
      const cell = world.stateNames[nextState[pair]].replace(/ \w+$/, '');
      const known = perMetre.get(cell) ?? obstacles / metres;
      perMetre.set(cell, known);
      expect(obstacles / metres).toBeCloseTo(known, 12);
      expect(crowding).toBeGreaterThanOrEqual(0);
      expect(obstacles).toBeGreaterThanOrEqual(0);
      expect(obstacles).toBeLessThanOrEqual(metres);
    }
});

test('pedestrians learns where it is crowded from those watched alone, and predicts others alone', () => {
  const { walkers } = coarse;
  for (const { splits } of [pedestriansByScene(coarse), pedestriansByTime(coarse)])
    for (const { isTrain, isTest } of splits)
      walkers.forEach(({ isWatched }, i) => {
        if (isWatched) expect(isTest[i]).toBe(0);
        expect(isTrain[i] + isTest[i]).toBeLessThanOrEqual(1);
      });
  const tested = (splits: readonly { isTest: Uint8Array }[]) =>
    walkers.map((_, i) => splits.reduce((sum, { isTest }) => sum + isTest[i], 0));
  const once = walkers.map(({ isWatched }) => Number(!isWatched));
  expect(tested(pedestriansByScene(coarse).splits)).toEqual(once);
  expect(tested(pedestriansByTime(coarse, 4).splits)).toEqual(once);
  expect(() => pedestriansByTime(coarse, 1)).toThrow(/from 2 on/);
});

test('walkableScene counts as many people as there are, on average', () => {
  const watched = tracks.filter(({ scene }) => scene === 'zara01').slice(0, 74);
  const { grid, crowding, closeness } = walkableScene(watched, 0.5);
  const first = Math.min(...watched.map(({ firstFrame }) => firstFrame));
  const last = Math.max(...watched.map(({ lastFrame }) => lastFrame));
  const moments = (last - first) / 10 + 1;
  const people = watched.reduce((sum, { positions }) => sum + positions.length / 2, 0) / moments;
  // Σ density · area of a cell; spread over 1 m, of which a part falls on cells nobody can be in.
  const counted = crowding.reduce((sum, density) => sum + density * 0.25, 0);
  expect(counted / people).toBeGreaterThan(0.9);
  expect(counted / people).toBeLessThan(1.05);
  expect(Math.max(...closeness)).toBeLessThanOrEqual(0.75);
  expect(closeness.length).toBe(grid.stateCount);
});

test('walkableScene is close to an obstacle only within a metre of cells where nobody was', () => {
  const positions = Float64Array.from(
    Array.from({ length: 60 }, (_, i) => [0.1 + 0.1 * i, 0.25, 0.1 + 0.1 * i, 3.75]).flat(),
  );
  const ways = [0, 1].map((side) => ({
    scene: 'zara01' as const,
    person: `${side}`,
    firstFrame: 1,
    lastFrame: 591,
    positions: positions.filter((_, at) => Math.floor(at / 2) % 2 === side),
  }));
  const { grid, closeness } = walkableScene(ways, 0.5);
  // Two ways of 0.5 m, three metres of nothing between: cells touch it, 0.25 m from the middle.
  expect(grid.stateCount).toBe(26);
  for (const value of closeness) expect(value).toBeCloseTo(0.75, 12);
});
