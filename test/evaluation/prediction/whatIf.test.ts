/** Predictions against dense oracles and closed forms; intervals against each other and the law. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Problem } from '../../../src/algorithms/problem.ts';
import { replacementWorld } from '../../../src/environments/replacement.ts';
import { createPredictor } from '../../../src/evaluation/prediction/predictor.ts';
import {
  deltaErrors,
  drawnIntervals,
  principalAxes,
} from '../../../src/evaluation/prediction/quantityUncertainty.ts';
import { recordedStarts } from '../../../src/evaluation/prediction/recordedStarts.ts';
import { simulateTrajectories } from '../../../src/evaluation/prediction/simulateTrajectories.ts';
import { whatIf } from '../../../src/evaluation/prediction/whatIf.ts';
import { taskSupport } from '../../../src/mdp/reachability.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { softValueIteration } from '../../../src/planning/softValueIteration.ts';
import { linearReward } from '../../../src/rewards/linearReward.ts';
import { mdpOf } from '../../support/arbitraryMdp.ts';
import {
  arbitraryProblem,
  type DrawnProblem,
  finiteKinds,
  stationaryKinds,
} from '../../support/arbitraryProblem.ts';
import { solveDense } from '../../support/denseLinearAlgebra.ts';

const kinds = [...stationaryKinds, ...finiteKinds] as const;

/** Every quantity of a problem at θ, by name. */
function predicted(problem: Problem, theta: Float64Array, steps: number): Map<string, number> {
  const predictor = createPredictor(problem, recordedStarts(problem), { steps, agents: 1 });
  const values = predictor.evaluate(theta);
  if (!values) throw new Error('infeasible');
  expect(new Set(predictor.names.map(({ name }) => name)).size).toBe(values.length);
  return new Map(predictor.names.map(({ name }, i) => [name, values[i]]));
}

describe.each(kinds)('%s: createPredictor', (kind) => {
  test('agrees with the brute-force push of a reference plan', () => {
    fc.assert(
      fc.property(arbitraryProblem(kind), (problem) => {
        const steps = problem.time.kind === 'finite' ? problem.time.horizon : 5;
        const found = predicted(problem, problem.theta, steps);
        const oracle = bruteForce(problem, steps);
        const { stateNames, actionNames, pairAction, mdp } = problem.world;
        const close = (name: string, wanted: number) => {
          const value = found.get(name) ?? Number.NaN;
          expect(Math.abs(value - wanted)).toBeLessThan(1e-6 * (1 + Math.abs(wanted)));
        };
        stateNames.forEach((name, s) => {
          close(`visits to: ${name}`, oracle.visits[s]);
        });
        const what = problem.time.kind === 'undiscounted' ? 'flow' : 'count';
        for (let s = 0; s < mdp.stateCount; s++)
          for (let p = mdp.pairStart[s]; p < mdp.pairStart[s + 1]; p++)
            close(`${what}: ${actionNames[pairAction[p]]} in ${stateNames[s]}`, oracle.flow[p]);
        close('value at the start', oracle.value);
      }),
      { numRuns: 40, seed: 3 },
    );
  });
});

