/** Planning ahead against enumeration of all plans, closed forms, and the tasks that it must solve. */

import { describe, expect, test } from 'vitest';
import { CartPole } from '../../../src/environments/classicControl/cartPole.ts';
import { Pendulum } from '../../../src/environments/classicControl/pendulum.ts';
import { linearDynamics } from '../../../src/learning/models/linearDynamics.ts';
import { randomTransitions } from '../../../src/learning/models/seenTransitions.ts';
import { modelOfSimulator, type StepModel } from '../../../src/learning/models/stepModel.ts';
import { actAhead } from '../../../src/learning/search/actAhead.ts';
import {
  type CrossEntropyPlanningOptions,
  crossEntropyPlanning,
  randomShooting,
} from '../../../src/learning/search/plansAhead.ts';
import { createRng, type Rng } from '../../../src/numeric/rng.ts';
import { standardNormal } from '../../../src/numeric/standardNormal.ts';

/** A point on a line, pushed by −1, 0 or 1; beyond ±3 the task is over. Pays what `pay` says of x. */
function line(pay: (x: number) => number): StepModel<number> {
  let terminated = false;
  return {
    actions: { kind: 'discrete', count: 3 },
    stateSize: 1,
    get terminated() {
      return terminated;
    },
    step(state, action) {
      state[0] += action - 1;
      terminated = Math.abs(state[0]) > 3;
      return pay(state[0]);
    },
  };
}

/** Costs x² + u² with x′ = x + u, u in ±5. */
const regulator: StepModel<Float64Array> = {
  actions: { kind: 'box', low: Float64Array.of(-5), high: Float64Array.of(5) },
  stateSize: 1,
  terminated: false,
  step(state, [push]) {
    const cost = state[0] ** 2 + push ** 2;
    state[0] += push;
    return -cost;
  },
};

describe('plans for a point on a line', () => {
  // near is 1; far, behind a cost, 4
  const pay = (x: number) => (x === 1 ? 1 : x === -1 ? -1 : x === -2 ? 2 : 0);

  /** The best of all 3⁵ plans. */
  function enumerated(discount: number): number {
    let best = Number.NEGATIVE_INFINITY;
    for (let code = 0; code < 3 ** 5; code++) {
      const model = line(pay);
      const state = Float64Array.of(0);
      let worth = 0;
      for (let t = 0, rest = code; t < 5 && !model.terminated; t++, rest = Math.floor(rest / 3))
        worth += discount ** t * model.step(state, rest % 3);
      best = Math.max(best, worth);
    }
    return best;
  }

  test.each([1, 0.6])('have the worth of the best of all plans, γ = %d', (discount) => {
    const options = { horizon: 5, samples: 400, discount };
    const rng = createRng(0, 'plans');
    expect(crossEntropyPlanning(line(pay), options, rng).plan([0]).worth).toBeCloseTo(
      enumerated(discount),
      12,
    );
    const shooting = randomShooting(line(pay), { ...options, samples: 3000 }, rng);
    expect(shooting.plan([0]).worth).toBeCloseTo(enumerated(discount), 12);
  });

  test('pay nothing after the end, and at the horizon what a state is worth', () => {
    const towardsEnd = line((x) => (x > 3 ? 10 : 0));
    const options = { horizon: 8, samples: 300 };
    const found = crossEntropyPlanning(towardsEnd, options, createRng(0, 'plans')).plan([3]);
    expect(found.worth).toBe(10);
    const worthAfter = (state: Float64Array) => -Math.abs(state[0] + 2);
    const led = crossEntropyPlanning(
      line(() => 0),
      { horizon: 3, samples: 200 },
      createRng(0, 'plans'),
      { worthAfter },
    ).plan([0]);
    expect(led.worth).toBe(0);
    expect(led.actions.reduce((x, a) => x + a - 1, 0)).toBe(-2);
  });
});

/** Worth of the regulator at x = 1 with `left` steps to go, by its Riccati equation. */
function riccati(left: number): number {
  let p = 0;
  for (let t = 0; t < left; t++) p = 1 + p / (1 + p);
  return -p;
}

test('crossEntropyPlanning finds the linear regulator, and random shooting falls behind', () => {
  const options = { horizon: 6, samples: 200, rounds: 12, elites: 20 };
  const found = crossEntropyPlanning(regulator, options, createRng(0, 'plans')).plan([1]);
  expect(found.worth).toBeLessThanOrEqual(riccati(6));
  expect(found.worth).toBeGreaterThan(riccati(6) - 1e-3);
  // u = −p x / (1 + p), p of the 5 steps after it
  expect(found.action[0]).toBeCloseTo(riccati(5) / (1 - riccati(5)), 1);
  const shot = randomShooting(regulator, { horizon: 6, samples: 2400 }, createRng(0, 'plans'));
  expect(shot.plan([1]).worth).toBeLessThan(found.worth - 1);
});

