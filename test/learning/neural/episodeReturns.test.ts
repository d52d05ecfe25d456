import { expect, test } from 'vitest';
import { Pendulum } from '../../../src/environments/classicControl/pendulum.ts';
import { drawStarts, episodeReturns } from '../../../src/learning/neural/episodeReturns.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { KickedPoint } from '../../support/kickedPoint.ts';
import { readReference } from '../../support/references.ts';

test('a pendulum that is left alone is worth what it costs, and far less than one held up', () => {
  const { starts, nearOptimalReturn } = readReference<{
    starts: number[][];
    nearOptimalReturn: number[];
  }>('pendulum_eval_starts');
  const returns = episodeReturns(new Pendulum(), (_, __, out) => out.fill(0), starts);
  const mean = (x: ArrayLike<number>) => Array.from(x).reduce((sum, y) => sum + y, 0) / x.length;
  expect(mean(returns)).toBeLessThan(-1000);
  expect(mean(nearOptimalReturn)).toBeCloseTo(-137.3251, 4);
  expect(nearOptimalReturn.filter((near, i) => near < returns[i] - 50)).toEqual([]);
});

test('a pendulum that hangs still costs π² a step', () => {
  const [hanging] = episodeReturns(new Pendulum(), (_, __, out) => out.fill(0), [[Math.PI, 0]]);
  expect(hanging).toBeCloseTo(-200 * Math.PI ** 2, 6);
});

test('an episode ends with its task or its time', () => {
  const world = new KickedPoint();
  const still = episodeReturns(world, (_, __, out) => out.fill(0), [[0.5]]);
  expect([...still]).toEqual([-7 * 0.25]);
  const pushed = episodeReturns(world, (_, __, out) => out.fill(-1), [[0.5], [1]]);
  expect([...pushed]).toEqual([-0.25, -1.25]);
  expect([...episodeReturns(world, (_, __, out) => out.fill(0), [[0.5]], null, 3)]).toEqual([
    -0.75,
  ]);
  expect(() => episodeReturns(new KickedPoint(Infinity), () => {}, [[0]])).toThrow(
    'Cannot play an episode: the world has no time limit; give maxSteps',
  );
});

test('starts are drawn as resets draw them', () => {
  const starts = drawStarts(new KickedPoint(), 3, createRng(0, 'starts'));
  const rng = createRng(0, 'starts');
  expect(starts.map(([x]) => x)).toEqual([0, 1, 2].map(() => 2 * rng() - 1));
});
