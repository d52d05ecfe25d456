/**
 * What a mixture expects of a choice: the mean over classes, each as likely as the choices of the
 * same trajectory so far make it.
 *
 *   π(a | s, past) = Σ_k ρ_k(past) π_k(a | s),   ρ_k(past) ∝ share_k Π π_k(past choices)
 *
 * Before the first choice ρ is the shares. The probabilities of a trajectory's choices multiply to
 * its likelihood under the mixture.
 */

import { linearReward } from '../rewards/linearReward.ts';
import type { VisitChoice } from './behavior.ts';
import { widestChoice } from './choiceSituations.ts';
import type { Classes } from './classSpace.ts';
import { eachDecision } from './eachDecision.ts';
import { plannedChoices } from './plannedChoices.ts';
import type { Problem } from './problem.ts';

/** Tells `visit` about every decision; returns false where a class has no finite value. */
export function mixtureChoices(
  problem: Problem,
  { theta, share }: Classes,
  visit: VisitChoice,
): boolean {
  const { world, features, trajectories } = problem;
  const { state } = trajectories;
  const { pairStart, pairCount } = world.mdp;
  const widthAt = (row: number): number => pairStart[state[row] + 1] - pairStart[state[row]] + 1;
  // One more than the moves, for stopping; −1 in `chosen` marks rows without a decision.
  const logStart = new Float64Array(state.length + 1);
  for (let row = 0; row < state.length; row++) logStart[row + 1] = logStart[row] + widthAt(row);
  const options = new Int32Array(state.length);
  const chosen = new Int32Array(state.length).fill(-1);
  const reward = new Float64Array(pairCount);
  const logs: Float64Array[] = [];
  for (const own of theta) {
    linearReward(world.mdp, features).evaluate(own, reward);
    const kept = new Float64Array(logStart[state.length]);
    const complete = plannedChoices(problem, reward, (row, logProbabilities, taken) => {
      kept.set(logProbabilities, logStart[row]);
      options[row] = logProbabilities.length;
      chosen[row] = taken;
    });
    if (!complete) return false;
    logs.push(kept);
  }

  const past = new Float64Array(share.length);
  const expected = new Float64Array(widestChoice(world.mdp) + 1);
  let current = -1;
  eachDecision(trajectories, (i, row) => {
    if (i !== current) for (let k = 0; k < share.length; k++) past[k] = Math.log(share[k]);
    current = i;
    const told = expected.subarray(0, options[row]);
    const before = logSum(share.length, (k) => past[k]);
    for (let a = 0; a < told.length; a++)
      told[a] = logSum(share.length, (k) => past[k] + logs[k][logStart[row] + a]) - before;
    const taken = chosen[row];
    const surprise = told[taken];
    visit(row, told, taken);
    if (surprise > Number.NEGATIVE_INFINITY)
      for (let k = 0; k < share.length; k++) past[k] += logs[k][logStart[row] + taken];
  });
  return true;
}

/** log Σ exp of terms that may be −Infinity. */
function logSum(count: number, term: (k: number) => number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < count; k++) largest = Math.max(largest, term(k));
  if (largest === Number.NEGATIVE_INFINITY) return largest;
  let sum = 0;
  for (let k = 0; k < count; k++) sum += Math.exp(term(k) - largest);
  return largest + Math.log(sum);
}
