/**
 * Policies of different origin in one table, on episodes that none of them was made from: how likely
 * they make what was done, whether their probabilities mean what they say, what they expect of each
 * feature, and, where the world has a reward of its own, what they come to.
 */

import type { SimulatedProblem } from '../../algorithms/simulated/simulatedProblem.ts';
import type { CloningRows } from '../../learning/cloning/cloningRows.ts';
import { createRng } from '../../numeric/rng.ts';
import { type Estimate, meanInterval } from '../inference/meanInterval.ts';
import type { ActingPolicy } from './actingPolicy.ts';
import { featureGaps, type PolicyGap } from './featureGaps.ts';
import { type ImitationScores, imitationScores, meansByTrajectory } from './imitationScores.ts';
import type { Imitator } from './imitator.ts';
import { type Playing, playEpisodes } from './playedEpisodes.ts';

/** Where imitators can be tried out. */
export interface ComparedWorld {
  /** With the held-out episodes as its demonstrations. */
  readonly problem: SimulatedProblem;
  /** Episodes that gaps are measured by, at least two from each demonstration's start. */
  readonly episodes: number;
  /**
   * States from which the world's own reward is collected, null: as the world begins; null in place of
   * all of them where its reward means nothing.
   */
  readonly starts: readonly (ArrayLike<number> | null)[] | null;
}

export interface ImitatorScore {
  readonly name: string;
  readonly scores: ImitationScores;
  /**
   * By how much it makes decisions likelier than the first imitator: mean over trajectories of the
   * difference per decision; null of that one itself.
   */
  readonly ahead: Estimate | null;
  /** Null without a world. */
  readonly gaps: readonly PolicyGap[] | null;
  /** Null where there is no world with a reward of its own. */
  readonly returns: { readonly drawn: Estimate; readonly likeliest: Estimate } | null;
  readonly reasons: Readonly<Record<string, string>>;
}

/**
 * @param heldOut decisions of the held-out episodes
 * @throws RangeError where there is no imitator or two have one name
 */
export function compareImitators(
  imitators: readonly Imitator[],
  heldOut: CloningRows,
  world: ComparedWorld | null,
  seed = 0,
): ImitatorScore[] {
  const names = imitators.map(({ name }) => name);
  if (imitators.length === 0)
    throw new RangeError('Cannot compare: wanted at least one imitator, got none');
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined)
    throw new RangeError(`Cannot compare: two imitators are named "${twice}"`);
  const { observations, taken, count } = heldOut;
  const likelihoods = imitators.map(({ policy }) => {
    const out = new Float64Array(count);
    policy.logLikelihood(observations, taken, count, out);
    return out;
  });
  return imitators.map((imitator, i): ImitatorScore => {
    const { name, policy } = imitator;
    const lead = likelihoods[i].map((x, row) => x - likelihoods[0][row]);
    const leads = [...meansByTrajectory(lead, heldOut).values()];
    const ahead = i > 0 && leads.length > 1 ? meanInterval(leads) : null;
    const returns = world?.starts ? returnsOf(policy, world.problem, world.starts, seed) : null;
    return {
      name,
      scores: imitationScores(imitator, heldOut, seed),
      ahead,
      gaps: world ? featureGaps(policy, world.problem, world.episodes, seed) : null,
      returns,
      reasons: {
        ...(ahead
          ? {}
          : {
              ahead: i === 0 ? 'the others are compared with it' : 'there is only one trajectory',
            }),
        ...(world ? {} : { gaps: 'there is no world to try it out in' }),
        ...(returns ? {} : { returns: 'there is no world with a reward of its own' }),
      },
    };
  });
}

/** The same episodes for everybody. */
function returnsOf(
  policy: ActingPolicy,
  { createSimulator }: SimulatedProblem,
  starts: readonly (ArrayLike<number> | null)[],
  seed: number,
): NonNullable<ImitatorScore['returns']> {
  const stream = (purpose: string) => createRng(seed, `imitator ${purpose}`);
  const play = (playing: Playing): Estimate => {
    const outcomes = stream('outcomes');
    const worlds = starts.map(() => createSimulator(outcomes));
    const streams = { starts: stream('starts'), choices: stream('choices') };
    return meanInterval(playEpisodes(policy, worlds, starts, playing, streams).returns);
  };
  return { drawn: play('sampled'), likeliest: play('greedy') };
}
