import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { slipGrid } from '../../src/environments/gridworld.ts';
import { randomMdp } from '../../src/environments/randomMdp.ts';
import type { Mdp } from '../../src/mdp/mdp.ts';
import { discountOf } from '../../src/mdp/timeStructure.ts';
import { createRng } from '../../src/numeric/rng.ts';
import { shortestPathGuess } from '../../src/planning/shortestPathGuess.ts';
import type { SoftBellman } from '../../src/planning/softBellman.ts';
import { SoftPolicyIteration } from '../../src/planning/softPolicyIteration.ts';
import { softValueIteration, terminalStop } from '../../src/planning/softValueIteration.ts';
import { stationaryTask } from '../../src/planning/stationaryTask.ts';
import { linearReward } from '../../src/rewards/linearReward.ts';
import { arbitraryTask, mdpOf, numbers } from '../support/arbitraryMdp.ts';
import {
  arbitraryProblem,
  type DrawnProblem,
  stationaryKinds,
} from '../support/arbitraryProblem.ts';
import { expectClose } from '../support/closeness.ts';
import { solveDense } from '../support/denseLinearAlgebra.ts';
import { seededRandom } from '../support/seededRandom.ts';

/** [states][states] I − γ P_π, dense. */
function identityMinusPolicy(mdp: Mdp, policy: Float64Array, discount: number): number[][] {
  const { stateCount, pairStart, transitionStart, nextState, probability } = mdp;
  return Array.from({ length: stateCount }, (_, s) => {
    const row: number[] = Array.from({ length: stateCount }, (_, to) => (to === s ? 1 : 0));
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++)
      for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
        row[nextState[k]] -= discount * policy[pair] * probability[k];
    return row;
  });
}

function denseSolution(matrix: number[][], b: Float64Array): Float64Array {
  const x = solveDense(
    matrix,
    Array.from(b, (bi) => [bi]),
  );
  if (!x) throw new RangeError('singular');
  return Float64Array.from(x, ([xi]) => xi);
}

/** The task of the first trajectory's goal, with the reward of the problem's θ. */
function firstTask(problem: DrawnProblem): { bellman: SoftBellman; reward: Float64Array } {
  const { world, goals, features, trajectories, time, temperature, theta } = problem;
  const all = new Float64Array(world.mdp.pairCount);
  linearReward(world.mdp, features).evaluate(theta, all);
  const discount = discountOf(time);
  const goal = goals[trajectories.goal[0]] ?? null;
  const task = stationaryTask(world.mdp, goal, trajectories.state.subarray(0, 1), discount);
  return {
    bellman: { mdp: task.mdp, discount, temperature, stop: task.stop },
    reward: Float64Array.from(task.worldPair, (pair) => all[pair]),
  };
}

