/** A source read by a schema: every field is what the schema states, or the record is malformed. */

import { quoted, quotedList, TableError } from '../tables/tableError.ts';
import { fieldParser } from './parseField.ts';
import { RecordSchema } from './recordSchema.ts';
import {
  type FieldValue,
  isMalformed,
  type Source,
  type SourceItem,
  type SourceRecord,
} from './source.ts';

/**
 * Returns the source with its fields named and typed by a schema. Times become seconds since
 * 1970-01-01T00:00:00 UTC, numbers are in the unit that is wanted.
 */
export function typedSource(source: Source, schema: RecordSchema): Source {
  const { others, fields } = RecordSchema.parse(schema);
  const parsers = Object.entries(fields).map(([name, field]) => ({
    name,
    from: field.from ?? name,
    parse: fieldParser(field),
  }));
  const known = new Set(parsers.map(({ from }) => from));
  const typed = (record: SourceRecord): SourceItem => {
    if (others === 'refuse') refuseOthers(source.name, record, known);
    const values: Record<string, FieldValue> = {};
    for (const { name, from, parse } of parsers) {
      const given = Object.hasOwn(record.fields, from) ? record.fields[from] : undefined;
      const parsed = parse(given);
      if ('problem' in parsed)
        return {
          place: record.place,
          problem: `${quoted(from)} ${parsed.problem}${given === undefined || given === null ? '' : `, got ${quoted(String(given))}`}`,
          text: asText(record),
        };
      values[name] = parsed.value;
    }
    return { place: record.place, fields: values };
  };
  return {
    ...source,
    async *read() {
      for await (const batch of source.read())
        yield batch.map((item) => (isMalformed(item) ? item : typed(item)));
    },
  };
}

function refuseOthers(
  file: string,
  { place, fields }: SourceRecord,
  known: ReadonlySet<string>,
): void {
  const others = Object.keys(fields).filter((name) => !known.has(name));
  if (others.length > 0)
    throw new TableError(
      file,
      place,
      `has fields that the schema does not name: ${quotedList(others, 12)}; name them, or set "others" to "drop"`,
    );
}

/** Returns a record as one line of JSON. */
export function asText({ fields }: SourceRecord): string {
  return JSON.stringify(fields, (_, value: unknown) => {
    if (typeof value === 'bigint') return value.toString();
    return value instanceof Float64Array ? [...value] : value;
  });
}