test('a plan is kept from step to step, and forgotten when told', () => {
  const options = { horizon: 6, samples: 40, rounds: 2, elites: 8 };
  const planner = crossEntropyPlanning(regulator, options, createRng(0, 'plans'));
  const state = Float64Array.of(2);
  const first = planner.plan(state);
  const cost = regulator.step(state, first.action);
  // one step on, the rest of the plan and one push more are still there to be taken
  const rest = first.worth - cost;
  const more = state.slice();
  for (const action of first.actions.slice(1)) regulator.step(more, action);
  const last = first.actions[5][0];
  expect(planner.plan(state).worth).toBeGreaterThanOrEqual(rest - more[0] ** 2 - last ** 2 - 1e-12);
  planner.forget();
  const again = crossEntropyPlanning(regulator, options, createRng(0, 'plans'));
  expect(again.plan([2])).toEqual(first);
});

test('where the model is noisy, plans are averaged', () => {
  // the second arm pays 1 less on average, but now and then much more
  const noisy = (rng: Rng): StepModel<number> => ({
    actions: { kind: 'discrete', count: 2 },
    stateSize: 1,
    terminated: false,
    step: (_, action) => (action === 0 ? 1 : 5 * standardNormal(rng)),
  });
  const chosen = (repeats: number) => {
    const options = { horizon: 1, samples: 20, repeats, rounds: 1, elites: 5 };
    const planner = crossEntropyPlanning(
      noisy(createRng(0, 'noise')),
      options,
      createRng(0, 'plans'),
    );
    return planner.plan([0]).action;
  };
  expect(chosen(1)).toBe(1);
  expect(chosen(400)).toBe(0);
});

describe('with the true equations', () => {
  test('CartPole is balanced for 500 steps', () => {
    const options = { horizon: 60, samples: 50, elites: 5, rounds: 3 };
    const planner = crossEntropyPlanning(
      modelOfSimulator(new CartPole()),
      options,
      createRng(0, 'plans'),
    );
    const episode = actAhead(planner, new CartPole(), createRng(0, 'starts'));
    expect(episode.return).toBe(500);
    expect(episode.terminated).toBe(false);
  });

  test('a pendulum that hangs is swung up and held', () => {
    const options = { horizon: 25, samples: 50, elites: 5, rounds: 3 };
    const planner = crossEntropyPlanning(
      modelOfSimulator(new Pendulum()),
      options,
      createRng(0, 'plans'),
    );
    const { rewards } = actAhead(planner, new Pendulum(), [Math.PI, 0]);
    expect(rewards.slice(150).reduce((sum, reward) => sum + reward, 0)).toBeGreaterThan(-1);
  });
});

test('a model learned from 2,000 random steps balances the pole too', () => {
  const rngs = { startRng: createRng(0, 'starts'), actionRng: createRng(0, 'actions') };
  const seen = randomTransitions<number>(new CartPole(), 2000, rngs);
  const { actions } = new CartPole();
  const model = linearDynamics(seen, {
    actions,
    reward: () => 1,
    terminated: (state) => Math.abs(state[0]) > 2.4 || Math.abs(state[2]) > Math.PI / 15,
  }).model();
  const options = { horizon: 60, samples: 50, elites: 5, rounds: 3 };
  const planner = crossEntropyPlanning(model, options, createRng(0, 'plans'));
  expect(actAhead(planner, new CartPole(), createRng(0, 'starts')).return).toBeGreaterThan(450);
});

test('planning that makes no sense is refused', () => {
  const rng = createRng(0, 'plans');
  const plan = (options: CrossEntropyPlanningOptions) =>
    crossEntropyPlanning(regulator, options, rng);
  expect(() => plan({ horizon: 0 })).toThrow('horizon');
  expect(() => plan({ samples: 0 })).toThrow('samples');
  expect(() => plan({ samples: 5, elites: 6 })).toThrow('elites must be at most samples');
  expect(() => plan({}).plan([1, 2])).toThrow('a state has 1 numbers, got 2');
  const simulator = new Pendulum();
  const own = crossEntropyPlanning(modelOfSimulator(simulator), {}, rng);
  expect(() => actAhead(own, simulator, [0, 0])).toThrow('the very simulator');
  const endless = new Pendulum(Infinity);
  expect(() => actAhead(own, endless, [0, 0])).toThrow('give maxSteps');
  expect(actAhead(own, endless, [0, 0], 2).length).toBe(2);
});
