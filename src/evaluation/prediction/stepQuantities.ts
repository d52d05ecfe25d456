/** What is predicted over N periods for M agents, and in the long run. */

import type { Problem } from '../../algorithms/problem.ts';
import { longRunShares } from '../../planning/longRunShares.ts';
import { expectedSteps } from './expectedSteps.ts';
import {
  actionCounts,
  featureSums,
  type PredictionSize,
  pairNames,
  type QuantityList,
  type Section,
  scaled,
  single,
} from './quantitySections.ts';
import type { WeightedStarts } from './recordedStarts.ts';

/** Actions by period and decisions by state and action are listed up to so many. */
const MOST_PERIODS = 600;
const MOST_PAIRS = 2000;

/** The quantities of N periods for M agents. */
export function stepQuantities(
  problem: Problem,
  starts: readonly WeightedStarts[],
  { steps, agents }: PredictionSize,
): QuantityList {
  const { world, time, goals } = problem;
  const { mdp, stateNames, actionNames, pairAction } = world;
  const { stateCount, pairCount, pairStart } = mdp;
  const actions = actionNames.length;
  const byPeriod = steps > 1 && steps * actions <= MOST_PERIODS && steps * pairCount <= 1e7;
  const totals = {
    value: 0,
    visits: new Float64Array(stateCount),
    flow: new Float64Array(pairCount),
    flowAt: new Float64Array(byPeriod ? steps * pairCount : 0),
    policy: new Float64Array(pairCount),
  };
  const plan = expectedSteps(problem, starts, steps);
  const endless = time.kind === 'discounted' && goals.length === 0;
  const few = pairCount <= MOST_PAIRS;
  const begin = new Float64Array(stateCount);
  for (const { state, weight } of starts)
    state.forEach((s, i) => {
      begin[s] += weight[i];
    });
  // Of states, and of actions.
  let shares: Float64Array | null = null;
  const sharesOfActions = (out: Float64Array, scale: number): void => {
    out.fill(shares ? 0 : Number.NaN);
    if (!shares) return;
    for (let s = 0; s < stateCount; s++)
      for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++)
        out[pairAction[pair]] += scale * shares[s] * totals.policy[pair];
  };
  const first = time.kind === 'finite' ? ', first period' : '';
  const whole: Section[] = [
    single('value at the start', () => totals.value),
    featureSums(problem, totals.flow, agents),
    actionCounts(problem, totals.flow, agents),
  ];
  const inTheLongRun: Section[] = endless
    ? [
        {
          kind: 'action',
          names: actionNames.map((name) => `long-run share of action: ${name}`),
          write: (out) => sharesOfActions(out, 1),
        },
        {
          kind: 'action',
          names: actionNames.map((name) => `long-run count of: ${name}`),
          write: (out) => sharesOfActions(out, steps * agents),
        },
        {
          kind: 'state',
          names: stateNames.map((name) => `long-run share of state: ${name}`),
          write: (out) => (shares ? out.set(shares) : out.fill(Number.NaN)),
        },
      ]
    : [];
  return {
    cost: starts.length * (steps + (endless ? 100 : 0) + 100) * (mdp.nextState.length + stateCount),
    plan(reward) {
      if (!plan(reward, totals)) return false;
      shares = endless ? longRunShares(mdp, totals.policy, begin) : null;
      return true;
    },
    sections: [
      ...whole,
      ...inTheLongRun,
      {
        kind: 'state',
        names: stateNames.map((name) => `visits to: ${name}`),
        write: (out) => scaled(totals.visits, agents, out),
      },
      {
        kind: 'pair',
        names: few && goals.length === 0 ? pairNames(problem, 'probability', first) : [],
        write: (out) => out.set(totals.policy),
      },
      {
        kind: 'pair',
        names: few ? pairNames(problem, 'count') : [],
        write: (out) => scaled(totals.flow, agents, out),
      },
      {
        kind: 'period',
        names: byPeriod
          ? Array.from({ length: steps }, (_, t) =>
              actionNames.map((name) => `count in period ${t + 1} of: ${name}`),
            ).flat()
          : [],
        write(out) {
          out.fill(0);
          for (let t = 0; t < steps; t++)
            for (let pair = 0; pair < pairCount; pair++)
              out[t * actions + pairAction[pair]] += agents * totals.flowAt[t * pairCount + pair];
        },
      },
    ],
  };
}
