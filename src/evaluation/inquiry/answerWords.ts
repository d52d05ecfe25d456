/** What is said of an answer, on a terminal and in the report alike. */

import type { FindingResult, QuestionResult } from './questionResult.ts';

/** Digits of a number in a table that is not whole. */
const DIGITS = 5;

/** A claim, with whether it must hold. */
export function claimWords({ claim, law }: FindingResult): string {
  return law ? `${claim} (must hold)` : claim;
}

/** A number of a table: whole ones in full, others to five significant digits, no idle zeros. */
export function numberWords(x: number): string {
  if (x === 0) return '0';
  const size = Math.abs(x);
  const text =
    Number.isInteger(x) && size < 1e15
      ? String(size)
      : size >= 1e7 || size < 1e-4
        ? size.toExponential(2)
        : String(Number(size.toPrecision(DIGITS)));
  return `${x < 0 ? '−' : ''}${text}`;
}

/** How many of the things that must hold do; null where nothing must. */
export function lawsWords(
  questions: readonly QuestionResult[],
): { readonly words: string; readonly broken: boolean } | null {
  const laws = questions.flatMap(({ name, findings }) =>
    findings.filter(({ law }) => law).map(({ holds, claim }) => ({ holds, name, claim })),
  );
  if (laws.length === 0) return null;
  const broken = laws.filter(({ holds }) => !holds);
  if (broken.length > 0)
    return {
      broken: true,
      words: `${broken.length} of ${laws.length} claims that must hold do not: ${broken.map(({ name, claim }) => `${claim} (${name})`).join('; ')}.`,
    };
  return {
    broken: false,
    words:
      laws.length === 1
        ? 'The one claim that must hold does.'
        : `All ${laws.length} claims that must hold do.`,
  };
}