/** Plans by sweeps, goal by goal, and pushes the starts forwards step by step. */
function bruteForce(problem: DrawnProblem, steps: number) {
  const { world, goals, time, features, temperature, theta } = problem;
  const { mdp } = world;
  const reward = new Float64Array(mdp.pairCount);
  linearReward(mdp, features).evaluate(theta, reward);
  const visits = new Float64Array(mdp.stateCount);
  const flow = new Float64Array(mdp.pairCount);
  let value = 0;
  for (const { goal, state, weight } of recordedStarts(problem)) {
    const heading = goals[goal] ?? null;
    const stop = new Float64Array(mdp.stateCount).fill(Number.NEGATIVE_INFINITY);
    for (let s = 0; s < mdp.stateCount; s++)
      if (time.kind !== 'undiscounted' && mdp.pairStart[s] === mdp.pairStart[s + 1]) stop[s] = 0;
    heading?.stopState.forEach((s, i) => {
      stop[s] = heading.stopReward[i];
    });
    const support = heading && time.kind === 'undiscounted' ? taskSupport(mdp, heading) : null;
    const own = reward.map((r, p) => (support?.allowed[p] === 0 ? Number.NEGATIVE_INFINITY : r));
    if (heading?.absorbing)
      for (const s of heading.stopState)
        own.fill(Number.NEGATIVE_INFINITY, mdp.pairStart[s], mdp.pairStart[s + 1]);
    const policies = plansOf(mdp, own, time, temperature, stop, steps);
    const here = new Float64Array(mdp.stateCount);
    state.forEach((s, i) => {
      here[s] += weight[i];
      value += weight[i] * policies.value[s];
    });
    let mass: Float64Array = here;
    for (let t = 0; t < policies.steps; t++) {
      const policy = policies.at(t);
      const next = new Float64Array(mdp.stateCount);
      for (let s = 0; s < mdp.stateCount; s++) {
        visits[s] += mass[s];
        const ends = heading?.stopState.includes(s);
        if (mdp.pairStart[s] === mdp.pairStart[s + 1] && !ends) next[s] += mass[s];
        for (let p = mdp.pairStart[s]; p < mdp.pairStart[s + 1]; p++) {
          flow[p] += mass[s] * policy[p];
          for (let k = mdp.transitionStart[p]; k < mdp.transitionStart[p + 1]; k++)
            next[mdp.nextState[k]] += mass[s] * policy[p] * mdp.probability[k];
        }
      }
      mass = next;
    }
  }
  return { visits, flow, value };
}

function plansOf(
  mdp: Problem['world']['mdp'],
  reward: Float64Array,
  time: Problem['time'],
  temperature: number,
  stop: Float64Array,
  steps: number,
) {
  if (time.kind !== 'finite') {
    const discount = time.kind === 'discounted' ? time.discount : 1;
    const undiscounted = time.kind === 'undiscounted';
    // Dead ends have value −∞, and 0 · −∞ must not come up: give them a huge loss instead.
    const safe = reward.map((r) => (r === Number.NEGATIVE_INFINITY ? -1e6 : r));
    const end = undiscounted ? stop.map((r) => (r === Number.NEGATIVE_INFINITY ? -1e6 : r)) : stop;
    const plan = softValueIteration(mdp, safe, { discount, temperature, tolerance: 1e-12 }, end);
    return { value: plan.value, at: () => plan.policy, steps: undiscounted ? 4000 : steps };
  }
  // The plan for T decisions starts with that of the T-step problem: sweeps from 0, counted.
  const after = (left: number) =>
    softValueIteration(mdp, reward, {
      discount: time.discount,
      temperature,
      tolerance: 1e-300,
      maxIterations: left,
    });
  return {
    value: after(time.horizon).value,
    at: (t: number) => after(time.horizon - t).policy,
    steps,
  };
}

test('visits sum to the number of periods, and trips keep flows balanced', () => {
  fc.assert(
    fc.property(arbitraryProblem('discounted'), fc.integer({ min: 1, max: 30 }), (problem, n) => {
      const found = predicted(problem, problem.theta, n);
      expect(sumOf(found, 'visits to: ')).toBeCloseTo(n, 9);
      expect(sumOf(found, 'long-run share of state: ')).toBeCloseTo(1, 9);
    }),
    { numRuns: 30, seed: 5 },
  );
  fc.assert(
    fc.property(arbitraryProblem('deterministic goals'), (problem) => {
      const found = predicted(problem, problem.theta, 1);
      // Every arrival is a start or a move.
      expect(sumOf(found, 'visits to: ')).toBeCloseTo(1 + sumOf(found, 'flow: '), 8);
      expect(found.get('moves per trip')).toBeCloseTo(sumOf(found, 'flow: '), 10);
    }),
    { numRuns: 30, seed: 6 },
  );
});

function sumOf(found: ReadonlyMap<string, number>, beginning: string): number {
  return [...found].reduce((sum, [name, x]) => sum + (name.startsWith(beginning) ? x : 0), 0);
}

