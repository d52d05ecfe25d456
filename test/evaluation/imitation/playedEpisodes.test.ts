import { expect, test } from 'vitest';
import { CartPole } from '../../../src/environments/classicControl/cartPole.ts';
import type { ActingPolicy } from '../../../src/evaluation/imitation/actingPolicy.ts';
import { playEpisodes } from '../../../src/evaluation/imitation/playedEpisodes.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { CELLS, Ledge } from '../../support/ledge.ts';

const streams = () => ({ starts: createRng(0, 'starts'), choices: createRng(0, 'choices') });
const always = (action: number): ActingPolicy => ({
  act: (_o, rows, _rng, out) => out.fill(action, 0, rows),
  logLikelihood: (_o, _a, rows, out) => out.fill(0, 0, rows),
});

test('playEpisodes returns what each start is worth', () => {
  const worlds = () => Array.from({ length: CELLS }, () => new Ledge(40));
  const starts = Array.from({ length: CELLS }, (_, cell) => [cell]);
  // from cell i it takes i + 1 steps to the left to fall
  const left = playEpisodes(always(0), worlds(), starts, 'greedy', streams());
  expect([...left.returns]).toEqual([1, 2, 3, 4]);
  expect([...left.steps]).toEqual([1, 2, 3, 4]);
  const right = playEpisodes(always(1), worlds(), starts, 'sampled', streams());
  expect([...right.returns]).toEqual([40, 40, 40, 40]);
});

test('playEpisodes at random falls off the ledge as often as a fair walk does', () => {
  const count = 4000;
  const worlds = Array.from({ length: count }, () => new Ledge(1));
  // one step from the first cell: half of them fall, all are paid for it
  const played = playEpisodes(
    null,
    worlds,
    worlds.map(() => [0]),
    'sampled',
    streams(),
  );
  const fallen = worlds.filter(({ terminated }) => terminated).length / count;
  expect(Math.abs(fallen - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / count));
  expect(played.returns.every((x) => x === 1)).toBe(true);
});

test('playEpisodes begins as the world does where no start is given, the same for equal streams', () => {
  const play = () => {
    const worlds = Array.from({ length: 5 }, () => new CartPole(50));
    return playEpisodes(
      null,
      worlds,
      worlds.map(() => null),
      'sampled',
      streams(),
    );
  };
  expect(play()).toEqual(play());
  expect(() =>
    playEpisodes(always(1), [new CartPole(Number.POSITIVE_INFINITY)], [null], 'greedy', streams()),
  ).toThrow('the world has no time limit');
});
