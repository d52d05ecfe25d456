/** Small random worlds that never end by themselves, each with a policy to differentiate. */

import {
  createRng,
  type PolicyObjective,
  policyObjective,
  type Rng,
  randomWorld,
  softmaxPolicy,
  type TabularTask,
  tabularTask,
} from 'revealed';

export interface SmallWorld {
  /** To be visited step by step; pays what `task.reward` says. */
  readonly task: TabularTask;
  /** [pairs] π(a | s). */
  readonly policy: Float64Array;
}

export interface SmallWorldSize {
  readonly states: number;
  readonly actions: number;
  readonly successors: number;
}

/**
 * Rewards are uniform on [least, 1], preferences on [−1, 1], and every episode begins in state 0.
 */
export function smallWorld(size: SmallWorldSize, rng: Rng, least = 0): SmallWorld {
  const { mdp, stateNames, actionNames } = randomWorld(size, rng);
  const reward = Float64Array.from({ length: mdp.pairCount }, () => least + (1 - least) * rng());
  const theta = Float64Array.from({ length: mdp.pairCount }, () => 2 * rng() - 1);
  const { transitionStart, nextState, probability, pairStart } = mdp;
  const task = tabularTask({
    stateNames,
    actionNames,
    outcomes: (s, action) => {
      const pair = pairStart[s] + action;
      return Array.from({ length: transitionStart[pair + 1] - transitionStart[pair] }, (_, i) => ({
        to: nextState[transitionStart[pair] + i],
        probability: probability[transitionStart[pair] + i],
        reward: reward[pair],
      }));
    },
    initial: 0,
  });
  return { task, policy: softmaxPolicy(task.world.mdp, theta) };
}

/** The same world for the same seed and stream. */
export function smallWorldOf(size: SmallWorldSize, seed: number): SmallWorld {
  return smallWorld(size, createRng(seed, 'world'));
}

/** What the policy brings in so many decisions, undiscounted, and the true gradient of that. */
export function objectiveOf(
  { task, policy }: SmallWorld,
  horizon: number,
  temperature = 0,
): PolicyObjective {
  const { world, reward, initial } = task;
  return policyObjective(world.mdp, reward, initial, policy, { horizon, temperature });
}