/** Stay or move between two states; moving in a costs θ₁, in b θ₂. */
function twoStates(): Problem {
  const go = (to: number) => [{ to, probability: 1 }];
  const mdp = mdpOf([
    [go(0), go(1)],
    [go(1), go(0)],
  ]);
  return {
    world: {
      mdp,
      stateNames: ['a', 'b'],
      actionNames: ['stay', 'move'],
      pairAction: Int32Array.of(0, 1, 0, 1),
    },
    time: { kind: 'discounted', discount: 0 },
    goals: [],
    features: {
      names: ['from a', 'from b'],
      per: 'pair',
      values: Float64Array.of(0, 0, 1, 0, 0, 0, 0, 1),
    },
    trajectories: {
      count: 1,
      rowStart: Int32Array.of(0, 1),
      state: Int32Array.of(0),
      pair: Int32Array.of(0),
      goal: Int32Array.of(-1),
      weight: Float64Array.of(1),
      stopped: Uint8Array.of(0),
      names: ['one'],
      folds: null,
    },
    initial: null,
    temperature: 1,
  };
}

const logistic = (x: number) => 1 / (1 + Math.exp(-x));

test('the long run of two states, its delta error and its draws follow the closed form', () => {
  const problem = twoStates();
  const theta = Float64Array.of(-0.4, 0.7);
  const covariance = Float64Array.of(0.0004, 0.0001, 0.0001, 0.0009);
  const setting = { problem, starts: recordedStarts(problem), set: {} };
  const { quantities, inexactness } = whatIf(
    setting,
    setting,
    { theta, covariance, unidentified: [] },
    { size: { steps: 3, agents: 10 }, level: 0.95, draws: 4000, rng: createRng(1, 'what-if') },
  );
  const [p, q] = [logistic(-0.4), logistic(0.7)];
  const share = q / (p + q);
  const found = quantities.find(({ name }) => name === 'long-run share of state: a');
  expect(found?.value).toBeCloseTo(share, 12);
  // ∂ share / ∂θ₁ = −q p(1−p) / (p+q)², ∂ share / ∂θ₂ = p q(1−q) / (p+q)²
  const g1 = (-q * p * (1 - p)) / (p + q) ** 2;
  const g2 = (p * q * (1 - q)) / (p + q) ** 2;
  const error = Math.sqrt(0.0004 * g1 * g1 + 0.0002 * g1 * g2 + 0.0009 * g2 * g2);
  expect((found?.standardError ?? 0) / error).toBeCloseTo(1, 8);
  expect(found?.interval?.[0]).toBeCloseTo(share - 1.959964 * error, 8);
  // Small errors: the predictions are linear in θ, and draws must say the same.
  expect(((found?.drawn?.[1] ?? 0) - share) / (1.96 * error)).toBeCloseTo(1, 1);
  expect((share - (found?.drawn?.[0] ?? 0)) / (1.96 * error)).toBeCloseTo(1, 1);
  expect(inexactness).toBeLessThan(1e-5);
  const moves = quantities.find(({ name }) => name === 'count in period 1 of: move');
  expect(moves?.value).toBeCloseTo(10 * p, 10);
});

test('a parameter that is set has no uncertainty, and the others keep their own', () => {
  const problem = twoStates();
  const starts = recordedStarts(problem);
  const theta = Float64Array.of(-0.4, 0.7);
  const covariance = Float64Array.of(0.0004, 0.00059, 0.00059, 0.0009);
  const { quantities } = whatIf(
    { problem, starts, set: {} },
    { problem, starts, set: { 'from a': 1.5 } },
    { theta, covariance, unidentified: [] },
    { size: { steps: 3, agents: 1 }, level: 0.9, draws: 200, rng: createRng(1, 'what-if') },
  );
  const of = (name: string) => quantities.find((quantity) => quantity.name === name);
  const moveA = of('probability: move in a');
  expect(moveA?.value).toBeCloseTo(logistic(1.5), 12);
  expect(moveA?.standardError).toBeCloseTo(0, 12);
  const q = logistic(0.7);
  // Marginal, not conditional on the value that was set: √.0009 · q (1 − q).
  expect(of('probability: move in b')?.standardError).toBeCloseTo(0.03 * q * (1 - q), 9);
  // What does not change is known not to: the two worlds share their draws.
  const same = of('probability: move in b')?.difference;
  expect(same?.value).toBe(0);
  expect(same?.interval).toEqual([0, 0]);
  expect(same?.drawn).toEqual([0, 0]);
});

