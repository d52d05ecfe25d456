/** Whether the rows of each trajectory are one account: steps 0, 1, 2, …, one goal, one weight, one person. */

import { quoted } from '../../../demonstrations/tables/tableError.ts';
import { count } from '../../report/words.ts';
import { type Checked, type Finding, MOST_EXAMPLES } from '../finding.ts';
import { type Profiled, place } from '../profiled.ts';

export interface StepMeasures {
  /** Trajectories with steps that are missing, and with steps that are there more than once. */
  readonly withGaps: number;
  readonly withRepeats: number;
  /** Trajectories that say two things where one is wanted, by column. */
  readonly contradicting: Readonly<Record<string, number>>;
}

export function steps(data: Profiled): Checked<StepMeasures> {
  const { names, rowStart, step, contradictions, file } = data.recording;
  const gaps: number[] = [];
  const repeats: number[] = [];
  for (let i = 0; i < names.length; i++) {
    let [gap, repeat] = [-1, -1];
    for (let row = rowStart[i]; row < rowStart[i + 1]; row++) {
      const before = row === rowStart[i] ? -1 : step[row - 1];
      if (step[row] === before) repeat = repeat < 0 ? row : repeat;
      else if (step[row] !== before + 1) gap = gap < 0 ? row : gap;
    }
    if (gap >= 0) gaps.push(gap);
    if (repeat >= 0) repeats.push(repeat);
  }
  const findings: Finding[] = [];
  const told = (rows: number[], what: string, meaning: string): void => {
    if (rows.length === 0) return;
    findings.push({
      check: 'steps',
      level: 'failure',
      share: rows.length / names.length,
      found: `${count(rows.length, 'trajectory has', 'trajectories have')} ${what}.`,
      meaning,
      examples: rows.slice(0, MOST_EXAMPLES).map((row) => `${place(data, row)}: step ${step[row]}`),
    });
  };
  told(
    gaps,
    'steps that are missing',
    'A fit refuses them: what happened in between is not known. Split a trajectory at its gap, and number each part from 0.',
  );
  told(
    repeats,
    'steps that are there more than once',
    'A fit refuses them: two rows tell of one step. Take out what was recorded twice.',
  );
  const contradicting: Record<string, number> = {};
  for (const column of ['goal', 'weight', 'fold', 'person'] as const) {
    const own = contradictions.filter((found) => found.column === column);
    const trajectories = new Set(own.map(({ trajectory }) => trajectory)).size;
    if (trajectories === 0) continue;
    contradicting[column] = trajectories;
    findings.push({
      check: 'steps',
      level: 'failure',
      share: trajectories / names.length,
      found: `${count(trajectories, 'trajectory has', 'trajectories have')} more than one ${column}.`,
      meaning: `A fit refuses them: a trajectory has one ${column}. Write the same in all its rows, or split it.`,
      examples: own
        .slice(0, MOST_EXAMPLES)
        .map(
          ({ trajectory, line }) => `${file.name}:${line}: trajectory ${quoted(names[trajectory])}`,
        ),
    });
  }
  return {
    findings,
    measures: { withGaps: gaps.length, withRepeats: repeats.length, contradicting },
  };
}
