/** Flags whose value is more than one word: lists, `name=value,…` and `name=low:high,…`. */

import { z } from 'zod';
import { suggestion } from '../demonstrations/tables/nameIndex.ts';
import { parseDecimal } from '../demonstrations/tables/tableCells.ts';

/** Words separated by commas, each one of `allowed`. */
export function listFlag<Name extends string>(
  allowed: readonly [Name, ...Name[]],
): z.ZodType<Name[], string> {
  const name = z.enum(allowed);
  return z.string().transform((text, context) => {
    const found: Name[] = [];
    for (const word of text.split(',').map((part) => part.trim())) {
      const parsed = name.safeParse(word);
      if (parsed.success) found.push(parsed.data as Name);
      else
        context.addIssue({
          code: 'custom',
          message: `"${word}" is not one of ${allowed.join(', ')}${suggestion(word, allowed)}`,
        });
    }
    return found;
  });
}

/** Whole numbers above 0, ascending, and perhaps `all` at the end: `10,20,all`. */
export function sizesFlag(): z.ZodType<(number | 'all')[], string> {
  return z.string().transform((text, context) => {
    const words = text.split(',').map((part) => part.trim());
    const sizes = words.map((word) =>
      word === 'all' ? 'all' : /^\d+$/.test(word) ? Number(word) : 0,
    );
    const rises = sizes.every((size, i) => {
      const before = i === 0 ? 0 : sizes[i - 1];
      return before !== 'all' && (size === 'all' || size > before);
    });
    if (!rises) {
      const wanted = 'wanted whole numbers that rise, and perhaps "all" at the end';
      context.addIssue({ code: 'custom', message: `${wanted}, got "${text}"` });
    }
    return sizes;
  });
}

/** `name=value,…`; a name may hold spaces, and commas or = where it is quoted. */
export function namedNumbersFlag(): z.ZodType<Record<string, number>, string> {
  return z.string().transform((text, context) => {
    const result: [string, number][] = [];
    for (const [name, value] of assignments(text, context)) {
      const number = parseDecimal(value);
      if (Number.isNaN(number))
        context.addIssue({ code: 'custom', message: `"${name}" wants a number, got "${value}"` });
      else result.push([name, number]);
    }
    return Object.fromEntries(result);
  });
}

/** `name=low:high,…`; an empty end is open. */
export function boundsFlag(): z.ZodType<Record<string, [number | null, number | null]>, string> {
  return z.string().transform((text, context) => {
    const result: [string, [number | null, number | null]][] = [];
    for (const [name, value] of assignments(text, context)) {
      const ends = value.split(':').map((end) => end.trim());
      const [low, high] = ends.map((end) => (end === '' ? null : parseDecimal(end)));
      if (ends.length !== 2 || Number.isNaN(low) || Number.isNaN(high))
        context.addIssue({ code: 'custom', message: `"${name}" wants low:high, got "${value}"` });
      else result.push([name, [low, high]]);
    }
    return Object.fromEntries(result);
  });
}

function assignments(text: string, context: z.RefinementCtx): [string, string][] {
  const found: [string, string][] = [];
  const names = new Set<string>();
  if (text.trim() === '')
    context.addIssue({ code: 'custom', message: 'wanted name=value, got nothing' });
  for (const part of text.match(/(?:"[^"]*"|[^,"])+/g) ?? []) {
    // A name may hold an "=" of its own, a value never does.
    const match = /^\s*(?:"([^"]*)"|(.*?))\s*=\s*([^=]*?)\s*$/.exec(
      part.replace(/^\s*"(.*)"\s*$/, '$1'),
    );
    const name = match?.[1] ?? match?.[2];
    if (!match || name === undefined || name === '')
      context.addIssue({
        code: 'custom',
        message: `wanted name=value, got "${part.trim()}" (quote a name that holds a comma: '"a, b"=1')`,
      });
    else if (name === '__proto__')
      context.addIssue({ code: 'custom', message: `"${name}" cannot be set by name; rename it` });
    else if (names.has(name))
      context.addIssue({ code: 'custom', message: `"${name}" is there twice; keep one of them` });
    else {
      names.add(name);
      found.push([name, match[3]]);
    }
  }
  return found;
}

/** Names separated by commas; a name may hold commas where it is quoted. */
export function namesFlag(): z.ZodType<string[], string> {
  return z.string().transform((text, context) => {
    const names = (text.match(/(?:"[^"]*"|[^,"])+/g) ?? [])
      .map((part) => part.trim().replace(/^"(.*)"$/, '$1'))
      .filter((name) => name !== '');
    if (names.length === 0)
      context.addIssue({ code: 'custom', message: 'wanted names separated by commas' });
    if (new Set(names).size < names.length)
      context.addIssue({ code: 'custom', message: `a name is there twice in "${text}"` });
    return names;
  });
}

/** `low:high:count`: so many values, evenly spaced, ends included. */
export function rangeFlag(): z.ZodType<{ low: number; high: number; count: number }, string> {
  return z.string().transform((text, context) => {
    const [low, high, count, ...more] = text.split(':').map((part) => parseDecimal(part.trim()));
    if (more.length > 0 || ![low, high, count].every(Number.isFinite)) {
      context.addIssue({ code: 'custom', message: `wanted low:high:count, got "${text}"` });
      return z.NEVER;
    }
    return { low, high, count };
  });
}

/** `name=low:high:count`: one name and its range. */
export function namedRangeFlag(): z.ZodType<
  { name: string; low: number; high: number; count: number },
  string
> {
  return z.string().transform((text, context) => {
    const [first, ...more] = assignments(text, context);
    const range = rangeFlag().safeParse(first?.[1] ?? '');
    if (first && more.length === 0 && range.success) return { name: first[0], ...range.data };
    context.addIssue({ code: 'custom', message: `wanted name=low:high:count, got "${text}"` });
    return z.NEVER;
  });
}

/** Widths of layers, whole numbers above 0: `16,16`. */
export function widthsFlag(): z.ZodType<number[], string> {
  return z.string().transform((text, context) => {
    const words = text.split(',').map((part) => part.trim());
    if (words.every((word) => /^\d+$/.test(word) && Number(word) > 0)) return words.map(Number);
    const message = `wanted whole numbers above 0, separated by commas, got "${text}"`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}
