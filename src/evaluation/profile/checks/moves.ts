/** Whether what people did can be done in the world: known states, offered actions, possible moves. */

import { type MoveFault, moveFaults } from '../../../demonstrations/looseMoves.ts';
import { quoted } from '../../../demonstrations/tables/tableError.ts';
import { count } from '../../report/words.ts';
import { type Checked, type Finding, MOST_EXAMPLES } from '../finding.ts';
import { type Profiled, place } from '../profiled.ts';

export interface MoveMeasures {
  /** Rows, and trajectories that they are in, by what is wrong; those that are not there are left out. */
  readonly faults: Readonly<
    Record<string, { readonly rows: number; readonly trajectories: number }>
  >;
}

type Fault = Exclude<MoveFault, 'none'>;

const words: Readonly<Record<Fault, readonly [one: string, many: string, meaning: string]>> = {
  'unknown state': [
    'row is in a state that the transitions do not have',
    'rows are in states that the transitions do not have',
    'A fit refuses them. Add the moves of those states, or cut the trajectories there.',
  ],
  'unavailable action': [
    'row takes an action that its state does not offer',
    'rows take actions that their states do not offer',
    'A fit refuses them: under any reward such an action has probability 0. Correct the rows, or add the moves.',
  ],
  'impossible move': [
    'move leads where the transitions give it probability 0',
    'moves lead where the transitions give them probability 0',
    'A fit refuses them: either a jump was recorded as a move (split the trajectory there), or the transitions lack moves that people make.',
  ],
  'missing action': [
    'row has no action though its trajectory goes on',
    'rows have no action though their trajectories go on',
    'A fit refuses them. Fill the actions in, or leave the column out where every move determines its action.',
  ],
  'ambiguous move': [
    'move may have been made by more than one action',
    'moves may have been made by more than one action',
    'A fit refuses them: add a column "action" that says which.',
  ],
};

export function moves(data: Profiled): Checked<MoveMeasures> {
  const { rowStart, names } = data.recording;
  const { fault } = data.moves;
  const rows: number[][] = moveFaults.map(() => []);
  const trajectories: number[] = moveFaults.map(() => 0);
  for (let i = 0; i < names.length; i++) {
    const before = rows.map(({ length }) => length);
    for (let row = rowStart[i]; row < rowStart[i + 1]; row++)
      if (fault[row] > 0) rows[fault[row]].push(row);
    rows.forEach(({ length }, kind) => {
      if (length > before[kind]) trajectories[kind]++;
    });
  }
  const findings: Finding[] = [];
  const faults: Record<string, { rows: number; trajectories: number }> = {};
  for (const [kind, name] of moveFaults.entries()) {
    if (name === 'none' || rows[kind].length === 0) continue;
    const [one, many, meaning] = words[name];
    faults[name] = { rows: rows[kind].length, trajectories: trajectories[kind] };
    findings.push({
      check: 'moves',
      level: 'failure',
      share: trajectories[kind] / names.length,
      found: `${count(rows[kind].length, one, many)}, in ${count(trajectories[kind], 'trajectory', 'trajectories')}.`,
      meaning,
      examples: rows[kind].slice(0, MOST_EXAMPLES).map((row) => described(data, row, name)),
    });
  }
  return { findings, measures: { faults } };
}

function described(data: Profiled, row: number, fault: Fault): string {
  const { state, action, stateNames, actionNames, follows } = data.recording;
  const from = `state ${quoted(stateNames[state[row]])}`;
  const by = action && action[row] >= 0 ? `, action ${quoted(actionNames[action[row]])}` : '';
  const to =
    follows[row] && (fault === 'impossible move' || fault === 'ambiguous move')
      ? ` to ${quoted(stateNames[state[row + 1]])}`
      : '';
  return `${place(data, row)}: ${from}${by}${to}`;
}
