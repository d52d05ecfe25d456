/** What other commands left beside a result, if it is about that result. */

import type { z } from 'zod';
import { type Html, html } from './html.ts';
import type { Page } from './section.ts';

/** Numbers that were written and read again agree to the last bit; a refit agrees to this share. */
const SAME = 1e-6;

/** Returns null where there is none; throws a SyntaxError where it is not of this version. */
export function otherResult<T extends z.ZodType>(
  { others }: Page,
  name: string,
  schema: T,
): z.infer<T> | null {
  if (others[name] === undefined) return null;
  const parsed = schema.safeParse(others[name]);
  if (parsed.success) return parsed.data;
  throw new SyntaxError(
    `Cannot report ${name}.json: it is damaged or of another version; write it again or delete it`,
  );
}

/** Whether some fit of the result ended at this log-likelihood. */
export function hasFit({ cells }: Page, logLikelihood: number | null): boolean {
  return cells.some(({ methods }) =>
    Object.values(methods).some((method) => isSame(method.logLikelihood, logLikelihood)),
  );
}

/** Whether a method of the result has these estimates, of those that it names. */
export function hasEstimates(
  { cells }: Page,
  cell: string,
  method: string,
  values: Readonly<Record<string, number>>,
): boolean {
  const fit = cells.find(({ name }) => name === cell)?.methods[method];
  return (
    fit?.parameters.every(({ name, estimate }) => isSame(estimate, values[name] ?? null)) === true
  );
}

/** Said in place of a section whose numbers are about another result. */
export function strangerNote(name: string): Html {
  return html`<p class="note">${name}.json in this folder is about another fit and is left out.</p>`;
}

function isSame(a: number | null, b: number | null): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs(a - b) <= SAME * Math.max(1, Math.abs(a));
}
