/**
 * How good a fit is beside knowing nothing, and beside fits with other numbers of parameters.
 *
 *   LL₀ = −Σ w log |A(s)|            every available choice equally likely
 *   ρ²  = 1 − LL / LL₀
 *   AIC = 2 k − 2 LL,   BIC = k log n − 2 LL     k free parameters, n decisions
 *
 * References: McFadden (1974); Akaike (1974), IEEE Trans. Automatic Control 19(6); Schwarz (1978),
 * Annals of Statistics 6(2).
 */

import type { Fit } from '../../algorithms/algorithm.ts';
import { exitsOfGoals } from '../../algorithms/choiceSituations.ts';
import { eachDecision } from '../../algorithms/eachDecision.ts';
import type { Problem } from '../../algorithms/problem.ts';

export interface FitMeasures {
  readonly equalProbabilityLogLikelihood: number;
  readonly rhoSquared: number | null;
  readonly freeParameters: number;
  readonly aic: number | null;
  readonly bic: number | null;
  /** Why what is null does not exist. */
  readonly reasons: Readonly<Record<string, string>>;
}

/** @param penalised whether the fit maximised something else than the likelihood of the decisions */
export function fitMeasures(problem: Problem, fit: Fit, penalised: boolean): FitMeasures {
  const { total, decisions, weighed } = equalProbability(problem);
  const { logLikelihood, freedom } = fit;
  const known = logLikelihood !== null && Number.isFinite(logLikelihood);
  const reasons: Record<string, string> = {};
  const noLikelihood = 'there is no log-likelihood to measure';
  const noMaximum = !known
    ? noLikelihood
    : fit.stop !== 'converged'
      ? 'the fit did not converge, and this is about a maximum of the likelihood'
      : penalised
        ? 'something else than the likelihood alone was maximised'
        : null;
  if (!known) reasons.rhoSquared = noLikelihood;
  else if (total === 0)
    reasons.rhoSquared = weighed
      ? 'nobody had more than one choice'
      : 'there are no decisions of positive weight';
  if (noMaximum !== null) reasons.aic = noMaximum;
  if (noMaximum !== null) reasons.bic = noMaximum;
  else if (decisions === 0) reasons.bic = 'there are no decisions';
  return {
    equalProbabilityLogLikelihood: total,
    rhoSquared: known && total !== 0 ? 1 - logLikelihood / total : null,
    freeParameters: freedom,
    aic: known && noMaximum === null ? 2 * freedom - 2 * logLikelihood : null,
    bic:
      known && noMaximum === null && decisions > 0
        ? freedom * Math.log(decisions) - 2 * logLikelihood
        : null,
    reasons,
  };
}

/** Weighted log-likelihood of choosing evenly among all pairs and the exit, where there is one. */
function equalProbability({ world, goals, trajectories }: Problem) {
  const { pairStart } = world.mdp;
  const { state, goal, weight, times } = trajectories;
  const exits = exitsOfGoals(goals);
  let total = 0;
  let decisions = 0;
  let weighed = false;
  eachDecision(trajectories, (i, row) => {
    const s = state[row];
    const options = pairStart[s + 1] - pairStart[s] + (exits[goal[i]]?.has(s) ? 1 : 0);
    total -= weight[i] * Math.log(options);
    decisions += times?.[i] ?? 1;
    weighed ||= weight[i] > 0;
  });
  return { total, decisions, weighed };
}
