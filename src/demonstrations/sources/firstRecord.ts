/** The first record of a source: what columns there are. */

import { TableError } from '../tables/tableError.ts';
import { isMalformed, type Source, type SourceRecord } from './source.ts';

/** Returns the first item that is a record; throws a TableError where there is none. */
export async function firstRecord(source: Source): Promise<SourceRecord> {
  for await (const batch of source.read())
    for (const item of batch) if (!isMalformed(item)) return item;
  throw new TableError(source.name, null, `has not one ${source.unit} that is a record`);
}
