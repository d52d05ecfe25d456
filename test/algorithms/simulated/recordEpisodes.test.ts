import { expect, test } from 'vitest';
import { recordEpisodes } from '../../../src/algorithms/simulated/recordEpisodes.ts';
import { CartPole } from '../../../src/environments/classicControl/cartPole.ts';
import { Pendulum } from '../../../src/environments/classicControl/pendulum.ts';
import type { Simulator } from '../../../src/environments/simulator.ts';
import type { AnySimulator } from '../../../src/environments/simulators.ts';
import { createRng } from '../../../src/numeric/rng.ts';

const chance = (discrete: boolean) => ({
  actionSize: 1,
  act(_seen: Float64Array, rows: number, rng: (() => number) | null, out: Float64Array) {
    for (let i = 0; i < rows; i++) {
      const u = rng ? rng() : 0;
      out[i] = discrete ? Math.floor(2 * u) : 2 * u - 1;
    }
  },
});

test.each([
  ['CartPole', () => new CartPole(30), true],
  ['Pendulum', () => new Pendulum(30), false],
] as const)(
  'what was recorded happens again where its actions are taken again: %s',
  (_, make, discrete) => {
    const world: AnySimulator = make();
    const play = { count: 5, starts: createRng(1, 'starts'), draws: createRng(1, 'draws') };
    const episodes = recordEpisodes(chance(discrete), world, play);
    const { stepStart, observationStart, observationWidth: width } = episodes;
    expect(episodes.count).toBe(5);
    expect(new Set(episodes.ends).size).toBeGreaterThan(0);
    const again = make();
    const starts = createRng(1, 'starts');
    for (let e = 0; e < episodes.count; e++) {
      again.reset(starts);
      for (let t = stepStart[e]; t < stepStart[e + 1]; t++) {
        const at = (observationStart[e] + t - stepStart[e]) * width;
        expect([...again.observation]).toEqual([...episodes.observations.slice(at, at + width)]);
        const action = episodes.actions[t];
        const reward =
          again.actions.kind === 'discrete'
            ? (again as Simulator<number>).step(action)
            : (again as Simulator<Float64Array>).step(Float64Array.of(action));
        expect(reward).toBe(episodes.rewards?.[t]);
      }
      expect(episodes.ends[e]).toBe(again.terminated ? 'terminated' : 'truncated');
      expect(again.terminated || again.truncated).toBe(true);
    }
  },
);

test('a world without end is not recorded', () => {
  const play = { count: 1, starts: createRng(1, 'starts'), draws: null };
  expect(() => recordEpisodes(chance(false), new Pendulum(Infinity), play)).toThrow(
    'Cannot record episodes: the world has no time limit; give it one',
  );
});
