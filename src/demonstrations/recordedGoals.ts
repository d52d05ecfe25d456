/**
 * What every trajectory is heading for, and whether it can get there: the goals named by the
 * trajectories, as states that absorb or as destinations behind exits.
 */

import type { Goal } from '../mdp/goal.ts';
import { isDeterministic } from '../mdp/mdp.ts';
import { taskSupport } from '../mdp/reachability.ts';
import { bisect } from './bisect.ts';
import type { NamedWorld } from './namedWorld.ts';
import type { ExitsTable } from './tables/exitsTable.ts';
import { NameCollector, suggestion } from './tables/nameIndex.ts';
import { quoted, TableError } from './tables/tableError.ts';
import type { Recording } from './tables/trajectoriesTable.ts';

export interface RecordedGoals {
  /** Every goal that some trajectory has, sorted by name. */
  readonly goals: Goal[];
  /** [trajectories] index of its goal; −1 where the recording has none. */
  readonly goal: Int32Array;
  /** [trajectories] 1 where the last row's state is left by an exit to the goal. */
  readonly stopped: Uint8Array;
}

/**
 * Returns the goals of a recording; throws a TableError for a goal that does not exist, and for a
 * trajectory that goes on after an absorbing goal.
 *
 * @param pairs [rows] the pair chosen at each row, or −1
 */
export function recordedGoals(
  named: NamedWorld,
  recording: Recording,
  pairs: Int32Array,
  exits: ExitsTable | null,
): RecordedGoals {
  const { names } = recording;
  const goal = new Int32Array(names.length).fill(-1);
  const stopped = new Uint8Array(names.length);
  if (recording.goals === null) return { goals: [], goal, stopped };

  const collected = new NameCollector();
  for (const name of recording.goals) collected.add(name);
  const sorted = collected.sorted();
  const goals: Goal[] = [];
  for (let i = 0; i < names.length; i++) {
    const name = recording.goals[i];
    goal[i] = sorted.position[collected.add(name)];
    goals[goal[i]] ??= goalNamed(name, named, exits, recording, i);
    const { absorbing, stopState } = goals[goal[i]];
    if (absorbing) refuseAfterGoal(recording, pairs, i, stopState[0]);
    else if (endsAt(goals[goal[i]], recording, pairs, i)) stopped[i] = 1;
  }
  return { goals, goal, stopped };
}

/**
 * Throws a TableError where a trajectory is in a state from which its goal cannot be reached for
 * certain, or makes a move that may lead to one. For undiscounted tasks, where such states have
 * value −∞.
 */
export function refuseDeadEnds(
  named: NamedWorld,
  recording: Recording,
  pairs: Int32Array,
  { goals, goal }: RecordedGoals,
): void {
  const { mdp, stateNames, actionNames, pairAction } = named.world;
  const { names, rowStart, state, line, file } = recording;
  const deterministic = isDeterministic(mdp);
  const certainly = deterministic ? '' : ' for certain';
  const trajectoriesOf: number[][] = goals.map(() => []);
  for (let i = 0; i < names.length; i++) {
    // Without chance, a trajectory that arrives is itself the proof that all its states can.
    if (!(deterministic && endsAt(goals[goal[i]], recording, pairs, i)))
      trajectoriesOf[goal[i]].push(i);
  }
  for (const [g, trajectories] of trajectoriesOf.entries()) {
    if (trajectories.length === 0) continue;
    const { live, allowed } = taskSupport(mdp, goals[g]);
    const unreachable = `goal ${quoted(goals[g].name)} cannot be reached${certainly}`;
    for (const i of trajectories) {
      for (let row = rowStart[i]; row < rowStart[i + 1]; row++)
        if (live[state[row]] === 0)
          throw new TableError(
            file.name,
            line[row],
            `trajectory ${quoted(names[i])} is in state ${quoted(stateNames[state[row]])}, from which its ${unreachable}; correct its goal, add the missing transitions, or leave the trajectory out`,
          );
      for (let row = rowStart[i]; row < rowStart[i + 1]; row++)
        if (pairs[row] >= 0 && allowed[pairs[row]] === 0)
          throw new TableError(
            file.name,
            line[row],
            `action ${quoted(actionNames[pairAction[pairs[row]]])} in state ${quoted(stateNames[state[row]])} may lead to a state from which ${unreachable}; correct the goal, add the missing transitions, or leave trajectory ${quoted(names[i])} out`,
          );
    }
  }
}

/** Whether the last row of trajectory `i` is a state of the goal, with no further move. */
function endsAt(
  { stopState }: Goal,
  { rowStart, state }: Recording,
  pairs: Int32Array,
  i: number,
): boolean {
  const last = rowStart[i + 1] - 1;
  return pairs[last] < 0 && bisect(stopState, 0, stopState.length, state[last]) >= 0;
}

function goalNamed(
  name: string,
  named: NamedWorld,
  exits: ExitsTable | null,
  { file, line, rowStart }: Recording,
  i: number,
): Goal {
  const at = line[rowStart[i]];
  if (exits !== null) {
    const goal = exits.goals.get(name);
    if (goal !== undefined) return goal;
    throw new TableError(
      file.name,
      at,
      `goal ${quoted(name)} has no exit in ${exits.file.name}${suggestion(name, exits.goals.keys())}; add one`,
    );
  }
  const state = named.stateNumber.get(name);
  if (state === undefined)
    throw new TableError(
      file.name,
      at,
      `goal ${quoted(name)} is not a state of ${named.file.name}${suggestion(name, named.world.stateNames)}; a goal outside the graph needs a table of exits (--exits)`,
    );
  return {
    name,
    absorbing: true,
    stopState: Int32Array.of(state),
    stopReward: Float64Array.of(0),
  };
}

function refuseAfterGoal(
  { names, rowStart, state, line, file, goals }: Recording,
  pairs: Int32Array,
  i: number,
  goalState: number,
): void {
  const last = rowStart[i + 1] - 1;
  const trajectory = `trajectory ${quoted(names[i])}`;
  const goal = `its goal ${quoted(goals?.[i] ?? '')}`;
  for (let row = rowStart[i]; row <= last; row++) {
    if (state[row] !== goalState) continue;
    if (row < last)
      throw new TableError(
        file.name,
        line[row + 1],
        `${trajectory} goes on after it reached ${goal} on line ${line[row]}; end it there, or use a table of exits (--exits) where passing through is allowed`,
      );
    if (pairs[row] >= 0)
      throw new TableError(
        file.name,
        line[row],
        `${trajectory} acts at ${goal}, where the task ends; leave the action empty`,
      );
  }
}
