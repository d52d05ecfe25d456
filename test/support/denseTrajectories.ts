/** Trajectory rows into decisions: which move each row is, and whether the end was seen. */

import type { DenseMove, DenseTask } from './denseWorld.ts';
import type { TrajectoryRow } from './tables.ts';

/** Returns the rows of each trajectory, in the order of their steps. */
export function groupRows(rows: readonly TrajectoryRow[]): TrajectoryRow[][] {
  const groups = new Map<string, TrajectoryRow[]>();
  for (const row of rows) {
    const group = groups.get(row.trajectory);
    if (group) group.push(row);
    else groups.set(row.trajectory, [row]);
  }
  return Array.from(groups.values(), (group) => group.sort((a, b) => a.step - b.step));
}

/** Returns state and move of every decision; throws where the model gives one probability 0. */
export function readDecisions(
  rows: readonly TrajectoryRow[],
  task: DenseTask,
  states: ReadonlyMap<string, number>,
  world: readonly DenseMove[][],
): { state: number; move: number }[] {
  const made: { state: number; move: number }[] = [];
  rows.forEach((row, step) => {
    const state = states.get(row.state)!;
    const last = step === rows.length - 1;
    let action: string | null = row.action ?? '';
    if (last && action === '') {
      if (!task.moves[state].some((move) => move.action === null)) return;
      action = null;
    } else if (row.action === undefined) {
      const next = states.get(rows[step + 1].state)!;
      const ways = world[state].filter((move) => move.successors.some((s) => s.state === next));
      if (ways.length !== 1) {
        throw new RangeError(`Cannot tell which of ${ways.length} moves leads to the next state`);
      }
      action = ways[0].action;
    }
    const move = task.moves[state].findIndex((candidate) => candidate.action === action);
    if (move < 0) {
      throw new RangeError(
        `Cannot explain trajectory "${row.trajectory}": no move "${action}" at step ${step}`,
      );
    }
    made.push({ state, move });
  });
  return made;
}

/**
 * A trajectory is complete if it is known to have reached its goal or left by an exit; without a
 * goal, if it lasts to the horizon or stands in a terminal state, where nothing more can be
 * decided. Without goals and horizon nothing says when a trajectory should end: none is cut off.
 */
export function isCutOff(
  rows: readonly TrajectoryRow[],
  made: readonly { state: number; move: number }[],
  task: DenseTask,
  states: ReadonlyMap<string, number>,
  horizon: number | null,
): boolean {
  if (task.goal === null && horizon === null) return false;
  if (made.length === horizon) return false;
  const last = rows[rows.length - 1];
  const { state, move } = made[made.length - 1];
  const { action, successors } = task.moves[state][move];
  if (action === null) return false;
  const reached =
    (last.action ?? '') === '' ? [states.get(last.state)!] : successors.map((s) => s.state);
  if (reached.length !== 1) return true;
  // Under exits the goal may bear the name of a state, and reaching that state ends nothing.
  const over = task.moves[reached[0]].length === 0;
  return !over || (task.goal !== null && reached[0] !== states.get(task.goal));
}
