/**
 * Everything that a reward predicts of people's behaviour, as one vector of named quantities.
 *
 * Over N periods from the start, for M agents: periods begun in each state, decisions by action (also
 * by period) and by state and action, sums of the features; where the future is endless, the shares of
 * time in the long run; the value at the start; each action's probability in each state. For trips to
 * goals, per M trips: arrivals at each state, moves, feature sums, reward, and the value at the start.
 */

import type { Problem } from '../../algorithms/problem.ts';
import { statesOfPairs } from '../../mdp/mdp.ts';
import { longRunShares } from '../../planning/longRunShares.ts';
import { linearReward } from '../../rewards/linearReward.ts';
import { expectedSteps } from './expectedSteps.ts';
import { expectedTrips } from './expectedTrips.ts';
import type { WeightedStarts } from './recordedStarts.ts';

/** What a quantity is about; `whole` is about everything at once. */
export type QuantityKind = 'whole' | 'action' | 'state' | 'pair' | 'period';

export interface QuantityName {
  readonly name: string;
  readonly kind: QuantityKind;
}

export interface PredictionSize {
  /** N, periods; does not matter for trips. */
  readonly steps: number;
  /** M, agents or trips. */
  readonly agents: number;
}

export interface Predictor {
  readonly names: readonly QuantityName[];
  /** Multiply-adds of one evaluation, roughly. */
  readonly cost: number;
  /**
   * Returns the quantities at θ [features], NaN for those that could not be worked out; null where
   * the reward has no finite value.
   */
  evaluate(theta: Float64Array): Float64Array | null;
}

/** Actions by period and decisions by state and action are listed up to so many. */
const MOST_PERIODS = 600;
const MOST_PAIRS = 2000;

export function createPredictor(
  problem: Problem,
  starts: readonly WeightedStarts[],
  size: PredictionSize,
): Predictor {
  const { world, features } = problem;
  const { pairCount } = world.mdp;
  const reward = new Float64Array(pairCount);
  const linear = linearReward(world.mdp, features);
  const list =
    problem.time.kind === 'undiscounted'
      ? tripQuantities(problem, starts, size)
      : stepQuantities(problem, starts, size);
  const used = list.sections.filter(({ names }) => names.length > 0);
  const names = used.flatMap((section) =>
    section.names.map((name) => ({ name, kind: section.kind })),
  );
  return {
    names,
    cost: list.cost,
    evaluate(theta) {
      linear.evaluate(theta, reward);
      if (!reward.every(Number.isFinite) || !list.plan(reward)) return null;
      const out = new Float64Array(names.length);
      let place = 0;
      for (const section of used) {
        section.write(out.subarray(place, place + section.names.length));
        place += section.names.length;
      }
      return out;
    },
  };
}

interface Section {
  readonly kind: QuantityKind;
  readonly names: readonly string[];
  /** Writes the quantities of the latest plan. */
  write(out: Float64Array): void;
}

interface QuantityList {
  readonly sections: readonly Section[];
  readonly cost: number;
  /** Plans for a reward [pairs]; false where it has no finite value. */
  plan(reward: Float64Array): boolean;
}

function tripQuantities(
  problem: Problem,
  starts: readonly WeightedStarts[],
  { agents }: PredictionSize,
): QuantityList {
  const { mdp } = problem.world;
  const trips = expectedTrips(problem, starts);
  const totals = {
    value: 0,
    stopReward: 0,
    visits: new Float64Array(mdp.stateCount),
    flow: new Float64Array(mdp.pairCount),
  };
  let latest = new Float64Array(0);
  const sum = (x: Float64Array): number => x.reduce((a, b) => a + b, 0);
  const paid = (): number =>
    totals.flow.reduce((a, n, pair) => (n === 0 ? a : a + n * latest[pair]), totals.stopReward);
  return {
    cost: starts.length * (10 * mdp.pairCount + mdp.nextState.length),
    plan(reward) {
      latest = reward as Float64Array<ArrayBuffer>;
      Object.assign(totals, { value: 0, stopReward: 0 });
      totals.visits.fill(0);
      totals.flow.fill(0);
      return trips(reward, totals);
    },
    sections: [
      single('value at the start', () => totals.value),
      single('moves per trip', () => sum(totals.flow)),
      single('reward per trip', paid),
      featureSums(problem, totals.flow, agents),
      actionCounts(problem, totals.flow, agents),
      {
        kind: 'state',
        names: problem.world.stateNames.map((name) => `visits to: ${name}`),
        write: (out) => scaled(totals.visits, agents, out),
      },
      {
        kind: 'pair',
        names: pairNames(problem, 'flow'),
        write: (out) => scaled(totals.flow, agents, out),
      },
    ],
  };
}

function stepQuantities(
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

function single(name: string, read: () => number): Section {
  return {
    kind: 'whole',
    names: [name],
    write(out) {
      out[0] = read();
    },
  };
}

/** Σ decisions · f, by feature. */
function featureSums({ world, features }: Problem, flow: Float64Array, agents: number): Section {
  const { names, per, values } = features;
  const width = names.length;
  const rowOf = per === 'pair' ? null : statesOfPairs(world.mdp);
  return {
    kind: 'whole',
    names: names.map((name) => `total: ${name}`),
    write(out) {
      out.fill(0);
      for (let pair = 0; pair < flow.length; pair++) {
        if (flow[pair] === 0) continue;
        const row = (rowOf ? rowOf[pair] : pair) * width;
        for (let k = 0; k < width; k++) out[k] += agents * flow[pair] * values[row + k];
      }
    },
  };
}

function actionCounts({ world }: Problem, flow: Float64Array, agents: number): Section {
  const { actionNames, pairAction } = world;
  return {
    kind: 'action',
    names: actionNames.map((name) => `count of: ${name}`),
    write(out) {
      out.fill(0);
      for (let pair = 0; pair < flow.length; pair++) out[pairAction[pair]] += agents * flow[pair];
    },
  };
}

function pairNames({ world }: Problem, what: string, when = ''): string[] {
  const { stateNames, actionNames, pairAction } = world;
  return Array.from(
    statesOfPairs(world.mdp),
    (s, pair) => `${what}: ${actionNames[pairAction[pair]]} in ${stateNames[s]}${when}`,
  );
}

function scaled(x: Float64Array, by: number, out: Float64Array): void {
  for (let i = 0; i < x.length; i++) out[i] = by * x[i];
}
