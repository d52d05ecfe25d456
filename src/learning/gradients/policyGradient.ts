/**
 * REINFORCE and actor-critic in a tabular world that is only visited.
 *
 *   θ ← θ + α (1/n) Σ_episodes Σ_t γᵗ (ψ_t − b) ∇ log π(a_t | s_t)
 *
 * with ψ the return of the whole episode, the reward to go, or advantages of TD(λ) from a critic that
 * learns V(s) along the way. Baselines are averages over the episodes of earlier updates, so they
 * bias nothing. With a temperature the entropy of the choices is paid like a reward.
 *
 * An episode that runs out of time is over: the task is what happens within the time limit. Only the
 * critic looks past it, as the state reached goes on being worth what it was.
 *
 * References: Williams (1992), Machine Learning 8; Schulman et al. (2016), ICLR; Sutton & Barto
 * (2018), §13.3 to 13.5.
 */

import { z } from 'zod';
import type { TabularSimulator } from '../../environments/tabularSimulator.ts';
import type { Mdp } from '../../mdp/mdp.ts';
import { createRng } from '../../numeric/rng.ts';
import { discountedReturns, generalizedAdvantages } from '../returns.ts';
import { type Rollout, rollout } from '../rollout.ts';
import { rolloutGradient } from './gradientEstimators.ts';
import { softmaxPolicy } from './softmaxPolicy.ts';

export const PolicyGradientOptions = z.strictObject({
  updates: z.int().positive().default(1000).describe('How many times θ is moved'),
  episodes: z.int().positive().default(10).describe('Episodes per update'),
  stepSize: z.number().positive().default(0.5).describe('Length α of a step along the gradient'),
  credit: z
    .enum(['whole-return', 'reward-to-go', 'advantage'])
    .default('reward-to-go')
    .describe('What a decision is held responsible for; advantage needs the critic'),
  baseline: z
    .enum(['none', 'constant', 'state', 'state-time'])
    .default('state')
    .describe('What is taken away from it, learned from earlier episodes; the critic is its own'),
  lambda: z.number().min(0).max(1).default(0.95).describe('λ of the advantages'),
  criticStep: z.number().positive().max(1).default(0.1).describe('Step size of the critic'),
  discount: z.number().positive().max(1).default(1).describe('Worth of the next step γ'),
  discountVisits: z
    .boolean()
    .default(true)
    .describe('Whether late decisions count γᵗ, as the true gradient wants; often left out'),
  temperature: z.number().min(0).default(0).describe('Price τ of the entropy that is paid'),
  maxSteps: z.int().positive().optional().describe('Steps of an episode, besides its time limit'),
  seed: z.union([z.int(), z.string()]).default(0).describe('Seed of every random draw'),
});
/** What a caller may write; every field optional. */
export type PolicyGradientOptions = z.input<typeof PolicyGradientOptions>;
type Settings = z.output<typeof PolicyGradientOptions>;

export interface PolicyGradientProgress {
  /** From 1. */
  readonly update: number;
  /** Mean return of the episodes of this update, discounted, without entropy. */
  readonly meanReturn: number;
  readonly meanLength: number;
  /** Mean entropy of the decisions, in nats. */
  readonly entropy: number;
  /** Largest component of the gradient. */
  readonly gradientNorm: number;
  /** [pairs] after the update; overwritten by the next. */
  readonly theta: Float64Array;
}

export interface LearnedPolicy {
  /** [pairs] */
  readonly theta: Float64Array;
  /** [pairs] π(a | s). */
  readonly policy: Float64Array;
  /** Environment steps taken. */
  readonly steps: number;
}

/** @param start [pairs] θ to begin with, left as it is; 0 where absent */
export function* policyGradient(
  simulator: TabularSimulator,
  options: PolicyGradientOptions = {},
  start?: Float64Array,
): Generator<PolicyGradientProgress, LearnedPolicy> {
  const settings = PolicyGradientOptions.parse(options);
  const { mdp } = simulator.task.world;
  const theta = start?.slice() ?? new Float64Array(mdp.pairCount);
  const gradient = new Float64Array(mdp.pairCount);
  const judge = createJudge(mdp, settings);
  const bound = settings.maxSteps === undefined ? {} : { maxSteps: settings.maxSteps };
  const rngs = {
    startRng: createRng(settings.seed, 'starts'),
    actionRng: createRng(settings.seed, 'actions'),
    ...bound,
  };
  let steps = 0;
  for (let update = 1; update <= settings.updates; update++) {
    const policy = softmaxPolicy(mdp, theta);
    const seen = Array.from({ length: settings.episodes }, () => rollout(simulator, policy, rngs));
    const total = new Float64Array(mdp.pairCount);
    for (const episode of seen) {
      rolloutGradient(mdp, policy, episode, judge.weigh(episode, policy), gradient);
      for (let i = 0; i < total.length; i++) total[i] += gradient[i] / seen.length;
      steps += episode.length;
    }
    for (const episode of seen) judge.learn(episode, policy);
    let gradientNorm = 0;
    for (let i = 0; i < total.length; i++) {
      gradientNorm = Math.max(gradientNorm, Math.abs(total[i]));
      theta[i] += settings.stepSize * total[i];
    }
    yield { update, gradientNorm, theta, ...summary(mdp, seen, policy, settings.discount) };
  }
  return { theta, policy: softmaxPolicy(mdp, theta), steps };
}

