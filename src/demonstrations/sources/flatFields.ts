/** A value that JSON can say into the flat fields of a record. */

import { quoted } from '../tables/tableError.ts';
import type { FieldValue } from './source.ts';

/** How deep objects may be nested. */
const DEPTH = 16;

/**
 * Returns the fields of an object, or what is wrong with it. An object inside gives fields named
 * `outer.inner`, a list of numbers an array.
 *
 * @param text as it was written, so that whole numbers that a double cannot hold are noticed;
 *   null where the value did not come from text
 */
export function flatFields(
  value: unknown,
  text: string | null,
): Record<string, FieldValue> | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return `is ${nameOf(value)}, wanted an object with one value per field`;
  const fields: Record<string, FieldValue> = {};
  const problem = collect(value, '', fields, text, 0);
  return problem ?? fields;
}

function collect(
  object: object,
  prefix: string,
  fields: Record<string, FieldValue>,
  text: string | null,
  depth: number,
): string | null {
  if (depth > DEPTH) return `is nested more than ${DEPTH} levels deep`;
  for (const [key, value] of Object.entries(object)) {
    const name = prefix + key;
    if (name === '__proto__') return 'has a field "__proto__", which no field may be named';
    if (Object.hasOwn(fields, name)) return `has the field ${quoted(name)} twice`;
    if (isPlain(value)) {
      if (typeof value === 'number' && !survives(value, text))
        return `has a whole number beyond ±2⁵³ in ${quoted(name)}; write it as text`;
      fields[name] = value;
    } else if (value instanceof Float64Array) fields[name] = value;
    else if (Array.isArray(value)) {
      if (!value.every((each) => typeof each === 'number'))
        return `has a list in ${quoted(name)} that is not of numbers alone`;
      fields[name] = Float64Array.from(value);
    } else if (typeof value === 'object') {
      const problem = collect(value, `${name}.`, fields, text, depth + 1);
      if (problem !== null) return problem;
    } else return `has ${nameOf(value)} in ${quoted(name)}`;
  }
  return null;
}

function isPlain(value: unknown): value is string | number | bigint | boolean | null {
  return value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
}

/** Whether a number is the one that was written, where that is a long whole number. */
function survives(value: number, text: string | null): boolean {
  if (text === null || !Number.isInteger(value) || Number.isSafeInteger(value)) return true;
  const long = text.match(/(?<![\d.])\d{16,}(?![\d.eE])/g) ?? [];
  const size = BigInt(Math.abs(value));
  return long.every((digits) => Number(digits) !== Number(size) || BigInt(digits) === size);
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
