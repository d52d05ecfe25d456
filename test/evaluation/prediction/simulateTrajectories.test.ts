/** Drawn behaviour is what the model says: possible, observed as recorded, with scores of mean 0. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logLikelihoodAt } from '../../../src/algorithms/logLikelihoodAt.ts';
import type { Problem } from '../../../src/algorithms/problem.ts';
import { isCutOff } from '../../../src/evaluation/prediction/observation.ts';
import { simulateTrajectories } from '../../../src/evaluation/prediction/simulateTrajectories.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { softValueIteration } from '../../../src/planning/softValueIteration.ts';
import { mdpOf } from '../../support/arbitraryMdp.ts';
import {
  arbitraryProblem,
  type DrawnProblem,
  finiteKinds,
  stationaryKinds,
} from '../../support/arbitraryProblem.ts';

const kinds = [...stationaryKinds, ...finiteKinds] as const;

describe.each(kinds)('%s: simulateTrajectories', (kind) => {
  test('draws moves of the world, from the recorded starts, to the recorded ends', () => {
    fc.assert(
      fc.property(arbitraryProblem(kind), (problem) => {
        const { trajectories: recorded, world, time, theta } = problem;
        const { trajectories } = simulateTrajectories(problem, theta, createRng(1, 'draw'), {
          longest: 2000,
        });
        expect(trajectories.names).toEqual(recorded.names);
        expect(trajectories.goal).toEqual(recorded.goal);
        for (let i = 0; i < trajectories.count; i++) {
          const { rowStart, state, pair } = trajectories;
          expect(state[rowStart[i]]).toBe(recorded.state[recorded.rowStart[i]]);
          for (let row = rowStart[i]; row < rowStart[i + 1]; row++) {
            const p = pair[row];
            if (p < 0) {
              expect(row).toBe(rowStart[i + 1] - 1);
              continue;
            }
            expect(p).toBeGreaterThanOrEqual(world.mdp.pairStart[state[row]]);
            expect(p).toBeLessThan(world.mdp.pairStart[state[row] + 1]);
            if (row + 1 === rowStart[i + 1]) continue;
            const successors = world.mdp.nextState.subarray(
              world.mdp.transitionStart[p],
              world.mdp.transitionStart[p + 1],
            );
            expect([...successors]).toContain(state[row + 1]);
          }
          // What was watched to its end is drawn to its end.
          const drawn = { ...problem, trajectories };
          if (time.kind === 'undiscounted' && !isCutOff(problem, i))
            expect(isCutOff(drawn, i)).toBe(false);
        }
        expect(logLikelihoodAt({ ...problem, trajectories }, theta)).not.toBeNull();
      }),
      { numRuns: 30, seed: 4 },
    );
  });

  test('draws so that the scores at θ have mean 0 and the variance of the curvature', () => {
    fc.assert(
      fc.property(arbitraryProblem(kind), (problem) => {
        // One feature's score, standardised: normal by the law of large numbers.
        const z = standardisedScore(problem, 1000);
        if (z !== null) expect(Math.abs(z)).toBeLessThan(4.5);
      }),
      { numRuns: 8, seed: 11 },
    );
  }, 60_000);
});

/** Slope of the log-likelihood of drawn trips along a, over the root of minus its curvature. */
function standardisedScore(problem: DrawnProblem, count: number): number | null {
  const rng = createRng(problem.seed, 'draw');
  const { trajectories } = simulateTrajectories(problem, problem.theta, rng, {
    trajectories: count,
    longest: 300,
  });
  const at = (shift: number): number => {
    const theta = problem.theta.slice();
    theta[0] += shift;
    return logLikelihoodAt({ ...problem, trajectories }, theta) ?? Number.NaN;
  };
  const h = 1e-3;
  const slope = (at(h) - at(-h)) / (2 * h);
  const curvature = -(at(h) - 2 * at(0) + at(-h)) / (h * h);
  // A feature that does not matter here has neither.
  return curvature > 1 ? slope / Math.sqrt(curvature) : null;
}

