/**
 * How often each choice was made, state by state (or goal by goal and state by state), and what that
 * says about the next one.
 *
 *   π_α(a | s) = (N(s, a) + α) / (N(s) + α |A(s)|),  uniform where nothing was seen
 */

import type { Trajectories } from '../mdp/trajectories.ts';
import { eachDecision } from './eachDecision.ts';
import type { Problem } from './problem.ts';

/** The layout that the tables of one problem share. */
export interface TableLayout {
  /** Number that stands for a state, or for a state under a goal. */
  keyOf(goal: number, state: number): number;
  /** Number of choices there: the state's pairs and, last, stopping where some goal has an exit. */
  optionsOf(key: number, state: number): number;
  /** The choice of a row: its pair counted from the state's first; the last one for a stop. */
  choiceOf(state: number, pair: number): number;
}

/** Weighted numbers of choices by key. */
export type ChoiceTable = ReadonlyMap<number, ChoiceRow>;

export interface ChoiceRow {
  readonly state: number;
  /** [options] */
  readonly counts: Float64Array;
  total: number;
}

export function tableLayout({ world, goals }: Problem, perGoal: boolean): TableLayout {
  const { stateCount, pairStart } = world.mdp;
  const keyOf = (goal: number, state: number): number =>
    perGoal ? (goal + 1) * stateCount + state : state;
  const exits = new Set<number>();
  goals.forEach((goal, g) => {
    if (!goal.absorbing) for (const s of goal.stopState) exits.add(keyOf(g, s));
  });
  return {
    keyOf,
    optionsOf: (key, s) => pairStart[s + 1] - pairStart[s] + (exits.has(key) ? 1 : 0),
    choiceOf: (s, pair) => (pair < 0 ? pairStart[s + 1] - pairStart[s] : pair - pairStart[s]),
  };
}

export function countChoices(layout: TableLayout, trajectories: Trajectories): ChoiceTable {
  const { state, pair, goal, weight } = trajectories;
  const table = new Map<number, ChoiceRow>();
  eachDecision(trajectories, (i, row) => {
    const s = state[row];
    const key = layout.keyOf(goal[i], s);
    let entry = table.get(key);
    if (!entry) {
      entry = { state: s, counts: new Float64Array(layout.optionsOf(key, s)), total: 0 };
      table.set(key, entry);
    }
    entry.counts[layout.choiceOf(s, pair[row])] += weight[i];
    entry.total += weight[i];
  });
  return table;
}

/** Returns log π_α of a choice, given what was seen there; −Infinity where α = 0 forbids it. */
export function logShare(
  seen: ChoiceRow | undefined,
  choice: number,
  options: number,
  alpha: number,
): number {
  if (!seen || seen.total + alpha === 0) return -Math.log(options);
  return Math.log((seen.counts[choice] + alpha) / (seen.total + alpha * options));
}

/** Returns the log-likelihood of counted choices under the smoothed table. */
export function scoreChoices(table: ChoiceTable, choices: ChoiceTable, alpha: number): number {
  let sum = 0;
  for (const [key, { counts }] of choices) {
    const seen = table.get(key);
    counts.forEach((n, choice) => {
      if (n > 0) sum += n * logShare(seen, choice, counts.length, alpha);
    });
  }
  return sum;
}

/**
 * Adds to `out` the log-likelihood of counted choices under the table smoothed with each α > 0: what
 * `scoreChoices` returns, without looking everything up again for each.
 */
export function scoreSmoothings(
  table: ChoiceTable,
  choices: ChoiceTable,
  alphas: readonly number[],
  out: Float64Array,
): void {
  const found: number[] = [];
  for (const [key, { counts }] of choices) {
    const seen = table.get(key);
    counts.forEach((n, choice) => {
      if (n > 0) found.push(n, counts.length, seen?.counts[choice] ?? 0, seen?.total ?? -1);
    });
  }
  const flat = Float64Array.from(found);
  alphas.forEach((alpha, a) => {
    let sum = 0;
    for (let i = 0; i < flat.length; i += 4) {
      const options = flat[i + 1];
      const total = flat[i + 3];
      // Where nothing was seen choices are uniform, whatever α is.
      const share =
        total < 0
          ? -Math.log(options)
          : Math.log((flat[i + 2] + alpha) / (total + alpha * options));
      sum += flat[i] * share;
    }
    out[a] += sum;
  });
}