interface Judge {
  /** Returns [steps] what multiplies each ∇ log π. */
  weigh(episode: Rollout, policy: Float64Array): Float64Array;
  /** Takes an episode into the baseline or the critic. */
  learn(episode: Rollout, policy: Float64Array): void;
}

function createJudge(mdp: Mdp, settings: Settings): Judge {
  return settings.credit === 'advantage' ? createCritic(mdp, settings) : createBaseline(settings);
}

/** Averages of returns, by what the baseline may depend on. */
function createBaseline({
  credit,
  baseline,
  discount,
  discountVisits,
  temperature,
}: Settings): Judge {
  const known = new Map<string, { sum: number; count: number }>();
  const keyOf = (s: number, t: number): string =>
    baseline === 'constant' ? '' : baseline === 'state' ? `${s}` : `${s},${t}`;
  const credited = (episode: Rollout, policy: Float64Array): Float64Array => {
    const toGo = new Float64Array(episode.length);
    const flat = new Float64Array(episode.length).fill(discount);
    discountedReturns(payments(episode, policy, temperature), flat, 0, toGo);
    return credit === 'whole-return' ? toGo.fill(toGo[0] ?? 0) : toGo;
  };
  return {
    weigh(episode, policy) {
      return credited(episode, policy).map((ψ, t) => {
        const seen = baseline === 'none' ? null : known.get(keyOf(episode.state[t], t));
        // a whole return is discounted to the start already; what goes on is so from here
        const scale = credit === 'whole-return' || !discountVisits ? 1 : discount ** t;
        return scale * (ψ - (seen ? seen.sum / seen.count : 0));
      });
    },
    learn(episode, policy) {
      if (baseline === 'none') return;
      credited(episode, policy).forEach((ψ, t) => {
        const key = keyOf(episode.state[t], t);
        const seen = known.get(key) ?? { sum: 0, count: 0 };
        known.set(key, { sum: seen.sum + ψ, count: seen.count + 1 });
      });
    },
  };
}

/** V(s), moved by its advantages after every update. */
function createCritic(
  mdp: Mdp,
  { discount, discountVisits, temperature, lambda, criticStep }: Settings,
): Judge {
  const value = new Float64Array(mdp.stateCount);
  const advantages = (episode: Rollout, policy: Float64Array): Float64Array => {
    const { length, state, terminated } = episode;
    const here = Float64Array.from({ length }, (_, t) => value[state[t]]);
    const next = Float64Array.from({ length }, (_, t) => value[state[t + 1]]);
    const factor = new Float64Array(length).fill(discount);
    if (terminated && length > 0) factor[length - 1] = 0;
    const out = new Float64Array(length);
    const paid = payments(episode, policy, temperature);
    generalizedAdvantages(paid, factor, here, next, lambda, out);
    return out;
  };
  return {
    weigh: (episode, policy) =>
      advantages(episode, policy).map((a, t) => (discountVisits ? discount ** t * a : a)),
    learn(episode, policy) {
      advantages(episode, policy).forEach((a, t) => {
        value[episode.state[t]] += criticStep * a;
      });
    },
  };
}

/** [steps] r_t − τ log π(a_t | s_t). */
function payments(
  { length, pair, reward }: Rollout,
  policy: Float64Array,
  temperature: number,
): Float64Array {
  return Float64Array.from(
    { length },
    (_, t) => reward[t] - (temperature === 0 ? 0 : temperature * Math.log(policy[pair[t]])),
  );
}

function summary(
  { pairStart }: Mdp,
  seen: readonly Rollout[],
  policy: Float64Array,
  discount: number,
): { meanReturn: number; meanLength: number; entropy: number } {
  let [returned, steps, entropy] = [0, 0, 0];
  for (const { length, state, reward } of seen) {
    steps += length;
    for (let t = 0, scale = 1; t < length; t++, scale *= discount) {
      returned += scale * reward[t];
      for (let p = pairStart[state[t]]; p < pairStart[state[t] + 1]; p++)
        if (policy[p] > 0) entropy -= policy[p] * Math.log(policy[p]);
    }
  }
  return {
    meanReturn: returned / seen.length,
    meanLength: steps / seen.length,
    entropy: steps > 0 ? entropy / steps : 0,
  };
}
