/**
 * Policies of different origin in one table, on episodes that none of them was made from: how likely
 * they make what was done, whether their probabilities mean what they say, what they expect of each
 * feature, and, where the world has a reward of its own, what they come to.
 *
 *   gap_k = (1 − γ) mean_episodes ( Σ γᵗ φ_k demonstrated − mean of rollouts from where it began )
 *
 * with the standard error over episodes: starts are the same on both sides, the luck of both is in it.
 * Rollouts are as long as the episode, or where that terminated as the world allows.
 */

import { agentReturns } from '../../algorithms/simulated/agentReturns.ts';
import { discountedPull } from '../../algorithms/simulated/comparedEpisodes.ts';
import { demonstratedSteps } from '../../algorithms/simulated/demonstratedSteps.ts';
import type { SimulatedProblem } from '../../algorithms/simulated/simulatedProblem.ts';
import { SimulatedRollouts } from '../../algorithms/simulated/simulatedRollouts.ts';
import { linearStepReward } from '../../algorithms/simulated/stepReward.ts';
import type { AnySimulator } from '../../environments/simulators.ts';
import type { CloningRows } from '../../learning/cloning/cloningRows.ts';
import { stepsThatCount } from '../../learning/walks/coupledRollouts.ts';
import { createRng } from '../../numeric/rng.ts';
import { type Estimate, meanInterval } from '../inference/meanInterval.ts';
import { type ImitationScores, imitationScores, meansByTrajectory } from './imitationScores.ts';
import { asAgent, type Imitator } from './imitator.ts';

/** Where imitators can be tried out. */
export interface ComparedWorld {
  /** With the held-out episodes as its demonstrations. */
  readonly problem: SimulatedProblem;
  /** Rollouts from where each of them began. */
  readonly rollouts: number;
  /** Begun worlds, always the same ones, whose own reward counts; null where it means nothing. */
  readonly begun: (() => readonly AnySimulator[]) | null;
}

export interface ImitatorScore {
  readonly name: string;
  readonly scores: ImitationScores;
  /** By how much it makes decisions likelier than the first imitator, over trajectories; null for that. */
  readonly ahead: Estimate | null;
  /** Null without a world. */
  readonly gaps: readonly ImitatorGap[] | null;
  /** Null where there is no world with a reward of its own. */
  readonly returns: { readonly drawn: Estimate; readonly likeliest: Estimate } | null;
  readonly reasons: Readonly<Record<string, string>>;
}

export interface ImitatorGap {
  readonly name: string;
  /** Per step. */
  readonly demonstrated: number;
  readonly gap: number;
  /** Null where one episode shows no spread. */
  readonly error: number | null;
  readonly reason?: string;
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
  const likelihoods = imitators.map((imitator) => {
    const out = new Float64Array(heldOut.count);
    imitator.logLikelihood(heldOut, out);
    return out;
  });
  return imitators.map((imitator, i): ImitatorScore => {
    const lead = likelihoods[i].map((x, row) => x - likelihoods[0][row]);
    const leads = [...meansByTrajectory(lead, heldOut).values()];
    const ahead = i > 0 && leads.length > 1 ? meanInterval(leads) : null;
    return {
      name: imitator.name,
      scores: imitationScores(imitator, heldOut, seed),
      ahead,
      gaps: world ? gapsOf(imitator, heldOut, world, seed) : null,
      returns: world?.begun ? returnsOf(imitator, heldOut, world.begun, seed) : null,
      reasons: {
        ...(ahead
          ? {}
          : {
              ahead: i === 0 ? 'the others are compared with it' : 'there is only one trajectory',
            }),
        ...(world ? {} : { gaps: 'there is no world to try it out in' }),
        ...(world?.begun ? {} : { returns: 'there is no world with a reward of its own' }),
      },
    };
  });
}

function returnsOf(
  imitator: Imitator,
  { actions }: CloningRows,
  begun: () => readonly AnySimulator[],
  seed: number,
): NonNullable<ImitatorScore['returns']> {
  const agent = asAgent(imitator, actions);
  const draws = createRng(seed, 'draws of returns');
  return {
    drawn: meanInterval(agentReturns(agent, begun(), draws)),
    likeliest: meanInterval(agentReturns(agent, begun(), null)),
  };
}

function gapsOf(
  imitator: Imitator,
  { actions }: CloningRows,
  { problem, rollouts }: ComparedWorld,
  seed: number,
): ImitatorGap[] {
  const { features, discount, createSimulator, offered = null } = problem;
  const outcomes = createRng(seed, 'outcomes of gaps');
  const first = createSimulator(outcomes);
  const { episodes, starts, sizes } = demonstratedSteps(problem, first);
  const worlds = [
    first,
    ...Array.from({ length: Math.min(99, episodes.length * rollouts - 1) }, () =>
      createSimulator(outcomes),
    ),
  ];
  const horizon = Math.min(first.timeLimit, stepsThatCount(discount));
  const lengths = episodes.map(({ rows, terminated }) =>
    terminated ? horizon : Math.min(rows.count, horizon),
  );
  const rolled = new SimulatedRollouts(
    worlds,
    asAgent(imitator, actions),
    features,
    sizes,
    offered,
  ).rollOut(
    Array.from({ length: episodes.length * rollouts }, (_, i) => ({
      state: starts[i % episodes.length],
      most: lengths[i % episodes.length],
    })),
    'drawn',
    { starts: createRng(seed, 'starts of gaps'), choices: createRng(seed, 'choices of gaps') },
  );
  const reward = linearStepReward(features);
  const nothing = new Float64Array(features.names.length);
  const sumsOf = (episode: (typeof episodes)[number], e: number): Float64Array =>
    discountedPull(episode, reward, nothing, discount, lengths[e]).map((x) => (1 - discount) * x);
  const shown = episodes.map(sumsOf);
  const differences = shown.map((sums) => sums.slice());
  rolled.forEach((episode, i) => {
    const e = i % episodes.length;
    sumsOf(episode, e).forEach((x, k) => {
      differences[e][k] -= x / rollouts;
    });
  });
  return features.names.map((name, k): ImitatorGap => {
    const column = (rows: readonly Float64Array[]): Float64Array =>
      Float64Array.from(rows, (row) => row[k]);
    const gaps = column(differences);
    const mean = (x: Float64Array): number => x.reduce((sum, y) => sum + y, 0) / x.length;
    const demonstrated = mean(column(shown));
    const gap = mean(gaps);
    if (gaps.length < 2)
      return { name, demonstrated, gap, error: null, reason: 'one episode shows no spread' };
    const squares = gaps.reduce((sum, x) => sum + (x - gap) ** 2, 0);
    return {
      name,
      demonstrated,
      gap,
      error: Math.sqrt(squares / (gaps.length - 1) / gaps.length),
    };
  });
}
