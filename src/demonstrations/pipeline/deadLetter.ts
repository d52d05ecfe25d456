/** A row that did not make it through a pipeline, as `dead-letters.jsonl` lists it. */

import type { Refusal } from './stage.ts';

export interface DeadLetter {
  /** Name of the source. */
  readonly file: string;
  /** Where it stands there; null for a row that a stage made. */
  readonly place: number | null;
  /** What `place` counts: lines, rows, points or records. */
  readonly unit: string;
  readonly stage: string;
  /** Why, in words that many rows share. */
  readonly reason: string;
  readonly detail?: string;
  /** What it held, where that was at hand. */
  readonly row?: unknown;
}

export function deadLetter(
  source: { readonly name: string; readonly unit: string },
  stage: string,
  { place, reason, detail, row }: Refusal,
): DeadLetter {
  return {
    file: source.name,
    place: place > 0 ? place : null,
    unit: source.unit,
    stage,
    reason,
    ...(detail === undefined ? {} : { detail }),
    ...(row === undefined ? {} : { row }),
  };
}

/** One line of JSON; numbers too long for one are texts, arrays of numbers are lists. */
export function deadLetterLine(letter: DeadLetter): string {
  return `${JSON.stringify(letter, (_, value) =>
    typeof value === 'bigint'
      ? String(value)
      : value instanceof Float64Array
        ? Array.from(value)
        : value,
  )}\n`;
}
