/** Whether what people are heading for exists, can be reached from where they were, and was. */

import { quoted } from '../../../demonstrations/tables/tableError.ts';
import { taskSupport } from '../../../mdp/reachability.ts';
import { isCutOff } from '../../prediction/observation.ts';
import { count, percent } from '../../report/words.ts';
import { type Checked, type Finding, MOST_EXAMPLES } from '../finding.ts';
import { decisionsOf, type Profiled, place } from '../profiled.ts';

export interface GoalMeasures {
  /** Goals that trajectories have; 0 where the recording has none. */
  readonly goals: number;
  /** Trajectories whose goal is not in the world. */
  readonly unknown: number;
  /** Trajectories that go on after their goal. */
  readonly passed: number;
  /** Trajectories in a state from which their goal cannot be reached for certain. */
  readonly unreachable: number;
  /** Trajectories with decisions that end before their goal or horizon; null where there is no end to miss. */
  readonly cutOff: number | null;
  /** Trajectories longer than the horizon. */
  readonly tooLong: number;
}

export function goals(data: Profiled): Checked<GoalMeasures> {
  const { recording, trajectories, time } = data;
  const { names, rowStart } = recording;
  const found: Finding[] = [];
  const tell = (
    level: Finding['level'],
    rows: readonly number[],
    [one, many]: readonly [string, string],
    meaning: string,
    example: (row: number) => string,
  ): void => {
    if (rows.length === 0) return;
    found.push({
      check: 'goals',
      level,
      share: rows.length / names.length,
      found: `${count(rows.length, `trajectory ${one}`, `trajectories ${many}`)}.`,
      meaning,
      examples: rows.slice(0, MOST_EXAMPLES).map((row) => `${place(data, row)}: ${example(row)}`),
    });
  };
  const nameAt = (row: number): string => quoted(names[trajectoryAt(rowStart, row)]);
  const goalAt = (row: number): string =>
    `goal ${quoted(recording.goals?.[trajectoryAt(rowStart, row)] ?? '')}`;
  const stateAt = (row: number): string =>
    `state ${quoted(recording.stateNames[recording.state[row]])}`;

  const unknown: number[] = [];
  if (recording.goals && data.judgesGoals)
    for (let i = 0; i < names.length; i++) if (trajectories.goal[i] < 0) unknown.push(rowStart[i]);
  tell(
    // Where nobody arrived is no state of what was seen alone.
    data.isGiven ? 'failure' : 'note',
    unknown,
    ['has a goal that does not exist', 'have goals that do not exist'],
    'A fit refuses them: a goal is a state of the world, or has exits in a table of exits.',
    goalAt,
  );
  const passed = goesOn(data);
  tell(
    'failure',
    passed,
    ['goes on after its goal', 'go on after their goals'],
    'A fit refuses them: the task ends on arrival. End them there, or give a table of exits (--exits) where passing through is allowed.',
    (row) => `trajectory ${nameAt(row)}`,
  );
  const unreachable = data.isGiven ? cannotArrive(data) : [];
  tell(
    time?.kind === 'discounted' ? 'warning' : 'failure',
    unreachable,
    ['is where its goal cannot be reached', 'are where their goals cannot be reached'],
    time?.kind === 'discounted'
      ? 'With a discount a fit goes on; those who are there are taken never to arrive.'
      : 'A fit refuses them: the value of such a state is −∞. Correct the goals, add the missing moves, or leave the trajectories out.',
    (row) => `${stateAt(row)}, ${goalAt(row)}`,
  );
  const tooLong = time?.kind === 'finite' ? longerThan(data, time.horizon) : [];
  tell(
    'failure',
    tooLong,
    ['is longer than the horizon', 'are longer than the horizon'],
    'A fit refuses them: use a longer --horizon, or split them.',
    (row) => `trajectory ${nameAt(row)}`,
  );
  const cut = cutOff(data);
  if (cut !== null && cut.length > 0) {
    const share = cut.length / names.length;
    found.push({
      check: 'goals',
      level: share >= 0.5 ? 'warning' : 'note',
      share,
      found: `${count(cut.length, 'trajectory ends', 'trajectories end')} before the ${recording.goals ? 'goal' : 'horizon'} (${percent(share)}).`,
      meaning:
        'Their decisions count, and the likelihood stays unbiased. Feature matching does not: it takes what was not recorded for what was not done.',
      examples: cut.slice(0, MOST_EXAMPLES).map((i) => `trajectory ${quoted(names[i])}`),
    });
  }
  return {
    findings: found,
    measures: {
      goals: new Set(recording.goals).size,
      unknown: unknown.length,
      passed: passed.length,
      unreachable: unreachable.length,
      cutOff: cut?.length ?? null,
      tooLong: tooLong.length,
    },
  };
}

