/** What a direction of θ is that the data say nothing about, in words. */

import { discountOf } from '../mdp/timeStructure.ts';
import type { Problem } from './problem.ts';

/** What was found of the combination of features; null where nothing was. */
export type Cause = 'zero' | 'constant' | 'shaping' | 'no decision' | 'no choice' | null;

export interface Term {
  readonly name: string;
  /** Of θ; the largest is 1. */
  readonly coefficient: number;
  /** Of the features. */
  readonly column: number;
}

/** So many features are named; of more, the first and how many. */
const MOST_NAMES = 6;

/** @param exact whether the cause holds but for round-off, or all but holds */
export function directionWords(
  problem: Problem,
  terms: readonly Term[],
  cause: Cause,
  exact: boolean,
): string {
  const single = terms.length === 1 ? `"${terms[0].name}"` : null;
  const alike =
    single === null
      ? `θ may move by any multiple of ${sum(terms)} without changing the likelihood`
      : `the data say nothing about ${single}: the likelihood is the same whatever its value`;
  const exactly = exact ? '' : ' all but exactly';
  switch (cause) {
    case 'no decision':
      return `there is no decision that counts, so ${alike}`;
    case 'no choice':
      return `nobody whose decisions count had a choice, so ${alike}`;
    case 'zero': {
      const where = placeOf(problem, terms, 'zero');
      return single === null
        ? `collinear features, ${relation(terms)}${exactly} ${where}: ${alike}`
        : `feature ${single} is 0${exactly} ${where}: ${alike}`;
    }
    case 'constant': {
      const where = placeOf(problem, terms, 'constant');
      return single === null
        ? `a constant on every state, ${sum(terms)} being the same${exactly} ${where}: ${alike}`
        : `feature ${single} never varies, it is a constant${exactly} ${where}: ${alike}`;
    }
    case 'shaping': {
      const what = single === null ? sum(terms) : `feature ${single}`;
      return looksAhead(problem)
        ? `potential shaping, ${what} being ${potential(problem)}${exactly} for some Φ, which pays the same in the end whatever one does: ${alike}`
        : `${what} never ${exact ? '' : 'noticeably '}varies between the options of a choice: ${alike}`;
    }
    case null:
      return single === null ? `the data do not tell these apart: ${alike}` : alike;
  }
}

function looksAhead({ time }: Problem): boolean {
  return discountOf(time) > 0 && !(time.kind === 'finite' && time.horizon === 1);
}

function potential({ time }: Problem): string {
  const discount = discountOf(time);
  const factor = discount === 1 ? '' : `${discount} `;
  return time.kind === 'finite' ? `Φₜ(s) − ${factor}E Φₜ₊₁(s′)` : `Φ(s) − ${factor}E Φ(s′)`;
}

/** Whether it is so in the whole world or only where the recorded people could have come. */
function placeOf(
  { world, features }: Problem,
  terms: readonly Term[],
  cause: 'zero' | 'constant',
): string {
  const { stateCount, pairStart } = world.mdp;
  const { names, per, values } = features;
  let lowest = cause === 'zero' ? 0 : Number.POSITIVE_INFINITY;
  let highest = cause === 'zero' ? 0 : Number.NEGATIVE_INFINITY;
  let size = 0;
  for (let s = 0; s < stateCount; s++)
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
      const row = (per === 'pair' ? pair : s) * names.length;
      let paid = 0;
      for (const { coefficient, column } of terms) {
        const part = coefficient * values[row + column];
        paid += part;
        size = Math.max(size, Math.abs(part));
      }
      lowest = Math.min(lowest, paid);
      highest = Math.max(highest, paid);
    }
  return highest - lowest <= 1e-5 * size
    ? 'everywhere in the world'
    : 'wherever the recorded people could have come';
}

/** `"x" = 2 · "y" + 3 · "z"`, of the terms whose sum is 0; whole numbers if one way gives them. */
function relation(terms: readonly Term[]): string {
  const solvedFor = (lead: number): Term[] =>
    terms
      .filter((_, i) => i !== lead)
      .map((term) => ({ ...term, coefficient: -term.coefficient / terms[lead].coefficient }));
  const isWhole = (lead: number): boolean =>
    solvedFor(lead).every(({ coefficient: c }) => Math.abs(c - Math.round(c)) < 1e-7 && c > 0.5);
  const lead = Math.max(
    0,
    terms.findIndex((_, i) => isWhole(i)),
  );
  return `"${terms[lead].name}" = ${sum(solvedFor(lead))}`;
}

/** The terms as a sum; of many, a few and their number. */
function sum(terms: readonly Term[]): string {
  const shown = terms.length > MOST_NAMES ? terms.slice(0, 3) : terms;
  const text = shown
    .map(({ name, coefficient }, i) => {
      const size = Math.abs(coefficient);
      const factor = Math.abs(size - 1) < 1e-9 ? '' : `${Number(size.toPrecision(4))} · `;
      const sign = coefficient < 0 ? (i === 0 ? '−' : '− ') : i === 0 ? '' : '+ ';
      return `${sign}${factor}"${name}"`;
    })
    .join(' ');
  return shown.length === terms.length ? text : `${text} + … (${terms.length} features)`;
}
