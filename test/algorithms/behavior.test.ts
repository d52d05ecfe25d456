/** Behaviour wherever it is put: the same as at recorded rows, and carried over by names. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { finish } from '../../src/algorithms/algorithm.ts';
import type { Behavior } from '../../src/algorithms/behavior.ts';
import type { Problem } from '../../src/algorithms/problem.ts';
import { algorithms, type MethodName } from '../../src/algorithms/registry.ts';
import { selectTrajectories } from '../../src/mdp/trajectories.ts';
import type { World } from '../../src/mdp/world.ts';
import { arbitraryProblem, type ProblemKind } from '../support/arbitraryProblem.ts';

const METHODS: MethodName[] = [
  'causal-entropy',
  'behavior-cloning',
  'behavior-cloning-per-goal',
  'behavior-cloning-features',
];
const KINDS: ProblemKind[] = [
  'discounted',
  'finite',
  'discounted exits',
  'noisy goals',
  'deterministic goals',
  'deterministic exits',
];

/** Log-probabilities by row, chosen one first. */
function told(behavior: Behavior): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  expect(
    behavior.choices((row, logs, chosen) => {
      rows.set(row, [logs[chosen], ...logs]);
    }),
  ).toBe(true);
  return rows;
}

/** The same world with states, and the pairs of each, in the opposite order. */
function turnedAround({ mdp, stateNames, actionNames, pairAction }: World): {
  world: World;
  state: number[];
  pair: number[];
} {
  const last = mdp.stateCount - 1;
  const state = Array.from({ length: mdp.stateCount }, (_, s) => last - s);
  const pair = new Array<number>(mdp.pairCount);
  const pairStart = [0];
  const transitionStart = [0];
  const nextState: number[] = [];
  const probability: number[] = [];
  const actions: number[] = [];
  let q = 0;
  for (let s = last; s >= 0; s--) {
    for (let p = mdp.pairStart[s + 1] - 1; p >= mdp.pairStart[s]; p--) {
      pair[p] = q++;
      actions.push(actionNames.length - 1 - pairAction[p]);
      for (let k = mdp.transitionStart[p]; k < mdp.transitionStart[p + 1]; k++) {
        nextState.push(state[mdp.nextState[k]]);
        probability.push(mdp.probability[k]);
      }
      transitionStart.push(nextState.length);
    }
    pairStart.push(q);
  }
  return {
    state,
    pair,
    world: {
      mdp: {
        stateCount: mdp.stateCount,
        pairCount: mdp.pairCount,
        pairStart: Int32Array.from(pairStart),
        transitionStart: Int32Array.from(transitionStart),
        nextState: Int32Array.from(nextState),
        probability: Float64Array.from(probability),
      },
      stateNames: [...stateNames].reverse(),
      actionNames: [...actionNames].reverse(),
      pairAction: Int32Array.from(actions),
    },
  };
}

function turnProblem(problem: Problem): Problem {
  const { world, state, pair } = turnedAround(problem.world);
  const { names, per, values } = problem.features;
  const width = names.length;
  const moved = new Float64Array(values.length);
  const to = per === 'pair' ? pair : state;
  for (let row = 0; row < values.length / width; row++)
    for (let k = 0; k < width; k++) moved[to[row] * width + k] = values[row * width + k];
  const { trajectories } = problem;
  return {
    ...problem,
    world,
    features: { names, per, values: moved },
    goals: problem.goals
      .map((goal) => {
        const ends = [...goal.stopState].map((s, i) => ({ s: state[s], r: goal.stopReward[i] }));
        ends.sort((a, b) => a.s - b.s);
        return {
          ...goal,
          stopState: Int32Array.from(ends, ({ s }) => s),
          stopReward: Float64Array.from(ends, ({ r }) => r),
        };
      })
      .reverse(),
    trajectories: {
      ...trajectories,
      state: trajectories.state.map((s) => state[s]),
      pair: trajectories.pair.map((p) => (p < 0 ? -1 : pair[p])),
      goal: trajectories.goal.map((g) => (g < 0 ? g : problem.goals.length - 1 - g)),
    },
  };
}

