/**
 * Hard-optimal choices for a reward, as the soft ones are described: probability 1 for the best.
 *
 * Finite horizons go backwards, endless discounted tasks by policy iteration, goals without
 * discounting by shortest paths or, where chance moves people, by value iteration.
 */

import type { Goal } from '../mdp/goal.ts';
import { isDeterministic, type Mdp } from '../mdp/mdp.ts';
import { discountOf, type TimeStructure } from '../mdp/timeStructure.ts';
import type { ChoiceProbabilities, TimedChoices } from './choiceProbabilities.ts';
import { mostLikelyRoutes } from './mostLikelyRoutes.ts';
import { policyIteration } from './policyIteration.ts';
import { properGreedyPolicy } from './properGreedyPolicy.ts';
import { backUp, terminalStop } from './softValueIteration.ts';
import { stationaryTask } from './stationaryTask.ts';
import { greedyStep, valueIteration } from './valueIteration.ts';

/**
 * Returns the hard-optimal choices; null where there are none, because going on for ever pays.
 *
 * @param visited states from which the goal is reached for certain
 */
export function hardOptimalChoices(
  mdp: Mdp,
  time: TimeStructure,
  goal: Goal | null,
  reward: Float64Array,
  visited: Int32Array,
): TimedChoices | null {
  if (time.kind === 'finite') return untilHorizon(mdp, time.horizon, time.discount, reward);
  const best = stationaryBest(mdp, discountOf(time), goal, reward, visited);
  if (!best) return null;
  const always = choosing(
    mdp,
    best,
    (s) => goal?.stopState.includes(s) === true && !goal.absorbing,
  );
  return () => always;
}

/** Returns choices that take the likeliest of the given ones, the first among equals. */
export function likeliestChoices(mdp: Mdp, choices: TimedChoices): TimedChoices {
  const known = new Map<ChoiceProbabilities, ChoiceProbabilities>();
  return (time) => {
    const given = choices(time);
    const before = known.get(given);
    if (before) return before;
    const best = new Int32Array(mdp.stateCount).fill(-1);
    for (let s = 0; s < mdp.stateCount; s++) {
      let most = given.stop[s];
      for (let pair = mdp.pairStart[s]; pair < mdp.pairStart[s + 1]; pair++)
        if (given.pairs[pair] > most) {
          most = given.pairs[pair];
          best[s] = pair;
        }
    }
    const chosen = choosing(mdp, best, (s) => given.stop[s] > 0);
    known.set(given, chosen);
    return chosen;
  };
}

/** @param best [states] the pair, or −1 for stopping where that is possible */
function choosing(
  mdp: Mdp,
  best: Int32Array,
  canStop: (state: number) => boolean,
): ChoiceProbabilities {
  const pairs = new Float64Array(mdp.pairCount);
  const stop = new Float64Array(mdp.stateCount);
  best.forEach((pair, s) => {
    if (pair >= 0) pairs[pair] = 1;
    else if (canStop(s)) stop[s] = 1;
  });
  return { pairs, stop };
}

/** [states] the best pair; −1 where stopping is best or nothing leads to the goal. */
function stationaryBest(
  mdp: Mdp,
  discount: number,
  goal: Goal | null,
  reward: Float64Array,
  visited: Int32Array,
): Int32Array | null {
  if (discount === 1 && goal && isDeterministic(mdp)) {
    try {
      return mostLikelyRoutes(mdp, goal, reward).pair;
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  }
  const task = stationaryTask(mdp, goal, visited, discount);
  const own = Float64Array.from(task.worldPair, (pair) => reward[pair]);
  const plan =
    discount < 1
      ? policyIteration(task.mdp, own, { discount }, task.stop)
      : valueIteration(task.mdp, own, { discount, maxIterations: 100_000 }, task.stop);
  if (!plan.converged) return null;
  // among choices that are equally good, one that arrives
  const greedy =
    discount < 1 ? plan.greedy : properGreedyPolicy(task.mdp, plan.actionValue, task.stop).greedy;
  const best = new Int32Array(mdp.stateCount).fill(-1);
  task.worldState.forEach((s, i) => {
    if (greedy[i] >= 0) best[s] = task.worldPair[greedy[i]];
  });
  return best;
}

function untilHorizon(
  mdp: Mdp,
  horizon: number,
  discount: number,
  reward: Float64Array,
): TimedChoices {
  const stop = terminalStop(mdp);
  const value = new Float64Array(mdp.stateCount);
  const actionValue = new Float64Array(mdp.pairCount);
  const greedy = new Int32Array(mdp.stateCount);
  const best: Int32Array[] = [];
  for (let t = horizon - 1; t >= 0; t--) {
    backUp(mdp, reward, value, discount, actionValue);
    greedyStep(mdp, actionValue, stop, greedy, value);
    best[t] = greedy.slice();
  }
  const none = new Int32Array(mdp.stateCount).fill(-1);
  return (time) => choosing(mdp, best[time] ?? none, () => false);
}