test('quantities that depend on what the data leave open have no value, others keep theirs', () => {
  const problem = twoStates();
  const starts = recordedStarts(problem);
  const setting = { problem, starts, set: {} };
  const open = { direction: { 'from b': 1 }, words: 'nobody was ever seen in b' };
  const { quantities } = whatIf(
    setting,
    setting,
    {
      theta: Float64Array.of(-0.4, 0.7),
      covariance: Float64Array.of(0.0004, 0, 0, 0),
      unidentified: [open],
    },
    { size: { steps: 1, agents: 1 }, level: 0.95, draws: 40, rng: createRng(1, 'what-if') },
  );
  const of = (name: string) => quantities.find((quantity) => quantity.name === name);
  expect(of('probability: move in a')?.interval).not.toBeNull();
  const lost = of('probability: move in b');
  expect([lost?.value, lost?.interval, lost?.drawn, lost?.standardError]).toEqual([
    null,
    null,
    null,
    null,
  ]);
  expect(lost?.reasons?.value).toMatch(/nobody was ever seen in b/);
});

test('without a covariance there are values and no intervals, with the reason', () => {
  const problem = twoStates();
  const setting = { problem, starts: recordedStarts(problem), set: {} };
  const { quantities, draws } = whatIf(
    setting,
    setting,
    { theta: Float64Array.of(0, 0), covariance: 'none was left', unidentified: [] },
    { size: { steps: 2, agents: 1 }, level: 0.95, rng: createRng(1, 'what-if') },
  );
  expect(draws).toBeNull();
  for (const { value, interval, drawn, reasons } of quantities) {
    expect(value).not.toBeNull();
    expect([interval, drawn]).toEqual([null, null]);
    expect(reasons?.interval).toBe('none was left');
    expect(reasons?.drawn).toBe('none was left');
  }
});

test('the trip of a cut-off traveller is refused with its name', () => {
  const problem: Problem = {
    ...twoStates(),
    time: { kind: 'undiscounted' },
    goals: [
      { name: 'b', absorbing: true, stopState: Int32Array.of(1), stopReward: Float64Array.of(0) },
    ],
    trajectories: { ...twoStates().trajectories, goal: Int32Array.of(0) },
  };
  const starts = recordedStarts(problem);
  const closed = mdpOf([[[{ to: 0, probability: 1 }]], []]);
  const changed = {
    ...problem,
    world: { ...problem.world, mdp: closed, pairAction: Int32Array.of(0) },
    features: { ...problem.features, values: Float64Array.of(-1, 0) },
  };
  const { impossible, quantities } = whatIf(
    {
      problem: {
        ...problem,
        features: { ...problem.features, values: Float64Array.of(-1, 0, 0, 0, 0, 0, 0, 0) },
      },
      starts,
      set: {},
    },
    { problem: changed, starts, set: {} },
    {
      theta: Float64Array.of(1, 0),
      covariance: Float64Array.of(0.01, 0, 0, 0.01),
      unidentified: [],
    },
    { size: { steps: 1, agents: 1 }, level: 0.95, draws: 20, rng: createRng(1, 'what-if') },
  );
  expect(impossible).toMatch(/100 % of the trips cannot reach their goal.*from "a" to "b"/);
  const value = quantities.find(({ name }) => name === 'value at the start');
  expect(value?.value).toBeNull();
  expect(value?.baseline.value).not.toBeNull();
  expect(value?.difference.reasons?.value).toMatch(/changed: .*cannot reach/);
});

