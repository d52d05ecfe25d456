/**
 * The trajectories table as it is, faults and all: for a look at data that a fit would refuse.
 *
 * Names that the world does not know get numbers after its own; steps may have gaps and repeats;
 * what should be the same in all rows of a trajectory is taken from its first row, and every row that
 * says otherwise is kept. A cell that cannot be read at all (a step that is no number) still throws,
 * and so does a table of counts, which has no trajectories.
 */

import type { NamedWorld } from '../namedWorld.ts';
import { COUNT_COLUMNS, isCounted } from './countsTable.ts';
import { NameCollector, numbersOf } from './nameIndex.ts';
import { openTable, type TableFile } from './readTable.ts';
import { TRAJECTORY_COLUMNS, TrajectoryRow } from './trajectoriesTable.ts';

/** A row that contradicts the first of its trajectory. */
export interface Contradiction {
  readonly trajectory: number;
  readonly column: 'goal' | 'weight' | 'fold' | 'person';
  readonly line: number;
}

/** Trajectory after trajectory, sorted by name; rows of each by step, then by line. */
export interface LooseRecording {
  readonly names: readonly string[];
  /** [trajectories + 1] first row of each trajectory. */
  readonly rowStart: Int32Array;
  /** [rows] */
  readonly state: Int32Array;
  /** [rows] −1 where the cell is empty. Null without the column. */
  readonly action: Int32Array | null;
  /** [rows] the step as written. */
  readonly step: Float64Array;
  /** [rows] line of the file. */
  readonly line: Int32Array;
  /** [rows] 1 where the row below is the next step of the same trajectory. */
  readonly follows: Uint8Array;
  /** Those of the world, then those that only the recording has. */
  readonly stateNames: readonly string[];
  readonly actionNames: readonly string[];
  /** [trajectories], or null without the column; so are the next three, weights being 1. */
  readonly goals: readonly string[] | null;
  readonly folds: readonly string[] | null;
  readonly persons: readonly string[] | null;
  readonly weight: Float64Array;
  readonly contradictions: readonly Contradiction[];
  readonly columns: readonly string[];
  readonly file: TableFile;
  readonly warnings: readonly string[];
}

const CONSTANT = ['goal', 'weight', 'fold', 'person'] as const;

/** @param named the world that the table speaks of; null where there is none to compare with */
export async function readLooseRecording(
  path: string,
  named: NamedWorld | null,
): Promise<LooseRecording> {
  const table = await openTable(path, (columns) =>
    isCounted(columns) ? COUNT_COLUMNS : TRAJECTORY_COLUMNS,
  );
  if (isCounted(table.columns))
    throw new RangeError(
      `Cannot look through ${table.name}: it holds counts, and what is looked for needs whole trajectories; revealed fit checks counts as it reads them`,
    );
  const collected = new NameCollector();
  const states = new Names(named?.world.stateNames ?? []);
  const actions = new Names(named?.world.actionNames ?? []);
  const first: Pick<TrajectoryRow, (typeof CONSTANT)[number]>[] = [];
  const contradictions: Contradiction[] = [];
  const rows = { trajectory: [], step: [], state: [], action: [], line: [] } as Record<
    'trajectory' | 'step' | 'state' | 'action' | 'line',
    number[]
  >;
  for await (const { line, values } of table.rows(TrajectoryRow)) {
    const trajectory = collected.add(values.trajectory);
    first[trajectory] ??= values;
    for (const column of CONSTANT)
      if (values[column] !== first[trajectory][column])
        contradictions.push({ trajectory, column, line });
    rows.trajectory.push(trajectory);
    rows.step.push(values.step);
    rows.state.push(states.add(values.state));
    rows.action.push(values.action ? actions.add(values.action) : -1);
    rows.line.push(line);
  }
  const { names, position } = collected.sorted();
  const order = Int32Array.from(rows.line, (_, row) => row).sort(
    (a, b) =>
      position[rows.trajectory[a]] - position[rows.trajectory[b]] ||
      rows.step[a] - rows.step[b] ||
      rows.line[a] - rows.line[b],
  );
  const rowStart = new Int32Array(names.length + 1);
  for (const trajectory of rows.trajectory) rowStart[position[trajectory] + 1]++;
  for (let i = 0; i < names.length; i++) rowStart[i + 1] += rowStart[i];
  const follows = Uint8Array.from(order, (row, k) => {
    const next = order[k + 1];
    return k + 1 < order.length &&
      rows.trajectory[next] === rows.trajectory[row] &&
      rows.step[next] === rows.step[row] + 1
      ? 1
      : 0;
  });
  const constants: typeof first = [];
  first.forEach((values, from) => {
    constants[position[from]] = values;
  });
  const has = (column: string) => table.columns.includes(column);
  const textOf = (column: 'goal' | 'fold' | 'person') =>
    has(column) ? constants.map((values) => values[column] ?? '') : null;
  const stateOrder = states.sorted();
  const actionOrder = actions.sorted();
  return {
    names,
    rowStart,
    state: order.map((row) => stateOrder.position[rows.state[row]]),
    action: has('action')
      ? order.map((row) => (rows.action[row] < 0 ? -1 : actionOrder.position[rows.action[row]]))
      : null,
    step: Float64Array.from(order, (row) => rows.step[row]),
    line: order.map((row) => rows.line[row]),
    follows,
    stateNames: stateOrder.names,
    actionNames: actionOrder.names,
    goals: textOf('goal'),
    folds: textOf('fold'),
    persons: textOf('person'),
    weight: Float64Array.from(constants, ({ weight }) => weight ?? 1),
    contradictions: contradictions.map((found) => ({
      ...found,
      trajectory: position[found.trajectory],
    })),
    columns: table.columns,
    file: table.summary(),
    warnings: table.warnings,
  };
}

/** Names of a world, and further ones that are numbered after them. */
class Names {
  readonly #known: readonly string[];
  readonly #number: Map<string, number>;
  readonly #further = new NameCollector();

  constructor(known: readonly string[]) {
    this.#known = known;
    this.#number = numbersOf(known);
  }

  add(name: string): number {
    return this.#number.get(name) ?? this.#known.length + this.#further.add(name);
  }

  /** All names, those of the world as they were; and where each number went. */
  sorted(): { names: string[]; position: Int32Array } {
    const { names, position } = this.#further.sorted();
    const before = this.#known.length;
    return {
      names: [...this.#known, ...names],
      position: Int32Array.from({ length: before + names.length }, (_, i) =>
        i < before ? i : before + position[i - before],
      ),
    };
  }
}
