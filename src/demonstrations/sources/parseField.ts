/** One value of a record by what its field is stated to be. */

import { nearestName } from '../nearestName.ts';
import { parseDecimal } from '../tables/tableCells.ts';
import { quotedList } from '../tables/tableError.ts';
import { timeParser } from './parseTime.ts';
import type { FieldSchema } from './recordSchema.ts';
import type { FieldValue } from './source.ts';
import { unitFactor } from './units.ts';

/** A value, or what is wrong, continuing the name of the field. */
export type Parsed = { readonly value: FieldValue } | { readonly problem: string };

/** Makes a parser for a field; `undefined` is a field that the record lacks. */
export function fieldParser(schema: FieldSchema): (value: FieldValue | undefined) => Parsed {
  const parse = valueParser(schema);
  const missing = schema.missing === null ? null : new Set(schema.missing);
  return (value) => {
    if (value === undefined || value === null)
      return missing === null ? { problem: 'is missing' } : { value: null };
    if (typeof value === 'string' && missing?.has(value)) return { value: null };
    return parse(value);
  };
}

function valueParser(schema: FieldSchema): (value: Exclude<FieldValue, null>) => Parsed {
  switch (schema.kind) {
    case 'text':
      return (value) =>
        value instanceof Float64Array
          ? { problem: 'must be a text, not a list' }
          : { value: String(value) };
    case 'category':
      return (value) => category(String(value), schema.values);
    case 'integer':
      return integer;
    case 'number':
      return numberParser(schema);
    case 'time':
      return timeField(timeParser(schema));
    case 'boolean':
      return (value) => {
        if (typeof value === 'boolean') return { value };
        const text = String(value);
        if (schema.true.includes(text)) return { value: true };
        if (schema.false.includes(text)) return { value: false };
        return { problem: `must be one of ${quotedList([...schema.true, ...schema.false], 12)}` };
      };
    case 'list':
      return (value) =>
        value instanceof Float64Array && value.length === schema.length
          ? { value }
          : { problem: `must be a list of ${schema.length} numbers` };
  }
}

function category(text: string, values: readonly string[]): Parsed {
  if (values.includes(text)) return { value: text };
  const near = nearestName(text, values);
  return {
    problem: `must be one of ${quotedList(values, 12)}${near === null ? '' : `; did you mean "${near}"?`}`,
  };
}

function integer(value: Exclude<FieldValue, null>): Parsed {
  const text = String(value).trim();
  const number = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number)
    ? { value: number }
    : { problem: 'must be a whole number within ±2⁵³' };
}

function numberParser({
  decimal,
  thousands,
  unit,
  in: wanted,
}: FieldSchema & { kind: 'number' }): (value: Exclude<FieldValue, null>) => Parsed {
  const factor = wanted === null || unit === null ? 1 : unitFactor(unit, wanted)!;
  const mark = decimal === ',' ? ',' : '\\.';
  const grouped =
    thousands === null
      ? null
      : new RegExp(`^[+-]?\\d{1,3}(?:\\${thousands}\\d{3})+(?:${mark}\\d+)?$`);
  const wantedWords = `must be a finite number${decimal === ',' ? ' with a decimal comma' : ''}`;
  return (value) => {
    let number: number;
    if (typeof value === 'number') number = value;
    else {
      let text = String(value).trim();
      if (grouped?.test(text)) text = text.replaceAll(thousands!, '');
      if (decimal === ',') text = text.includes('.') ? '' : text.replace(',', '.');
      number = parseDecimal(text);
      if (/^[+-]?\d{16,}$/.test(text) && BigInt(text) !== BigInt(number))
        return { problem: 'is a whole number beyond ±2⁵³ that no double equals; state it as text' };
    }
    return Number.isFinite(number) ? { value: number * factor } : { problem: wantedWords };
  };
}

function timeField(
  parse: (value: string | number) => number | string,
): (value: Exclude<FieldValue, null>) => Parsed {
  return (value) => {
    const seconds = parse(typeof value === 'number' ? value : String(value));
    return typeof seconds === 'number' ? { value: seconds } : { problem: seconds };
  };
}