test('draws beyond the edge of feasibility are counted, not hidden', () => {
  // One loop of reward θ: finite below 0. At −0.5 ± 0.5 about 16 % of the draws are not.
  const loop = mdpOf([[[{ to: 0, probability: 1 }], [{ to: 1, probability: 1 }]], []]);
  const base = twoStates();
  const problem: Problem = {
    ...base,
    world: { ...base.world, mdp: loop, pairAction: Int32Array.of(0, 1) },
    time: { kind: 'undiscounted' },
    goals: [
      { name: 'b', absorbing: true, stopState: Int32Array.of(1), stopReward: Float64Array.of(0) },
    ],
    features: { names: ['round'], per: 'pair', values: Float64Array.of(1, 0) },
    trajectories: { ...base.trajectories, goal: Int32Array.of(0) },
  };
  const predictor = createPredictor(problem, recordedStarts(problem), { steps: 1, agents: 1 });
  const predict = (theta: Float64Array) => {
    const found = predictor.evaluate(theta);
    return { baseline: found, changed: found };
  };
  const theta = Float64Array.of(-0.5);
  const axes = principalAxes(Float64Array.of(0.25));
  const rng = createRng(2, 'what-if');
  const { infeasible } = drawnIntervals(predict, theta, axes, [], { draws: 2000, level: 0.9, rng });
  expect(Math.abs(infeasible.changed / 2000 - 0.1587)).toBeLessThan(
    4 * Math.sqrt((0.1587 * 0.8413) / 1000),
  );
  // Rounds are geometric: e^θ / (1 − e^θ), so the delta error has a closed form too.
  const x = Math.exp(-0.5);
  const moves = predictor.names.findIndex(({ name }) => name === 'flow: stay in a');
  const { changed, inexactness } = deltaErrors(predict, theta, axes, []);
  // Half a unit from the edge, where the fifth derivative is large, h⁴ leaves 7e-7.
  expect((changed?.[moves] ?? 0) / ((0.5 * x) / (1 - x) ** 2)).toBeCloseTo(1, 5);
  expect(inexactness).toBeLessThan(1e-2);
});

test('replacements of a bus in the long run: dense stationary distribution, and simulation', () => {
  const world = replacementWorld({ bins: 30, increments: [0.12, 0.58, 0.3] });
  const base = twoStates();
  const problem: Problem = {
    ...base,
    world,
    time: { kind: 'discounted', discount: 0.99 },
    features: {
      names: ['replacement cost', 'mileage cost'],
      per: 'pair',
      values: Float64Array.from({ length: 120 }, (_, i) => {
        const pair = i >> 1;
        const replaces = pair % 2 === 1;
        return i % 2 === 0 ? (replaces ? -1 : 0) : replaces ? 0 : -0.1 * (pair >> 1);
      }),
    },
  };
  const theta = Float64Array.of(5, 1.2);
  const found = predicted(problem, theta, 12).get('long-run share of action: replace') ?? 0;
  const reward = new Float64Array(60);
  linearReward(world.mdp, problem.features).evaluate(theta, reward);
  const { policy } = softValueIteration(world.mdp, reward, { discount: 0.99, tolerance: 1e-13 });
  // π (I − P) = 0 with one equation replaced by Σ π = 1, dense.
  const n = 30;
  const rows = Array.from({ length: n }, (_, j) =>
    Array.from({ length: n }, (_, i) => (j === n - 1 ? 1 : i === j ? 1 : 0)),
  );
  for (let s = 0; s < n; s++)
    for (let p = 2 * s; p < 2 * s + 2; p++)
      for (let k = world.mdp.transitionStart[p]; k < world.mdp.transitionStart[p + 1]; k++) {
        const to = world.mdp.nextState[k];
        if (to < n - 1) rows[to][s] -= policy[p] * world.mdp.probability[k];
      }
  const stationary = solveDense(
    rows,
    Array.from({ length: n }, (_, j) => [j === n - 1 ? 1 : 0]),
  );
  const wanted = (stationary ?? []).reduce((sum, [x], s) => sum + x * policy[2 * s + 1], 0);
  expect(found).toBeCloseTo(wanted, 10);
  const drawn = simulateTrajectories(problem, theta, createRng(4, 'draw'), {
    trajectories: 1,
    steps: 90_000,
  });
  const replaced =
    drawn.trajectories.pair.filter((pair) => pair >= 0 && pair % 2 === 1).length / 90_000;
  // Renewals are more regular than coin tosses, so this is a wide bound.
  expect(Math.abs(replaced - wanted)).toBeLessThan(4 * Math.sqrt((wanted * (1 - wanted)) / 90_000));
});
