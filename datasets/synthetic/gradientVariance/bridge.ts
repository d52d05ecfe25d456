/**
 * What soft Q-learning and the policy gradient with entropy make of the same step.
 *
 * With π = exp((Q − V) / τ) their updates of Q(s, ·) differ by δ π(· | s), δ the soft Bellman error of
 * the step. Averaged over actions and moves that is (T^π V − V)(s) π(· | s): nothing where V is the
 * worth of π, as for any policy whose own value is put under its logs,
 *
 *   Q(s, a) = V^π(s) + τ log π(a | s),
 *
 * and both updates are nothing at the soft optimum.
 *
 * Reference: Schulman, Chen & Abbeel (2017), arXiv:1704.06440, section 3.
 */

import {
  type Answer,
  createRng,
  evaluatePolicy,
  type Mdp,
  type Question,
  type SoftUpdates,
  softUpdates,
  softValueIteration,
} from 'revealed';
import { smallWorld } from './smallWorld.ts';

const SIZE = { states: 6, actions: 3, successors: 3 };
const OPTIONS = { discount: 0.9, temperature: 0.5, prior: 'one' } as const;
const ROUNDING = 1e-9;

/** A table of values, and what both updates come to over all its steps. */
interface Compared {
  readonly name: string;
  /** Largest component of the mean updates over states. */
  readonly softQ: number;
  readonly gradient: number;
  readonly difference: number;
  /** Total variance of one step's update, states alike. */
  readonly softQVariance: number;
  readonly gradientVariance: number;
  /** How far the difference of single steps is from δ π at most. */
  readonly identityError: number;
  /** How far the mean difference is from (T^π V − V) π at most. */
  readonly meanIdentityError: number;
}

export const bridge: Question = {
  name: 'bridge',
  title: 'Soft Q-learning and the policy gradient with entropy: the same step?',
  *ask(seed) {
    const rng = createRng(seed, 'bridge');
    const { task, policy } = smallWorld(SIZE, rng);
    const { mdp } = task.world;
    const { discount, temperature } = OPTIONS;
    const arbitrary = policy.map(() => 2 * rng() - 1);
    const worth = evaluatePolicy(mdp, task.reward, policy, OPTIONS);
    const optimum = softValueIteration(mdp, task.reward, {
      discount,
      temperature,
      tolerance: 1e-13,
    });
    const under = (value: Float64Array, pi: Float64Array): Float64Array =>
      eachPair(mdp, (s, pair) => value[s] + temperature * Math.log(pi[pair]));
    yield 0.5;
    return answerOf([
      compare('any table', mdp, task.reward, arbitrary),
      compare('V is the worth of its policy', mdp, task.reward, under(worth, policy)),
      compare('soft optimum', mdp, task.reward, under(optimum.value, optimum.policy)),
    ]);
  },
};

function compare(name: string, mdp: Mdp, reward: Float64Array, q: Float64Array): Compared {
  const { stateCount, pairStart, transitionStart, nextState, probability } = mdp;
  const found = {
    softQ: 0,
    gradient: 0,
    difference: 0,
    softQVariance: 0,
    gradientVariance: 0,
    identityError: 0,
    meanIdentityError: 0,
  };
  for (let s = 0; s < stateCount; s++) {
    const [first, end] = [pairStart[s], pairStart[s + 1]];
    const steps: { readonly chance: number; readonly updates: SoftUpdates }[] = [];
    for (let pair = first; pair < end; pair++)
      for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++) {
        const [nextFirst, nextEnd] = [pairStart[nextState[k]], pairStart[nextState[k] + 1]];
        const step = { pair, reward: reward[pair], nextFirst, nextEnd };
        const updates = softUpdates(
          q,
          first,
          end,
          { ...step, nextPair: -1, terminated: false },
          OPTIONS,
        );
        steps.push({ chance: updates.policy[pair - first] * probability[k], updates });
      }
    const { policy } = steps[0].updates;
    const softQ = momentsOf(steps, ({ softQLearning }) => softQLearning);
    const gradient = momentsOf(steps, ({ policyGradient }) => policyGradient);
    // E[δ] under π is (T^π V − V)(s): Q − τ log π is V whatever the action.
    const surplus = steps.reduce((sum, { chance, updates }) => sum + chance * updates.error, 0);
    const keep = (key: keyof typeof found, value: number): void => {
      found[key] = Math.max(found[key], Math.abs(value));
    };
    policy.forEach((p, a) => {
      keep('softQ', softQ.mean[a]);
      keep('gradient', gradient.mean[a]);
      keep('difference', softQ.mean[a] - gradient.mean[a]);
      keep('meanIdentityError', softQ.mean[a] - gradient.mean[a] - surplus * p);
      for (const { updates } of steps)
        keep(
          'identityError',
          updates.softQLearning[a] - updates.policyGradient[a] - updates.error * p,
        );
    });
    found.softQVariance += softQ.variance / stateCount;
    found.gradientVariance += gradient.variance / stateCount;
  }
  return { name, ...found };
}