function chain(): Problem {
  const mdp = mdpOf([
    [
      [
        { to: 0, probability: 0.7 },
        { to: 1, probability: 0.3 },
      ],
      [{ to: 1, probability: 1 }],
    ],
    [[{ to: 1, probability: 1 }], [{ to: 0, probability: 1 }]],
  ]);
  return {
    world: {
      mdp,
      stateNames: ['a', 'b'],
      actionNames: ['x', 'y'],
      pairAction: Int32Array.of(0, 1, 0, 1),
    },
    time: { kind: 'discounted', discount: 0.8 },
    goals: [],
    features: { names: ['f', 'g'], per: 'pair', values: Float64Array.of(1, 0, 0, 1, 0.5, 0, 0, 2) },
    trajectories: {
      count: 1,
      rowStart: Int32Array.of(0, 3),
      state: Int32Array.of(0, 0, 1),
      pair: Int32Array.of(0, 0, 2),
      goal: Int32Array.of(-1),
      weight: Float64Array.of(1),
      stopped: Uint8Array.of(0),
      names: ['one'],
      folds: null,
    },
    initial: null,
    temperature: 0.7,
  };
}

test('simulateTrajectories chooses as often as soft value iteration says', () => {
  const problem = chain();
  const theta = Float64Array.of(0.4, -0.9);
  const { trajectories } = simulateTrajectories(problem, theta, createRng(3, 'draw'), {
    trajectories: 1,
    steps: 40_000,
  });
  const reward = Float64Array.of(0.4, -0.9, 0.2, -1.8);
  const { policy } = softValueIteration(problem.world.mdp, reward, {
    discount: 0.8,
    temperature: 0.7,
  });
  const chosen = new Float64Array(4);
  for (const pair of trajectories.pair) if (pair >= 0) chosen[pair]++;
  for (const first of [0, 2]) {
    const visits = chosen[first] + chosen[first + 1];
    const deviation = Math.sqrt((policy[first] * policy[first + 1]) / visits);
    expect(Math.abs(chosen[first] / visits - policy[first])).toBeLessThan(4 * deviation);
  }
});

test('simulateTrajectories draws the same from the same seed, and else from another', () => {
  const draw = (seed: number) =>
    simulateTrajectories(chain(), Float64Array.of(0.4, -0.9), createRng(seed, 'draw'), {
      trajectories: 50,
    }).trajectories;
  expect(draw(5)).toEqual(draw(5));
  expect(draw(5).pair).not.toEqual(draw(6).pair);
});

test('simulateTrajectories says how many were too long, and refuses an infinite value', () => {
  const problem: Problem = {
    ...chain(),
    time: { kind: 'undiscounted' },
    goals: [
      { name: 'b', absorbing: true, stopState: Int32Array.of(1), stopReward: Float64Array.of(0) },
    ],
    trajectories: {
      ...chain().trajectories,
      goal: Int32Array.of(0),
      pair: Int32Array.of(0, 0, -1),
    },
  };
  const slow = Float64Array.of(-0.05, -20);
  const { trajectories, tooLong } = simulateTrajectories(problem, slow, createRng(1, 'draw'), {
    trajectories: 400,
    longest: 2,
  });
  // Each decision stays in a with probability .7 (the other action costs 20).
  expect(Math.abs(tooLong - 400 * 0.49)).toBeLessThan(4 * Math.sqrt(400 * 0.49 * 0.51));
  expect(trajectories.state.length).toBeLessThanOrEqual(400 * 3);
  // Going round in a pays for ever where every round does.
  const loop = mdpOf([[[{ to: 0, probability: 1 }], [{ to: 1, probability: 1 }]], []]);
  const endless = {
    ...problem,
    world: { ...problem.world, mdp: loop, pairAction: Int32Array.of(0, 1) },
    features: { ...problem.features, values: Float64Array.of(1, 0, 0, 1) },
  };
  expect(() => simulateTrajectories(endless, Float64Array.of(2, 0), createRng(1, 'draw'))).toThrow(
    /no finite value for goal "b"/,
  );
});
