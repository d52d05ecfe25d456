import { describe, expect, test } from 'vitest';
import type { Problem } from '../../../src/algorithms/problem.ts';
import { gridFromMap } from '../../../src/environments/gridworld.ts';
import { expectedVisits } from '../../../src/study/output/expectedVisits.ts';
import { gridProblem } from '../../support/gridProblem.ts';

/** One trajectory after another, pushed forwards densely. */
function oneByOne(problem: Problem, policyAt: (t: number) => Float64Array): number[] {
  const { mdp } = problem.world;
  const { count, rowStart, state, pair, weight } = problem.trajectories;
  const visits = new Array<number>(mdp.pairCount).fill(0);
  for (let i = 0; i < count; i++) {
    let mass = new Array<number>(mdp.stateCount).fill(0);
    mass[state[rowStart[i]]] = weight[i];
    const decisions = pair.subarray(rowStart[i], rowStart[i + 1]).filter((p) => p >= 0).length;
    for (let t = 0; t < decisions; t++) {
      const next = new Array<number>(mdp.stateCount).fill(0);
      for (let s = 0; s < mdp.stateCount; s++)
        for (let p = mdp.pairStart[s]; p < mdp.pairStart[s + 1]; p++) {
          const chosen = mass[s] * policyAt(t)[p];
          visits[p] += chosen;
          for (let k = mdp.transitionStart[p]; k < mdp.transitionStart[p + 1]; k++)
            next[mdp.nextState[k]] += chosen * mdp.probability[k];
        }
      mass = next;
    }
  }
  return visits;
}

/** A policy that differs from pair to pair, and from time to time where there is a horizon. */
function somePolicy({ world: { mdp } }: Problem, times: number): Float64Array {
  const policy = new Float64Array(times * mdp.pairCount);
  for (let t = 0; t < times; t++)
    for (let s = 0; s < mdp.stateCount; s++) {
      const [first, end] = [mdp.pairStart[s], mdp.pairStart[s + 1]];
      const odds = Array.from(
        { length: end - first },
        (_, a) => 1 + Math.sin(3 * s + 5 * a + t) ** 2,
      );
      const total = odds.reduce((a, b) => a + b, 0);
      odds.forEach((odd, a) => {
        policy[t * mdp.pairCount + first + a] = odd / total;
      });
    }
  return policy;
}

/** The same recordings, cut to different lengths, some with weight. */
function uneven(problem: Problem): Problem {
  const { trajectories } = problem;
  const { count, rowStart, pair } = trajectories;
  const cut = pair.slice();
  for (let i = 0; i < count; i++) {
    const kept = rowStart[i] + 1 + (i % 7);
    for (let row = kept; row < rowStart[i + 1]; row++) cut[row] = -1;
  }
  const weight = trajectories.weight.map((_, i) => 1 + (i % 3));
  return { ...problem, trajectories: { ...trajectories, pair: cut, weight } };
}

describe('expectedVisits', () => {
  test('expectedVisits of an endless world agree with one trajectory after another', () => {
    const problem = uneven(gridProblem({ kind: 'discounted', discount: 0.9 }, 20));
    const policy = somePolicy(problem, 1);
    const visits = expectedVisits(problem, undefined, policy);
    expect([...(visits ?? [])]).toEqual(
      oneByOne(problem, () => policy).map((n) => expect.closeTo(n, 9)),
    );
  });

  test('expectedVisits of a finite horizon use the policy of each time', () => {
    const problem = uneven(gridProblem({ kind: 'finite', horizon: 8, discount: 1 }, 20));
    const { pairCount } = problem.world.mdp;
    const policy = somePolicy(problem, 8);
    const visits = expectedVisits(problem, undefined, policy);
    const dense = oneByOne(problem, (t) => policy.subarray(t * pairCount, (t + 1) * pairCount));
    expect([...(visits ?? [])]).toEqual(dense.map((n) => expect.closeTo(n, 9)));
  });

  test('expectedVisits towards goals are those of the policy that plans for each goal', () => {
    const { world } = gridFromMap({ rows: ['....', '.#..', '....'], stay: false });
    const { mdp } = world;
    const reward = new Float64Array(mdp.pairCount).map((_, p) => -1.6 - Math.sin(p) ** 2);
    const goalStates = [3, 10];
    const walks = [
      { goal: 0, names: ['0,0', '1,0', '2,0', '3,0'] },
      { goal: 0, names: ['0,2', '0,1', '0,0', '1,0', '2,0', '3,0'] },
      { goal: 1, names: ['0,0', '0,1', '0,2', '1,2', '2,2', '3,2'] },
    ];
    const problem = goalProblem(world, goalStates, walks);
    expect(world.stateNames[3]).toBe('3,0');
    expect(world.stateNames[10]).toBe('3,2');
    const dense = new Array<number>(mdp.pairCount).fill(0);
    goalStates.forEach((goal, g) => {
      const policy = plannedFor(problem, reward, goal);
      for (const walk of walks.filter((w) => w.goal === g))
        pushUntilGoal(problem, policy, world.stateNames.indexOf(walk.names[0]), goal, dense);
    });
    const visits = expectedVisits(problem, reward, undefined);
    expect([...(visits ?? [])]).toEqual(dense.map((n) => expect.closeTo(n, 8)));
  });

  test('expectedVisits are not known where trajectories to goals are cut off', () => {
    const { world } = gridFromMap({ rows: ['....'], stay: false });
    const problem = goalProblem(world, [3], [{ goal: 0, names: ['0,0', '1,0', '2,0'] }]);
    const reward = new Float64Array(world.mdp.pairCount).fill(-2);
    expect(expectedVisits(problem, reward, undefined)).toBeNull();
  });
});

