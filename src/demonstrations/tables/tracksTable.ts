/** The list of tracks that a pipeline writes beside its tables: whose each is, how it ends, and when it was. */

import { z } from 'zod';
import { openTable, type TableFile } from './readTable.ts';
import { Id, parseDecimal } from './tableCells.ts';

const COLUMNS = {
  required: ['trajectory', 'person', 'end'],
  optional: ['first_time', 'last_time'],
  further: 'ignored',
} as const;

const Time = z
  .string()
  .transform((text) => (Number.isNaN(parseDecimal(text)) ? null : parseDecimal(text)))
  .optional();

const Row = z.object({
  trajectory: Id,
  person: z.string(),
  end: z.string(),
  first_time: Time,
  last_time: Time,
});

export interface ListedTrack {
  readonly trajectory: string;
  readonly person: string;
  /** Terminated, truncated or cut off, in the words of the pipeline. */
  readonly end: string;
  /** In the time unit of the source; null where there is none. */
  readonly first: number | null;
  readonly last: number | null;
}

export interface TrackList {
  readonly tracks: readonly ListedTrack[];
  readonly file: TableFile;
}

export async function readTracks(path: string): Promise<TrackList> {
  const table = await openTable(path, COLUMNS);
  const tracks: ListedTrack[] = [];
  for await (const { values } of table.rows(Row)) {
    const { trajectory, person, end, first_time, last_time } = values;
    tracks.push({ trajectory, person, end, first: first_time ?? null, last: last_time ?? null });
  }
  return { tracks, file: table.summary() };
}
