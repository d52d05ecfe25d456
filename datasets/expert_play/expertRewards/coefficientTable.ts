/** What a fit in a simulator says of every feature, as a table of an answer: one row a seed and feature. */

import type { AnswerTable, SimulatedFit } from 'revealed';
import { rounded } from '../expertCloning/play.ts';

/** @param digits after the point: of θ, of its Monte-Carlo error, and of what is measured per step */
export function coefficientTable(
  all: readonly { readonly seed: number; readonly fit: SimulatedFit }[],
  digits: { readonly theta: number; readonly error: number; readonly gap: number },
  note: string,
): AnswerTable {
  return {
    title: 'Every coefficient, and the gap that it leaves',
    columns: [
      'seed',
      'feature',
      'θ',
      'Monte-Carlo error',
      'demonstrated',
      'gap',
      'its error',
      'within',
    ],
    rows: all.flatMap(({ seed, fit }) =>
      fit.gaps.map(({ name, demonstrated, gap, error, isWithin, monteCarloError }) => [
        seed,
        name,
        rounded(fit.parameters.find((one) => one.name === name)?.estimate, digits.theta),
        rounded(monteCarloError, digits.error),
        rounded(demonstrated, digits.gap),
        rounded(gap, digits.gap),
        rounded(error, digits.gap),
        isWithin ? 'yes' : 'no',
      ]),
    ),
    note,
  };
}
