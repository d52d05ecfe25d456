/**
 * The two objectives read off the plan, one decision at a time; plans by nothing but repeated soft
 * Bellman sweeps over the world's states.
 *
 *   LL   = Σ w log π(a | s),  log π = (Q − V) / τ
 *   dual = Σ w (Σₜ γᵗ r(sₜ, aₜ) − V(s₀)) / τ
 *
 * Stops are decisions, and their rewards rewards; where nothing is decided nothing counts.
 */

import type { Problem } from '../../src/algorithms/problem.ts';
import type { Goal } from '../../src/mdp/goal.ts';
import { taskSupport } from '../../src/mdp/reachability.ts';
import { discountOf } from '../../src/mdp/timeStructure.ts';

/** Enough for values to stop moving at the discounts and costs that the tests use. */
const SWEEPS = 2_000;

interface NaivePlan {
  /** [states] V; −Infinity where the goal is out of reach. */
  readonly value: number[];
  /** [pairs] Q; −Infinity where unusable. */
  readonly actionValue: number[];
  /** [states] reward of ending there, −Infinity where impossible. */
  readonly stop: number[];
}

/**
 * Returns the log-likelihood of the problem's trajectories under `reward` [pairs]; NaN where the
 * sweeps do not settle, which is near and beyond the edge of what is feasible.
 */
export function naiveLikelihood(problem: Problem, reward: Float64Array): number {
  const { weight } = problem.trajectories;
  let sum = 0;
  for (const { trajectory, logProbability } of naiveChosen(problem, reward))
    sum += weight[trajectory] * logProbability;
  return sum;
}

/** Returns log π(a | s) of every decision, with the trajectory and the row it belongs to. */
export function naiveChosen(
  problem: Problem,
  reward: Float64Array,
): { trajectory: number; row: number; logProbability: number }[] {
  const { goals, trajectories, time, temperature } = problem;
  const { count, rowStart, state, pair, stopped, goal } = trajectories;
  const plans = new Map<number, NaivePlan[]>();
  const chosen: { trajectory: number; row: number; logProbability: number }[] = [];
  for (let i = 0; i < count; i++) {
    const plan = plans.get(goal[i]) ?? naivePlan(problem, goals[goal[i]] ?? null, reward);
    plans.set(goal[i], plan);
    for (let row = rowStart[i]; row < rowStart[i + 1]; row++) {
      if (pair[row] < 0 && !stopped[i]) continue;
      const { value, actionValue, stop } = plan[time.kind === 'finite' ? row - rowStart[i] : 0];
      const s = state[row];
      const worth = pair[row] >= 0 ? actionValue[pair[row]] : stop[s];
      chosen.push({ trajectory: i, row, logProbability: (worth - value[s]) / temperature });
    }
  }
  return chosen;
}

/**
 * Returns, decision by decision, its weight and the log-probabilities of all that could have been
 * chosen there, stopping included.
 */
export function naiveChoices(
  problem: Problem,
  reward: Float64Array,
): { weight: number; logProbabilities: number[] }[] {
  const { world, goals, trajectories, time, temperature } = problem;
  const { pairStart } = world.mdp;
  const { count, rowStart, state, pair, stopped, goal, weight } = trajectories;
  const plans = new Map<number, NaivePlan[]>();
  const choices: { weight: number; logProbabilities: number[] }[] = [];
  for (let i = 0; i < count; i++) {
    const plan = plans.get(goal[i]) ?? naivePlan(problem, goals[goal[i]] ?? null, reward);
    plans.set(goal[i], plan);
    for (let row = rowStart[i]; row < rowStart[i + 1]; row++) {
      if (pair[row] < 0 && !stopped[i]) continue;
      const { value, actionValue, stop } = plan[time.kind === 'finite' ? row - rowStart[i] : 0];
      const s = state[row];
      const logProbabilities = [...actionValue.slice(pairStart[s], pairStart[s + 1]), stop[s]]
        .filter((worth) => worth > Number.NEGATIVE_INFINITY)
        .map((worth) => (worth - value[s]) / temperature);
      choices.push({ weight: weight[i], logProbabilities });
    }
  }
  return choices;
}

