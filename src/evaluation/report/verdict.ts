/** Which of two methods predicts better, by how much, and whether that could be luck. */

import type { ComparisonScores, Difference } from '../comparison/comparisonResult.ts';
import { fixed, percent, signed, significant } from './words.ts';

export interface Verdict {
  readonly text: string;
  /** Whether the interval excludes that they are equally good. */
  readonly decided: boolean;
}

export function verdictOf(
  { method, reference, perDecision, foldsWon, reasons }: Difference,
  { bootstrap, folds }: ComparisonScores,
): Verdict {
  if (!perDecision)
    return {
      text: `${reference} and ${method} cannot be compared: ${reasons?.perDecision ?? 'a number is missing'}.`,
      decided: false,
    };
  const { estimate, interval } = perDecision;
  if (estimate === 0)
    return { text: `${reference} and ${method} predict equally well.`, decided: false };
  const [better, worse] = estimate > 0 ? [method, reference] : [reference, method];
  const won = foldsWon === null ? null : estimate > 0 ? foldsWon : 1 - foldsWon;
  const inFolds =
    won === null || folds < 2
      ? ''
      : `, in ${fixed(won * folds, Number.isInteger(won * folds) ? 0 : 1)} of ${folds} folds`;
  const by = Math.abs(estimate);
  const head = `${better} predicts better than ${worse}${inFolds}: it gives each decision ${factor(by)} the probability (${signed(by, 4)} log-likelihood per decision`;
  if (!interval) return { text: `${head}; there is no interval).`, decided: false };
  const [low, high] = estimate > 0 ? interval : [-interval[1], -interval[0]];
  const range = `${head}; ${percent(bootstrap.level, 0)} interval ${signed(low, 4)} to ${signed(high, 4)})`;
  return low > 0
    ? { text: `${range}. That is not luck of who was held out.`, decided: true }
    : { text: `${range}. Zero is inside, so this may be luck.`, decided: false };
}

function factor(logRatio: number): string {
  const times = Math.exp(logRatio);
  return `${times < 2 ? fixed(times, 3) : significant(times, 3)} times`;
}
