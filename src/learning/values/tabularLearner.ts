/**
 * The tables of a method of temporal differences, and what one step does to them: used as the step is
 * made, and again for steps drawn from memory.
 */

import { createRng } from '../../numeric/rng.ts';
import { scheduled } from '../schedule.ts';
import { createReplay } from './replay.ts';
import type { TabularLearningSettings } from './tabularLearningOptions.ts';
import {
  doubleTarget,
  moveTowards,
  type Step,
  type TdRule,
  tdTarget,
} from './temporalDifference.ts';

export interface TabularLearner {
  /** [pairs] Q; the mean of both tables of double Q-learning. */
  readonly actionValue: Float64Array;
  /** Learns from a new step, then from memory if there is one. Returns the new step's error. */
  learn(step: Step): number;
}

/** How the learner acts now, for expected SARSA. */
export interface Acting {
  /** Writes the probabilities of acting into `behavior[first … end − 1]`. */
  act(first: number, end: number): void;
  /** [pairs] */
  readonly behavior: Float64Array;
}

export function createTabularLearner(
  pairCount: number,
  settings: TabularLearningSettings,
  { act, behavior }: Acting,
): TabularLearner {
  const { method, discount, stepSize, start, temperature, prior, seed } = settings;
  const memory = settings.replay ? createReplay(settings.replay.capacity) : null;
  const remembering = createRng(seed, 'replay');
  const coin = createRng(seed, 'tables');
  const learned = new Float64Array(pairCount);
  const actionValue = new Float64Array(pairCount).fill(start);
  const rule = ruleOf();
  const first = method === 'double-q-learning' ? actionValue.slice() : actionValue;
  const second = method === 'double-q-learning' ? actionValue.slice() : actionValue;

  return {
    actionValue,
    learn(step) {
      const error = learnOnce(step);
      if (memory) {
        memory.add(step);
        for (let i = 0; i < (settings.replay?.batch ?? 0); i++) learnOnce(memory.draw(remembering));
      }
      return error;
    },
  };

  function ruleOf(): TdRule {
    switch (method) {
      case 'sarsa':
        return { kind: 'sarsa' };
      case 'expected-sarsa':
        return { kind: 'policy', policy: behavior };
      case 'soft-q-learning':
        return { kind: 'soft-q-learning', temperature, prior };
      default:
        return { kind: 'q-learning' };
    }
  }

  function learnOnce(step: Step): number {
    const { pair, nextFirst, nextEnd } = step;
    const share = scheduled(stepSize, learned[pair]++);
    if (method === 'double-q-learning') {
      const [mine, other] = coin() < 0.5 ? [first, second] : [second, first];
      const error = moveTowards(mine, pair, doubleTarget(mine, other, step, discount), share);
      actionValue[pair] = (first[pair] + second[pair]) / 2;
      return error;
    }
    if (method === 'expected-sarsa' && nextFirst < nextEnd) act(nextFirst, nextEnd);
    return moveTowards(actionValue, pair, tdTarget(actionValue, step, rule, discount), share);
  }
}