type Walk = { readonly goal: number; readonly names: readonly string[] };

function goalProblem(
  world: Problem['world'],
  goalStates: number[],
  walks: readonly Walk[],
): Problem {
  const { mdp, stateNames } = world;
  const states = walks.map(({ names }) => names.map((name) => stateNames.indexOf(name)));
  const pairs = states.map((path) =>
    path.map((s, step) => {
      for (let p = mdp.pairStart[s]; p < mdp.pairStart[s + 1]; p++)
        if (step < path.length - 1 && mdp.nextState[p] === path[step + 1]) return p;
      return -1;
    }),
  );
  const rowStart = new Int32Array(walks.length + 1);
  states.forEach((path, i) => {
    rowStart[i + 1] = rowStart[i] + path.length;
  });
  return {
    world,
    time: { kind: 'undiscounted' },
    goals: goalStates.map((s) => ({
      name: stateNames[s],
      absorbing: true,
      stopState: Int32Array.of(s),
      stopReward: Float64Array.of(0),
    })),
    features: { names: ['one'], per: 'pair', values: new Float64Array(mdp.pairCount).fill(1) },
    initial: null,
    temperature: 1,
    trajectories: {
      count: walks.length,
      rowStart,
      state: Int32Array.from(states.flat()),
      pair: Int32Array.from(pairs.flat()),
      goal: Int32Array.from(walks, ({ goal }) => goal),
      weight: new Float64Array(walks.length).fill(1),
      stopped: new Uint8Array(walks.length),
      names: walks.map((_, i) => `walk ${i}`),
      folds: null,
    },
  };
}

/** π by plain sweeps of V = log Σ exp(r + V′), the goal at 0. */
function plannedFor({ world: { mdp } }: Problem, reward: Float64Array, goal: number): number[] {
  let value = new Array<number>(mdp.stateCount).fill(-50);
  const q = (p: number): number => reward[p] + value[mdp.nextState[p]];
  for (let sweep = 0; sweep < 3000; sweep++)
    value = value.map((_, s) => {
      if (s === goal) return 0;
      let sum = 0;
      for (let p = mdp.pairStart[s]; p < mdp.pairStart[s + 1]; p++) sum += Math.exp(q(p));
      return Math.log(sum);
    });
  const policy = new Array<number>(mdp.pairCount).fill(0);
  for (let s = 0; s < mdp.stateCount; s++)
    for (let p = mdp.pairStart[s]; p < mdp.pairStart[s + 1]; p++)
      policy[p] = Math.exp(q(p) - value[s]);
  return policy;
}

function pushUntilGoal(
  { world: { mdp } }: Problem,
  policy: readonly number[],
  start: number,
  goal: number,
  visits: number[],
): void {
  let mass = new Array<number>(mdp.stateCount).fill(0);
  mass[start] = 1;
  for (let step = 0; step < 2000; step++) {
    const next = new Array<number>(mdp.stateCount).fill(0);
    for (let s = 0; s < mdp.stateCount; s++) {
      if (s === goal) continue;
      for (let p = mdp.pairStart[s]; p < mdp.pairStart[s + 1]; p++) {
        visits[p] += mass[s] * policy[p];
        next[mdp.nextState[p]] += mass[s] * policy[p];
      }
    }
    mass = next;
  }
}
