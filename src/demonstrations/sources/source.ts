/**
 * A source: recordings as somebody's program wrote them, record by record in the order of the file.
 * Reading never guesses: a text stays a text until a schema says what it is. What cannot be read as
 * a record is handed on as malformed, with its place, so that nothing is dropped in silence.
 */

/** What a field of a record may hold. Arrays are observations, of one length in one source. */
export type FieldValue = string | number | bigint | boolean | null | Float64Array;

export interface SourceRecord {
  /** Where it stands in its file, from 1, in the source's unit. */
  readonly place: number;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

/** Something in a file that is not a record. */
export interface MalformedRecord {
  readonly place: number;
  /** What was wanted and what came. */
  readonly problem: string;
  /** As it stands in the file, as far as it could be read. */
  readonly text: string;
}

export type SourceItem = SourceRecord | MalformedRecord;

export interface Source {
  /** Base name of the file, or what stands in its place. */
  readonly name: string;
  /** Files on the disk, absolute; hashed for the manifest. Empty for records in memory. */
  readonly files: readonly string[];
  /** What places count. */
  readonly unit: 'line' | 'row' | 'point' | 'record';
  /**
   * Yields batches of items, in order, reading on only when asked: memory does not grow with the
   * file. May be called again. Throws a TableError where the file as a whole cannot be read.
   */
  readonly read: () => AsyncGenerator<readonly SourceItem[]>;
}

export function isMalformed(item: SourceItem): item is MalformedRecord {
  return 'problem' in item;
}
