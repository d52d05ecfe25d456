/**
 * The door of a pipeline: records become rows of known types, or are refused. Nothing is guessed:
 * a field is what the schema makes of it.
 */

import type { z } from 'zod';
import { isMalformed, type SourceItem } from '../sources/source.ts';
import { quoted } from '../tables/tableError.ts';
import { type Stage, settingsOf } from './stage.ts';
import type { Values } from './track.ts';

/** A row that passed, with its place in the source. */
export interface CleanRow<Row extends Values> {
  readonly place: number;
  readonly values: Row;
}

/** What says of a row that it shall not be kept, by the reason that is written beside it: `too fast`. */
export type RefuseRules<Row> = Readonly<Record<string, (row: Row) => boolean>>;

/**
 * Checks every record against a schema, then against rules of one's own.
 *
 * @param schema a `z.object` of `field.…()`; fields that it does not name are left out
 * @param refuse by reason, what says of a row that it shall not be kept
 */
export function clean<Schema extends z.ZodObject>(
  schema: Schema,
  refuse: RefuseRules<z.output<Schema>> = {},
): Stage<SourceItem, CleanRow<z.output<Schema> & Values>> {
  const rules = Object.entries(refuse);
  return {
    name: 'clean',
    settings: { fields: Object.keys(schema.shape), ...settingsOf({ refuse }) },
    begin(outlet) {
      return {
        take(item) {
          const { place } = item;
          if (isMalformed(item)) {
            outlet.refuse({ place, reason: 'malformed', detail: item.problem, row: item.text });
            return;
          }
          const parsed = schema.safeParse(item.fields);
          if (!parsed.success) {
            const { path, message } = parsed.error.issues[0];
            const name = String(path[0] ?? '');
            outlet.refuse({
              place,
              reason: name === '' ? message : `${quoted(name)} ${message}`,
              row: item.fields,
            });
            return;
          }
          const values = parsed.data;
          for (const [reason, refuses] of rules)
            if (refuses(values)) {
              outlet.refuse({ place, reason, row: item.fields });
              return;
            }
          outlet.emit({ place, values: values as z.output<Schema> & Values });
        },
        finish() {},
        save: () => null,
      };
    },
  };
}
