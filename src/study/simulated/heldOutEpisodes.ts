/** Which episodes a study in a simulator fits to, and which it holds out. */

import { suggestion } from '../../demonstrations/tables/nameIndex.ts';
import { createRng, permutation } from '../../numeric/rng.ts';
import type { EpisodesHeldOut } from '../simulatedStudy.ts';

export interface PartedEpisodes {
  readonly fitted: readonly number[];
  /** None where nothing is held out. */
  readonly heldOut: readonly number[];
  /** How they were parted; null where nothing is held out. */
  readonly words: string | null;
}

/**
 * @param names of episodes; unique where some are held out by name
 * @param which of them have a decision
 * @param seed of what is drawn
 * @throws RangeError where nothing would be left to fit to, or nothing be held out
 */
export function partEpisodes(
  names: readonly string[],
  which: readonly number[],
  rule: EpisodesHeldOut | undefined,
  seed: number,
): PartedEpisodes {
  if (!rule) return { fitted: which, heldOut: [], words: null };
  const { held, words } = chosen(names, which, rule, seed);
  const heldOut = which.filter((e) => held.has(e));
  const fitted = which.filter((e) => !held.has(e));
  if (heldOut.length === 0 || fitted.length === 0)
    refuse(
      `of ${which.length} episodes ${words} are ${heldOut.length}; wanted at least one to hold out and one to fit to`,
    );
  return { fitted, heldOut, words };
}

function chosen(
  names: readonly string[],
  which: readonly number[],
  rule: EpisodesHeldOut,
  seed: number,
): { held: Set<number>; words: string } {
  if ('episodes' in rule) {
    const held = rule.episodes.map((name) => {
      const e = names.indexOf(name);
      if (e < 0) refuse(`there is no episode "${name}"${suggestion(name, names)}`);
      return e;
    });
    return { held: new Set(held), words: `those named (${rule.episodes.join(', ')})` };
  }
  if ('after' in rule) {
    const first = whole('the number to fit to', rule.after, 1);
    return {
      held: new Set(which.slice(first)),
      words: first === 1 ? 'those after the first' : `those after the first ${first}`,
    };
  }
  const drawn = (purpose: string): number[] =>
    Array.from(permutation(which.length, createRng(seed, purpose)), (i) => which[i]);
  if ('of' in rule) {
    const of = whole('the number of folds', rule.of, 2);
    const fold = whole('the fold', rule.fold, 0);
    if (fold >= of) refuse(`the folds are 0 … ${of - 1}, got ${fold}`);
    const dealt = drawn('folds of episodes').filter((_, i) => i % of === fold);
    return { held: new Set(dealt), words: `fold ${fold} of ${of}, dealt by seed ${seed}` };
  }
  if ('share' in rule) {
    if (!(rule.share > 0 && rule.share < 1))
      refuse(`a share must be above 0 and below 1, got ${rule.share}`);
    const many = Math.max(1, Math.round(rule.share * which.length));
    return {
      held: new Set(drawn('held-out episodes').slice(0, many)),
      words: `a share of ${rule.share}, drawn by seed ${seed}`,
    };
  }
  const many = whole('the number to hold out', rule.count, 1);
  return {
    held: new Set(drawn('held-out episodes').slice(0, many)),
    words: `${many} drawn by seed ${seed}`,
  };
}

function whole(what: string, x: number, least: number): number {
  if (!(Number.isInteger(x) && x >= least))
    refuse(`${what} must be a whole number from ${least} on, got ${x}`);
  return x;
}

function refuse(problem: string): never {
  throw new RangeError(`Cannot hold episodes out: ${problem}`);
}
