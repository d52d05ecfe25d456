/**
 * Random small route problems: deterministic moves on a ring with shortcuts, some of them parallel,
 * goals that absorb and goals entered by exits, demonstrations that end there or are cut off; and
 * their values by plain soft value iteration.
 */

import type { FeatureMatrix } from '../../src/features/featureMatrix.ts';
import type { Goal } from '../../src/mdp/goal.ts';
import type { Mdp } from '../../src/mdp/mdp.ts';
import { statesOfPairs } from '../../src/mdp/mdp.ts';
import type { Trajectories } from '../../src/mdp/trajectories.ts';
import type { Moments } from '../../src/planning/criterion.ts';
import { likelihoodMoments } from '../../src/planning/moments.ts';
import { type SeededRandom, seededRandom } from './seededRandom.ts';

export interface RouteProblem {
  readonly mdp: Mdp;
  readonly goals: readonly Goal[];
  readonly moments: Moments;
  readonly features: FeatureMatrix;
  /** [features] */
  readonly theta: Float64Array;
  /** [pairs] F θ */
  readonly reward: Float64Array;
  readonly temperature: number;
}

/** Returns a deterministic MDP with the given moves. */
export function graphOf(stateCount: number, moves: readonly (readonly [number, number])[]): Mdp {
  const sorted = [...moves].sort((a, b) => a[0] - b[0]);
  const pairStart = new Int32Array(stateCount + 1);
  for (const [from] of sorted) pairStart[from + 1]++;
  for (let s = 0; s < stateCount; s++) pairStart[s + 1] += pairStart[s];
  return {
    stateCount,
    pairCount: sorted.length,
    pairStart,
    transitionStart: Int32Array.from({ length: sorted.length + 1 }, (_, i) => i),
    nextState: Int32Array.from(sorted, ([, to]) => to),
    probability: new Float64Array(sorted.length).fill(1),
  };
}

export function goalState(state: number): Goal {
  return {
    name: `state ${state}`,
    absorbing: true,
    stopState: Int32Array.of(state),
    stopReward: new Float64Array(1),
  };
}

export function exitsFrom(states: readonly number[], rewards: readonly number[]): Goal {
  return {
    name: `exits ${states}`,
    absorbing: false,
    stopState: Int32Array.from(states),
    stopReward: Float64Array.from(rewards),
  };
}

/** Returns F θ. */
export function rewardOf(mdp: Mdp, { names, per, values }: FeatureMatrix, theta: Float64Array) {
  const width = names.length;
  const stateOfPair = statesOfPairs(mdp);
  return new Float64Array(mdp.pairCount).map((_, pair) => {
    const row = per === 'pair' ? pair : stateOfPair[pair];
    return theta.reduce((sum, t, k) => sum + t * values[row * width + k], 0);
  });
}

/** Draws a problem of 5 to 10 states and 3 goals. */
export function randomRoutes(seed: number): RouteProblem {
  const random = seededRandom(seed);
  const stateCount = random.integer(5, 10);
  const moves: [number, number][] = [];
  for (let s = 0; s < stateCount; s++) {
    moves.push([s, (s + 1) % stateCount]);
    for (let k = random.integer(0, 2); k > 0; k--)
      moves.push([s, random.integer(0, stateCount - 1)]);
    if (random.chance(0.3)) moves.push([s, (s + 1) % stateCount]);
  }
  // A trap that no goal can be reached from.
  moves.push([0, stateCount], [stateCount, stateCount]);
  const mdp = graphOf(stateCount + 1, moves);
  const exits = [random.integer(0, 2), random.integer(3, 4)];
  const goals = [
    goalState(random.integer(0, stateCount - 1)),
    exitsFrom(exits, [0, random.between(-2, 1)]),
    goalState(random.integer(0, stateCount - 1)),
  ];
  const per = random.chance(0.3) ? 'state' : 'pair';
  const names = ['length', 'delay', 'step'];
  const rows = per === 'pair' ? mdp.pairCount : mdp.stateCount;
  const values = new Float64Array(rows * 3).map((_, i) =>
    i % 3 === 2 ? 1 : random.between(0, i % 3 === 0 ? 2 : 0.5),
  );
  const features = { names, per, values } as const;
  const theta = Float64Array.of(-random.between(0.5, 1), random.between(-1, 0.3), -1.5);
  const temperature = random.pick([1, 1, 0.7]);
  const trajectories = randomTrips(random, mdp, goals, stateCount);
  return {
    mdp,
    goals,
    moments: likelihoodMoments(mdp, goals, trajectories, { kind: 'undiscounted' }),
    features,
    theta,
    reward: rewardOf(mdp, features, theta),
    temperature,
  };
}

