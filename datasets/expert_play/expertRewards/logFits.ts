/** What is learned of the cart-pole from a log alone: values that explain it, and a linear reward. */

import {
  type Engine,
  type Episodes,
  fitOffline,
  InverseSoftBellman,
  type OfflineFit,
  polynomialBasis,
  type RecordedSteps,
  recordedSteps,
  type SoftAgent,
  SoftQPolicy,
} from 'revealed';
import { cartPoleFeatures } from './cartPoleFit.ts';
import { playedEpisodes, randomPlay } from './playedEpisodes.ts';

/** Episodes of random play that the log of a linear reward holds beside what was demonstrated. */
export const RANDOM_EPISODES = 100;

/** @param others whether the log holds random play too */
export function logFit(
  demonstrations: Episodes,
  which: readonly number[],
  others: 'random play' | 'none',
  seed: number,
): OfflineFit {
  const steps = fitOffline(
    {
      demonstrations,
      which,
      ...(others === 'none' ? {} : { others: randomPlay(RANDOM_EPISODES, seed) }),
      actionCount: 2,
      features: cartPoleFeatures,
      basis: (log) => polynomialBasis(log, 3),
      discount: 0.95,
      temperature: 1,
    },
    { ridge: 3e-3 },
  );
  let next = steps.next();
  while (!next.done) next = steps.next();
  return next.value;
}

/** The averaged and the last values after 1,000 updates. */
export function valueFit(engine: Engine, demonstrations: Episodes, episode: number, seed: number) {
  const steps = recordedSteps(demonstrations, 2, [episode]);
  const learning = new InverseSoftBellman(engine, steps, {}, seed);
  while (!learning.done) learning.update();
  return {
    averaged: new SoftQPolicy(engine, learning.policy('averaged')),
    last: new SoftQPolicy(engine, learning.policy('last')),
  };
}

/** As those see it who step through worlds. */
export function acting(policy: Pick<SoftAgent, 'act'>): Pick<SoftAgent, 'act' | 'actionSize'> {
  return {
    actionSize: 1,
    act: (observations, rows, rng, out) => policy.act(observations, rows, rng, out),
  };
}

export interface RankedRewards {
  /** Mean recovered reward of a step of its own play. */
  readonly own: number;
  readonly random: number;
  /** Of the last five steps of random play before a fall. */
  readonly falling: number;
}

const EPISODES = 20;
const LAST = 5;

/** What a recovered reward pays to its own play (likeliest actions), to random play, and before a fall. */
export function rankedRewards(policy: SoftQPolicy, seed: number): RankedRewards {
  const own = recordedSteps(
    playedEpisodes((seen, out) => policy.act(seen, 1, null, out), EPISODES, seed, 300),
    2,
  );
  const random = recordedSteps(randomPlay(EPISODES, seed), 2);
  const mean = (x: ArrayLike<number>): number =>
    Array.from(x).reduce((sum, y) => sum + y, 0) / x.length;
  const rewards = policy.rewards(random);
  return {
    own: mean(policy.rewards(own)),
    random: mean(rewards),
    falling: mean(rewards.filter((_, i) => stepsLeft(random, i) <= LAST)),
  };
}

/** Steps of the episode from this one on. */
function stepsLeft({ start }: RecordedSteps, step: number): number {
  return (start.find((first) => first > step) ?? step) - step;
}
