/**
 * What a single cell of a table may hold. The message of a schema continues the sentence
 * `"column" …`.
 */

import { z } from 'zod';

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Returns the finite decimal number that `text` is, or NaN; nothing else counts ("", 0x1, NaN). */
export function parseDecimal(text: string): number {
  if (!DECIMAL.test(text)) return Number.NaN;
  const value = Number(text);
  return Number.isFinite(value) ? value : Number.NaN;
}

/** What a cell that `parseDecimal` refuses should have been. */
export const DECIMAL_WANTED = 'must be a finite decimal number such as 0.25 or 1e-3';

function numberCell(wanted: string, accepts: (value: number) => boolean) {
  return z.string().transform((text, context) => {
    const value = parseDecimal(text);
    if (accepts(value)) return value;
    context.issues.push({ code: 'custom', message: wanted, input: text });
    return z.NEVER;
  });
}

/** Any text but the empty one. */
export const Id = z.string().min(1, 'must not be empty');

export const Decimal = numberCell(DECIMAL_WANTED, (value) => !Number.isNaN(value));

export const NonNegative = numberCell(
  'must be a finite decimal number, 0 or more',
  (value) => value >= 0,
);

export const StepNumber = numberCell(
  'must be a whole number, 0 or more',
  (value) => value >= 0 && Number.isSafeInteger(value),
);
