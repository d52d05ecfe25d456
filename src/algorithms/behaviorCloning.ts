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

import { dealFolds } from '../demonstrations/folds.ts';
import { selectTrajectories, type Trajectories } from '../mdp/trajectories.ts';
import { createRng } from '../numeric/rng.ts';
import type { Algorithm, Fit } from './algorithm.ts';
import type { Behavior } from './behavior.ts';
import {
  type ChoiceTable,
  countChoices,
  logShare,
  scoreChoices,
  scoreSmoothings,
  type TableLayout,
  tableLayout,
} from './choiceTable.ts';
import type { Problem } from './problem.ts';
import { tabularBehavior } from './tabularBehavior.ts';

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
      const layout = tableLayout(problem, perGoal);
      const table = countChoices(layout, problem.trajectories);
      const alpha = chooseSmoothing(layout, problem.trajectories, seed);
      const counted = { table, layout, perGoal, alpha };
      const behaviorIn = (there: Problem): Behavior => tabularBehavior(problem, counted, there);
      const fit: Fit = {
        stop: 'converged',
        stopReason: null,
        logLikelihood: scoreChoices(table, table, 0),
        gradientNorm: 0,
        evaluations: 1,
        parameters: [],
        unidentified: [],
        unbounded: [],
        freedom: freedomOf(table),
        information: null,
        details: { smoothing: alpha },
        arrays: perGoal ? {} : { policy: smoothedPolicy(problem, layout, table, alpha) },
        predict: (others) => scoreChoices(table, countChoices(layout, others), alpha),
        predictChoices: (others, visit) =>
          behaviorIn({ ...problem, trajectories: others }).choices(visit),
        behaviorIn,
      };
      return fit;
    },
  };
}

/** Probabilities that were free to choose: one less than the options of each row of the table. */
function freedomOf(table: ChoiceTable): number {
  let freedom = 0;
  for (const { counts } of table.values()) freedom += counts.length - 1;
  return freedom;
}

/** [pairs] π_α, whatever the goal. */
function smoothedPolicy(
  { world }: Problem,
  layout: TableLayout,
  table: ChoiceTable,
  alpha: number,
): Float64Array {
  const { stateCount, pairCount, pairStart } = world.mdp;
  const policy = new Float64Array(pairCount);
  for (let s = 0; s < stateCount; s++) {
    const options = layout.optionsOf(s, s);
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++)
      policy[pair] = Math.exp(logShare(table.get(s), layout.choiceOf(s, pair), options, alpha));
  }
  return policy;
}

/** The α with the best held-out likelihood over inner folds by trajectory; 1 for one trajectory. */
function chooseSmoothing(layout: TableLayout, all: Trajectories, seed: number): number {
  if (all.count < 2) return 1;
  const folds = Math.min(INNER_FOLDS, all.count);
  const fold = dealFolds(all.count, folds, createRng(seed, 'smoothing folds'));
  const scores = new Float64Array(SMOOTHING.length);
  for (let f = 0; f < folds; f++) {
    const part = (inside: boolean): ChoiceTable =>
      countChoices(
        layout,
        selectTrajectories(all, (i) => (fold[i] === f) === inside),
      );
    scoreSmoothings(part(false), part(true), SMOOTHING, scores);
  }
  return SMOOTHING[scores.reduce((best, score, a) => (score > scores[best] ? a : best), 0)];
}
