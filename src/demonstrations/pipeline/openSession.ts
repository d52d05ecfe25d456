/** Sessions as they grow row by row, and where they are cut. */

import type { ReadRow, SessionRules } from './sessionRules.ts';
import type { Outlet } from './stage.ts';
import type { Ending, Track, Values } from './track.ts';

/** A session whose end has not come; plain data, so that it can be saved. */
export interface OpenSession<Row extends Values> {
  readonly name: string;
  readonly weight: number;
  readonly first: Row;
  last: Row;
  readonly places: number[];
  readonly times: number[] | null;
  readonly points: number[] | null;
  readonly states: string[] | null;
  readonly actions: (string | null)[] | null;
}

/** @param close is given every session that ended, and whose it is */
export function sessionBuilder<Row extends Values, Owner>(
  rules: SessionRules,
  outlet: Outlet<Track<Row>>,
  close: (session: OpenSession<Row>, owner: Owner, end: Ending) => void,
) {
  return {
    close,
    /** Appends a row; returns the session that is open then, null where the row ended it. */
    next(
      open: OpenSession<Row> | null,
      owner: Owner,
      row: ReadRow<Row>,
      newName: () => string,
    ): OpenSession<Row> | null {
      let session = open;
      const reason = session && whyCut(session, row, rules);
      if (session && reason) {
        outlet.note(`cut: ${reason}`);
        close(session, owner, 'cut');
        session = null;
      }
      session ??= begin(newName(), row);
      append(session, row);
      if (row.end === null) return session;
      close(session, owner, row.end);
      return null;
    },
  };
}

function begin<Row extends Values>(name: string, row: ReadRow<Row>): OpenSession<Row> {
  return {
    name,
    weight: row.weight,
    first: row.values,
    last: row.values,
    places: [],
    times: row.time === null ? null : [],
    points: row.point === null ? null : [],
    states: row.state === null ? null : [],
    actions: row.action === undefined ? null : [],
  };
}

function append<Row extends Values>(session: OpenSession<Row>, row: ReadRow<Row>): void {
  session.last = row.values;
  session.places.push(row.place);
  if (row.time !== null) session.times?.push(row.time);
  if (row.point !== null) for (const x of row.point) session.points?.push(x);
  if (row.state !== null) session.states?.push(row.state);
  if (row.action !== undefined) session.actions?.push(row.action);
}

/** Why a row does not go on with a session, or null if it does. */
function whyCut<Row extends Values>(
  { places, times, points, weight }: OpenSession<Row>,
  row: ReadRow<Row>,
  { gap = Number.POSITIVE_INFINITY, jump = Number.POSITIVE_INFINITY, speed }: SessionRules,
): string | null {
  if (row.weight !== weight) return 'another weight';
  const elapsed = times && row.time !== null ? row.time - times[times.length - 1] : 0;
  if (elapsed > gap) return 'gap';
  if (!points || !row.point) return null;
  const dimension = points.length / places.length;
  if (row.point.length !== dimension) return 'another number of coordinates';
  if (jump === Number.POSITIVE_INFINITY && speed === undefined) return null;
  let squares = 0;
  for (let k = 0; k < dimension; k++)
    squares += (row.point[k] - points[points.length - dimension + k]) ** 2;
  const distance = Math.sqrt(squares);
  if (distance > jump) return 'jump';
  if (speed !== undefined && distance > speed * elapsed) return 'speed';
  return null;
}
