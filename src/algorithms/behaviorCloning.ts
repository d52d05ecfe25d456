/**
 * Behaviour cloning, tabular: the maximum-likelihood policy with one free distribution per state.
 *
 *   π(a | s)   = N(s, a) / N(s)                                 (fitted)
 *   π_α(a | s) = (N(s, a) + α) / (N(s) + α |A(s)|)              (used to predict)
 *
 * The log-likelihood of the decisions used to fit is that of the unsmoothed maximum. A prediction
 * must not call impossible what was merely not seen, so it is smoothed, with the α that predicts
 * held-out trajectories of the same demonstrations best. States never seen are uniform.
 *
 * A stop by an exit is one more action of its state. Per goal, every goal has a table of its own.
 */

import type { Trajectories } from '../mdp/trajectories.ts';
import { selectTrajectories } from '../mdp/trajectories.ts';
import { createRng } from '../numeric/rng.ts';
import type { Algorithm, Fit } from './algorithm.ts';
import type { Problem } from './problem.ts';

/** The α that are tried, nine per ten-fold from 0.001 to 10. */
const SMOOTHING = Array.from({ length: 37 }, (_, i) => 10 ** (-3 + i / 9));
const INNER_FOLDS = 5;

export const behaviorCloning: Algorithm = tabular(
  'behavior-cloning',
  'Behaviour cloning, tabular: how often each action was taken in each state',
  false,
);

export const behaviorCloningPerGoal: Algorithm = tabular(
  'behavior-cloning-per-goal',
  'Behaviour cloning, tabular, with a table for every goal',
  true,
);

function tabular(name: string, summary: string, perGoal: boolean): Algorithm {
  return {
    name,
    summary,
    *fit(problem, { seed = 0 }) {
      const table = countTable(problem, problem.trajectories, perGoal);
      const alpha = chooseSmoothing(problem, perGoal, seed);
      const policy = new Float64Array(problem.world.mdp.pairCount);
      if (!perGoal) fillPolicy(problem, table, alpha, policy);
      const fit: Fit = {
        stop: 'converged',
        stopReason: null,
        logLikelihood: scoreTable(problem, table, problem.trajectories, 0, perGoal),
        gradientNorm: 0,
        evaluations: 1,
        parameters: [],
        unidentified: [],
        unbounded: [],
        details: { smoothing: alpha },
        arrays: perGoal ? {} : { policy },
        predict: (others) => scoreTable(problem, table, others, alpha, perGoal),
      };
      return fit;
    },
  };
}

/** Weighted counts per (goal, state): one slot per pair of the state, a last one for stopping. */
type CountTable = Map<number, Float64Array>;

function keyOf(problem: Problem, goal: number, state: number, perGoal: boolean): number {
  return perGoal ? (goal + 1) * problem.world.mdp.stateCount + state : state;
}

function countTable(problem: Problem, demonstrations: Trajectories, perGoal: boolean): CountTable {
  const { pairStart } = problem.world.mdp;
  const table: CountTable = new Map();
  eachDecision(demonstrations, (trajectory, state, pair, weight) => {
    const key = keyOf(problem, demonstrations.goal[trajectory], state, perGoal);
    const width = pairStart[state + 1] - pairStart[state];
    const counts = table.get(key) ?? new Float64Array(width + 1);
    table.set(key, counts);
    counts[pair < 0 ? width : pair - pairStart[state]] += weight;
  });
  return table;
}

/** Log-likelihood of trajectories under the smoothed table; −Infinity where α = 0 forbids one. */
function scoreTable(
  problem: Problem,
  table: CountTable,
  trajectories: Trajectories,
  alpha: number,
  perGoal: boolean,
): number {
  const { pairStart } = problem.world.mdp;
  const stopsAt = exitStates(problem, perGoal);
  let sum = 0;
  eachDecision(trajectories, (trajectory, state, pair, weight) => {
    if (weight === 0) return;
    const goal = trajectories.goal[trajectory];
    const key = keyOf(problem, goal, state, perGoal);
    const width = pairStart[state + 1] - pairStart[state];
    const options = width + (stopsAt.has(key) ? 1 : 0);
    const counts = table.get(key);
    const total = counts?.reduce((a, b) => a + b, 0) ?? 0;
    const count = counts?.[pair < 0 ? width : pair - pairStart[state]] ?? 0;
    const probability =
      total + alpha > 0 && counts ? (count + alpha) / (total + alpha * options) : 1 / options;
    sum += weight * Math.log(probability);
  });
  return sum;
}

/** Keys of states from which stopping is an option for any goal (or for the key's own). */
function exitStates(problem: Problem, perGoal: boolean): Set<number> {
  const keys = new Set<number>();
  problem.goals.forEach((goal, g) => {
    if (goal.absorbing) return;
    for (const s of goal.stopState) keys.add(keyOf(problem, g, s, perGoal));
  });
  return keys;
}

function fillPolicy(
  problem: Problem,
  table: CountTable,
  alpha: number,
  policy: Float64Array,
): void {
  const { stateCount, pairStart } = problem.world.mdp;
  const stopsAt = exitStates(problem, false);
  for (let s = 0; s < stateCount; s++) {
    const width = pairStart[s + 1] - pairStart[s];
    const options = width + (stopsAt.has(s) ? 1 : 0);
    const counts = table.get(s);
    const total = counts?.reduce((a, b) => a + b, 0) ?? 0;
    for (let a = 0; a < width; a++)
      policy[pairStart[s] + a] = counts
        ? (counts[a] + alpha) / (total + alpha * options)
        : 1 / options;
  }
}

/** The α with the best held-out likelihood over inner folds by trajectory; 1 for one trajectory. */
function chooseSmoothing(problem: Problem, perGoal: boolean, seed: number): number {
  const all = problem.trajectories;
  if (all.count < 2) return 1;
  const folds = Math.min(INNER_FOLDS, all.count);
  const rng = createRng(seed, 'smoothing folds');
  const order = Array.from({ length: all.count }, (_, i) => ({ i, at: rng() }));
  order.sort((a, b) => a.at - b.at);
  const fold = new Int32Array(all.count);
  order.forEach(({ i }, place) => {
    fold[i] = place % folds;
  });
  const scores = new Float64Array(SMOOTHING.length);
  for (let f = 0; f < folds; f++) {
    const table = countTable(
      problem,
      selectTrajectories(all, (i) => fold[i] !== f),
      perGoal,
    );
    const test = selectTrajectories(all, (i) => fold[i] === f);
    SMOOTHING.forEach((alpha, a) => {
      scores[a] += scoreTable(problem, table, test, alpha, perGoal);
    });
  }
  return SMOOTHING[scores.reduce((best, score, a) => (score > scores[best] ? a : best), 0)];
}

/** Calls back for each decision; `pair` is −1 for a stop by an exit. */
function eachDecision(
  { count, rowStart, state, pair, stopped, weight }: Trajectories,
  visit: (trajectory: number, state: number, pair: number, weight: number) => void,
): void {
  for (let i = 0; i < count; i++)
    for (let row = rowStart[i]; row < rowStart[i + 1]; row++)
      if (pair[row] >= 0 || stopped[i]) visit(i, state[row], pair[row], weight[i]);
}
