/** Reads a whole source, for tests. */

import {
  isMalformed,
  type MalformedRecord,
  type Source,
  type SourceRecord,
} from '../../../src/demonstrations/sources/source.ts';

export async function readSource(
  source: Source,
): Promise<{ records: SourceRecord[]; malformed: MalformedRecord[] }> {
  const records: SourceRecord[] = [];
  const malformed: MalformedRecord[] = [];
  for await (const batch of source.read())
    for (const item of batch)
      if (isMalformed(item)) malformed.push(item);
      else records.push(item);
  return { records, malformed };
}
