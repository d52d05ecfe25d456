/**
 * What an added reward g = F v does to choices, whatever people do: how much it favours each option
 * of a state over the others, all that follows counted.
 *
 *   W(s) = mean over a of g(s, a) + γ Σₛ′ p(s′ | s, a) W(s′)
 *   effect(s, a) = g(s, a) + γ Σₛ′ p(s′ | s, a) W(s′) − W(s)
 *
 * with W = 0 where the task ends or may be ended. Where no effect is left, W is a potential and g
 * is its shaping, g = W − γ P W: every policy gains the same from it, so no choice changes. W is the
 * value of g under one policy, so a single linear solve finds the potential if there is one.
 *
 * Only what the recorded people could have come to counts.
 *
 * Reference: Ng, Harada & Russell (1999), ICML, 278–287, thm. 1.
 */

import type { Mdp } from '../mdp/mdp.ts';
import { reachableFrom } from '../mdp/reachability.ts';
import { discountOf } from '../mdp/timeStructure.ts';
import { maxNorm } from '../numeric/csr.ts';
import { collapsedPattern } from '../planning/collapsedPattern.ts';
import { createPolicySolver } from '../planning/policySolver.ts';
import { type StationaryTask, stationaryTask } from '../planning/stationaryTask.ts';
import { eachDecision } from './eachDecision.ts';
import type { Problem } from './problem.ts';

/** Told of one row per pair that counts, one entry per reward; good until the next one. */
export type VisitRow = (row: Float64Array) => void;

/** `rewards` is [pairs × width]: that many rewards beside each other. */
export type EachRow = (rewards: Float64Array, width: number, visit: VisitRow) => void;

export interface RewardEffects {
  /** [world pairs] 1 where a recorded person could have come before a choice of it. */
  readonly reachable: Uint8Array;
  /** Tells about the effects; false where the world is too large for that. */
  eachEffect(...given: Parameters<EachRow>): boolean;
}

/** So many multiplications are affordable. */
const MOST_WORK = 3e9;

export function rewardEffects(problem: Problem): RewardEffects {
  const { world, goals, time } = problem;
  const { mdp } = world;
  const visited = visitedByGoal(problem);
  if (time.kind === 'finite') {
    const reached = reachedByTime(
      mdp,
      visited.flatMap(({ rows }) => rows),
      time.horizon,
    );
    return {
      reachable: pairsOf(mdp, (s) => reached.some((at) => at[s] === 1)),
      eachEffect(rewards, width, visit) {
        if (time.horizon * mdp.nextState.length * width > MOST_WORK) return false;
        eachFiniteEffect(mdp, time.discount, reached, rewards, width, visit);
        return true;
      },
    };
  }
  const discount = discountOf(time);
  const tasks = visited.map(({ goal, rows }) => {
    const states = Int32Array.from(new Set(rows.map(({ state }) => state))).sort();
    const task = stationaryTask(mdp, goals[goal] ?? null, states, discount);
    const starts = states.map((s) => task.taskState[s]).filter((s) => s >= 0);
    let reached: Uint8Array = new Uint8Array(task.mdp.stateCount);
    for (const s of starts) reached[s] = 1;
    if (discount > 0) reached = reachableFrom(task.mdp, starts, null);
    return { task, reached };
  });
  const reachable = new Uint8Array(mdp.pairCount);
  for (const { task, reached } of tasks)
    for (let s = 0; s < reached.length; s++)
      if (reached[s])
        for (let p = task.mdp.pairStart[s]; p < task.mdp.pairStart[s + 1]; p++)
          reachable[task.worldPair[p]] = 1;
  return {
    reachable,
    eachEffect(rewards, width, visit) {
      const transitions = tasks.reduce((sum, { task }) => sum + task.mdp.nextState.length, 0);
      if (100 * transitions * width > MOST_WORK) return false;
      return tasks.every(({ task, reached }) =>
        eachStationaryEffect(task, reached, discount, rewards, width, visit),
      );
    },
  };
}

interface VisitedGoal {
  readonly goal: number;
  /** Where and when somebody chose. */
  readonly rows: readonly { readonly state: number; readonly time: number }[];
}

/** The decisions that count (weight above 0), by goal. */
function visitedByGoal({ trajectories }: Problem): VisitedGoal[] {
  const { state, goal, weight, rowStart } = trajectories;
  const rowsOf = new Map<number, { state: number; time: number }[]>();
  eachDecision(trajectories, (i, row) => {
    if (weight[i] === 0) return;
    const rows = rowsOf.get(goal[i]) ?? [];
    rows.push({ state: state[row], time: row - rowStart[i] });
    rowsOf.set(goal[i], rows);
  });
  return Array.from(rowsOf, ([g, rows]) => ({ goal: g, rows }));
}

