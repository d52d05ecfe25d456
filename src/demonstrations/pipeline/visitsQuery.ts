/**
 * Counting what was done where, as one query:
 *
 *   N(s, a [, s′] [, goal] [, fold]) = number of rows, GROUP BY all of them
 *
 * Counts of parts of a log add up to those of the whole, so that any engine may split the work. The
 * text is plain SQL: it is DuckDB's here, and any other engine's that has the table.
 */

import { z } from 'zod';

export const VisitColumns = z.strictObject({
  state: z.string().min(1).describe('Column of the state'),
  action: z.string().min(1).optional().describe('Column of the action taken there'),
  nextState: z.string().min(1).optional().describe('Column of the state it led to'),
  goal: z.string().min(1).optional().describe('Column of what the person was heading for'),
  fold: z.string().min(1).optional().describe('Column of the fold'),
  follow: z
    .strictObject({ trajectory: z.string().min(1), step: z.string().min(1) })
    .optional()
    .describe(
      'Columns of the trajectory and of the step, a number: the next state is that of the next step. It takes a sort, where a column of next states takes none',
    ),
});
/** Names of the columns of a log. */
export type VisitColumns = z.input<typeof VisitColumns>;

/** Columns of the answer, in its order; the count is last and called `count`. */
export function countedColumns(columns: VisitColumns): string[] {
  const { action, nextState, goal, fold, follow } = VisitColumns.parse(columns);
  if ((nextState ?? action) === undefined && follow === undefined)
    throw new RangeError(
      'Cannot count what was done: the log must have an "action" or a "nextState", or "follow" must say how to find the next state',
    );
  if (nextState !== undefined && follow !== undefined)
    throw new RangeError('Cannot count moves: give either "nextState" or "follow", not both');
  return [
    'state',
    ...(action === undefined ? [] : ['action']),
    ...(nextState === undefined && follow === undefined ? [] : ['next_state']),
    ...(goal === undefined ? [] : ['goal']),
    ...(fold === undefined ? [] : ['fold']),
  ];
}

/** @param table what is counted, as it stands behind FROM: a table, or a call that reads a file */
export function visitsQuery(table: string, columns: VisitColumns): string {
  const names = countedColumns(columns);
  const { state, action, nextState, goal, fold, follow } = VisitColumns.parse(columns);
  const sources: Record<string, string | undefined> = {
    state: identifier(state),
    action: action && identifier(action),
    next_state: follow
      ? `lead(${identifier(state)}) OVER (PARTITION BY ${identifier(follow.trajectory)} ORDER BY CAST(${identifier(follow.step)} AS BIGINT))`
      : nextState && identifier(nextState),
    goal: goal && identifier(goal),
    fold: fold && identifier(fold),
  };
  const selected = names.map((name) => `${sources[name]} AS ${identifier(name)}`).join(', ');
  const list = names.map(identifier).join(', ');
  return `SELECT ${list}, count(*) AS "count" FROM (SELECT ${selected} FROM ${table}) AS visits GROUP BY ${list}`;
}

/** A name as SQL quotes it. */
function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
