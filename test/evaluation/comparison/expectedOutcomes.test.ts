/** What is expected of whole trips: losses, routes and visits against what must hold of them. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { finish } from '../../../src/algorithms/algorithm.ts';
import { behaviorCloning } from '../../../src/algorithms/behaviorCloning.ts';
import { plannedBehavior } from '../../../src/algorithms/plannedBehavior.ts';
import { decisionsPerTrajectory, type Problem } from '../../../src/algorithms/problem.ts';
import { expectedOutcomes } from '../../../src/evaluation/comparison/expectedOutcomes.ts';
import { likeliestRoutes } from '../../../src/evaluation/comparison/likeliestRoutes.ts';
import { scoreOutcomes } from '../../../src/evaluation/comparison/outcomeScores.ts';
import { watchedSpans } from '../../../src/evaluation/comparison/watchedSpans.ts';
import { simulateTrajectories } from '../../../src/evaluation/prediction/simulateTrajectories.ts';
import type { TimeStructure } from '../../../src/mdp/timeStructure.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { followRoute } from '../../../src/planning/mostLikelyRoutes.ts';
import { rewardAt } from '../../../src/rewards/linearReward.ts';
import {
  arbitraryProblem,
  type DrawnProblem,
  finiteKinds,
  stationaryKinds,
} from '../../support/arbitraryProblem.ts';
import { gridProblem } from '../../support/gridProblem.ts';
import { seededRandom } from '../../support/seededRandom.ts';

describe.each([...stationaryKinds, ...finiteKinds])('%s', (kind) => {
  test('nothing is lost by who knows the truth, and nothing is ever gained over it', () => {
    fc.assert(
      fc.property(arbitraryProblem(kind), (problem) => {
        const { theta } = problem;
        const decided = decisionsPerTrajectory(problem);
        const own = expectedOutcomes(
          problem,
          plannedBehavior(problem, rewardAt(problem, theta)),
          theta,
        );
        const random = seededRandom(problem.seed);
        // Costs only: feasible wherever the truth is.
        const other = theta.map((t) => t * random.between(1, 1.5));
        const behavior = plannedBehavior(problem, rewardAt(problem, other));
        const wrong = expectedOutcomes(problem, behavior, theta);
        decided.forEach((n, i) => {
          if (n === 0) return;
          expect(own.softLoss[i]).toBeCloseTo(0, 7);
          expect(own.hardLoss[i]).toBeCloseTo(0, 7);
          expect(wrong.softLoss[i]).toBeGreaterThan(-1e-7);
          expect(wrong.hardLoss[i]).toBeGreaterThan(-1e-7);
        });
        expect(own.epic[0] === Infinity || own.epic[0] < 1e-9).toBe(true);
        const clone = finish(behaviorCloning.fit(problem, {})).behaviorIn?.(problem);
        if (!clone) throw new Error('clones always behave');
        const cloned = expectedOutcomes(problem, clone, theta);
        decided.forEach((n, i) => {
          if (n > 0) expect(cloned.softLoss[i]).toBeGreaterThan(-1e-7);
        });
        expect(cloned.epic).toHaveLength(0);
      }),
      { numRuns: 30 },
    );
  });

  test('visits add up to the decisions that are expected', () => {
    fc.assert(
      fc.property(arbitraryProblem(kind), (drawn) => {
        const problem = withConstant(drawn);
        const behavior = plannedBehavior(problem, rewardAt(drawn, drawn.theta));
        const { visits, features } = expectedOutcomes(problem, behavior, null);
        const width = problem.features.names.length;
        const exits = problem.goals.some(({ absorbing }) => !absorbing);
        let moves = 0;
        decisionsPerTrajectory(problem).forEach((n, i) => {
          if (n > 0) moves += problem.trajectories.weight[i] * features[i * width + width - 1];
        });
        const decisions = visits.reduce((a, b) => a + b, 0);
        // A stop is a decision that brings no features.
        if (exits) expect(decisions).toBeGreaterThanOrEqual(moves - 1e-7);
        else expect(decisions).toBeCloseTo(moves, 6);
      }),
      { numRuns: 20 },
    );
  });
});

/** The problem with a feature that is 1 everywhere. */
function withConstant(problem: DrawnProblem): Problem {
  const { names, per, values } = problem.features;
  const rows = values.length / names.length;
  const width = names.length + 1;
  const more = Float64Array.from({ length: rows * width }, (_, i) =>
    i % width === width - 1 ? 1 : values[Math.floor(i / width) * names.length + (i % width)],
  );
  return { ...problem, features: { names: [...names, 'one'], per, values: more } };
}

