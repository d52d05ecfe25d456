/** Records as a CSV file: written as they come, never held, and in place only once whole. */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import type { FieldValue, SourceRecord } from './source.ts';

/**
 * Writes a table of `columns`; fields that a record lacks, and null, are empty cells. Numbers are the
 * shortest decimals that name the same double. Returns how many rows were written.
 *
 * @throws RangeError where a record has a field that is no column, or a list
 */
export async function writeRecords(
  path: string,
  columns: readonly string[],
  batches: AsyncIterable<readonly SourceRecord[]>,
): Promise<number> {
  const partial = `${path}.partial`;
  const out = createWriteStream(partial);
  const done = finished(out);
  // Awaited below; an error in between must not be unhandled.
  done.catch(() => {});
  const known = new Set(columns);
  let rows = 0;
  try {
    out.write(`${columns.map(csvCell).join(',')}\n`);
    for await (const batch of batches) {
      let text = '';
      for (const { place, fields } of batch) {
        for (const name of Object.keys(fields))
          if (!known.has(name))
            throw new RangeError(
              `Cannot write record ${place}: its field "${name}" is no column of the first`,
            );
        text += `${columns.map((name) => csvCell(fields[name] ?? null)).join(',')}\n`;
        rows++;
      }
      if (!out.write(text)) await Promise.race([once(out, 'drain'), done]);
    }
    out.end();
    await done;
    await rename(partial, path);
  } catch (error) {
    out.destroy();
    await rm(partial, { force: true });
    throw error;
  }
  return rows;
}

/** Returns a value as the text of a cell, quoted where needed. */
export function csvCell(value: FieldValue): string {
  if (value === null) return '';
  if (typeof value === 'string')
    return /[",\n\r]/.test(value) || value !== value.trim()
      ? `"${value.replaceAll('"', '""')}"`
      : value;
  if (value instanceof Float64Array)
    throw new RangeError(`Cannot write a list of ${value.length} numbers into one cell`);
  return Object.is(value, -0) ? '-0' : String(value);
}