function momentsOf(
  steps: readonly { readonly chance: number; readonly updates: SoftUpdates }[],
  of: (updates: SoftUpdates) => Float64Array,
): { readonly mean: Float64Array; readonly variance: number } {
  const mean = new Float64Array(of(steps[0].updates).length);
  for (const { chance, updates } of steps)
    of(updates).forEach((x, a) => {
      mean[a] += chance * x;
    });
  let variance = 0;
  for (const { chance, updates } of steps)
    of(updates).forEach((x, a) => {
      variance += chance * (x - mean[a]) ** 2;
    });
  return { mean, variance };
}

function answerOf(tables: readonly [Compared, Compared, Compared]): Answer {
  const [any, own, optimum] = tables;
  const identity = Math.max(...tables.map(({ identityError }) => identityError));
  const meanIdentity = Math.max(...tables.map(({ meanIdentityError }) => meanIdentityError));
  return {
    sentence: `Not the same step, but the same where it matters: with any table their means differ by up to ${any.difference.toFixed(3)}; where the values are those of the policy, by ${own.difference.toExponential(1)}; at the soft optimum both are nothing.`,
    findings: [
      {
        claim: 'Of every single step the two updates differ by δ π(· | s)',
        holds: identity <= ROUNDING,
        evidence: `to ${identity.toExponential(1)}`,
        law: true,
      },
      {
        claim: 'In the mean they differ by the mean error of the values, times π',
        holds: meanIdentity <= ROUNDING,
        evidence: `to ${meanIdentity.toExponential(1)}`,
        law: true,
      },
      {
        claim: 'Their means agree where V is the worth of its policy',
        holds: own.difference <= ROUNDING,
        evidence: `they differ by ${own.difference.toExponential(1)}, and are as large as ${own.gradient.toFixed(3)}`,
        law: true,
      },
      {
        claim: 'Both means are nothing at the soft optimum',
        holds: Math.max(optimum.softQ, optimum.gradient) <= ROUNDING,
        evidence: `largest component ${Math.max(optimum.softQ, optimum.gradient).toExponential(1)}`,
        law: true,
      },
      {
        claim: 'A step of the policy gradient is less noisy than one of soft Q-learning',
        holds: tables.every((table) => table.gradientVariance < table.softQVariance),
        evidence: tables
          .map(
            ({ name, gradientVariance, softQVariance }) =>
              `${name}: ${gradientVariance.toFixed(4)} against ${softQVariance.toFixed(4)}`,
          )
          .join('; '),
        law: false,
      },
    ],
    tables: [
      {
        title: 'Updates of Q(s, ·), over every action and move: largest mean, and noise',
        columns: [
          'table of values',
          'soft Q-learning',
          'policy gradient',
          'difference',
          'variance of soft Q',
          'variance of gradient',
        ],
        rows: tables.map((table) => [
          table.name,
          ...[table.softQ, table.gradient, table.difference].map((x) => (x <= ROUNDING ? 0 : x)),
          table.softQVariance,
          table.gradientVariance,
        ]),
        note: `Means below ${ROUNDING} are rounding and shown as 0. Variances: of one step, summed over actions, mean over states.`,
      },
    ],
    charts: [
      {
        name: 'updates',
        title: 'Largest component of the mean update',
        caption: 'The two agree where the values are those of the policy.',
        kind: 'bars',
        x: { label: 'table of values' },
        y: { label: 'size of the mean update' },
        series: [
          {
            name: 'soft Q-learning',
            points: tables.map(({ name, softQ }) => ({ x: name, y: softQ })),
          },
          {
            name: 'policy gradient with entropy',
            points: tables.map(({ name, gradient }) => ({ x: name, y: gradient })),
          },
        ],
      },
    ],
  };
}

/** [pairs] of what a state and its pair have. */
function eachPair(
  { stateCount, pairCount, pairStart }: Mdp,
  of: (state: number, pair: number) => number,
): Float64Array {
  const values = new Float64Array(pairCount);
  for (let s = 0; s < stateCount; s++)
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) values[pair] = of(s, pair);
  return values;
}
