/**
 * What a field of a record may be turned into at the door of a pipeline. Texts become numbers only
 * where a schema says so; what does not fit is refused with the reason. Messages continue the
 * sentence `"column" …`.
 */

import { z } from 'zod';
import { timeParser } from '../sources/parseTime.ts';
import { DECIMAL_WANTED, parseDecimal } from '../tables/tableCells.ts';

function cell<T>(wanted: string, parse: (value: unknown) => T | undefined) {
  return z.unknown().transform((value, context): T => {
    const parsed = parse(value);
    if (parsed !== undefined) return parsed;
    context.issues.push({
      code: 'custom',
      message: value === undefined ? 'is not among the fields' : wanted,
      input: value,
    });
    return z.NEVER;
  });
}

function toNumber(value: unknown): number | undefined {
  const number =
    typeof value === 'string'
      ? parseDecimal(value.trim())
      : typeof value === 'bigint' || typeof value === 'number'
        ? Number(value)
        : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** Date and time with a zone: without one nobody can say when it was. */
const INSTANT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?\s?(Z|[+-]\d\d:?\d\d)$/;
const readInstant = timeParser({ format: 'iso', zone: 'written', repeated: 'reject' });

function toSeconds(value: unknown): number | undefined {
  const seconds = toNumber(value);
  if (seconds !== undefined || typeof value !== 'string') return seconds;
  if (!INSTANT.test(value.trim())) return undefined;
  const instant = readInstant(value);
  return typeof instant === 'number' ? instant : undefined;
}

/** Schemas of fields, for the `z.object` that `clean` takes. */
export const field = {
  /** Any text but the empty one; numbers and truth values as they are written. */
  text: () =>
    cell('must not be empty', (value) =>
      (typeof value === 'string' && value !== '') ||
      typeof value === 'number' ||
      typeof value === 'bigint' ||
      typeof value === 'boolean'
        ? String(value)
        : undefined,
    ),
  /** A finite decimal number. */
  number: () => cell(DECIMAL_WANTED, toNumber),
  /** A whole number that is exact as a double. */
  integer: () =>
    cell('must be a whole number', (value) => {
      const number = toNumber(value);
      return number !== undefined && Number.isSafeInteger(number) ? number : undefined;
    }),
  /** An instant in seconds since 1970: such a number, or ISO 8601 with its time zone. */
  time: () =>
    cell(
      'must be a number of seconds, or a date and time with its zone such as 2024-05-01T08:30:00+02:00',
      toSeconds,
    ),
  /** So many finite numbers. */
  vector: (dimension: number) =>
    cell(`must be ${dimension} finite numbers`, (value) => {
      const numbers =
        value instanceof Float64Array || Array.isArray(value) ? Array.from(value) : [];
      return numbers.length === dimension && numbers.every(Number.isFinite)
        ? (numbers as number[])
        : undefined;
    }),
  /** Another kind of field, or null where one of `texts` (and an empty field) stands for nothing. */
  missing: <T>(of: z.ZodType<T>, texts: readonly string[] = ['']) =>
    z.unknown().transform((value, context): T | null => {
      if (value === null || (typeof value === 'string' && texts.includes(value))) return null;
      const parsed = of.safeParse(value);
      if (parsed.success) return parsed.data;
      for (const { message } of parsed.error.issues)
        context.issues.push({ code: 'custom', message, input: value });
      return z.NEVER;
    }),
} as const;
