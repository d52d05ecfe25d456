/** Flows of trips by one factorisation, against closed forms that can be worked out by hand. */

import { expect, test } from 'vitest';
import type { Goal } from '../../src/mdp/goal.ts';
import { createRouteFlows } from '../../src/planning/routeFlows.ts';
import { mdpOf } from '../support/arbitraryMdp.ts';

const to = (state: number) => [{ to: state, probability: 1 }];

/** 0 goes round (0) or on to 1; 1 is the goal, from which a move leads back to 0. */
const MDP = mdpOf([[to(0), to(1)], [to(0)]]);
const REWARD = Float64Array.of(-1.2, -0.3, -0.1);

function flowsTo(goal: Goal, start: number) {
  const nothing = new Int32Array(0);
  const decisions = { state: nothing, time: nothing, weight: new Float64Array(0) };
  const state = Int32Array.of(start);
  const task = {
    goal: 0,
    state,
    time: nothing,
    weight: Float64Array.of(1),
    visited: state,
    decisions,
  };
  const moments = { counts: new Float64Array(3), stopReward: 0, tasks: [task] };
  const flows = createRouteFlows(MDP, [goal], moments, 1);
  const totals = {
    value: 0,
    stopReward: 0,
    visits: new Float64Array(2),
    flow: new Float64Array(3),
  };
  const added = flows.refresh(REWARD) && flows.add(0, Float64Array.of(2), totals);
  return { added, ...totals };
}

test('trips to a state that absorbs go round as often as a geometric law says, and stop there', () => {
  const goal = {
    name: 'g',
    absorbing: true,
    stopState: Int32Array.of(1),
    stopReward: Float64Array.of(0),
  };
  const { added, value, visits, flow } = flowsTo(goal, 0);
  expect(added).toBe(true);
  // z₀ = e^{−1.2} z₀ + e^{−.3}; going round has probability e^{−1.2}.
  const round = Math.exp(-1.2);
  expect(value).toBeCloseTo(2 * (-0.3 - Math.log(1 - round)), 12);
  expect(visits[0]).toBeCloseTo(2 / (1 - round), 12);
  expect(visits[1]).toBeCloseTo(2, 12);
  expect(flow[0]).toBeCloseTo((2 * round) / (1 - round), 12);
  expect(flow[1]).toBeCloseTo(2, 12);
  // Nobody moves on from the goal, though the shared matrix holds that move.
  expect(flow[2]).toBe(0);
});

test('trips to a destination behind an exit may pass it by, and are paid for leaving', () => {
  const goal = {
    name: 'g',
    absorbing: false,
    stopState: Int32Array.of(1),
    stopReward: Float64Array.of(-0.7),
  };
  const { added, value, visits, flow, stopReward } = flowsTo(goal, 1);
  expect(added).toBe(true);
  // z₁ = e^{−.7} + e^{−.1} z₀, z₀ = e^{−.3} z₁ / (1 − e^{−1.2})
  const again = (Math.exp(-0.1) * Math.exp(-0.3)) / (1 - Math.exp(-1.2));
  const z = Math.exp(-0.7) / (1 - again);
  expect(value).toBeCloseTo(2 * Math.log(z), 11);
  expect(visits[1]).toBeCloseTo(2 / (1 - again), 10);
  expect(flow[2]).toBeCloseTo((2 * again) / (1 - again), 10);
  expect(stopReward).toBeCloseTo(-0.7 * 2, 10);
});
