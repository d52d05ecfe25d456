import { expect, test } from 'vitest';
import { graphWorld } from '../../src/environments/graphWorld.ts';
import { gridFromMap, slipGrid } from '../../src/environments/gridworld.ts';
import { worldChanges } from '../../src/mdp/worldChanges.ts';

test('a world has not changed beside itself', () => {
  const world = slipGrid({ size: 4, slip: 0.2 });
  const { gone, added, redirected, changed } = worldChanges(
    world,
    slipGrid({ size: 4, slip: 0.2 }),
  );
  expect([gone, added, redirected, changed.includes(1)]).toEqual([0, 0, 0, false]);
});

test('a stronger wind redirects every move that it can push', () => {
  const { redirected, changed } = worldChanges(
    slipGrid({ size: 3, slip: 0.1 }),
    slipGrid({ size: 3, slip: 0.3 }),
  );
  expect(redirected).toBe(9 * 5);
  expect([...changed]).toEqual(new Array(9).fill(1));
});

test('a wall takes the states that it stands on, and leads back who runs into it', () => {
  const before = gridFromMap({ rows: ['...'] }).world;
  const after = gridFromMap({ rows: ['.#.'] }).world;
  const { gone, added, redirected, changed } = worldChanges(before, after);
  // The middle had five moves; right from the left cell and left from the right one stay in place.
  expect([gone, added, redirected]).toEqual([5, 0, 2]);
  expect([...changed]).toEqual([1, 1]);
});

test('roads that close and open are told apart, whatever the order of names', () => {
  const before = graphWorld(['a', 'b', 'c'], Int32Array.of(0, 2, 3, 3), Int32Array.of(1, 2, 2));
  const after = graphWorld(['c', 'b', 'a'], Int32Array.of(0, 1, 2, 3), Int32Array.of(2, 0, 1));
  const { gone, added, redirected, changed } = worldChanges(before, after);
  // a → c is closed, c → a is open, a → b and b → c stay.
  expect([gone, added, redirected]).toEqual([1, 1, 0]);
  expect([...changed]).toEqual([1, 0, 1]);
});
