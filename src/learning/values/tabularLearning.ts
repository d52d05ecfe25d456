/**
 * Learning to act in a tabular world that is only visited: SARSA, expected SARSA, Q-learning, double
 * Q-learning, soft Q-learning.
 *
 *   Q(s, a) ← Q(s, a) + α [ r + γ W(s′) − Q(s, a) ]
 *
 * after every step, with W as in `temporalDifference` and, if wanted, again on steps drawn from memory.
 * Where an episode runs out of time the state reached keeps its worth; where the task is over it has
 * none. Double Q-learning acts on the mean of its two tables, and a coin says which one learns.
 *
 * References: Sutton & Barto (2018), chapter 6; van Hasselt (2010), NIPS; Haarnoja et al. (2017),
 * ICML (soft Q-learning); Lin (1992), Machine Learning 8 (replay).
 */

import type { TabularSimulator } from '../../environments/tabularSimulator.ts';
import type { Mdp } from '../../mdp/mdp.ts';
import { createRng, sampleIndex } from '../../numeric/rng.ts';
import { softmaxPolicy } from '../gradients/softmaxPolicy.ts';
import { type Exploration, explorationBonus, writeExploration } from './exploration.ts';
import { greedyIndex } from './nextValue.ts';
import { createTabularLearner } from './tabularLearner.ts';
import { TabularLearningOptions, type TabularLearningSettings } from './tabularLearningOptions.ts';

export interface LearningProgress {
  /** From 1. */
  readonly episode: number;
  /** Sum of the rewards, not discounted, without bonus or entropy. */
  readonly return: number;
  readonly length: number;
  /** Whether the task was over at its end, rather than the time. */
  readonly terminated: boolean;
  /** Mean |r + γ W(s′) − Q(s, a)| of its new steps. */
  readonly meanError: number;
  /** Mean entropy of the choices, in nats. */
  readonly entropy: number;
  /** [pairs] Q; overwritten as learning goes on. */
  readonly actionValue: Float64Array;
}

export interface LearnedValues {
  /** [pairs] Q; the mean of both tables of double Q-learning. */
  readonly actionValue: Float64Array;
  /** [states] the best pair, the first among equals; −1 in states without actions. */
  readonly greedy: Int32Array;
  /** [pairs] what the method takes for optimal: the greedy choice, or the soft policy. */
  readonly policy: Float64Array;
  /** [pairs] how often each was chosen. */
  readonly visits: Float64Array;
  /** Environment steps taken. */
  readonly steps: number;
}

/** @throws RangeError where nothing bounds an episode, or steps are replayed to SARSA */
export function* tabularLearning(
  simulator: TabularSimulator,
  options: TabularLearningOptions,
): Generator<LearningProgress, LearnedValues> {
  const settings = TabularLearningOptions.parse(options);
  const { method, episodes, seed } = settings;
  const { mdp } = simulator.task.world;
  const { pairCount, pairStart } = mdp;
  const most = episodeBound(simulator, settings);
  const exploration = settings.exploration ?? ownExploration(settings);
  const behavior = new Float64Array(pairCount);
  const visits = new Float64Array(pairCount);
  const starts = createRng(seed, 'starts');
  const actions = createRng(seed, 'actions');
  let episode = 0;
  const act = (first: number, end: number): void =>
    writeExploration(exploration, actionValue, visits, first, end, episode, behavior);
  const learner = createTabularLearner(pairCount, settings, { act, behavior });
  const { actionValue } = learner;
  const choose = (s: number): number => {
    if (pairStart[s] === pairStart[s + 1]) return -1;
    act(pairStart[s], pairStart[s + 1]);
    return sampleIndex(behavior, actions, pairStart[s], pairStart[s + 1]);
  };

  let steps = 0;
  for (; episode < episodes; episode++) {
    simulator.reset(starts);
    let s = simulator.state[0];
    let pair = choose(s);
    let [length, returned, errors, entropy] = [0, 0, 0, 0];
    while (pair >= 0 && length < most) {
      entropy += entropyOf(behavior, pairStart[s], pairStart[s + 1]);
      visits[pair]++;
      const paid = simulator.step(pair - pairStart[s]);
      returned += paid;
      length++;
      s = simulator.state[0];
      // SARSA's next choice is made before it learns; the others choose by what they learned
      const ahead = method === 'sarsa' ? choose(s) : -1;
      const error = learner.learn({
        pair,
        reward: paid + explorationBonus(exploration, visits[pair]),
        nextFirst: pairStart[s],
        nextEnd: pairStart[s + 1],
        nextPair: ahead,
        terminated: simulator.terminated,
      });
      errors += Math.abs(error);
      pair = method === 'sarsa' ? ahead : choose(s);
    }
    steps += length;
    const each = length > 0 ? 1 / length : 0;
    yield {
      episode: episode + 1,
      return: returned,
      length,
      terminated: pair < 0,
      meanError: errors * each,
      entropy: entropy * each,
      actionValue,
    };
  }
  return { actionValue, visits, steps, ...chosenPolicy(mdp, actionValue, settings) };
}

function episodeBound(
  { timeLimit }: TabularSimulator,
  { method, replay, maxSteps = Infinity }: TabularLearningSettings,
): number {
  const most = Math.min(maxSteps, timeLimit);
  if (most === Infinity)
    throw new RangeError('Cannot learn: the world has no time limit; give maxSteps');
  if (method === 'sarsa' && replay)
    throw new RangeError(
      'Cannot learn: SARSA learns about the choices that followed, so old steps mislead it; use expected-sarsa',
    );
  return most;
}

function ownExploration({ method, temperature }: TabularLearningSettings): Exploration {
  return method === 'soft-q-learning'
    ? { kind: 'boltzmann', temperature }
    : { kind: 'epsilon-greedy', epsilon: 0.1 };
}

function chosenPolicy(
  mdp: Mdp,
  actionValue: Float64Array,
  { method, temperature }: TabularLearningSettings,
): { greedy: Int32Array; policy: Float64Array } {
  const { stateCount, pairStart } = mdp;
  const greedy = Int32Array.from({ length: stateCount }, (_, s) =>
    greedyIndex(actionValue, pairStart[s], pairStart[s + 1]),
  );
  if (method === 'soft-q-learning') {
    const preference = actionValue.map((q) => q / temperature);
    return { greedy, policy: softmaxPolicy(mdp, preference) };
  }
  const policy = new Float64Array(mdp.pairCount);
  for (const pair of greedy) if (pair >= 0) policy[pair] = 1;
  return { greedy, policy };
}

function entropyOf(p: Float64Array, first: number, end: number): number {
  let entropy = 0;
  for (let i = first; i < end; i++) if (p[i] > 0) entropy -= p[i] * Math.log(p[i]);
  return entropy;
}
