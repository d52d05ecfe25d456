/** Which of two methods predicts better, by how much, and whether that could be luck. */

import type { ComparisonScores, Difference } from '../comparison/comparisonResult.ts';
import { type Html, html } from './html.ts';
import { fixed, percent, signed, significant } from './words.ts';

export interface Verdict {
  /** Who predicts better. */
  readonly head: string;
  /** By how much, and how sure that is. */
  readonly rest: string;
  /** Whether the interval excludes that they are equally good. */
  readonly decided: boolean;
}

export function verdictOf(
  { method, reference, perDecision, foldsWon, reasons }: Difference,
  { bootstrap, folds }: ComparisonScores,
): Verdict {
  const names = `${reference} and ${method}`;
  if (!perDecision) {
    const why = reasons?.perDecision ?? 'a number is missing';
    return { head: `${names} cannot be compared`, rest: `: ${why}.`, decided: false };
  }
  const { estimate, interval } = perDecision;
  if (estimate === 0) return { head: `${names} predict equally well`, rest: '.', decided: false };
  const [better, worse] = estimate > 0 ? [method, reference] : [reference, method];
  const head = `${better} predicts better than ${worse}`;
  const won = foldsWon === null ? null : folds * (estimate > 0 ? foldsWon : 1 - foldsWon);
  const inFolds =
    won === null || folds < 2
      ? ''
      : `, in ${fixed(won, Number.isInteger(won) ? 0 : 1)} of ${folds} splits`;
  const by = Math.abs(estimate);
  const size = `${inFolds}: what people did has ${factor(by)} the probability, decision by decision (${signed(by, 4)} log-likelihood`;
  if (!interval) return { head, rest: `${size}; there is no interval).`, decided: false };
  const [low, high] = estimate > 0 ? interval : [-interval[1], -interval[0]];
  const range = `${size}; ${percent(bootstrap.level, 0)} interval ${signed(low, 4)} to ${signed(high, 4)})`;
  return low > 0
    ? { head, rest: `${range}. That is not luck of who was held out.`, decided: true }
    : { head, rest: `${range}. Zero is inside, so this may be luck.`, decided: false };
}

/** The verdict as a sentence, its head stressed where it is certain. */
export function verdictHtml(difference: Difference, scores: ComparisonScores): Html {
  const { head, rest, decided } = verdictOf(difference, scores);
  return html`${decided ? html`<strong>${head}</strong>` : head}${rest}`;
}

function factor(logRatio: number): string {
  const times = Math.exp(logRatio);
  return `${times < 2 ? fixed(times, 3) : significant(times, 3)} times`;
}
