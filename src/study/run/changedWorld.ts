/**
 * The world that methods are tested in, where it is not the one they were fitted in: its problem in
 * the words of the one at home. States, actions, goals and features of the same name are the same.
 */

import type { Problem } from '../../algorithms/problem.ts';
import type { TableFile } from '../../demonstrations/tables/readTable.ts';
import type { FeatureMatrix } from '../../features/featureMatrix.ts';
import { selectFeatures } from '../../features/selectFeatures.ts';
import { tabulateFeatures } from '../../features/tabulateFeatures.ts';
import type { Goal } from '../../mdp/goal.ts';
import { taskSupport } from '../../mdp/reachability.ts';
import { namesakes } from '../../mdp/sameNames.ts';
import type { Trajectories } from '../../mdp/trajectories.ts';
import type { ChangedWorld } from '../study.ts';

export interface PreparedChange {
  /** What is to be predicted there. */
  readonly problem: Problem;
  /** Whether behaviour was recorded there; else each trajectory is a start, and its decision made up. */
  readonly recorded: boolean;
  readonly files: readonly TableFile[];
  readonly warnings: readonly string[];
}

/** @param all trajectories at home, whose starts and goals stand in where none were recorded */
export function prepareChange(
  home: Problem,
  all: Trajectories,
  changed: ChangedWorld,
): PreparedChange {
  const { world, trajectories, files = [], warnings = [] } = changed;
  const isMatrix = 'values' in changed.features && 'per' in changed.features;
  const given = isMatrix
    ? (changed.features as FeatureMatrix)
    : tabulateFeatures(world, changed.features as Exclude<ChangedWorld['features'], FeatureMatrix>);
  const features = selectFeatures(given, home.features.names);
  if (trajectories) {
    if (trajectories.goal.some((g) => g >= 0) !== home.goals.length > 0)
      throw new RangeError(
        `Cannot test in the changed world: trajectories ${home.goals.length > 0 ? 'at home have goals, there they have none' : 'there have goals, at home they have none'}`,
      );
    const goals = changed.goals ?? home.goals;
    const problem = { ...home, world, goals, features, trajectories, initial: null };
    return { problem, recorded: true, files, warnings };
  }
  const starts = startsThere(home, all, changed);
  if (starts.trajectories.count === 0)
    throw new RangeError(
      'Cannot test in the changed world: none of the recorded starts is there with its goal in reach; give trajectories that were recorded there',
    );
  const left = all.count - starts.trajectories.count;
  return {
    problem: { ...home, world, features, initial: null, ...starts },
    recorded: false,
    files,
    warnings:
      left === 0
        ? warnings
        : [
            ...warnings,
            `${left} of the ${all.count} recorded trips have no start, choice or goal in the changed world and are left out there`,
          ],
  };
}

/** The starts and goals at home that exist there, as trajectories of one decision. */
function startsThere(
  home: Problem,
  all: Trajectories,
  { world, goals: given }: ChangedWorld,
): { goals: readonly Goal[]; trajectories: Trajectories } {
  const { mdp } = world;
  const there = namesakes(home.world, world).state;
  const goals = given ?? home.goals.map((goal) => goalThere(goal, there));
  const number = new Map(goals.map(({ name }, g) => [name, g]));
  const supports = new Map<number, Uint8Array>();
  const usable = (goal: number): Uint8Array | null => {
    if (goal < 0 || home.time.kind !== 'undiscounted') return null;
    const known = supports.get(goal) ?? taskSupport(mdp, goals[goal]).allowed;
    supports.set(goal, known);
    return known;
  };
  const state: number[] = [];
  const pair: number[] = [];
  const goalOf: number[] = [];
  const weight: number[] = [];
  const names: string[] = [];
  for (let i = 0; i < all.count; i++) {
    const s = there[all.state[all.rowStart[i]]];
    const goal = all.goal[i] < 0 ? -1 : (number.get(home.goals[all.goal[i]].name) ?? -2);
    if (s < 0 || goal === -2) continue;
    if (goal >= 0 && (goals[goal].stopState.length === 0 || arrives(goals[goal], s))) continue;
    const allowed = usable(goal);
    let first = mdp.pairStart[s];
    while (first < mdp.pairStart[s + 1] && allowed?.[first] === 0) first++;
    if (first === mdp.pairStart[s + 1]) continue;
    state.push(s);
    pair.push(first);
    goalOf.push(goal);
    weight.push(all.weight[i]);
    names.push(all.names[i]);
  }
  const count = state.length;
  return {
    goals,
    trajectories: {
      count,
      rowStart: Int32Array.from({ length: count + 1 }, (_, i) => i),
      state: Int32Array.from(state),
      pair: Int32Array.from(pair),
      goal: Int32Array.from(goalOf),
      weight: Float64Array.from(weight),
      stopped: new Uint8Array(count),
      names,
      folds: null,
    },
  };
}

function arrives({ absorbing, stopState }: Goal, state: number): boolean {
  return absorbing && stopState.includes(state);
}

/** The goal with those of its states that exist there. */
function goalThere(goal: Goal, there: Int32Array): Goal {
  const kept = [...goal.stopState]
    .map((s, i) => ({ state: there[s], reward: goal.stopReward[i] }))
    .filter(({ state }) => state >= 0)
    .sort((a, b) => a.state - b.state);
  return {
    ...goal,
    stopState: Int32Array.from(kept, ({ state }) => state),
    stopReward: Float64Array.from(kept, ({ reward }) => reward),
  };
}
