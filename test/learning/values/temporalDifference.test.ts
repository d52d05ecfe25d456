/** Steps of temporal differences against sequences that independent programs computed. */

import { describe, expect, test } from 'vitest';
import {
  doubleTarget,
  moveTowards,
  type Step,
  type TdRule,
  tdTarget,
} from '../../../src/learning/values/temporalDifference.ts';
import { expectClose } from '../../support/closeness.ts';
import { expectReference, readReference } from '../../support/references.ts';

type Row = readonly [s: number, a: number, r: number, s2: number, a2: number, done: boolean];

interface Learned {
  readonly final: number[][];
  readonly finalQ2: number[][] | null;
  readonly after10: number[][];
  readonly after1: number[][];
}

const { tdUpdates: stored } = readReference<{
  readonly tdUpdates: {
    readonly transitions: readonly Row[];
    readonly stepSize: number;
    readonly gamma: number;
    readonly softAlpha: number;
    readonly epsilonForExpectedSarsa: number;
    readonly results: Record<string, Learned> & { readonly td0: { readonly final: number[] } };
  };
}>('pg_td_fqi_tanh_svgd');

const ACTIONS = 2;
const STATES = 4;

function stepOf([s, a, reward, s2, a2, terminated]: Row): Step {
  return {
    pair: s * ACTIONS + a,
    reward,
    nextFirst: s2 * ACTIONS,
    nextEnd: (s2 + 1) * ACTIONS,
    nextPair: s2 * ACTIONS + a2,
    terminated,
  };
}

const soft = (prior: 'one' | 'uniform'): TdRule => ({
  kind: 'soft-q-learning',
  temperature: stored.softAlpha,
  prior,
});

describe.each<[string, TdRule]>([
  ['q', { kind: 'q-learning' }],
  ['sarsa', { kind: 'sarsa' }],
  ['expectedSarsa', { kind: 'expected-sarsa', epsilon: stored.epsilonForExpectedSarsa }],
  ['softq', soft('one')],
  ['softqUniformPrior', soft('uniform')],
])('%s', (name, rule) => {
  test('tdTarget and moveTowards learn what the reference learns, step by step', () => {
    const q = new Float64Array(STATES * ACTIONS);
    const { after1, after10, final } = stored.results[name];
    stored.transitions.forEach((row, t) => {
      const step = stepOf(row);
      moveTowards(q, step.pair, tdTarget(q, step, rule, stored.gamma), stored.stepSize);
      if (t === 0) expectReference(q, after1);
      if (t === 9) expectReference(q, after10);
    });
    expectReference(q, final);
  });
});

test('doubleTarget learns two tables in turn as the reference does', () => {
  const tables = [new Float64Array(STATES * ACTIONS), new Float64Array(STATES * ACTIONS)];
  stored.transitions.forEach((row, t) => {
    const step = stepOf(row);
    const [mine, other] = t % 2 === 0 ? tables : [tables[1], tables[0]];
    moveTowards(mine, step.pair, doubleTarget(mine, other, step, stored.gamma), stored.stepSize);
  });
  const { final, finalQ2 } = stored.results.doubleq;
  expectReference(tables[0], final);
  expectReference(tables[1], finalQ2 ?? []);
});

test('moveTowards evaluates a policy by TD(0) as the reference does', () => {
  const value = new Float64Array(STATES);
  for (const [s, , reward, s2, , terminated] of stored.transitions)
    moveTowards(value, s, reward + (terminated ? 0 : stored.gamma * value[s2]), stored.stepSize);
  expectReference(value, stored.results.td0.final);
});

test('tdTarget of a state without actions is the reward', () => {
  const step = { pair: 0, reward: 2, nextFirst: 1, nextEnd: 1, nextPair: -1, terminated: false };
  const q = Float64Array.of(5);
  for (const rule of [{ kind: 'q-learning' }, { kind: 'sarsa' }, soft('one')] as const)
    expect(tdTarget(q, step, rule, 0.9)).toBe(2);
  expect(doubleTarget(q, q, step, 0.9)).toBe(2);
});

describe('fixtures of another library', () => {
  interface Targets {
    readonly q_tm1: number[][];
    readonly a_tm1: number[];
    readonly r_t: number[];
    readonly discount_t: number[];
    readonly q_t: number[][];
    readonly a_t: number[];
    readonly probs_a_t: number[][];
    readonly q_t_value: number[][];
    readonly q_t_selector: number[][];
    readonly expected: number[];
    readonly expectedTdError: number[];
  }
  const fixtures = readReference<Record<string, Targets>>('rlax_fixtures');
  const stepsOf = ({ r_t, a_t }: Targets, width: number): Step[] =>
    r_t.map((reward, i) => ({
      pair: 0,
      reward,
      nextFirst: 0,
      nextEnd: width,
      nextPair: a_t?.[i] ?? -1,
      terminated: false,
    }));

  test('tdTarget has their errors and targets of Q-learning and SARSA', () => {
    const { qLearning, sarsa } = fixtures;
    stepsOf(qLearning, 3).forEach((step, i) => {
      const q = Float64Array.from(qLearning.q_t[i]);
      const target = tdTarget(q, step, { kind: 'q-learning' }, qLearning.discount_t[i]);
      const error = target - qLearning.q_tm1[i][qLearning.a_tm1[i]];
      expectClose([error], [qLearning.expectedTdError[i]], 1e-6);
    });
    stepsOf(sarsa, 3).forEach((step, i) => {
      const q = Float64Array.from(sarsa.q_t[i]);
      const target = tdTarget(q, step, { kind: 'sarsa' }, sarsa.discount_t[i]);
      expectClose([target - sarsa.q_tm1[i][sarsa.a_tm1[i]]], [sarsa.expected[i]], 1e-6);
    });
  });

  test('tdTarget of a given policy has their errors of expected SARSA', () => {
    const { expectedSarsa } = fixtures;
    stepsOf(expectedSarsa, 3).forEach((step, i) => {
      const q = Float64Array.from(expectedSarsa.q_t[i]);
      const policy = Float64Array.from(expectedSarsa.probs_a_t[i]);
      const target = tdTarget(q, step, { kind: 'policy', policy }, expectedSarsa.discount_t[i]);
      const error = target - expectedSarsa.q_tm1[i][expectedSarsa.a_tm1[i]];
      expectClose([error], [expectedSarsa.expected[i]], 1e-6);
    });
  });

  test('doubleTarget chooses by one table and asks the other', () => {
    const { doubleQ } = fixtures;
    stepsOf(doubleQ, 3).forEach((step, i) => {
      const chooser = Float64Array.from(doubleQ.q_t_selector[i]);
      const judge = Float64Array.from(doubleQ.q_t_value[i]);
      const target = doubleTarget(chooser, judge, step, doubleQ.discount_t[i]);
      expectClose([target - doubleQ.q_tm1[i][doubleQ.a_tm1[i]]], [doubleQ.expected[i]], 1e-6);
    });
  });
});
