/**
 * The trajectories table, `trajectory, step, state [, action] [, goal] [, weight] [, fold] [, person]`,
 * put in order: rows may come in any, steps must count 0, 1, 2, … in each trajectory.
 *
 * Whether the recorded moves are possible in the world is the business of `recordedMoves`.
 */

import { z } from 'zod';
import { knownState, type NamedWorld, unavailable } from '../namedWorld.ts';
import { COUNT_COLUMNS, isCounted, readCounts } from './countsTable.ts';
import { NameCollector } from './nameIndex.ts';
import { openTable, type TableFile } from './readTable.ts';
import { Id, NonNegative, StepNumber } from './tableCells.ts';
import { quoted, TableError } from './tableError.ts';

/** The columns that the table may have. */
export const TRAJECTORY_COLUMNS = {
  required: ['trajectory', 'step', 'state'],
  optional: ['action', 'goal', 'weight', 'fold', 'person'],
  further: 'ignored',
} as const;

/** One row of it. */
export const TrajectoryRow = z.object({
  trajectory: Id,
  step: StepNumber,
  state: Id,
  action: z.string().optional(),
  goal: Id.optional(),
  weight: NonNegative.optional(),
  fold: Id.optional(),
  person: Id.optional(),
});

/** What a row holds. */
export type TrajectoryRow = z.output<typeof TrajectoryRow>;

/** What was recorded, trajectory after trajectory and step after step, sorted by name. */
export interface Recording {
  readonly names: readonly string[];
  /** [trajectories + 1] first row of each trajectory. */
  readonly rowStart: Int32Array;
  /** [rows] */
  readonly state: Int32Array;
  /** [rows] number of the action; −1 where the cell is empty. Null without the column. */
  readonly action: Int32Array | null;
  /** [rows] line of the file. */
  readonly line: Int32Array;
  /** [trajectories], or null without the column. */
  readonly goals: readonly string[] | null;
  /** [trajectories] 1 without the column. */
  readonly weight: Float64Array;
  /** [trajectories], or null without the column. */
  readonly folds: readonly string[] | null;
  /** [trajectories] how many decisions each stands for; null where they were followed, not counted. */
  readonly times: Float64Array | null;
  /** [trajectories], or null without the column. */
  readonly persons: readonly string[] | null;
  readonly file: TableFile;
  readonly warnings: readonly string[];
}

/** What must be the same in all rows of a trajectory, as its first row has it. */
interface Constants {
  readonly line: number;
  readonly goal: string | undefined;
  readonly weight: number | undefined;
  readonly fold: string | undefined;
  readonly person: string | undefined;
}

/** Reads what was recorded; throws a TableError at the first thing wrong. */
export async function readTrajectories(path: string, named: NamedWorld): Promise<Recording> {
  const table = await openTable(path, (columns) =>
    isCounted(columns) ? COUNT_COLUMNS : TRAJECTORY_COLUMNS,
  );
  if (isCounted(table.columns)) return readCounts(table, named);
  const collected = new NameCollector();
  const constants: Constants[] = [];
  const trajectory: number[] = [];
  const step: number[] = [];
  const states: number[] = [];
  const actions: number[] = [];
  const lines: number[] = [];
  for await (const { line, values } of table.rows(TrajectoryRow)) {
    const number = collected.add(values.trajectory);
    if (number === constants.length)
      constants.push({
        line,
        goal: values.goal,
        weight: values.weight,
        fold: values.fold,
        person: values.person,
      });
    else checkConstants(table.name, line, values, constants[number]);
    const state = knownState(named, values.state, table, line);
    const action = values.action ? (named.actionNumber.get(values.action) ?? -1) : -1;
    if (values.action && action < 0) throw unavailable(named, table, line, state, values.action);
    trajectory.push(number);
    step.push(values.step);
    states.push(state);
    actions.push(action);
    lines.push(line);
  }

  const { names, position } = collected.sorted();
  const { rowStart, rowAt } = orderRows(table.name, names, position, { trajectory, step, lines });
  const inOrder = (column: number[]) => rowAt.map((row) => column[row]);
  const perTrajectory: Constants[] = [];
  position.forEach((to, from) => {
    perTrajectory[to] = constants[from];
  });
  const has = (column: string) => table.columns.includes(column);
  return {
    names,
    rowStart,
    state: inOrder(states),
    action: has('action') ? inOrder(actions) : null,
    line: inOrder(lines),
    goals: has('goal') ? perTrajectory.map(({ goal }) => goal ?? '') : null,
    weight: Float64Array.from(perTrajectory, ({ weight }) => weight ?? 1),
    times: null,
    persons: has('person') ? perTrajectory.map(({ person }) => person ?? '') : null,
    folds: has('fold') ? perTrajectory.map(({ fold }) => fold ?? '') : null,
    file: table.summary(),
    warnings: table.warnings,
  };
}

function checkConstants(file: string, line: number, values: TrajectoryRow, first: Constants): void {
  for (const column of ['goal', 'weight', 'fold', 'person'] as const) {
    if (values[column] === first[column]) continue;
    throw new TableError(
      file,
      line,
      `trajectory ${quoted(values.trajectory)} has ${column} ${quoted(String(values[column]))} here and ${quoted(String(first[column]))} on line ${first.line}; a trajectory has one ${column}: write the same in all its rows`,
    );
  }
}

/** Returns, for every row in order, which row of the file it is. */
function orderRows(
  file: string,
  names: readonly string[],
  position: Int32Array,
  rows: { trajectory: readonly number[]; step: readonly number[]; lines: readonly number[] },
): { rowStart: Int32Array; rowAt: Int32Array } {
  const { trajectory, step } = rows;
  const rowStart = new Int32Array(names.length + 1);
  for (const number of trajectory) rowStart[position[number] + 1]++;
  for (let i = 0; i < names.length; i++) rowStart[i + 1] += rowStart[i];
  // n rows with n different steps below n have exactly the steps 0 … n − 1.
  const rowAt = new Int32Array(trajectory.length).fill(-1);
  for (let row = 0; row < trajectory.length; row++) {
    const i = position[trajectory[row]];
    const at = rowStart[i] + step[row];
    if (at >= rowStart[i + 1] || rowAt[at] >= 0)
      throw stepError(file, names[i], trajectory[row], rows);
    rowAt[at] = row;
  }
  return { rowStart, rowAt };
}

/** Returns what is wrong with the steps of a trajectory, told at the first step that is. */
function stepError(
  file: string,
  name: string,
  number: number,
  {
    trajectory,
    step,
    lines,
  }: { trajectory: readonly number[]; step: readonly number[]; lines: readonly number[] },
): TableError {
  const own = [...trajectory.keys()].filter((row) => trajectory[row] === number);
  own.sort((a, b) => step[a] - step[b] || lines[a] - lines[b]);
  const at = own.findIndex((row, k) => step[row] !== k);
  const row = own[at];
  const remedy = 'number the steps 0, 1, 2, …';
  if (at > 0 && step[row] === step[own[at - 1]])
    return new TableError(
      file,
      lines[row],
      `trajectory ${quoted(name)} has step ${step[row]} twice (also on line ${lines[own[at - 1]]}); ${remedy}`,
    );
  return new TableError(
    file,
    lines[row],
    `trajectory ${quoted(name)} has step ${step[row]} but no step ${at}; ${remedy} without gaps`,
  );
}
