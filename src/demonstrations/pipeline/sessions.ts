/**
 * Rows into sessions: which rows belong to one person, in which order, and where a track ends.
 *
 * A session ends where the person's rows end, where a row says so, and, cut, where the next row is
 * later, farther or faster than the rules allow. Rows of one time, and rows that come late, are put
 * in order or refused by rule, never in silence.
 */

import type { CleanRow } from './clean.ts';
import { type OpenSession, sessionBuilder } from './openSession.ts';
import { inOrder, type Late, noRows, type OrderedRows, restInOrder } from './rowOrder.ts';
import { type ReadRow, type SessionColumns, SessionOptions } from './sessionRules.ts';
import { type Outlet, type Stage, settingsOf } from './stage.ts';
import type { Ending, Track, Values } from './track.ts';
import { nameOf, partName } from './track.ts';

/** All rows so far of one person, or of one trajectory where those are named. */
interface Thread<Row extends Values> {
  readonly person: string;
  /** Sessions begun. */
  sessions: number;
  readonly order: OrderedRows<Row>;
  session: OpenSession<Row> | null;
}

interface Saved<Row extends Values> {
  readonly open: readonly (readonly [string, Thread<Row>])[];
  readonly closed: readonly string[];
  readonly spans: readonly (readonly [string, readonly number[]])[];
  readonly openRows: number;
}

export function sessions<Row extends Values>(
  columns: SessionColumns<Row>,
  options: SessionOptions = {},
): Stage<CleanRow<Row>, Track<Row>> {
  const rules = SessionOptions.parse(options);
  if (!columns.time && (rules.gap ?? rules.speed) !== undefined)
    throw new RangeError('Cannot cut sessions by gap or speed: rows have no time; give "time"');
  if (!columns.point && (rules.jump ?? rules.speed) !== undefined)
    throw new RangeError('Cannot cut sessions by jump or speed: rows have no point; give "point"');
  if (!columns.point && !columns.state)
    throw new RangeError('Cannot make sessions: rows have neither a "point" nor a "state"');
  const grouped = rules.rows === 'grouped';
  return {
    name: 'sessions',
    settings: { ...settingsOf(columns), ...settingsOf(rules) },
    begin(outlet, saved) {
      const before = saved as Saved<Row> | undefined;
      const threads = new Map<string, Thread<Row>>(before?.open);
      const closed = new Set<string>(before?.closed);
      const spans = new Map<string, number[]>(before?.spans.map(([who, own]) => [who, [...own]]));
      let openRows = before?.openRows ?? 0;
      let current = grouped ? ([...threads.keys()].at(-1) ?? null) : null;

      const builder = sessionBuilder<Row, Thread<Row>>(rules, outlet, (session, thread, end) => {
        openRows -= session.places.length;
        thread.session = null;
        handOn(session, thread, end);
      });
      const handOn = (session: OpenSession<Row>, { person }: Thread<Row>, end: Ending) => {
        const { name, places, times } = session;
        const refuseAll = (reason: string) => {
          for (const place of places) outlet.refuse({ place, reason, detail: `session ${name}` });
        };
        if (places.length < rules.atLeast)
          return refuseAll(`session shorter than ${rules.atLeast} rows`);
        if (columns.trajectory && times && overlaps(spans, person, times)) {
          if (rules.overlaps === 'reject') return refuseAll('track overlaps another of its person');
          outlet.note('tracks that overlap another of their person');
        }
        outlet.note('tracks');
        outlet.emit({ ...session, person, fold: null, goal: null, end });
      };
      const refuseLate: Late<Row> = (row, reason) => {
        openRows--;
        outlet.refuse({ place: row.place, reason, row: row.values });
      };
      const put = (name: string, thread: Thread<Row>, row: ReadRow<Row>) => {
        thread.session = builder.next(thread.session, thread, row, () =>
          partName(nameOf(name), ++thread.sessions, '#'),
        );
      };
      const close = (name: string, thread: Thread<Row>) => {
        restInOrder(thread.order, rules, (row) => put(name, thread, row), refuseLate);
        if (thread.session) builder.close(thread.session, thread, rules.lastRow);
      };

      return {
        take({ place, values }) {
          const read = readRow(columns, place, values, outlet);
          if (!read) return;
          const person = columns.person(values);
          const name = columns.trajectory ? columns.trajectory(values) : person;
          let thread = threads.get(name);
          if (grouped && name !== current) {
            if (closed.has(name)) {
              const reason = `rows of one ${columns.trajectory ? 'trajectory' : 'person'} do not stand together`;
              outlet.refuse({ place, reason, row: values });
              return;
            }
            if (current !== null) {
              close(current, threads.get(current)!);
              threads.delete(current);
              closed.add(current);
            }
            current = name;
          }
          if (!thread) {
            thread = { person, sessions: 0, order: noRows(), session: null };
            threads.set(name, thread);
          }
          if (thread.person !== person) {
            outlet.refuse({ place, reason: 'trajectory is of two people', row: values });
            return;
          }
          if (++openRows > rules.mostOpenRows) throw tooManyOpen(rules.mostOpenRows, grouped);
          const to = thread;
          inOrder(thread.order, read, rules, (row) => put(name, to, row), refuseLate);
        },
        finish() {
          for (const [name, thread] of threads) close(name, thread);
          threads.clear();
        },
        save: (): Saved<Row> => ({
          open: [...threads],
          closed: [...closed],
          spans: [...spans],
          openRows,
        }),
      };
    },
  };
}

function readRow<Row extends Values>(
  columns: SessionColumns<Row>,
  place: number,
  values: Row,
  outlet: Pick<Outlet<never>, 'refuse'>,
): ReadRow<Row> | null {
  const time = columns.time ? columns.time(values) : null;
  const point = columns.point ? columns.point(values) : null;
  const weight = columns.weight ? columns.weight(values) : 1;
  const refuse = (reason: string) => {
    outlet.refuse({ place, reason, row: values });
    return null;
  };
  if (columns.person(values) === '') return refuse('person has no name');
  if (columns.trajectory?.(values) === '') return refuse('trajectory has no name');
  if (columns.state?.(values) === '') return refuse('state has no name');
  if (time !== null && !Number.isFinite(time)) return refuse('time is not a finite number');
  if (point && !point.every(Number.isFinite)) return refuse('point is not made of finite numbers');
  if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY))
    return refuse('weight is not a finite number, 0 or more');
  return {
    place,
    time,
    point,
    state: columns.state ? columns.state(values) : null,
    action: columns.action?.(values),
    end: columns.end ? columns.end(values) : null,
    weight,
    values,
  };
}

/** Whether a track overlaps one of the same person, and remembers its span if not. */
function overlaps(spans: Map<string, number[]>, person: string, times: readonly number[]): boolean {
  const from = times[0];
  const to = times[times.length - 1];
  const own = spans.get(person) ?? [];
  for (let i = 0; i < own.length; i += 2) if (from < own[i + 1] && own[i] < to) return true;
  own.push(from, to);
  spans.set(person, own);
  return false;
}

function tooManyOpen(most: number, grouped: boolean): RangeError {
  return new RangeError(
    `Cannot make sessions: more than ${most} rows wait for the end of theirs; ${
      grouped
        ? 'cut them by "gap", or raise mostOpenRows'
        : 'sort the source by person and time (a SQL source can: ORDER BY) and say rows: "grouped", or raise mostOpenRows'
    }`,
  );
}
