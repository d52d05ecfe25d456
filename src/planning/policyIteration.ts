/**
 * Hard policy iteration: evaluate the greedy policy exactly, be greedy again, until it stays.
 *
 *   (I − γ P_π) V = r_π,  π ← greedy(V)
 *
 * Needs a discount below 1, so that every policy has a value. Among equally good actions the
 * current one is kept, so it ends after finitely many steps.
 *
 * Reference: Howard (1960), Dynamic Programming and Markov Processes; Puterman (1994), §6.4.
 */

import type { Mdp } from '../mdp/mdp.ts';
import { maxNorm } from '../numeric/csr.ts';
import { checkPerPair, checkPerState } from './checkLengths.ts';
import { collapsedPattern } from './collapsedPattern.ts';
import { createPolicySolver } from './policySolver.ts';
import { backUp, terminalStop } from './softValueIteration.ts';
import { greedyStep, type HardPlan } from './valueIteration.ts';

export interface PolicyIterationOptions {
  /** γ, 0 ≤ γ < 1 */
  readonly discount: number;
  /** Give up after this many improvements. */
  readonly maxIterations?: number;
}

/** An improvement below this share of the values' size is a tie. */
const TIE = 1e-12;

/**
 * Plans for `reward` [pairs].
 *
 * @param stop [states] reward of ending at once, −Infinity where impossible; where it is absent,
 *   states without pairs end with value 0 and no others can end
 */
export function policyIteration(
  mdp: Mdp,
  reward: Float64Array,
  { discount, maxIterations = 1000 }: PolicyIterationOptions,
  stop: Float64Array = terminalStop(mdp),
): HardPlan {
  if (!(discount >= 0 && discount < 1))
    throw new RangeError(
      `Cannot iterate on policies: the discount must be in [0, 1), got ${discount}`,
    );
  checkPerPair('iterate on policies', 'reward', reward, mdp);
  checkPerState('iterate on policies', 'stop', stop, mdp);
  const { stateCount, pairStart, transitionStart, probability } = mdp;
  const { matrix, slot } = collapsedPattern(mdp);
  const solver = createPolicySolver(matrix);
  const value = new Float64Array(stateCount);
  const gain = new Float64Array(stateCount);
  const actionValue = new Float64Array(mdp.pairCount);
  const greedy = new Int32Array(stateCount);
  const best = new Float64Array(stateCount);
  const bestPair = new Int32Array(stateCount);

  backUp(mdp, reward, value, discount, actionValue);
  greedyStep(mdp, actionValue, stop, greedy, best);
  for (let iteration = 1; ; iteration++) {
    matrix.value.fill(0);
    for (let s = 0; s < stateCount; s++) {
      const pair = greedy[s];
      gain[s] = pair < 0 ? stop[s] : reward[pair];
      if (pair < 0) continue;
      for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
        matrix.value[slot[k]] += discount * probability[k];
    }
    const accurate = 1e-13 * (1 + maxNorm(gain));
    const solved = solver.refresh() && solver.solve(gain, value, accurate);
    backUp(mdp, reward, value, discount, actionValue);
    best.set(value);
    greedyStep(mdp, actionValue, stop, bestPair, best);

    let stable = true;
    const tie = TIE * (1 + maxNorm(value));
    for (let s = 0; s < stateCount; s++) {
      if (pairStart[s] === pairStart[s + 1]) continue;
      if (bestPair[s] === greedy[s] || best[s] <= value[s] + tie) continue;
      greedy[s] = bestPair[s];
      stable = false;
    }
    if (stable || !solved || iteration >= maxIterations) {
      const converged = stable && solved && !value.some(Number.isNaN);
      return { value, actionValue, greedy, converged, iterations: iteration };
    }
  }
}
