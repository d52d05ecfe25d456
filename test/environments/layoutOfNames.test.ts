import { expect, test } from 'vitest';
import { gridFromMap, slipGrid } from '../../src/environments/gridworld.ts';
import { layoutOfNames } from '../../src/environments/layoutOfNames.ts';
import { replacementWorld } from '../../src/environments/replacement.ts';
import type { World } from '../../src/mdp/world.ts';

const grid = slipGrid({ size: 3, slip: 0.1 });
const renamed = (name: (x: number, y: number) => string): World => ({
  ...grid,
  stateNames: grid.stateNames.map((at) => {
    const [x, y] = at.split(',').map(Number);
    return name(x, y);
  }),
});

test('layoutOfNames reads columns and rows off the names of cells', () => {
  const expected = {
    kind: 'cells',
    position: Float64Array.from([0, 0, 1, 0, 2, 0, 0, 1, 1, 1, 2, 1, 0, 2, 1, 2, 2, 2]),
  };
  expect(layoutOfNames(grid)).toEqual(expected);
  expect(layoutOfNames(renamed((x, y) => `(${x}, ${y})`))).toEqual(expected);
  expect(layoutOfNames(renamed((x, y) => `${'ABC'[y]}${x}`))).toEqual(expected);
  const walled = layoutOfNames(gridFromMap().world);
  expect(walled?.kind).toBe('cells');
});

test('layoutOfNames believes no names that moves contradict', () => {
  expect(layoutOfNames(renamed((x, y) => `${3 * x},${y}`))).toBeNull();
  expect(layoutOfNames(renamed((x, y) => `${x % 2},${y}`))).toBeNull();
  expect(layoutOfNames(renamed((x, y) => `cell ${x} ${y}`))).toBeNull();
});

test('layoutOfNames puts numbers on a line where there are few actions', () => {
  const line = layoutOfNames(replacementWorld({ bins: 5 }));
  expect(line).toEqual({ kind: 'line', position: Float64Array.of(0, 1, 2, 3, 4) });
  expect(layoutOfNames(renamed((x, y) => `${3 * y + x}`))).toBeNull();
});
