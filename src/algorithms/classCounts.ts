/**
 * Whether the number of classes is right: the same trajectories with one class less, as asked, and
 * with one more, side by side.
 *
 *   AIC = 2 k − 2 LL,   BIC = k log n − 2 LL     n decisions, or n trajectories
 *
 * A likelihood-ratio test does not answer this: with a class too many its share is 0, at the edge,
 * and its θ means nothing (McLachlan & Peel 2000, Finite Mixture Models, ch. 6). Where trajectories
 * have folds, each fold is also predicted by classes that were sought without it.
 */

import type { Trajectories } from '../mdp/trajectories.ts';
import { selectTrajectories } from '../mdp/trajectories.ts';
import type { Classes } from './classSpace.ts';
import { memberships } from './memberships.ts';
import { decisionsPerTrajectory, type Problem } from './problem.ts';
import { createTrajectoryScores } from './trajectoryScores.ts';

/** One row of the comparison. */
export interface ClassCount {
  readonly classes: number;
  readonly stop: string;
  readonly logLikelihood: number | null;
  readonly freeParameters: number;
  readonly aic: number | null;
  readonly bic: number | null;
  /** The same with the number of trajectories in place of decisions. */
  readonly bicTrajectories: number | null;
  /** Uncertainty of who belongs where, 0 to 1; null where there is a single class. */
  readonly entropy: number | null;
  /** Log-likelihood of all folds, each predicted without it; null where there are none. */
  readonly heldOutLogLikelihood: number | null;
  readonly reasons?: Readonly<Record<string, string>>;
}

/** What is known of a number of classes before it is compared. */
export interface ClassCountFit {
  readonly classes: number;
  readonly stop: string;
  readonly logLikelihood: number | null;
  readonly freeParameters: number;
  readonly entropy: number | null;
  readonly heldOut: number | string;
}

/** @param penalised whether something else than the likelihood was maximised */
export function classCount(
  { classes, stop, logLikelihood, freeParameters, entropy, heldOut }: ClassCountFit,
  problem: Problem,
  penalised: boolean,
): ClassCount {
  const decisions = decisionsPerTrajectory(problem);
  const all = decisions.reduce((a, b) => a + b, 0);
  const trajectories = decisions.reduce((n, d) => n + (d > 0 ? 1 : 0), 0);
  const noMaximum =
    logLikelihood === null
      ? 'there is no log-likelihood to measure'
      : penalised
        ? 'something else than the likelihood alone was maximised'
        : // At a runaway the likelihood is as good as at its end.
          stop !== 'converged' && stop !== 'unbounded'
          ? 'the fit did not converge, and this is about a maximum of the likelihood'
          : null;
  const criterion = (price: number): number | null =>
    noMaximum === null && logLikelihood !== null
      ? price * freeParameters - 2 * logLikelihood
      : null;
  const reasons: Record<string, string> = {};
  if (noMaximum !== null)
    for (const key of ['aic', 'bic', 'bicTrajectories']) reasons[key] = noMaximum;
  if (logLikelihood === null) reasons.logLikelihood = `no classes were found: ${stop}`;
  if (entropy === null)
    reasons.entropy = classes === 1 ? 'there is one class' : 'no classes were found';
  if (typeof heldOut === 'string') reasons.heldOutLogLikelihood = heldOut;
  return {
    classes,
    stop,
    logLikelihood,
    freeParameters,
    aic: criterion(2),
    bic: criterion(Math.log(all)),
    bicTrajectories: criterion(Math.log(trajectories)),
    entropy,
    heldOutLogLikelihood: typeof heldOut === 'number' ? heldOut : null,
    ...(Object.keys(reasons).length > 0 ? { reasons } : {}),
  };
}

/** Which number of classes each measure prefers; null where a measure is missing for one. */
export function preferredCounts(
  rows: readonly ClassCount[],
): Readonly<Record<'aic' | 'bic' | 'bicTrajectories' | 'heldOutLogLikelihood', number | null>> {
  const least = (of: (row: ClassCount) => number | null): number | null => {
    let best: { classes: number; at: number } | null = null;
    for (const row of rows) {
      const at = of(row);
      if (at === null) return null;
      if (best === null || at < best.at) best = { classes: row.classes, at };
    }
    return best?.classes ?? null;
  };
  return {
    aic: least(({ aic }) => aic),
    bic: least(({ bic }) => bic),
    bicTrajectories: least(({ bicTrajectories }) => bicTrajectories),
    heldOutLogLikelihood: least(({ heldOutLogLikelihood: held }) => held && -held),
  };
}

/** Returns log Σ_k share_k exp ℓᵢ(θ_k), weighted and summed; null where a class is infeasible. */
export function mixtureLikelihood(
  problem: Problem,
  trajectories: Trajectories,
  { theta, share }: Classes,
): number | null {
  const counted = selectTrajectories(trajectories, (i) => trajectories.weight[i] > 0);
  const engine = createTrajectoryScores({ ...problem, trajectories: counted }, 'likelihoods');
  const logs: Float64Array[] = [];
  for (const own of theta) {
    if (!engine.evaluate(own)) return null;
    logs.push(engine.logLikelihood.slice());
  }
  const total = new Float64Array(counted.count);
  memberships(logs, share, new Float64Array(counted.count * share.length), total);
  return total.reduce((sum, log, i) => sum + counted.weight[i] * log, 0);
}
