/** Demonstrations drawn from the dense soft-optimal policy, written as trajectory rows. */

import type { DenseProblem } from './denseProblem.ts';
import type { DensePlan } from './denseSolver.ts';
import type { SeededRandom } from './seededRandom.ts';
import type { TrajectoryRow } from './tables.ts';

export interface Demonstration {
  readonly trajectory: string;
  /** Index into the tasks of the problem. */
  readonly task: number;
  readonly start: number;
  /** Stop watching after so many decisions, whatever has been reached. */
  readonly patience: number;
  /** Write the state reached after a last move that is known to lead there only, or leave it out. */
  readonly lastState: boolean;
  /** Moves are not recorded, only the states. */
  readonly withoutActions: boolean;
  readonly weight?: number;
  readonly fold?: string;
}

/** Follows the policy from the start and returns the rows of one trajectory. */
export function simulateTrajectory(
  problem: DenseProblem,
  plan: DensePlan,
  random: SeededRandom,
  demonstration: Demonstration,
): TrajectoryRow[] {
  const { goal, moves } = problem.tasks[demonstration.task];
  const rows: TrajectoryRow[] = [];
  const write = (state: number, action: string) => {
    const { trajectory, withoutActions, weight, fold } = demonstration;
    rows.push({
      trajectory,
      step: rows.length,
      state: problem.states[state],
      ...(withoutActions ? {} : { action }),
      ...(goal === null ? {} : { goal }),
      ...(weight === undefined ? {} : { weight }),
      ...(fold === undefined ? {} : { fold }),
    });
  };
  const hasExit = (state: number) => moves[state].some((move) => move.action === null);
  const longest = problem.horizon ?? 400;

  let state = demonstration.start;
  let time = 0;
  let known = false;
  while (moves[state].length > 0 && time < longest) {
    // A last row without action in a state with an exit would be read as stopping there.
    if (time >= demonstration.patience && !hasExit(state)) break;
    const { logPolicy } = plan.at[Math.min(time, plan.at.length - 1)].policy;
    const move = moves[state][random.index(logPolicy[state].map(Math.exp))];
    if (move.action === null) break;
    write(state, move.action);
    known = move.successors.length === 1;
    state = move.successors[random.index(move.successors.map((next) => next.probability))].state;
    time++;
  }
  const optional = known && time > 0 && !hasExit(state) && !demonstration.withoutActions;
  if (!optional || demonstration.lastState) write(state, '');
  return rows;
}