/** The trajectory that a row belongs to. */
function trajectoryAt(rowStart: Int32Array, row: number): number {
  let [low, high] = [0, rowStart.length - 2];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (rowStart[middle] <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The first row after the goal of each trajectory that goes on, or the row where it acts at its goal. */
function goesOn({ recording, trajectories, goals }: Profiled): number[] {
  const { rowStart, state, action } = recording;
  const rows: number[] = [];
  for (let i = 0; i < trajectories.count; i++) {
    const goal = goals[trajectories.goal[i]];
    if (!goal?.absorbing) continue;
    const at = state.subarray(rowStart[i], rowStart[i + 1]).indexOf(goal.stopState[0]);
    if (at < 0) continue;
    const row = rowStart[i] + at;
    if (row + 1 < rowStart[i + 1]) rows.push(row + 1);
    else if (action !== null && action[row] >= 0) rows.push(row);
  }
  return rows;
}

/** The first row of each trajectory that is, or moves, where its goal is out of reach. */
function cannotArrive({ world: { mdp }, recording, trajectories, goals }: Profiled): number[] {
  const { rowStart, state } = recording;
  const byGoal = goals.map((): number[] => []);
  for (let i = 0; i < trajectories.count; i++) {
    const goal = trajectories.goal[i];
    if (goal >= 0) byGoal[goal].push(i);
  }
  const rows: number[] = [];
  byGoal.forEach((own, g) => {
    if (own.length === 0) return;
    const { live, allowed } = taskSupport(mdp, goals[g]);
    for (const i of own)
      for (let row = rowStart[i]; row < rowStart[i + 1]; row++) {
        if (state[row] >= mdp.stateCount) continue;
        const atGoal = goals[g].absorbing && state[row] === goals[g].stopState[0];
        const pair = trajectories.pair[row];
        if (live[state[row]] && (atGoal || pair < 0 || allowed[pair])) continue;
        rows.push(row);
        break;
      }
  });
  return rows.sort((a, b) => a - b);
}

/** The row of the first decision beyond the horizon. */
function longerThan(data: Profiled, horizon: number): number[] {
  const decisions = decisionsOf(data);
  const { rowStart } = data.recording;
  const rows: number[] = [];
  decisions.forEach((n, i) => {
    if (n > horizon) rows.push(rowStart[i] + horizon);
  });
  return rows;
}

/** Numbers of the trajectories that are cut off; null where nothing says what a whole one is. */
function cutOff(data: Profiled): number[] | null {
  const { time, goals, recording } = data;
  if (recording.goals ? !data.judgesGoals : time?.kind !== 'finite') return null;
  const problem = { ...data, time: time ?? ({ kind: 'undiscounted' } as const), goals };
  const found: number[] = [];
  decisionsOf(data).forEach((n, i) => {
    if (n > 0 && data.trajectories.goal[i] >= (goals.length > 0 ? 0 : -1) && isCutOff(problem, i))
      found.push(i);
  });
  return found;
}
