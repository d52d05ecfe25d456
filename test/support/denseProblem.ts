/**
 * Plain tables into small dense decision problems, one per goal, and the decisions made in them.
 *
 * This is where the edge cases of the interface are counted: what is a decision, what is cut off,
 * what is empty.
 */

import { groupRows, isCutOff, readDecisions } from './denseTrajectories.ts';
import { buildTask, type DenseTask, readWorld } from './denseWorld.ts';
import type { FitSettings, Tables } from './tables.ts';

/** So many (weighted) decisions for one move. */
interface DenseDecision {
  readonly task: number;
  readonly time: number;
  readonly state: number;
  readonly move: number;
  readonly weight: number;
}

export interface DenseProblem {
  readonly states: readonly string[];
  readonly featureNames: readonly string[];
  readonly tasks: readonly DenseTask[];
  readonly decisions: readonly DenseDecision[];
  /** Where the trajectories with decisions start. */
  readonly starts: readonly { readonly task: number; readonly state: number; weight: number }[];
  readonly discount: number;
  readonly horizon: number | null;
  readonly temperature: number;
  readonly counts: DataCounts;
}

/** The counts that a result reports under `data`. */
export interface DataCounts {
  readonly trajectories: number;
  /** Not weighted; stopping at an exit is a decision. */
  readonly decisions: number;
  /** Trajectories that have decisions and end elsewhere than they should: see `isCutOff`. */
  readonly cutOff: number;
  /** Trajectories without any decision. */
  readonly empty: number;
}

/** Reads the tables as the interface says; throws on data that the model gives probability 0. */
export function denseProblem(tables: Tables, settings: FitSettings): DenseProblem {
  const { states, world } = readWorld(tables);
  const discount = settings.discount ?? 1;
  const horizon = settings.horizon ?? null;
  const ids = [...states.keys()];
  const tasks: DenseTask[] = [];
  const taskOf = new Map<string | null, number>();
  const undiscounted = horizon === null && discount === 1;

  const task = (goal: string | null): number => {
    let index = taskOf.get(goal);
    if (index === undefined) {
      index = tasks.push(buildTask(world, ids, tables, goal, undiscounted)) - 1;
      taskOf.set(goal, index);
    }
    return index;
  };

  const decisions = new Map<
    string,
    { -readonly [Key in keyof DenseDecision]: DenseDecision[Key] }
  >();
  const starts: { task: number; state: number; weight: number }[] = [];
  const counts = { trajectories: 0, decisions: 0, cutOff: 0, empty: 0 };

  for (const rows of groupRows(tables.trajectories)) {
    const index = task(rows[0].goal ?? null);
    const weight = rows[0].weight ?? 1;
    const made = readDecisions(rows, tasks[index], states, world);
    counts.trajectories++;
    counts.decisions += made.length;
    if (made.length === 0) {
      counts.empty++;
      continue;
    }
    if (isCutOff(rows, made, tasks[index], states, horizon)) counts.cutOff++;
    starts.push({ task: index, state: made[0].state, weight });
    made.forEach(({ state, move }, time) => {
      const key = `${index} ${time} ${state} ${move}`;
      const seen = decisions.get(key);
      if (seen) seen.weight += weight;
      else decisions.set(key, { task: index, time, state, move, weight });
    });
  }
  return {
    states: ids,
    featureNames: tables.features.names,
    tasks,
    decisions: [...decisions.values()],
    starts,
    discount,
    horizon,
    temperature: settings.temperature ?? 1,
    counts,
  };
}