/** Returns the max-ent dual of the problem's trajectories under `reward` [pairs]. */
export function naiveDual(problem: Problem, reward: Float64Array): number {
  const { goals, trajectories, time, temperature } = problem;
  const { count, rowStart, state, pair, stopped, goal, weight } = trajectories;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    if (pair[rowStart[i]] < 0 && !stopped[i]) continue;
    const { value, stop } = naivePlan(problem, goals[goal[i]] ?? null, reward)[0];
    let worth = -value[state[rowStart[i]]];
    for (let row = rowStart[i]; row < rowStart[i + 1]; row++) {
      const gain = pair[row] >= 0 ? reward[pair[row]] : stopped[i] ? stop[state[row]] : 0;
      worth += discountOf(time) ** (row - rowStart[i]) * gain;
    }
    sum += (weight[i] * worth) / temperature;
  }
  return sum;
}

/** Returns the plan for each decision time; a single one where time does not matter. */
function naivePlan(problem: Problem, goal: Goal | null, reward: Float64Array): NaivePlan[] {
  const { world, time, temperature } = problem;
  const { mdp } = world;
  const discount = discountOf(time);
  const support = goal && time.kind === 'undiscounted' ? taskSupport(mdp, goal) : null;
  const stop = Array.from({ length: mdp.stateCount }, (_, s) => {
    const i = goal ? goal.stopState.indexOf(s) : -1;
    if (goal && i >= 0) return goal.stopReward[i];
    const idle = mdp.pairStart[s] === mdp.pairStart[s + 1];
    return time.kind !== 'undiscounted' && idle ? 0 : Number.NEGATIVE_INFINITY;
  });
  const usable = (s: number, pair: number): boolean =>
    support?.allowed[pair] !== 0 && !(goal?.absorbing && goal.stopState.includes(s));

  let value = stop.map((_, s) => (support?.live[s] === 0 ? Number.NEGATIVE_INFINITY : 0));
  const plans: NaivePlan[] = [];
  const sweeps = time.kind === 'finite' ? time.horizon : SWEEPS;
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const actionValue = Array.from({ length: mdp.pairCount }, () => Number.NEGATIVE_INFINITY);
    const later = value;
    value = later.map((_, s) => {
      const worths = [stop[s]];
      for (let pair = mdp.pairStart[s]; pair < mdp.pairStart[s + 1]; pair++) {
        if (!usable(s, pair)) continue;
        let next = 0;
        for (let k = mdp.transitionStart[pair]; k < mdp.transitionStart[pair + 1]; k++)
          next += mdp.probability[k] * later[mdp.nextState[k]];
        actionValue[pair] = reward[pair] + (discount === 0 ? 0 : discount * next);
        worths.push(actionValue[pair]);
      }
      return logSum(worths, temperature);
    });
    plans.unshift({ value, actionValue, stop });
    if (time.kind !== 'finite') plans.length = 1;
    if (time.kind !== 'finite' && settled(later, value)) return plans;
  }
  if (time.kind !== 'finite') plans[0].value.fill(Number.NaN);
  return plans;
}

function settled(before: readonly number[], after: readonly number[]): boolean {
  return after.every(
    (v, s) => v === before[s] || Math.abs(v - before[s]) <= 1e-14 * Math.max(1, Math.abs(v)),
  );
}

/** τ log Σ exp(x / τ) */
export function logSum(x: readonly number[], temperature: number): number {
  const largest = Math.max(...x);
  if (largest === Number.NEGATIVE_INFINITY) return largest;
  const sum = x.reduce((total, xi) => total + Math.exp((xi - largest) / temperature), 0);
  return largest + temperature * Math.log(sum);
}
