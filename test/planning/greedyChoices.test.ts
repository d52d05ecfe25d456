import { expect, test } from 'vitest';
import { hardOptimalChoices } from '../../src/planning/greedyChoices.ts';
import { mdpOf } from '../support/arbitraryMdp.ts';

test('hardOptimalChoices goes on to the goal where waiting is free', () => {
  // 0: wait for nothing, or try for nothing and arrive at 1 half the time
  const mdp = mdpOf([
    [
      [{ to: 0, probability: 1 }],
      [
        { to: 0, probability: 0.5 },
        { to: 1, probability: 0.5 },
      ],
    ],
    [],
  ]);
  const goal = {
    name: 'there',
    absorbing: true,
    stopState: Int32Array.of(1),
    stopReward: Float64Array.of(0),
  };
  const visited = Int32Array.of(0, 1);
  const time = { kind: 'undiscounted' } as const;
  const choices = hardOptimalChoices(mdp, time, goal, new Float64Array(2), visited);
  expect([...(choices?.(0).pairs ?? [])]).toEqual([0, 1]);
});
