/**
 * Flags from the options of a library: each option of a schema becomes one, its text is read by that
 * schema. Several schemas may have an option of one name, with meanings and defaults of their own;
 * which one counts is known only when the command runs, so values stay text until then.
 *
 *   64,64                    a list
 *   linear:1:0.05:10000      from 1 to 0.05 in 10,000 counts; exponential the same
 *   harmonic:1:500           from 1, half of it after 500 counts
 */

import { z } from 'zod';
import { suggestion } from '../demonstrations/tables/nameIndex.ts';
import { parseDecimal } from '../demonstrations/tables/tableCells.ts';
import { dashed } from './command.ts';

/** Options that belong to one case of a command. */
export interface FlagCase {
  /** As it stands in help and errors. */
  readonly name: string;
  readonly options: z.ZodObject;
  /** Where they are others than the schema's. */
  readonly defaults: Readonly<Record<string, unknown>>;
}

type TextFlag = z.ZodOptional<z.ZodString | z.ZodBoolean>;

/** Flags for every option of any of the cases, but those that the command has itself. */
export function schemaFlags(
  cases: readonly FlagCase[],
  own: readonly string[],
): Record<string, TextFlag> {
  const names = new Set(cases.flatMap(({ options }) => Object.keys(options.shape)));
  return Object.fromEntries(
    [...names]
      .filter((name) => !own.includes(name))
      .map((name) => [
        name,
        flag(
          name,
          cases.filter(({ options }) => name in options.shape),
        ),
      ]),
  );
}

/**
 * Reads the values of one case.
 *
 * @param given flags that were written; those that are undefined were not
 * @throws RangeError for a flag that the case does not have, or a value that its option does not take
 */
export function readFlags(
  { name, options, defaults }: FlagCase,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const known = Object.keys(options.shape);
  const read = { ...defaults };
  for (const [key, text] of Object.entries(given)) {
    if (text === undefined) continue;
    if (!known.includes(key))
      throw new RangeError(
        `--${dashed(key)} is no option of ${name}${suggestion(dashed(key), known.map(dashed))}; it has ${known.map((option) => `--${dashed(option)}`).join(', ')}`,
      );
    read[key] =
      text === true
        ? true
        : readText(`--${dashed(key)}`, text as string, options.shape[key] as z.ZodType);
  }
  return read;
}

/**
 * Reads text by a schema.
 *
 * @param what it is of, for errors
 */
export function readText(what: string, text: string, schema: z.ZodType): unknown {
  const readings = readingsOf(text.trim());
  for (const reading of readings) if (schema.safeParse(reading).success) return reading;
  const { error } = schema.safeParse(readings[0]);
  const [issue] = error?.issues ?? [];
  const refuse = (wanted: string): never => {
    throw new RangeError(`${what}: ${wanted}, got "${text}"`);
  };
  if (issue?.code === 'too_small')
    return refuse(`must be ${issue.inclusive ? 'at least' : 'above'} ${issue.minimum}`);
  if (issue?.code === 'too_big')
    return refuse(`must be ${issue.inclusive ? 'at most' : 'below'} ${issue.maximum}`);
  if (issue?.code === 'invalid_value')
    return refuse(`wanted ${issue.values.map(String).join(' or ')}`);
  throw new RangeError(`${what} (${schema.description ?? issue?.message}): cannot read "${text}"`);
}

/** What a text may mean, the likeliest first. */
function readingsOf(text: string): unknown[] {
  const readings: unknown[] = [];
  const number = parseDecimal(text);
  if (!Number.isNaN(number)) readings.push(number);
  if (text === 'true' || text === 'false') readings.push(text === 'true');
  const list = text.split(',').map((part) => parseDecimal(part.trim()));
  if (!list.some(Number.isNaN)) readings.push(list);
  const [kind, ...numbers] = text.split(':');
  const [from, second, over] = numbers.map(parseDecimal);
  if (kind === 'linear' || kind === 'exponential') readings.push({ kind, from, to: second, over });
  if (kind === 'harmonic') readings.push({ kind, from, halfLife: second });
  return [...readings, text];
}

/** A switch where it is off in every case, else text. */
function flag(name: string, cases: readonly FlagCase[]): TextFlag {
  const usual = cases.map(({ options, defaults }) =>
    name in defaults
      ? defaults[name]
      : (options.shape[name] as z.ZodType).safeParse(undefined).data,
  );
  const described = `${(cases[0].options.shape[name] as z.ZodType).description ?? ''}${defaultsOf(usual, cases)}`;
  const isSwitch = usual.every((value) => value === false);
  return (isSwitch ? z.boolean() : z.string()).optional().describe(described);
}

/** Which default counts where. */
function defaultsOf(usual: readonly unknown[], cases: readonly FlagCase[]): string {
  const shown = usual.map((value) => (value === undefined ? 'none' : asText(value)));
  const distinct = [...new Set(shown)];
  const groups = distinct.map((text) => {
    const where = cases.filter((_, i) => shown[i] === text).map(({ name }) => name);
    return distinct.length === 1 && text === 'none'
      ? where.join(', ')
      : `${text}: ${where.join(', ')}`;
  });
  return ` (${groups.join('; ')})`;
}

/** A value as it is written in a flag. */
function asText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return (Array.isArray(value) ? value : Object.values(value)).join(
    Array.isArray(value) ? ',' : ':',
  );
}
