/**
 * What the fields of a record are: stated, printed, saved as JSON, edited and given back. Nothing is
 * guessed when records are read by it: a value that is not what its field says makes the record
 * malformed, and a field that the schema does not name is refused unless it says otherwise.
 */

import { z } from 'zod';
import { RepeatedTime, TimeFormat, TimeZone, timeParser } from './parseTime.ts';
import { unitFactor, unitNames } from './units.ts';

const common = {
  from: z.string().optional().describe('Field of the source; by default the one of the same name'),
  missing: z
    .array(z.string())
    .nullable()
    .default(null)
    .describe(
      'Texts that stand for no value, which becomes null; null where a value must be there',
    ),
};

const NumberField = z
  .strictObject({
    kind: z.literal('number'),
    decimal: z.enum(['.', ',']).default('.').describe('Decimal mark'),
    thousands: z
      .enum([',', '.', ' ', "'", '\u00a0', '\u202f'])
      .nullable()
      .default(null)
      .describe('What stands between groups of three digits'),
    unit: z.string().nullable().default(null).describe('Unit in the file'),
    in: z.string().nullable().default(null).describe('Unit wanted; by default that of the file'),
    ...common,
  })
  .refine(({ decimal, thousands }) => decimal !== thousands, {
    error: 'has the same mark for decimals and thousands',
  })
  .refine(
    ({ unit, in: wanted }) =>
      wanted === null || (unit !== null && unitFactor(unit, wanted) !== null),
    {
      error: `has units that cannot be converted into each other; known are ${unitNames.join(', ')}`,
    },
  );

const TimeField = z
  .strictObject({
    kind: z.literal('time'),
    format: TimeFormat.default('iso'),
    zone: TimeZone,
    repeated: RepeatedTime.default('reject'),
    ...common,
  })
  .superRefine((field, context) => {
    try {
      timeParser(field);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
    }
  });

export const FieldSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text'), ...common }),
  z.strictObject({
    kind: z.literal('category'),
    values: z.array(z.string()).min(1).describe('Every text that may stand there'),
    ...common,
  }),
  z.strictObject({ kind: z.literal('integer'), ...common }),
  NumberField,
  TimeField,
  z.strictObject({
    kind: z.literal('boolean'),
    true: z.array(z.string()).min(1).default(['true']).describe('Texts that mean true'),
    false: z.array(z.string()).min(1).default(['false']).describe('Texts that mean false'),
    ...common,
  }),
  z.strictObject({
    kind: z.literal('list'),
    length: z.int().positive().describe('How many numbers'),
    ...common,
  }),
]);
export type FieldSchema = z.output<typeof FieldSchema>;

export const RecordSchema = z.strictObject({
  others: z
    .enum(['refuse', 'drop'])
    .default('refuse')
    .describe('What becomes of fields of the source that are not named here'),
  fields: z
    .record(z.string().min(1), FieldSchema)
    .refine((fields) => Object.keys(fields).length > 0, { error: 'names no field' }),
});
/** What a caller may write; every field of a field but its kind optional, and the zone of times. */
export type RecordSchema = z.input<typeof RecordSchema>;