describe.each(stationaryKinds)('%s', (kind) => {
  test('SoftPolicyIteration equals softValueIteration', () => {
    fc.assert(
      fc.property(arbitraryProblem(kind), (problem) => {
        const { bellman, reward } = firstTask(problem);
        const { mdp, stop, discount, temperature } = bellman;
        const planner = new SoftPolicyIteration(bellman);
        expect(planner.plan(reward)).toBe('converged');
        const reference = softValueIteration(mdp, reward, { discount, temperature }, stop);
        expect(reference.converged).toBe(true);
        expectClose(planner.value, reference.value, 1e-8);
        expectClose(planner.policy, reference.policy, 1e-8);
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  test('SoftPolicyIteration solves with its policy as dense elimination does, both ways', () => {
    fc.assert(
      fc.property(arbitraryProblem(kind), (problem) => {
        const { bellman, reward } = firstTask(problem);
        const { mdp, discount } = bellman;
        const planner = new SoftPolicyIteration(bellman);
        expect(planner.plan(reward)).toBe('converged');
        const matrix = identityMinusPolicy(mdp, planner.policy, discount);
        const b = numbers(problem.seed + 1, mdp.stateCount);
        const c = numbers(problem.seed + 2, mdp.stateCount);
        const x = new Float64Array(mdp.stateCount);
        const y = new Float64Array(mdp.stateCount);
        planner.solve(b, x);
        planner.solveTransposed(c, y);
        expectClose(x, denseSolution(matrix, b), 1e-9);
        const transposed = matrix.map((row, i) => row.map((_, j) => matrix[j][i]));
        expectClose(y, denseSolution(transposed, c), 1e-9);
        const dot = (u: Float64Array, v: Float64Array) => u.reduce((t, ui, i) => t + ui * v[i], 0);
        expectClose([dot(c, x)], [dot(y, b)], 1e-9);
      }),
      { seed: 2, numRuns: 40 },
    );
  });
});

test.each([0, 0.5, 0.95, 0.999])(
  'SoftPolicyIteration equals softValueIteration at γ = %d, in a few steps',
  (discount) => {
    fc.assert(
      fc.property(arbitraryTask(), ({ mdp, reward, temperature }) => {
        const planner = new SoftPolicyIteration({
          mdp,
          discount,
          temperature,
          stop: terminalStop(mdp),
        });
        expect(planner.plan(reward)).toBe('converged');
        expect(planner.steps).toBeLessThanOrEqual(30);
        const reference = softValueIteration(mdp, reward, { discount, temperature });
        expectClose(planner.value, reference.value, 1e-6);
        expectClose(planner.policy, reference.policy, 1e-8);
      }),
      { seed: 3, numRuns: discount < 0.99 ? 40 : 8 },
    );
  },
);

test('SoftPolicyIteration plans the same from the plan before as from nothing', () => {
  fc.assert(
    fc.property(arbitraryTask(), ({ mdp, reward, discount, temperature, seed }) => {
      const bellman = { mdp, discount, temperature, stop: terminalStop(mdp) };
      const warm = new SoftPolicyIteration(bellman);
      warm.plan(numbers(seed + 1, mdp.pairCount, -40, 40));
      const cold = new SoftPolicyIteration(bellman);
      expect(warm.plan(reward)).toBe('converged');
      expect(cold.plan(reward)).toBe('converged');
      expectClose(warm.value, cold.value, 1e-8);
      expectClose(warm.policy, cold.policy, 1e-8);
    }),
    { seed: 4, numRuns: 40 },
  );
});

test('SoftPolicyIteration plans the same from the best paths as from the uniform policy', () => {
  fc.assert(
    fc.property(arbitraryProblem('deterministic exits'), (problem) => {
      const { world, goals, trajectories } = problem;
      const goal = goals[trajectories.goal[0]];
      const task = stationaryTask(world.mdp, goal, trajectories.state.subarray(0, 1), 1);
      const { bellman, reward } = firstTask(problem);
      const firstGuess = shortestPathGuess(task);
      if (!firstGuess) throw new TypeError('wanted a guess for deterministic moves');
      const guess = new Float64Array(task.mdp.stateCount);
      firstGuess(reward, guess);
      const guided = new SoftPolicyIteration(bellman, { firstGuess });
      const plain = new SoftPolicyIteration(bellman);
      expect(guided.plan(reward)).toBe('converged');
      expect(plain.plan(reward)).toBe('converged');
      expectClose(guided.value, plain.value, 1e-8);
      // the best path is one of the paths
      guess.forEach((best, s) => {
        expect(best).toBeLessThanOrEqual(guided.value[s] + 1e-9);
      });
    }),
    { seed: 5, numRuns: 40 },
  );
});

test('SoftPolicyIteration does not depend on the numbering of the states', () => {
  fc.assert(
    fc.property(arbitraryTask(), ({ mdp, reward, discount, temperature, seed }) => {
      const order = seededRandom(seed + 1).shuffle([...new Array(mdp.stateCount).keys()]);
      const place = order.map((_, s) => order.indexOf(s));
      const moved = mdpOf(
        order.map((s) =>
          pairsOf(mdp, s).map((pair) =>
            transitionsOf(mdp, pair).map((k) => ({
              to: place[mdp.nextState[k]],
              probability: mdp.probability[k],
            })),
          ),
        ),
      );
      const worldPair = order.flatMap((s) => pairsOf(mdp, s));
      const plan = (world: Mdp, rewards: Float64Array): SoftPolicyIteration => {
        const stop = terminalStop(world);
        const planner = new SoftPolicyIteration({ mdp: world, discount, temperature, stop });
        expect(planner.plan(rewards)).toBe('converged');
        return planner;
      };
      const plain = plan(mdp, reward);
      const other = plan(
        moved,
        Float64Array.from(worldPair, (pair) => reward[pair]),
      );
      expectClose(
        other.value,
        order.map((s) => plain.value[s]),
        1e-9,
      );
      expectClose(
        other.policy,
        worldPair.map((pair) => plain.policy[pair]),
        1e-9,
      );
    }),
    { seed: 6, numRuns: 40 },
  );
});

test('SoftPolicyIteration survives rewards whose exponentials overflow', () => {
  fc.assert(
    fc.property(arbitraryTask(), ({ mdp, reward, discount, temperature }) => {
      const huge = reward.map((r) => 1e4 * r);
      const planner = new SoftPolicyIteration({
        mdp,
        discount,
        temperature,
        stop: terminalStop(mdp),
      });
      expect(planner.plan(huge)).toBe('converged');
      const options = { discount, temperature, tolerance: 1e-8 };
      const reference = softValueIteration(mdp, huge, options);
      expectClose(planner.value, reference.value, 1e-9);
      expectClose(planner.policy, reference.policy, 1e-6);
    }),
    { seed: 7, numRuns: 40 },
  );
});

test('SoftPolicyIteration on a pattern too full for factors equals softValueIteration', () => {
  // Random successors fill the factors: about 400³/3 multiply-subtracts, so this one iterates.
  const mdp = randomMdp({ states: 400, actions: 3, successors: 3 }, createRng(0, 'garnet'));
  const reward = numbers(1, mdp.pairCount, -2, 2);
  const planner = new SoftPolicyIteration({
    mdp,
    discount: 0.99,
    temperature: 1,
    stop: terminalStop(mdp),
  });
  expect(planner.plan(reward)).toBe('converged');
  const reference = softValueIteration(mdp, reward, { discount: 0.99 });
  expectClose(planner.value, reference.value, 1e-9);
  const b = numbers(2, mdp.stateCount);
  const c = numbers(3, mdp.stateCount);
  const matrix = identityMinusPolicy(mdp, planner.policy, 0.99);
  const x = new Float64Array(mdp.stateCount);
  const y = new Float64Array(mdp.stateCount);
  planner.solve(b, x);
  planner.solveTransposed(c, y);
  expectClose(x, denseSolution(matrix, b), 1e-8);
  const transposed = matrix.map((row, i) => row.map((_, j) => matrix[j][i]));
  expectClose(y, denseSolution(transposed, c), 1e-8);
});

test('SoftPolicyIteration on a slippery grid at γ = 0.999 solves the soft Bellman equation', () => {
  const { mdp } = slipGrid({ size: 24, slip: 0.3 });
  const reward = numbers(1, mdp.pairCount, -1, 0);
  const planner = new SoftPolicyIteration({
    mdp,
    discount: 0.999,
    temperature: 1,
    stop: terminalStop(mdp),
  });
  expect(planner.plan(reward)).toBe('converged');
  expect(planner.steps).toBeLessThanOrEqual(25);
  for (let s = 0; s < mdp.stateCount; s++) {
    const actionValues = pairsOf(mdp, s).map((pair) =>
      transitionsOf(mdp, pair).reduce(
        (sum, k) => sum + 0.999 * mdp.probability[k] * planner.value[mdp.nextState[k]],
        reward[pair],
      ),
    );
    const largest = Math.max(...actionValues);
    const soft = Math.log(actionValues.reduce((sum, q) => sum + Math.exp(q - largest), 0));
    expect(Math.abs(largest + soft - planner.value[s])).toBeLessThan(1e-9);
  }
});

function pairsOf({ pairStart }: Mdp, s: number): number[] {
  return Array.from({ length: pairStart[s + 1] - pairStart[s] }, (_, i) => pairStart[s] + i);
}

function transitionsOf({ transitionStart }: Mdp, pair: number): number[] {
  const first = transitionStart[pair];
  return Array.from({ length: transitionStart[pair + 1] - first }, (_, i) => first + i);
}

test.each([40, 2_500])(
  'forget: %i states are planned for with the bits of a new planner',
  (size) => {
    const mdp = randomMdp({ states: size, actions: 3, successors: 4 }, createRng(3, 'forget'));
    const problem = { mdp, stop: terminalStop(mdp), discount: 0.97, temperature: 0.4 };
    const rewardOf = (k: number) => new Float64Array(mdp.pairCount).map((_, i) => Math.sin(k * i));
    const c = new Float64Array(size).map((_, s) => Math.cos(s));
    const ask = (planner: SoftPolicyIteration, k: number): Float64Array[] => {
      const [adjoint, tangent] = [new Float64Array(size), new Float64Array(size)];
      expect(planner.plan(rewardOf(k))).toBe('converged');
      planner.solveTransposed(c, adjoint);
      planner.solve(c, tangent);
      return [planner.value.slice(), planner.policy.slice(), adjoint, tangent];
    };
    const used = new SoftPolicyIteration(problem);
    for (const k of [1, 2]) ask(used, k);
    const warm = ask(used, 3);
    used.forget();
    const cold = ask(used, 3);
    expect(cold).toEqual(ask(new SoftPolicyIteration(problem), 3));
    expect(cold).not.toEqual(warm);
  },
);
