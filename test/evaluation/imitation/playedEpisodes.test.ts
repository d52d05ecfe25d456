import { expect, test } from 'vitest';
import { CartPole } from '../../../src/environments/classicControl/cartPole.ts';
import type { ActingPolicy } from '../../../src/evaluation/imitation/actingPolicy.ts';
import { atRandom } from '../../../src/evaluation/imitation/atRandom.ts';
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
    atRandom({ kind: 'discrete', count: 2 }, CELLS),
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
      atRandom({ kind: 'discrete', count: 2 }, 4),
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

test('playEpisodes refuses a world that goes on after its limit, and one that pays no number', () => {
  class Endless extends Ledge {
    protected override observe(): void {
      super.observe();
      // said here, since a step says otherwise before it
      this.truncated = false;
    }
  }
  const endless = new Endless(5);
  expect(() => playEpisodes(always(1), [endless], [[3]], 'greedy', streams())).toThrow(
    'after 5 steps the world must be over',
  );
  class Unpaid extends Ledge {
    protected override advance(action: number): number {
      super.advance(action);
      return Number.NaN;
    }
  }
  expect(() => playEpisodes(always(1), [new Unpaid(5)], [[3]], 'greedy', streams())).toThrow(
    'must pay a finite number, got NaN',
  );
});
