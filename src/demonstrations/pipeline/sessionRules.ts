/** What decides which rows make a track: how rows are read, and by which rules sessions are cut. */

import { z } from 'zod';
import type { Ending, Values } from './track.ts';

/** How a row tells what it is part of. */
export interface SessionColumns<Row extends Values> {
  /** Whose row it is. */
  readonly person: (row: Row) => string;
  /** The trajectory, where the recording names it; else all rows of a person are one until cut. */
  readonly trajectory?: (row: Row) => string;
  /** In any unit, which `gap` and `speed` share. Without it rows follow in the order of the source. */
  readonly time?: (row: Row) => number;
  /** Position, or any numbers that a discretiser makes states of. */
  readonly point?: (row: Row) => readonly number[];
  /** The state, where it was recorded as such. */
  readonly state?: (row: Row) => string;
  /** The action taken there, null at a row that was only reached. */
  readonly action?: (row: Row) => string | null;
  /** Whether the session ends with this row, and how; null where it goes on. */
  readonly end?: (row: Row) => Exclude<Ending, 'cut'> | null;
  readonly weight?: (row: Row) => number;
}

export const SessionOptions = z.strictObject({
  gap: z.number().positive().optional().describe('Longest time between two rows of a session'),
  jump: z.number().positive().optional().describe('Longest distance between two rows of a session'),
  speed: z.number().positive().optional().describe('Most distance per time between two rows'),
  rows: z
    .enum(['grouped', 'interleaved'])
    .default('grouped')
    .describe('Whether the rows of one person (or trajectory) stand together in the source'),
  duplicates: z
    .enum(['first', 'last', 'reject'])
    .default('reject')
    .describe('Which of several rows of one time is kept; of exact copies one always is'),
  window: z
    .int()
    .nonnegative()
    .default(0)
    .describe('By how many rows of a person one may come late and still be put in order'),
  overlaps: z
    .enum(['keep', 'reject'])
    .default('keep')
    .describe('What becomes of a track that begins before another of the same person ended'),
  atLeast: z.int().positive().default(1).describe('Rows below which a session is refused'),
  lastRow: z
    .enum(['terminated', 'truncated'])
    .default('truncated')
    .describe("How a session ends where the person's rows do"),
  mostOpenRows: z
    .int()
    .positive()
    .default(2_000_000)
    .describe('Rows of unfinished sessions that may be held in memory'),
});
/** What a caller may write. */
export type SessionOptions = z.input<typeof SessionOptions>;
export type SessionRules = z.output<typeof SessionOptions>;

/** A row with what `sessions` read off it. */
export interface ReadRow<Row extends Values> {
  readonly place: number;
  readonly time: number | null;
  readonly point: readonly number[] | null;
  readonly state: string | null;
  /** Undefined where no actions were recorded at all. */
  readonly action: string | null | undefined;
  readonly end: Exclude<Ending, 'cut'> | null;
  readonly weight: number;
  readonly values: Row;
}
