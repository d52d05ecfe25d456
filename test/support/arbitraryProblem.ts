/**
 * Small learning problems of every time structure for property tests: a world, goals, features,
 * a feasible θ, and trajectories that walk about at random, weighted and sometimes cut off.
 */

import fc from 'fast-check';
import type { Problem } from '../../src/algorithms/problem.ts';
import type { FeatureMatrix } from '../../src/features/featureMatrix.ts';
import type { Goal } from '../../src/mdp/goal.ts';
import type { Mdp } from '../../src/mdp/mdp.ts';
import { taskSupport } from '../../src/mdp/reachability.ts';
import type { TimeStructure } from '../../src/mdp/timeStructure.ts';
import type { Trajectories } from '../../src/mdp/trajectories.ts';
import { arbitraryMdp } from './arbitraryMdp.ts';
import { type SeededRandom, seededRandom } from './seededRandom.ts';

export const stationaryKinds = [
  'discounted',
  'discounted goals',
  'discounted exits',
  'noisy goals',
  'noisy exits',
  'deterministic goals',
  'deterministic exits',
] as const;
export const finiteKinds = ['finite', 'finite discounted'] as const;
export type ProblemKind = (typeof stationaryKinds)[number] | (typeof finiteKinds)[number];

export interface DrawnProblem extends Problem {
  /** [features] where every value is finite. */
  readonly theta: Float64Array;
  readonly seed: number;
}

/** Draws a problem with at least one decision. */
export function arbitraryProblem(kind: ProblemKind): fc.Arbitrary<DrawnProblem> {
  const shape = {
    deterministic: kind.startsWith('deterministic'),
    terminals: !kind.endsWith('s') || kind.startsWith('discounted'),
  };
  return fc
    .record({ mdp: arbitraryMdp(shape), seed: fc.nat(1_000_000) })
    .map(({ mdp, seed }) => drawProblem(kind, mdp, seed))
    .filter(({ trajectories }) => trajectories.pair.some((pair) => pair >= 0));
}

function drawProblem(kind: ProblemKind, mdp: Mdp, seed: number): DrawnProblem {
  const random = seededRandom(seed);
  const time = drawTime(kind, random);
  const temperature = random.pick([0.5, 1, 2]);
  const goals = drawGoals(kind, mdp, random);
  const undiscounted = time.kind === 'undiscounted';
  const features = drawFeatures(mdp, random, undiscounted ? 0 : -1);
  // Costs above τ log(actions) per step keep endless wandering from paying.
  const theta = Float64Array.from(features.names, (_, k) => {
    if (!undiscounted) return random.between(-1.5, 1.5);
    return k === 0 ? -temperature * random.between(1.3, 2.5) : -random.between(0, 1);
  });
  return {
    world: nameWorld(mdp),
    time,
    goals,
    features,
    trajectories: drawTrajectories(mdp, time, goals, random),
    initial: null,
    temperature,
    theta,
    seed,
  };
}

function drawTime(kind: ProblemKind, random: SeededRandom): TimeStructure {
  if (kind.startsWith('discounted'))
    return { kind: 'discounted', discount: random.pick([0, 0.4, 0.95]) };
  if (!kind.startsWith('finite')) return { kind: 'undiscounted' };
  const discount = kind === 'finite' ? 1 : random.pick([0.3, 0.9]);
  return { kind: 'finite', horizon: random.integer(1, 6), discount };
}

function drawGoals(kind: ProblemKind, mdp: Mdp, random: SeededRandom): Goal[] {
  if (!kind.endsWith('goals') && !kind.endsWith('exits')) return [];
  const absorbing = kind.endsWith('goals');
  return ['home', 'work'].map((name): Goal => {
    const count = absorbing ? 1 : random.integer(1, Math.min(2, mdp.stateCount));
    const states = random.shuffle([...new Array(mdp.stateCount).keys()]).slice(0, count);
    return {
      name,
      absorbing,
      stopState: Int32Array.from(states).sort(),
      stopReward: Float64Array.from(states, () => (absorbing ? 0 : random.between(-1, 1))),
    };
  });
}

