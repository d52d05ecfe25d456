/** Expected totals and visits, held against plain iteration of their definitions. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plannedBehavior } from '../../src/algorithms/plannedBehavior.ts';
import { statesOfPairs } from '../../src/mdp/mdp.ts';
import type {
  ChoiceProbabilities,
  decidingStates,
  TimedChoices,
} from '../../src/planning/choiceProbabilities.ts';
import { createWalkSolver, expectedWalks, type Gain } from '../../src/planning/expectedWalks.ts';
import { rewardAt } from '../../src/rewards/linearReward.ts';
import {
  arbitraryProblem,
  type DrawnProblem,
  finiteKinds,
  stationaryKinds,
} from '../support/arbitraryProblem.ts';
import { graphOf } from '../support/randomRoutes.ts';

/** Every walk followed step by step as a distribution over states; what it brings is added up. */
function byDefinition(
  { world: { mdp } }: DrawnProblem,
  goal: Parameters<typeof decidingStates>[1],
  choices: TimedChoices,
  start: number,
  steps: number,
  reward: Float64Array,
  discount: number,
): { total: number; visits: Float64Array } {
  const stateOfPair = statesOfPairs(mdp);
  let mass = new Float64Array(mdp.stateCount);
  mass[start] = 1;
  const visits = new Float64Array(mdp.stateCount);
  let [total, worth] = [0, 1];
  for (let t = 0; t < steps; t++) {
    const { pairs, stop } = choices(t);
    const next = new Float64Array(mdp.stateCount);
    const isOver = (s: number): boolean => goal?.absorbing === true && goal.stopState.includes(s);
    mass.forEach((m, s) => {
      const acts = pairs.subarray(mdp.pairStart[s], mdp.pairStart[s + 1]).some((p) => p > 0);
      if (!isOver(s) && (acts || stop[s] > 0)) visits[s] += m;
    });
    pairs.forEach((p, pair) => {
      const s = stateOfPair[pair];
      if (isOver(s)) return;
      total += worth * mass[s] * p * reward[pair];
      for (let k = mdp.transitionStart[pair]; k < mdp.transitionStart[pair + 1]; k++)
        next[mdp.nextState[k]] += mass[s] * p * mdp.probability[k];
    });
    mass = next;
    worth *= discount;
  }
  return { total, visits };
}

function rewardGain({ world: { mdp } }: DrawnProblem, reward: Float64Array): Gain {
  const stateOfPair = statesOfPairs(mdp);
  return ({ pairs }, out) => {
    out.fill(0);
    pairs.forEach((p, pair) => {
      out[stateOfPair[pair]] += p * reward[pair];
    });
  };
}

describe.each([...stationaryKinds, ...finiteKinds])('%s', (kind) => {
  test('what walks bring and visit is what following them step by step adds up to', () => {
    fc.assert(
      fc.property(arbitraryProblem(kind), (problem) => {
        const { world, goals, trajectories, time } = problem;
        const reward = rewardAt(problem, problem.theta);
        const behavior = plannedBehavior(problem, reward);
        const goal = trajectories.goal[firstDecided(problem)];
        const choices = behavior.towards(goal);
        if (!choices) throw new Error('the drawn reward is feasible');
        const heading = goals[goal] ?? null;
        const s = trajectories.state[trajectories.rowStart[firstDecided(problem)]];
        const most = time.kind === 'finite' ? time.horizon : 7;
        const endless = time.kind === 'undiscounted';
        const spans = [1, Math.min(3, most), most, ...(endless ? [-1] : [])];
        const walks = { start: Int32Array.from(spans, () => s), span: Int32Array.from(spans) };
        const walking = expectedWalks(world.mdp, heading, createWalkSolver(world.mdp));
        for (const discount of [1, 0.6]) {
          const totals = walking.totals(choices, walks, rewardGain(problem, reward), 1, discount);
          spans.forEach((n, i) => {
            const steps = n < 0 ? 3_000 : n;
            const { total } = byDefinition(problem, heading, choices, s, steps, reward, discount);
            expect(totals[i]).toBeCloseTo(total, 6);
          });
        }
        const weight = Float64Array.from(spans, (_, i) => i + 0.5);
        const visits = new Float64Array(world.mdp.stateCount);
        walking.visits(choices, walks, weight, visits);
        const expected = new Float64Array(world.mdp.stateCount);
        spans.forEach((n, i) => {
          const steps = n < 0 ? 3_000 : n;
          byDefinition(problem, heading, choices, s, steps, reward, 1).visits.forEach(
            (v, state) => {
              expected[state] += weight[i] * v;
            },
          );
        });
        visits.forEach((v, state) => {
          expect(v).toBeCloseTo(expected[state], 6);
        });
      }),
      { numRuns: 40 },
    );
  });
});

function firstDecided({ trajectories: { rowStart, pair, stopped } }: DrawnProblem): number {
  for (let i = 0; ; i++) if (pair[rowStart[i]] >= 0 || stopped[i]) return i;
}

test('a walk that may come to where no end is in reach brings Infinity, and others their sums', () => {
  // 0 → 1 → goal 2; 3 goes to 2, or to the circle of 4.
  const mdp = graphOf(5, [
    [0, 1],
    [1, 2],
    [3, 2],
    [3, 4],
    [4, 4],
  ]);
  const goal = {
    name: 'two',
    absorbing: true,
    stopState: Int32Array.of(2),
    stopReward: new Float64Array(1),
  };
  const choices: ChoiceProbabilities = {
    pairs: Float64Array.of(1, 1, 0.5, 0.5, 1),
    stop: new Float64Array(5),
  };
  const one: Gain = (_, out) => {
    out.fill(1);
  };
  const walking = expectedWalks(mdp, goal, createWalkSolver(mdp));
  const walks = { start: Int32Array.of(0, 3, 4), span: Int32Array.of(-1, -1, -1) };
  expect([...walking.totals(() => choices, walks, one, 1, 1)]).toEqual([2, Infinity, Infinity]);
  // Discounted every sum exists: 1 + γ/2 · 1/(1−γ) from 3.
  const discounted = walking.totals(() => choices, walks, one, 1, 0.5);
  [1.5, 1.5, 2].forEach((total, i) => {
    expect(discounted[i]).toBeCloseTo(total, 12);
  });
  const visits = new Float64Array(5);
  walking.visits(() => choices, walks, Float64Array.of(1, 1, 1), visits);
  expect([...visits]).toEqual([1, 1, 0, Infinity, Infinity]);
  // Certain to end, however long it may take: 1 / p steps.
  const slow = {
    pairs: Float64Array.of(1, 1, 1e-6, 1 - 1e-6, 1),
    stop: Float64Array.of(0, 0, 0, 0, 1e-9),
  };
  slow.pairs[4] = 1 - 1e-9;
  const [total] = walking.totals(
    () => slow,
    { start: Int32Array.of(4), span: Int32Array.of(-1) },
    one,
    1,
    1,
  );
  expect(total / 1e9).toBeCloseTo(1, 6);
});
