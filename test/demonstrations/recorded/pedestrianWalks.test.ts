import { expect, test } from 'vitest';
import { readPedestrianTracks } from '../../../src/demonstrations/recorded/pedestrianTracks.ts';
import { pedestrianWalks } from '../../../src/demonstrations/recorded/pedestrianWalks.ts';
import { readEpisodes } from '../../../src/demonstrations/sources/episodes.ts';
import { Walk } from '../../../src/environments/walk.ts';

const { tracks } = await readPedestrianTracks();
const file = await pedestrianWalks();
const episodes = await readEpisodes(file);

test('pedestrianWalks leads along the recorded positions when its actions are taken in Walk', () => {
  const world = new Walk();
  const trackOf = new Map(tracks.map((track) => [`${track.scene} ${track.person}`, track]));
  for (let e = 0; e < episodes.count; e++) {
    const { positions } = trackOf.get(episodes.names[e])!;
    const { stepStart, observationStart, observations, actions } = episodes;
    const from = observationStart[e] * 4;
    const [endX, endY] = positions.subarray(-2);
    const bearing = Math.atan2(endY - positions[3], endX - positions[2]);
    const [cos, sin] = [Math.cos(bearing), Math.sin(bearing)];
    /** Of the world, on the ground of the film. */
    const place = () => {
      const [ahead, aside] = world.state;
      return [endX - ahead * cos - aside * sin, endY - ahead * sin + aside * cos];
    };
    world.startAt(observations.subarray(from, from + 4));
    for (let t = 0; t < stepStart[e + 1] - stepStart[e]; t++) {
      expect(world.terminated || world.truncated).toBe(false);
      world.step(actions.slice(2 * (stepStart[e] + t), 2 * (stepStart[e] + t + 1)));
      const [x, y] = place();
      const row = t + 2;
      if (!(Math.hypot(x - positions[2 * row], y - positions[2 * row + 1]) < 1e-9))
        expect.fail(`${episodes.names[e]} is elsewhere after step ${t + 1}`);
      for (let j = 0; j < 4; j++)
        expect(Math.abs(world.state[j] - observations[from + 4 * (t + 1) + j])).toBeLessThan(1e-9);
    }
    expect(world.terminated).toBe(true);
    expect(episodes.ends[e]).toBe('terminated');
  }
});

test('pedestrianWalks begins on the axis, with a velocity of the first two positions', () => {
  for (let e = 0; e < episodes.count; e++) {
    const [ahead, aside] = episodes.observations.subarray(4 * episodes.observationStart[e]);
    expect(ahead).toBeGreaterThanOrEqual(4);
    expect(Math.abs(aside)).toBeLessThan(1e-12);
  }
});

test('pedestrianWalks counts everybody, kept or left out and why', async () => {
  expect(file.warnings).toHaveLength(1);
  const numbers = [...file.warnings[0].matchAll(/(\d+) (?:not|begin|stand|walk|accel)/g)];
  const left = numbers.reduce((sum, [, n]) => sum + Number(n), 0);
  expect(file.warnings[0]).toMatch(new RegExp(`^${left} of 780 people are left out: `));
  expect(file.warnings[0]).toMatch(/, 2 accelerate beyond 4 m\/s²/);
  expect(episodes.count + left).toBe(780);
  const scenes = ['zara01', 'zara02', 'students03'];
  expect(
    scenes.map((scene) => episodes.names.filter((name) => name.startsWith(scene)).length),
  ).toEqual([141, 178, 264]);
  const street = await readEpisodes(await pedestrianWalks({ scenes: ['zara01'] }));
  expect(street.names).toEqual(episodes.names.slice(0, 141));
});

test('pedestrianWalks leaves out more people where more is asked of them', async () => {
  const count = async (options: Parameters<typeof pedestrianWalks>[0]) =>
    (await readEpisodes(await pedestrianWalks({ scenes: ['students03'], ...options }))).count;
  const usual = await count({});
  for (const options of [{ slowest: 0.3 }, { nearest: 8 }, { timeLimit: 20 }, { push: 2 }])
    expect(await count(options)).toBeLessThan(usual);
  expect(await count({ push: 6 })).toBe(usual + 2);
  await expect(pedestrianWalks({ scenes: [] as never })).rejects.toThrow();
});