/** The first feature is 1 where `low` is 0, so that it can carry the price of a step. */
function drawFeatures(mdp: Mdp, random: SeededRandom, low: number): FeatureMatrix {
  const names = ['a', 'b', 'c'].slice(0, random.integer(1, 3));
  const per = random.pick(['pair', 'state'] as const);
  const rows = per === 'pair' ? mdp.pairCount : mdp.stateCount;
  const values = Float64Array.from({ length: rows * names.length }, (_, i) =>
    low === 0 && i % names.length === 0 ? 1 : random.between(low, 1),
  );
  return { names, per, values };
}

function nameWorld(mdp: Mdp): Problem['world'] {
  const pairAction = new Int32Array(mdp.pairCount);
  for (let s = 0; s < mdp.stateCount; s++)
    for (let pair = mdp.pairStart[s]; pair < mdp.pairStart[s + 1]; pair++)
      pairAction[pair] = pair - mdp.pairStart[s];
  return {
    mdp,
    stateNames: Array.from({ length: mdp.stateCount }, (_, s) => `s${s}`),
    actionNames: ['x', 'y', 'z'],
    pairAction,
  };
}

/** Six walks that choose uniformly among what the goal allows; some are watched only for a while. */
function drawTrajectories(
  mdp: Mdp,
  time: TimeStructure,
  goals: readonly Goal[],
  random: SeededRandom,
): Trajectories {
  const count = 6;
  const state: number[] = [];
  const pair: number[] = [];
  const rowStart = [0];
  const goal: number[] = [];
  const stopped: number[] = [];
  for (let i = 0; i < count; i++) {
    const g = goals.length > 0 ? random.integer(0, goals.length - 1) : -1;
    const mostDecisions = time.kind === 'finite' ? random.integer(1, time.horizon) : 8;
    const walk = drawWalk(mdp, goals[g] ?? null, time.kind, mostDecisions, random);
    state.push(...walk.state);
    pair.push(...walk.pair);
    rowStart.push(state.length);
    goal.push(g);
    stopped.push(walk.stopped);
  }
  return {
    count,
    rowStart: Int32Array.from(rowStart),
    state: Int32Array.from(state),
    pair: Int32Array.from(pair),
    goal: Int32Array.from(goal),
    weight: Float64Array.from(goal, () => random.pick([1, 1, 0.5, 2.25])),
    stopped: Uint8Array.from(stopped),
    names: goal.map((_, i) => `trip ${i}`),
    folds: null,
  };
}

function drawWalk(
  mdp: Mdp,
  goal: Goal | null,
  time: TimeStructure['kind'],
  mostDecisions: number,
  random: SeededRandom,
): { state: number[]; pair: number[]; stopped: number } {
  const support = goal && time === 'undiscounted' ? taskSupport(mdp, goal) : null;
  const ends = (s: number): boolean => goal?.stopState.includes(s) ?? false;
  const starts = [...new Array(mdp.stateCount).keys()].filter((s) => support?.live[s] !== 0);
  const walk = { state: [random.pick(starts)], pair: [] as number[], stopped: 0 };
  for (;;) {
    const s = walk.state[walk.state.length - 1];
    const options: number[] = [];
    for (let p = mdp.pairStart[s]; p < mdp.pairStart[s + 1]; p++)
      if (support?.allowed[p] !== 0) options.push(p);
    const canExit = goal !== null && !goal.absorbing && ends(s);
    if (canExit) options.push(-1);
    if ((goal?.absorbing && ends(s)) || options.length === 0) break;
    if (walk.pair.length >= mostDecisions) {
      // A last row where an exit is at hand would read as a stop: the row goes unrecorded.
      if (canExit && walk.pair.length > 0) {
        walk.state.pop();
        return walk;
      }
      break;
    }
    const choice = random.pick(options);
    if (choice < 0) {
      walk.pair.push(-1);
      walk.stopped = 1;
      return walk;
    }
    walk.pair.push(choice);
    const first = mdp.transitionStart[choice];
    const last = mdp.transitionStart[choice + 1];
    const next = first + random.index([...mdp.probability.subarray(first, last)]);
    walk.state.push(mdp.nextState[next]);
  }
  walk.pair.push(-1);
  return walk;
}
