import { expect, test } from 'vitest';
import { graphWorld } from '../../src/environments/graphWorld.ts';
import { isDeterministic } from '../../src/mdp/mdp.ts';

test('graphWorld names a move by the state it leads to', () => {
  const world = graphWorld(['a', 'b', 'c'], Int32Array.of(0, 2, 3, 3), Int32Array.of(1, 2, 0));
  expect(isDeterministic(world.mdp)).toBe(true);
  expect([...world.mdp.nextState]).toEqual([1, 2, 0]);
  expect([...world.mdp.transitionStart]).toEqual([0, 1, 2, 3]);
  expect(Array.from(world.pairAction, (action) => world.actionNames[action])).toEqual([
    'b',
    'c',
    'a',
  ]);
});
