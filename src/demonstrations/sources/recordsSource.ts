/** Records in memory as a source: what a program already holds, or a test. */

import { flatFields } from './flatFields.ts';
import type { Source, SourceItem } from './source.ts';

const BATCH = 1000;

/** Makes a source of objects; nested ones become fields with dotted names. */
export function recordsSource(records: Iterable<object>, name = 'records'): Source {
  return {
    name,
    files: [],
    unit: 'record',
    async *read() {
      let place = 0;
      let batch: SourceItem[] = [];
      for (const record of records) {
        place++;
        const flat = flatFields(record, null);
        batch.push(
          typeof flat === 'string'
            ? { place, problem: flat, text: String(record) }
            : { place, fields: flat },
        );
        if (batch.length < BATCH) continue;
        yield batch;
        batch = [];
      }
      if (batch.length > 0) yield batch;
    },
  };
}
