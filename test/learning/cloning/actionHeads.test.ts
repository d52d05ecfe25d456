/** The families of actions: densities that integrate to 1, and slopes against central differences. */

import { describe, expect, test } from 'vitest';
import type { ActionHead } from '../../../src/learning/cloning/actionHead.ts';
import {
  type ActionScale,
  fromScale,
  logDensityChange,
  toScale,
} from '../../../src/learning/cloning/actionScale.ts';
import { categoricalHead } from '../../../src/learning/cloning/categoricalHead.ts';
import { gaussianHead } from '../../../src/learning/cloning/gaussianHead.ts';
import { mixtureHead } from '../../../src/learning/cloning/mixtureHead.ts';
import { createRng } from '../../../src/numeric/rng.ts';

const continuous: [string, ActionHead, number][] = [
  ['gaussian', gaussianHead(1, 'state'), 1],
  ['gaussian with one spread', gaussianHead(1, 'one'), 1],
  ['mixture', mixtureHead(1, 3), 1],
  ['gaussian of two coordinates', gaussianHead(2, 'state'), 2],
  ['two coordinates with one spread', gaussianHead(2, 'one'), 2],
  ['mixture of two coordinates', mixtureHead(2, 3), 2],
];
const all: [string, ActionHead, number][] = [['categorical', categoricalHead(4), 0], ...continuous];
const START = 2;

function drawn(head: ActionHead, seed: number, stretch = 1) {
  const rng = createRng(seed, 'head');
  const outputs = Float32Array.from(
    { length: START + head.outputs },
    () => stretch * (2 * rng() - 1),
  );
  const free = Float64Array.from({ length: head.free }, () => 2 * rng() - 1);
  return { at: { outputs, start: START, free }, rng };
}

describe.each(all)('%s', (_, head, size) => {
  test('slopes equal central differences, times the weight', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { at, rng } = drawn(head, seed, 2);
      const action =
        size === 0
          ? Float64Array.of(-1, Math.floor(4 * rng()))
          : Float64Array.from({ length: size + 1 }, () => 4 * rng() - 2);
      const slopes = {
        weight: -0.7,
        outputs: new Float32Array(at.outputs.length),
        free: new Float64Array(at.free.length),
      };
      head.logDensity(at, action, 1, slopes);
      const difference = (array: Float32Array | Float64Array, i: number): number => {
        const [kept, step] = [array[i], 2 ** -9];
        array[i] = kept + step;
        const high = head.logDensity(at, action, 1, null);
        array[i] = kept - step;
        const low = head.logDensity(at, action, 1, null);
        array[i] = kept;
        return (-0.7 * (high - low)) / (2 * step);
      };
      const close = (slope: number, wanted: number) =>
        expect(Math.abs(slope - wanted)).toBeLessThan(2e-3 * (1 + Math.abs(wanted)));
      for (let i = START; i < at.outputs.length; i++)
        close(slopes.outputs[i], difference(at.outputs, i));
      for (let j = 0; j < at.free.length; j++) close(slopes.free[j], difference(at.free, j));
      expect([...slopes.outputs.subarray(0, START)]).toEqual([0, 0]);
    }
  });
});

