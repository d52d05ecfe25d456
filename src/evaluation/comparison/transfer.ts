/**
 * What is left of methods when the world changes: the same fits at home, on trajectories that were
 * held out, and in the changed world; and whether the difference arises where something changed.
 *
 *   gap = Σ_d w (log π_method − log π_reference) / Σ_d w
 *
 * over the decisions d taken in states whose own choices changed, and over the others.
 */

import { decisionsPerTrajectory } from '../../algorithms/problem.ts';
import type { WorldChanges } from '../../mdp/worldChanges.ts';
import type { ComparisonScores, Difference } from './comparisonResult.ts';
import { collectUnits, type FoldPrediction, sharesOf } from './methodScore.ts';
import type { Transfer } from './transferResult.ts';
import { transferWords } from './transferWords.ts';

export interface TransferParts {
  /** Over the held-out trajectories at home; null where none were held out. */
  readonly home: ComparisonScores | null;
  /** In the changed world. */
  readonly away: ComparisonScores;
  readonly folds: readonly FoldPrediction[];
  readonly changes: WorldChanges;
  readonly recorded: boolean;
  readonly files: Transfer['files'];
  /** Which of the methods plan for a reward. */
  readonly plans: Readonly<Record<string, boolean>>;
}

export function describeTransfer(parts: TransferParts): Transfer {
  const { home, away, folds, changes, recorded, files, plans } = parts;
  const { mdp } = folds[0].heldOut.world;
  const share = recorded ? shareInChangedStates(folds, changes) : null;
  const reasons: Record<string, string> = {};
  if (!home)
    reasons.home = 'no trajectory was held out at home: give --folds, --splits or a column "fold"';
  if (share === null)
    reasons.decisionsWhereChanged = recorded
      ? 'nothing that counts was decided there'
      : 'no behaviour was recorded there';
  return {
    states: mdp.stateCount,
    choices: mdp.pairCount,
    gone: changes.gone,
    added: changes.added,
    redirected: changes.redirected,
    changedStates: changes.changed.reduce((n, c) => n + c, 0),
    recorded,
    decisionsWhereChanged: share,
    files,
    home,
    verdicts: away.differences.map((difference) => {
      const { method, reference, perDecision } = difference;
      const at = (wanted: 0 | 1): number | null =>
        perDecision ? gapInStates(folds, changes, method, reference, wanted) : null;
      const athome = home?.differences.find((d) => d.method === method);
      const verdict = {
        method,
        reference,
        home: athome?.perDecision?.estimate ?? null,
        away: perDecision?.estimate ?? null,
        whereChanged: at(1),
        elsewhere: at(0),
      };
      const why: Record<string, string> = {};
      if (verdict.home === null) why.home = missing(athome, reasons.home);
      if (verdict.away === null) why.away = missing(difference, 'a number is missing');
      for (const key of ['whereChanged', 'elsewhere'] as const)
        if (verdict[key] === null) why[key] = why.away ?? 'no decision was taken in such a state';
      return {
        ...verdict,
        words: transferWords({ difference, athome, verdict, share, away, plans }),
        ...(Object.keys(why).length > 0 ? { reasons: why } : {}),
      };
    }),
    ...(Object.keys(reasons).length > 0 ? { reasons } : {}),
  };
}

function missing(difference: Difference | undefined, otherwise: string | undefined): string {
  return difference?.reasons?.perDecision ?? otherwise ?? 'a number is missing';
}

/** Calls back for every decision in the changed world that counts, with its weight. */
function eachThere(
  folds: readonly FoldPrediction[],
  visit: (fold: FoldPrediction, decision: number, state: number, weight: number) => void,
): void {
  const units = collectUnits(folds);
  for (const fold of folds) {
    const shares = sharesOf(fold, units);
    const { rowStart, state } = fold.heldOut.trajectories;
    let d = 0;
    decisionsPerTrajectory(fold.heldOut).forEach((n, i) => {
      for (let k = 0; k < n; k++, d++)
        if (shares[i] > 0) visit(fold, d, state[rowStart[i] + k], shares[i]);
    });
  }
}

function shareInChangedStates(
  folds: readonly FoldPrediction[],
  { changed }: WorldChanges,
): number | null {
  let [inside, all] = [0, 0];
  eachThere(folds, (_, __, s, weight) => {
    all += weight;
    if (changed[s]) inside += weight;
  });
  return all > 0 ? inside / all : null;
}

function gapInStates(
  folds: readonly FoldPrediction[],
  { changed }: WorldChanges,
  method: string,
  reference: string,
  wanted: 0 | 1,
): number | null {
  let [sum, all] = [0, 0];
  eachThere(folds, ({ methods }, d, s, weight) => {
    if (changed[s] !== wanted) return;
    const ours = methods[method].choices?.logProbability[d] ?? Number.NaN;
    const theirs = methods[reference].choices?.logProbability[d] ?? Number.NaN;
    sum += weight * (ours - theirs);
    all += weight;
  });
  return all > 0 && Number.isFinite(sum) ? sum / all : null;
}