/** Walks at random that never enter the trap: to their goal, or cut off after 8 moves. */
function randomTrips(
  random: SeededRandom,
  mdp: Mdp,
  goals: readonly Goal[],
  stateCount: number,
): Trajectories {
  const rowStart = [0];
  const state: number[] = [];
  const pair: number[] = [];
  const goalOf: number[] = [];
  const stopped: number[] = [];
  for (let trip = 0; trip < 12; trip++) {
    const goal = goals[trip % goals.length];
    goalOf.push(trip % goals.length);
    let s = random.integer(0, stateCount - 1);
    let stop = 0;
    for (let step = 0; ; step++) {
      state.push(s);
      const atStop = goal.stopState.includes(s);
      stop = atStop && !goal.absorbing && random.chance(0.5) ? 1 : 0;
      if (stop || (atStop && goal.absorbing) || step === 8) break;
      const options = [];
      for (let p = mdp.pairStart[s]; p < mdp.pairStart[s + 1]; p++)
        if (mdp.nextState[p] < stateCount) options.push(p);
      pair.push(random.pick(options));
      s = mdp.nextState[pair[pair.length - 1]];
    }
    pair.push(-1);
    stopped.push(stop);
    rowStart.push(state.length);
  }
  return {
    count: goalOf.length,
    rowStart: Int32Array.from(rowStart),
    state: Int32Array.from(state),
    pair: Int32Array.from(pair),
    goal: Int32Array.from(goalOf),
    weight: new Float64Array(goalOf.length).map(() => random.between(0.5, 2)),
    stopped: Uint8Array.from(stopped),
    names: goalOf.map((_, i) => `trip ${i}`),
    folds: null,
  };
}

/** Returns V of one goal by soft value iteration from −∞, which only ever rises. */
export function iteratedValue(
  mdp: Mdp,
  goal: Goal,
  reward: Float64Array,
  temperature: number,
  sweeps = 4_000,
): Float64Array {
  const value = new Float64Array(mdp.stateCount).fill(Number.NEGATIVE_INFINITY);
  const stop = new Map([...goal.stopState].map((s, i) => [s, goal.stopReward[i]]));
  for (let sweep = 0; sweep < sweeps; sweep++) {
    let change = 0;
    for (let s = 0; s < mdp.stateCount; s++) {
      const worth = stop.has(s) ? [stop.get(s) as number] : [];
      if (!(goal.absorbing && stop.has(s)))
        for (let p = mdp.pairStart[s]; p < mdp.pairStart[s + 1]; p++)
          worth.push(reward[p] + value[mdp.nextState[p]]);
      const most = Math.max(...worth, Number.NEGATIVE_INFINITY);
      if (most === Number.NEGATIVE_INFINITY) continue;
      const sum = worth.reduce((total, q) => total + Math.exp((q - most) / temperature), 0);
      const next = most + temperature * Math.log(sum);
      change = Math.max(change, next === value[s] ? 0 : Math.abs(next - value[s]));
      value[s] = next;
    }
    if (change === 0) break;
  }
  return value;
}

/** Returns (N·r + stops + Σ c V) / τ with V by iteration. */
export function iteratedCriterion(
  { mdp, goals, moments, temperature }: RouteProblem,
  reward: Float64Array,
): number {
  let value = moments.stopReward;
  for (let pair = 0; pair < mdp.pairCount; pair++) value += moments.counts[pair] * reward[pair];
  for (const task of moments.tasks) {
    const goalValue = iteratedValue(mdp, goals[task.goal], reward, temperature);
    task.state.forEach((s, i) => {
      value += task.weight[i] * goalValue[s];
    });
  }
  return value / temperature;
}