describe.each(['deterministic goals', 'deterministic exits'] as const)('%s', (kind) => {
  test('the likeliest route is the likeliest of all that arrive', () => {
    fc.assert(
      fc.property(arbitraryProblem(kind), (problem) => {
        const { world, goals, trajectories } = problem;
        const { mdp } = world;
        const goal = trajectories.goal[0];
        const decided = decisionsPerTrajectory(problem)[0] > 0;
        if (!decided) return;
        const clone = finish(behaviorCloning.fit(problem, {})).behaviorIn?.(problem);
        const planned = plannedBehavior(problem, rewardAt(problem, problem.theta));
        for (const behavior of [clone, planned]) {
          const choices = behavior?.towards(goal)?.(0);
          if (!behavior || !choices) throw new Error('both behave');
          const best = likeliestRoutes(problem, goal, behavior.reward, choices);
          const start = trajectories.state[0];
          const heading = goals[goal];
          /** Probability of the likeliest way to arrive from s without coming by a state twice. */
          const search = (s: number, seen: ReadonlySet<number>): number => {
            const isEnd = heading.stopState.includes(s);
            if (isEnd && heading.absorbing) return 1;
            let most = isEnd ? choices.stop[s] : 0;
            for (let p = mdp.pairStart[s]; p < mdp.pairStart[s + 1]; p++) {
              const to = mdp.nextState[p];
              if (!seen.has(to))
                most = Math.max(most, choices.pairs[p] * search(to, new Set([...seen, to])));
            }
            return most;
          };
          const route = followRoute(mdp, best, start);
          const probability = (route ?? Int32Array.of(start)).reduce(
            (product, s, i, all) => {
              if (i + 1 === all.length) return product * (heading.absorbing ? 1 : choices.stop[s]);
              const pair = best.pair[s];
              return product * choices.pairs[pair];
            },
            route ? 1 : 0,
          );
          expect(probability).toBeCloseTo(search(start, new Set([start])), 9);
        }
      }),
      { numRuns: 40 },
    );
  });
});

const TIMES: TimeStructure[] = [
  { kind: 'discounted', discount: 0.9 },
  { kind: 'finite', horizon: 8, discount: 1 },
  { kind: 'undiscounted' },
];

test.each(TIMES)(
  'features and visits of $kind behaviour are met by who behaves like that',
  (time) => {
    const problem = gridProblem(time, 40);
    const rng = createRng(11, 'gap');
    const many = simulateTrajectories(problem, problem.theta, rng, { trajectories: 4_000 });
    const heldOut = { ...problem, trajectories: many.trajectories };
    const units = Int32Array.from({ length: many.trajectories.count }, (_, i) => i);
    const share = new Float64Array(units.length).fill(1);
    const scoreOf = (theta: Float64Array) => {
      const behavior = plannedBehavior(heldOut, rewardAt(heldOut, theta));
      const outcomes = expectedOutcomes(heldOut, behavior, null);
      return scoreOutcomes([{ heldOut, units, share, outcomes }], false);
    };
    const right = scoreOf(problem.theta);
    // Three standard normals, of which none should be beyond 4; shares of 16 states from 4,000 trips.
    for (const { z } of right.features ?? []) expect(Math.abs(z ?? 0)).toBeLessThan(4);
    expect(right.visitDistance).toBeLessThan(0.02);
    const wrong = scoreOf(problem.theta.map((t) => 0.6 * t - 0.5));
    expect(Math.max(...(wrong.features ?? []).map(({ z }) => Math.abs(z ?? 0)))).toBeGreaterThan(8);
    expect(wrong.visitDistance).toBeGreaterThan(3 * (right.visitDistance ?? 1));
    expect(right.routes).toBeNull();
    expect(right.reasons?.routes).toMatch(/moves without chance/);
  },
);

test('watchedSpans follows who arrived to the end, and who was cut off as long as they were seen', () => {
  fc.assert(
    fc.property(arbitraryProblem('deterministic goals'), (problem) => {
      const { goals, trajectories } = problem;
      const { rowStart, state, goal } = trajectories;
      const spans = watchedSpans(problem);
      decisionsPerTrajectory(problem).forEach((n, i) => {
        const arrived = goals[goal[i]].stopState.includes(state[rowStart[i + 1] - 1]);
        expect(spans[i]).toBe(n === 0 ? 0 : arrived ? -1 : n);
      });
    }),
  );
});