describe.each(continuous.filter(([, , size]) => size === 1))('%s', (_, head) => {
  test('its density integrates to 1, and up to a to what is below a', () => {
    for (let seed = 0; seed < 5; seed++) {
      const { at } = drawn(head, seed);
      const [low, high, cells] = [-30, 30, 60_000];
      const action = new Float64Array(1);
      let sum = 0;
      for (let i = 0; i < cells; i++) {
        action[0] = low + ((i + 0.5) * (high - low)) / cells;
        sum += (Math.exp(head.logDensity(at, action, 0, null)) * (high - low)) / cells;
        if (i === 30_700) {
          action[0] += (0.5 * (high - low)) / cells;
          expect(head.below(at, action, 0, 0)).toBeCloseTo(sum, 6);
        }
      }
      expect(sum).toBeCloseTo(1, 6);
    }
  });

  test('what is drawn lies below a as often as it says', () => {
    const { at, rng } = drawn(head, 9);
    const limit = Float64Array.of(0.3);
    const action = new Float64Array(1);
    const wanted = head.below(at, limit, 0, 0) ?? Number.NaN;
    let below = 0;
    for (let i = 0; i < 4000; i++) {
      head.choose(at, rng, action);
      if (action[0] <= 0.3) below++;
    }
    // four standard errors
    expect(Math.abs(below / 4000 - wanted)).toBeLessThan(4 * Math.sqrt(0.25 / 4000));
  });
});

test('a mixture without a draw takes the mean where it is densest', () => {
  const head = mixtureHead(1, 2);
  // weights .4 and .6; the first is ten times narrower
  const outputs = Float32Array.of(
    Math.log(0.4),
    Math.log(0.6),
    -1,
    1,
    Math.log(0.05),
    Math.log(0.5),
  );
  const action = new Float64Array(1);
  head.choose({ outputs, start: 0, free: new Float64Array(0) }, null, action);
  expect(action[0]).toBe(-1);
});

test('categorical choices are the likeliest, and drawn as often as they are likely', () => {
  const head = categoricalHead(3);
  const at = {
    outputs: Float32Array.of(Math.log(0.2), Math.log(0.5), Math.log(0.3)),
    start: 0,
    free: new Float64Array(0),
  };
  const action = new Float64Array(1);
  head.choose(at, null, action);
  expect(action[0]).toBe(1);
  const rng = createRng(0, 'draws');
  const times = [0, 0, 0];
  for (let i = 0; i < 4000; i++) {
    head.choose(at, rng, action);
    times[action[0]]++;
  }
  [0.2, 0.5, 0.3].forEach((p, i) => {
    expect(Math.abs(times[i] / 4000 - p)).toBeLessThan(0.03);
  });
  expect(head.below(at, action, 0, 0)).toBeNull();
});

describe('action scales', () => {
  const standard: ActionScale = { kind: 'standard', middle: [1, -2], reach: [3, 0.5] };
  const box: ActionScale = { kind: 'box', middle: [1, -2], reach: [3, 0.5] };

  test.each([standard, box])('$kind: there and back, and a density of mass 1', (scale) => {
    const scaled = new Float64Array(2);
    toScale(scale, [0, 2.5, -1.7], 1, scaled, 0);
    fromScale(scale, scaled);
    expect(scaled[0]).toBeCloseTo(2.5, 12);
    expect(scaled[1]).toBeCloseTo(-1.7, 12);
    // a standard normal on the scale, integrated over actions
    const one: ActionScale = { kind: scale.kind, middle: [1], reach: [3] };
    const [low, high] = scale.kind === 'box' ? [-1.997, 3.997] : [-29, 31];
    const cells = 200_000;
    let sum = 0;
    for (let i = 0; i < cells; i++) {
      const a = low + ((i + 0.5) * (high - low)) / cells;
      toScale(one, [a], 0, scaled, 0);
      const log = -0.5 * scaled[0] ** 2 - 0.5 * Math.log(2 * Math.PI);
      sum += (Math.exp(log + logDensityChange(one, scaled, 0)) * (high - low)) / cells;
    }
    // outside ± 3.8, where the edge of the box is, a normal has 1.4e-4
    expect(Math.abs(sum - 1)).toBeLessThan(2e-4);
  });

  test('only an action at the edge of a box is moved', () => {
    const scaled = new Float64Array(2);
    expect(toScale(box, [4, -2], 0, scaled, 0)).toBe(true);
    expect(Number.isFinite(scaled[0])).toBe(true);
    expect(toScale(box, [3.9, -2], 0, scaled, 0)).toBe(false);
  });
});
