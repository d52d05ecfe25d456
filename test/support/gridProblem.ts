/**
 * A learning problem on a small slippery grid, with demonstrations drawn from the soft-optimal
 * policy of a known θ: enough of them that every parameter is identified.
 */

import type { Problem } from '../../src/algorithms/problem.ts';
import { slipGrid } from '../../src/environments/gridworld.ts';
import type { Goal } from '../../src/mdp/goal.ts';
import { discountOf, type TimeStructure } from '../../src/mdp/timeStructure.ts';
import type { Trajectories } from '../../src/mdp/trajectories.ts';
import { createFiniteHorizon } from '../../src/planning/finiteHorizon.ts';
import { SoftPolicyIteration } from '../../src/planning/softPolicyIteration.ts';
import { terminalStop } from '../../src/planning/softValueIteration.ts';
import { stationaryTask } from '../../src/planning/stationaryTask.ts';
import { linearReward } from '../../src/rewards/linearReward.ts';
import { type SeededRandom, seededRandom } from './seededRandom.ts';

const SIZE = 4;
const THETA = [-1.2, 0.8, -0.7];

export interface GridProblem extends Problem {
  /** [features] what the demonstrations were drawn from. */
  readonly theta: Float64Array;
}

/** Draws `count` demonstrations; a discounted problem is watched for 20 decisions each. */
export function gridProblem(time: TimeStructure, count = 60, temperature = 1): GridProblem {
  const world = slipGrid({ size: SIZE, slip: 0.2 });
  const { mdp } = world;
  const undiscounted = time.kind === 'undiscounted';
  // a price per step keeps undiscounted walks from going on for ever
  const names = undiscounted ? ['step', 'x', 'stay'] : ['x', 'y', 'stay'];
  const values = Float64Array.from({ length: mdp.pairCount * 3 }, (_, i) => {
    const pair = Math.floor(i / 3);
    const state = Math.floor(pair / 5);
    const stay = pair % 5 === 4 ? 1 : 0;
    const [x, y] = [(state % SIZE) / SIZE, Math.floor(state / SIZE) / SIZE];
    return (undiscounted ? [1, x, stay] : [x, y, stay])[i % 3];
  });
  const features = { names, per: 'pair', values } as const;
  const theta = Float64Array.from(undiscounted ? [-2.5, ...THETA.slice(1)] : THETA).map(
    (t) => t * temperature,
  );
  const goals = undiscounted ? [goalAt(0), goalAt(SIZE * SIZE - 1)] : [];
  const reward = new Float64Array(mdp.pairCount);
  linearReward(mdp, features).evaluate(theta, reward);

  const problem = { world, time, goals, features, initial: null, temperature };
  const policies = (goals.length > 0 ? goals : [null]).map((goal) =>
    policyFor(problem, goal, reward),
  );
  const random = seededRandom(7);
  const walks = Array.from({ length: count }, (_, i) => {
    const goal = goals.length > 0 ? i % goals.length : -1;
    return { goal, ...walk(problem, goals[goal] ?? null, policies[Math.max(goal, 0)], random) };
  });
  return { ...problem, theta, trajectories: trajectoriesOf(walks) };
}

function goalAt(state: number): Goal {
  return {
    name: `cell ${state}`,
    absorbing: true,
    stopState: Int32Array.of(state),
    stopReward: Float64Array.of(0),
  };
}

type Model = Omit<Problem, 'trajectories'>;

/** π at decision time t, [pairs] of the world. */
type TimedPolicy = (t: number) => Float64Array;

function policyFor(
  { world: { mdp }, time, temperature }: Model,
  goal: Goal | null,
  reward: Float64Array,
): TimedPolicy {
  if (time.kind === 'finite') {
    const planner = createFiniteHorizon(mdp, time.horizon, time.discount, temperature);
    planner.plan(reward);
    return (t) => planner.policyAt(t);
  }
  const everywhere = Int32Array.from({ length: mdp.stateCount }, (_, s) => s);
  const task = stationaryTask(mdp, goal, everywhere, discountOf(time));
  const stop = goal ? task.stop : terminalStop(mdp);
  const planner = new SoftPolicyIteration({
    mdp: task.mdp,
    discount: discountOf(time),
    temperature,
    stop,
  });
  planner.plan(Float64Array.from(task.worldPair, (pair) => reward[pair]));
  const policy = new Float64Array(mdp.pairCount);
  task.worldPair.forEach((pair, p) => {
    policy[pair] = planner.policy[p];
  });
  return () => policy;
}

interface Walk {
  readonly goal: number;
  readonly state: number[];
  readonly pair: number[];
}

function walk(
  { world: { mdp }, time }: Model,
  goal: Goal | null,
  policyAt: TimedPolicy,
  random: SeededRandom,
): Omit<Walk, 'goal'> {
  const mostDecisions = time.kind === 'finite' ? time.horizon : goal ? 10_000 : 20;
  let s = random.integer(0, mdp.stateCount - 1);
  while (goal?.stopState.includes(s)) s = random.integer(0, mdp.stateCount - 1);
  const state = [s];
  const pair: number[] = [];
  while (pair.length < mostDecisions && !goal?.stopState.includes(s)) {
    const choices = policyAt(pair.length).subarray(mdp.pairStart[s], mdp.pairStart[s + 1]);
    const chosen = mdp.pairStart[s] + random.index([...choices]);
    const first = mdp.transitionStart[chosen];
    const shares = mdp.probability.subarray(first, mdp.transitionStart[chosen + 1]);
    s = mdp.nextState[first + random.index([...shares])];
    pair.push(chosen);
    state.push(s);
  }
  return { state, pair: [...pair, -1] };
}

function trajectoriesOf(walks: readonly Walk[]): Trajectories {
  const rowStart = new Int32Array(walks.length + 1);
  walks.forEach(({ state }, i) => {
    rowStart[i + 1] = rowStart[i] + state.length;
  });
  return {
    count: walks.length,
    rowStart,
    state: Int32Array.from(walks.flatMap(({ state }) => state)),
    pair: Int32Array.from(walks.flatMap(({ pair }) => pair)),
    goal: Int32Array.from(walks, ({ goal }) => goal),
    weight: new Float64Array(walks.length).fill(1),
    stopped: new Uint8Array(walks.length),
    names: walks.map((_, i) => `walk ${i}`),
    folds: null,
  };
}
