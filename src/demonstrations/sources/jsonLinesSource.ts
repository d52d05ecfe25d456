/**
 * JSON lines as a source: one object per line. Nested objects become fields with dotted names,
 * lists of numbers become arrays; anything else that is not a plain value is malformed.
 */

import { basename, resolve } from 'node:path';
import { CsvReader } from './csvRecords.ts';
import { flatFields } from './flatFields.ts';
import type { Source, SourceItem } from './source.ts';
import { TextOptions, textChunks } from './textChunks.ts';

/** A character that ends a line and can stand in no JSON text, so that no line is split by it. */
const NO_DELIMITER = '\n';

/** Opens JSON lines (.jsonl, .ndjson), packed with gzip or Zstandard or not. */
export function jsonLinesSource(path: string, options: TextOptions = {}): Source {
  const given = TextOptions.parse(options);
  return {
    name: basename(path),
    files: [resolve(path)],
    unit: 'line',
    async *read() {
      const dialect = { delimiter: NO_DELIMITER, quote: null, comment: null };
      const lines = new CsvReader({ ...dialect, maxRecord: given.maxRecord });
      const take = (text: string, final: boolean): SourceItem[] =>
        lines.push(text, final).flatMap((found) => {
          if ('problem' in found)
            return [{ place: found.line, problem: found.problem, text: found.text }];
          return found.cells[0].trim() === '' ? [] : [itemOf(found.line, found.cells[0])];
        });
      for await (const text of textChunks(path, given)) {
        const items = take(text, false);
        if (items.length > 0) yield items;
      }
      const items = take('', true);
      if (items.length > 0) yield items;
    },
  };
}

function itemOf(place: number, text: string): SourceItem {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { place, problem: `is not JSON (${(error as Error).message})`, text };
  }
  const flat = flatFields(value, text);
  return typeof flat === 'string' ? { place, problem: flat, text } : { place, fields: flat };
}