function pairsOf({ pairCount, pairStart, stateCount }: Mdp, keep: (s: number) => boolean) {
  const kept = new Uint8Array(pairCount);
  for (let s = 0; s < stateCount; s++) if (keep(s)) kept.fill(1, pairStart[s], pairStart[s + 1]);
  return kept;
}

/** [horizon] of [states] 1 where somebody chose at that time, or could have come from such a place. */
function reachedByTime(mdp: Mdp, rows: VisitedGoal['rows'], horizon: number): Uint8Array[] {
  const { stateCount, pairStart, transitionStart, nextState } = mdp;
  const reached = Array.from({ length: horizon }, () => new Uint8Array(stateCount));
  for (const { state, time } of rows) reached[time][state] = 1;
  for (let t = 0; t + 1 < horizon; t++)
    for (let s = 0; s < stateCount; s++) {
      if (reached[t][s] === 0) continue;
      const end = transitionStart[pairStart[s + 1]];
      for (let k = transitionStart[pairStart[s]]; k < end; k++) reached[t + 1][nextState[k]] = 1;
    }
  return reached;
}

function eachFiniteEffect(
  mdp: Mdp,
  discount: number,
  reached: readonly Uint8Array[],
  rewards: Float64Array,
  width: number,
  visit: VisitRow,
): void {
  let next = new Float64Array(mdp.stateCount * width);
  let value = new Float64Array(mdp.stateCount * width);
  for (let t = reached.length - 1; t >= 0; t--) {
    value.fill(0);
    for (let s = 0; s < mdp.stateCount; s++)
      if (reached[t][s]) tellState(mdp, s, discount, rewards, width, next, value, visit);
    [next, value] = [value, next];
  }
}

/** Tells the effects in one state, of which W is the mean; writes W into `value`. */
function tellState(
  { pairStart, transitionStart, nextState, probability }: Mdp,
  s: number,
  discount: number,
  rewards: Float64Array,
  width: number,
  next: Float64Array,
  value: Float64Array,
  visit: VisitRow,
): void {
  const first = pairStart[s];
  const options = pairStart[s + 1] - first;
  if (options === 0) return;
  const rows = new Float64Array(options * width);
  for (let a = 0; a < options; a++) {
    const pair = first + a;
    for (let j = 0; j < width; j++) rows[a * width + j] = rewards[pair * width + j];
    for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++) {
      const weight = discount * probability[k];
      const from = nextState[k] * width;
      for (let j = 0; j < width; j++) rows[a * width + j] += weight * next[from + j];
    }
    for (let j = 0; j < width; j++) value[s * width + j] += rows[a * width + j] / options;
  }
  for (let a = 0; a < options; a++) {
    const row = rows.subarray(a * width, (a + 1) * width);
    for (let j = 0; j < width; j++) row[j] -= value[s * width + j];
    visit(row);
  }
}

/** Returns false where the potential could not be solved for. */
function eachStationaryEffect(
  { mdp, stop, worldPair }: StationaryTask,
  reached: Uint8Array,
  discount: number,
  rewards: Float64Array,
  width: number,
  visit: VisitRow,
): boolean {
  const { stateCount, pairStart, transitionStart, nextState, probability } = mdp;
  const share = (s: number): number =>
    stop[s] > Number.NEGATIVE_INFINITY ? 0 : 1 / (pairStart[s + 1] - pairStart[s] || 1);
  const { matrix, slot } = collapsedPattern(mdp);
  for (let s = 0; s < stateCount; s++)
    for (let k = transitionStart[pairStart[s]]; k < transitionStart[pairStart[s + 1]]; k++)
      matrix.value[slot[k]] += discount * share(s) * probability[k];
  const solver = createPolicySolver(matrix);
  if (!solver.refresh(true)) return false;
  const potential = new Float64Array(stateCount * width);
  const gain = new Float64Array(stateCount);
  for (let j = 0; j < width; j++) {
    for (let s = 0; s < stateCount; s++) {
      gain[s] = 0;
      for (let p = pairStart[s]; p < pairStart[s + 1]; p++)
        gain[s] += share(s) * rewards[worldPair[p] * width + j];
    }
    const solution = new Float64Array(stateCount);
    if (discount === 0) solution.set(gain);
    else if (!solver.solve(gain, solution, 1e-12 * maxNorm(gain) + 1e-300)) return false;
    for (let s = 0; s < stateCount; s++) potential[s * width + j] = solution[s];
  }
  const row = new Float64Array(width);
  for (let s = 0; s < stateCount; s++) {
    if (!reached[s]) continue;
    for (let p = pairStart[s]; p < pairStart[s + 1]; p++) {
      for (let j = 0; j < width; j++)
        row[j] = rewards[worldPair[p] * width + j] - potential[s * width + j];
      for (let k = transitionStart[p]; k < transitionStart[p + 1]; k++)
        for (let j = 0; j < width; j++)
          row[j] += discount * probability[k] * potential[nextState[k] * width + j];
      visit(row);
    }
  }
  return true;
}
