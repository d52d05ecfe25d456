/**
 * The rows of one person in the order of their time: rows that come a little late are put where
 * they belong, later ones are refused, and of several rows of one time one is kept, or none.
 */

import type { ReadRow, SessionRules } from './sessionRules.ts';
import type { Values } from './track.ts';

/** What a row is handed to. */
export type Next<Row extends Values> = (row: ReadRow<Row>) => void;
/** What is told of a row that is refused. */
export type Late<Row extends Values> = (row: ReadRow<Row>, reason: string) => void;

/** The rows that still wait; plain data, so that it can be saved. */
export interface OrderedRows<Row extends Values> {
  /** By time, then by place. */
  readonly waiting: ReadRow<Row>[];
  /** To be handed on next, should no other row be of its time. */
  held: ReadRow<Row> | null;
  /** Whether another row says something else about the time of `held`. */
  contested: boolean;
}

type OrderRules = Pick<SessionRules, 'duplicates' | 'window'>;

const LATE = 'out of order: later rows were handed on before it came';
const COPY = 'exact copy of a row before it';
const CONTESTED = 'several rows of one time that say different things';

export function noRows<Row extends Values>(): OrderedRows<Row> {
  return { waiting: [], held: null, contested: false };
}

/** Takes the next row of the source, and hands on those that can no longer be overtaken. */
export function inOrder<Row extends Values>(
  rows: OrderedRows<Row>,
  row: ReadRow<Row>,
  rules: OrderRules,
  next: Next<Row>,
  late: Late<Row>,
): void {
  if (row.time === null) {
    next(row);
    return;
  }
  const { waiting } = rows;
  let at = waiting.length;
  while (at > 0 && waiting[at - 1].time! > row.time) at--;
  if (at === 0 && rows.held && row.time < rows.held.time!) {
    late(row, LATE);
    return;
  }
  waiting.splice(at, 0, row);
  if (waiting.length > rules.window) compare(rows, waiting.shift()!, rules, next, late);
}

/** Hands on all that wait: no more rows come. */
export function restInOrder<Row extends Values>(
  rows: OrderedRows<Row>,
  rules: OrderRules,
  next: Next<Row>,
  late: Late<Row>,
): void {
  for (const row of rows.waiting) compare(rows, row, rules, next, late);
  rows.waiting.length = 0;
  release(rows, next, late);
  rows.held = null;
}

/** Takes rows by time, and settles which of one time is kept. */
function compare<Row extends Values>(
  rows: OrderedRows<Row>,
  row: ReadRow<Row>,
  { duplicates }: OrderRules,
  next: Next<Row>,
  late: Late<Row>,
): void {
  const { held } = rows;
  if (held === null || held.time !== row.time) {
    release(rows, next, late);
    rows.held = row;
    rows.contested = false;
    return;
  }
  if (JSON.stringify(held.values) === JSON.stringify(row.values)) late(row, COPY);
  else if (duplicates === 'first') late(row, 'not the first row of its time');
  else if (duplicates === 'last') {
    late(held, 'not the last row of its time');
    rows.held = row;
  } else {
    late(row, CONTESTED);
    rows.contested = true;
  }
}

function release<Row extends Values>(
  { held, contested }: OrderedRows<Row>,
  next: Next<Row>,
  late: Late<Row>,
): void {
  if (held === null) return;
  if (contested) late(held, CONTESTED);
  else next(held);
}