describe.each(METHODS)('%s', (method) => {
  test.each(KINDS)('%s: says of a state what it says of rows recorded there', async (kind) => {
    const algorithm = await algorithms[method]();
    fc.assert(
      fc.property(arbitraryProblem(kind), (problem) => {
        const fit = finish(algorithm.fit(problem, { l2: 0.1, maxIterations: 30 }));
        const behavior = fit.behaviorIn?.(problem);
        if (!behavior) return;
        const { mdp } = problem.world;
        const { rowStart, state, goal, count } = problem.trajectories;
        const rows = told(behavior);
        for (let i = 0; i < count; i++) {
          const choices = rows.has(rowStart[i]) ? behavior.towards(goal[i]) : null;
          for (let row = rowStart[i]; row < rowStart[i + 1]; row++) {
            const logs = rows.get(row)?.slice(1);
            if (!logs || !choices) continue;
            const s = state[row];
            const { pairs, stop } = choices(row - rowStart[i]);
            const own = [...pairs.subarray(mdp.pairStart[s], mdp.pairStart[s + 1])];
            const canStop =
              problem.goals[goal[i]]?.absorbing === false &&
              problem.goals[goal[i]].stopState.includes(s);
            // A table for all goals tells of stops that this goal does not allow.
            const possible = canStop ? 1 : own.reduce((sum, _, a) => sum + Math.exp(logs[a]), 0);
            if (canStop) own.push(stop[s]);
            else expect(stop[s]).toBe(0);
            own.forEach((p, a) => {
              expect(p).toBeCloseTo(Math.exp(logs[a]) / possible, 9);
            });
          }
        }
      }),
      { numRuns: 12 },
    );
  });

  test.each(KINDS)('%s: is the same in the same world under other numbers', async (kind) => {
    const algorithm = await algorithms[method]();
    fc.assert(
      fc.property(arbitraryProblem(kind), (problem) => {
        const fit = finish(algorithm.fit(problem, { l2: 0.1, maxIterations: 30 }));
        const here = fit.behaviorIn?.(problem);
        const there = fit.behaviorIn?.(turnProblem(problem));
        if (!here || !there) return;
        const expected = told(here);
        for (const [row, [chosen]] of told(there))
          expect(chosen).toBeCloseTo(expected.get(row)?.[0] ?? Number.NaN, 7);
      }),
      { numRuns: 12 },
    );
  });
});

test('counted choices share what a closed road leaves, and are uniform where nobody was seen', async () => {
  const world = (
    moves: readonly (readonly [string, string])[],
    states: readonly string[],
  ): World => {
    const starts = [0];
    const actions: number[] = [];
    for (const s of states) {
      for (const [from, to] of moves) if (from === s) actions.push(states.indexOf(to));
      starts.push(actions.length);
    }
    return {
      mdp: {
        stateCount: states.length,
        pairCount: actions.length,
        pairStart: Int32Array.from(starts),
        transitionStart: Int32Array.from({ length: actions.length + 1 }, (_, p) => p),
        nextState: Int32Array.from(actions),
        probability: new Float64Array(actions.length).fill(1),
      },
      stateNames: states,
      actionNames: states,
      pairAction: Int32Array.from(actions),
    };
  };
  const states = ['a', 'b', 'c', 'd'];
  const home = world(
    [
      ['a', 'b'],
      ['a', 'c'],
      ['a', 'd'],
      ['b', 'd'],
      ['c', 'd'],
    ],
    states,
  );
  // b is closed, e is new, and has two ways on.
  const after = world(
    [
      ['a', 'c'],
      ['a', 'd'],
      ['a', 'e'],
      ['c', 'd'],
      ['e', 'd'],
      ['e', 'c'],
    ],
    ['a', 'c', 'd', 'e'],
  );
  const chosen = [0, 0, 0, 1, 1, 2];
  const problem: Problem = {
    world: home,
    time: { kind: 'discounted', discount: 0.5 },
    goals: [],
    features: { names: ['x'], per: 'state', values: new Float64Array(4) },
    initial: null,
    temperature: 1,
    trajectories: {
      count: 6,
      rowStart: Int32Array.from({ length: 7 }, (_, i) => i),
      state: new Int32Array(6),
      pair: Int32Array.from(chosen),
      goal: new Int32Array(6).fill(-1),
      weight: new Float64Array(6).fill(1),
      stopped: new Uint8Array(6),
      names: chosen.map((_, i) => `${i}`),
      folds: null,
    },
  };
  const fit = finish((await algorithms['behavior-cloning']()).fit(problem, {}));
  const alpha = fit.details.smoothing as number;
  const none = selectTrajectories(problem.trajectories, () => false);
  const there = fit.behaviorIn?.({
    ...problem,
    world: after,
    features: { names: ['x'], per: 'state', values: new Float64Array(4) },
    trajectories: none,
  });
  const pairs = [...(there?.towards(-1)?.(0).pairs ?? [])];
  // Of those who went on to c or d, two in three went to c; nobody went to e.
  const total = 3 + 3 * alpha;
  const expected = [2 + alpha, 1 + alpha, alpha].map((n) => n / total);
  [...expected, 1, 0.5, 0.5].forEach((p, i) => {
    expect(pairs[i]).toBeCloseTo(p, 12);
  });
});
