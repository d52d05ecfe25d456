/**
 * The planner that meets its world in a simulator, whatever its states are: an agent learns the
 * soft-optimal policy from steps that are kept, begun where the plan before ended.
 *
 *   plan      the steps that are kept are told what the reward of θ pays for them; N updates
 *   surplus   episodes of the policy from where demonstrations began, kept too, and compared with them
 *   settle    θ held still: episodes and updates in turn, at a rate that falls to a fifth
 *
 * An episode ends nothing by a limit of time: what it reached keeps its worth. A demonstration that
 * stops while something could still come is compared over its own number of steps.
 */

import { transitionBatch } from '../../learning/neural/transitionBuffer.ts';
import { stepsThatCount } from '../../learning/walks/coupledRollouts.ts';
import { ownedBy, partOf } from '../../networks/checkpointParts.ts';
import { packCheckpoint, unpackCheckpoint } from '../../networks/packedCheckpoint.ts';
import { createRng, type Rng, type RngState, restoreRng } from '../../numeric/rng.ts';
import {
  DivergedPlan,
  type SampledPlanner,
  type SampledSurplus,
} from '../sampled/sampledPlanner.ts';
import { checkWorlds } from './checkWorlds.ts';
import { comparedEpisodes, discountedPull } from './comparedEpisodes.ts';
import { demonstratedSteps } from './demonstratedSteps.ts';
import type { SimulatedProblem } from './simulatedProblem.ts';
import { type Acting, type RolloutStart, SimulatedRollouts } from './simulatedRollouts.ts';
import type { SoftAgent } from './softAgent.ts';
import { StepReplay } from './stepReplay.ts';
import { linearStepReward, type StepReward } from './stepReward.ts';
import type { SteppedEpisode } from './stepRows.ts';

export interface SimulatedPlannerOptions {
  /** Updates of the agent in a plan. */
  readonly updates: number;
  /** Episodes of a round, which are stepped together. */
  readonly episodes: number;
  /** Rounds of episodes and updates with θ held still. */
  readonly polish: number;
  /** Steps that are kept. */
  readonly capacity: number;
  readonly seed: number;
  /** Linear in the features where absent. */
  readonly reward?: StepReward;
  /** From `state()`: the agent is put back to where it stood. */
  readonly resume?: unknown;
}

export interface SimulatedPlanner extends SampledPlanner {
  /** The surplus of features in the latest comparison, whatever the reward is made of. */
  featureSurplus(): SampledSurplus;
  /** [features] the largest |φ| in demonstrations and in episodes at random, 0 where always 0. */
  readonly featureSize: Float64Array;
  /** [features] the number that a feature is in every demonstrated step; null where it varies. */
  readonly constant: readonly (number | null)[];
  /** Whether an episode was seen, demonstrated or at random, after which nothing comes. */
  readonly endsSeen: boolean;
  /** Decisions demonstrated, and the episodes that they were made in. */
  readonly decisions: number;
  readonly episodes: number;
  readonly warnings: readonly string[];
  /** [features] (1 − γ) Σ γᵗ φ on average over the demonstrations. */
  readonly demonstrated: Float64Array;
}

const KIND = 'simulated-planner';
const STREAMS = ['starts', 'choices', 'outcomes', 'replay', 'noise'] as const;
type Streams = Record<(typeof STREAMS)[number], Rng>;

/** Of a checkpoint, beside arrays; plain JSON. */
interface PlannerState {
  readonly agent: unknown;
  readonly replay: { readonly size: number; readonly next: number };
  readonly streams: Readonly<Record<string, RngState>>;
  readonly steps: number;
  readonly cursor: number;
  readonly featureSize: readonly number[];
  readonly endsSeen: boolean;
  readonly settled: readonly number[] | null;
}

/** @throws RangeError or TypeError where demonstrations, world and agent do not fit */
export function createSimulatedPlanner(
  problem: SimulatedProblem,
  agent: SoftAgent,
  options: SimulatedPlannerOptions,
): SimulatedPlanner {
  const { features, discount, temperature, createSimulator } = problem;
  const { updates, episodes, polish, capacity, seed } = options;
  if (!(discount >= 0 && discount < 1))
    throw new RangeError(`Cannot fit: the discount must be in [0, 1), got ${discount}`);
  if (!(temperature > 0))
    throw new RangeError(`Cannot fit: the temperature must be > 0, got ${temperature}`);
  const checkpoint = options.resume ? unpackCheckpoint(options.resume, KIND) : null;
  const saved = checkpoint?.state as PlannerState | undefined;
  const streams = Object.fromEntries(
    STREAMS.map((name) => [
      name,
      saved ? restoreRng(saved.streams[name]) : createRng(seed, `simulated ${name}`),
    ]),
  ) as Streams;
  const worlds = Array.from({ length: Math.max(episodes, 2) }, () =>
    createSimulator(streams.outcomes),
  );
  checkWorlds(worlds);
  const demonstrated = demonstratedSteps(problem, worlds[0]);
  const { sizes, starts } = demonstrated;
  if (agent.actionSize !== sizes.actionSize)
    throw new RangeError(
      `Cannot fit: an action of the world has ${sizes.actionSize} numbers, one of the agent ${agent.actionSize}`,
    );
  const horizon = Math.min(worlds[0].timeLimit, stepsThatCount(discount));
  const lengths = demonstrated.episodes.map(({ rows, terminated }) =>
    terminated ? horizon : Math.min(rows.count, horizon),
  );
  const reward = options.reward ?? linearStepReward(features);
  const linear = linearStepReward(features);
  const offered = problem.offered ?? null;
  const rollouts = new SimulatedRollouts(worlds, agent, features, sizes, offered);
  const replay = new StepReplay(capacity, sizes);
  const batch = transitionBatch(agent.batch, sizes);
  const featureSize = Float64Array.from(saved?.featureSize ?? features.names.map(() => 0));
  let steps = saved?.steps ?? 0;
  let cursor = saved?.cursor ?? 0;
  let settled: Float64Array | null = saved?.settled ? Float64Array.from(saved.settled) : null;
  let latest: SampledSurplus | null = null;
  let theta: Float64Array = new Float64Array(reward.names.length);

  /** From the demonstrations in turn, as many as asked for. */
  const nextStarts = (count: number): { start: RolloutStart; of: number }[] =>
    Array.from({ length: count }, () => {
      const of = cursor;
      cursor = (cursor + 1) % starts.length;
      return { start: { state: starts[of], most: lengths[of] }, of };
    });
  const rollOut = (count: number, acting: Acting): { rolled: SteppedEpisode[]; of: number[] } => {
    const begun = nextStarts(count);
    const rolled = rollouts.rollOut(
      begun.map(({ start }) => start),
      acting,
      streams,
    );
    for (const episode of rolled) {
      replay.add(episode);
      steps += episode.rows.count;
    }
    return { rolled, of: begun.map(({ of }) => of) };
  };
  const learn = (rate: number): void => {
    replay.relabel(reward, theta);
    try {
      for (let i = 0; i < updates; i++) {
        replay.draw(streams.replay, batch);
        agent.update(batch, streams.noise, rate);
      }
    } catch (error) {
      throw new DivergedPlan(error);
    }
  };

  let endsSeen = saved?.endsSeen ?? demonstrated.episodes.some(({ terminated }) => terminated);
  if (checkpoint && saved) {
    agent.restore(partOf('agent', checkpoint), saved.agent);
    replay.restore(partOf('replay', checkpoint), saved.replay);
  } else {
    const { rolled } = rollOut(Math.max(episodes, 2), 'random');
    endsSeen ||= rolled.some(({ terminated }) => terminated);
    for (const { rows } of [...demonstrated.episodes, ...rolled])
      for (let i = 0; i < rows.count * featureSize.length; i++) {
        const k = i % featureSize.length;
        featureSize[k] = Math.max(featureSize[k], Math.abs(rows.features[i]));
      }
    cursor = 0;
  }

  return {
    featureSize,
    constant: features.names.map((_, k) =>
      constantOf(demonstrated.episodes, k, sizes.featureCount),
    ),
    endsSeen,
    decisions: demonstrated.decisions,
    episodes: demonstrated.episodes.length,
    warnings: demonstrated.warnings,
    demonstrated: meanOfSums(
      demonstrated.episodes.map((episode, e) =>
        discountedPull(episode, linear, theta, discount, lengths[e]),
      ),
      1 - discount,
    ),
    plan(next, rate) {
      theta = next.slice();
      settled = null;
      learn(rate);
    },
    settle(next, rate) {
      if (settled?.every((t, k) => t === next[k])) return;
      theta = next.slice();
      for (let i = 0; i < polish; i++) {
        rollOut(episodes, 'drawn');
        learn(rate * (1 - (0.8 * i) / polish));
      }
      settled = theta;
    },
    surplus(count) {
      const passes = Math.floor(count / starts.length);
      const wanted = passes >= 2 ? passes * starts.length : Math.max(2, count);
      if (passes >= 2) cursor = 0;
      const { rolled, of } = rollOut(wanted, 'drawn');
      const compare = (by: StepReward): SampledSurplus => {
        const sumOf = (episode: SteppedEpisode, e: number): Float64Array =>
          discountedPull(episode, by, theta, discount, lengths[e]);
        return comparedEpisodes(
          demonstrated.episodes.map(sumOf),
          rolled.map((episode, i) => sumOf(episode, of[i])),
          of,
          problem,
        );
      };
      latest = compare(linear);
      return options.reward ? compare(options.reward) : latest;
    },
    featureSurplus: () => latest ?? nothingSeen(),
    logLikelihood() {
      let total = 0;
      for (const { rows } of demonstrated.episodes) {
        const logs = new Float64Array(rows.count);
        agent.logLikelihood(rows.observation, rows.action, rows.count, logs);
        for (const log of logs) total += log;
      }
      return total;
    },
    steps: () => steps,
    state() {
      const { numbers, arrays } = agent.state();
      const kept = replay.state();
      const state: PlannerState = {
        agent: numbers,
        replay: { size: replay.size, next: kept.next },
        streams: Object.fromEntries(STREAMS.map((name) => [name, streams[name].state()])),
        steps,
        cursor,
        featureSize: [...featureSize],
        endsSeen,
        settled: settled && [...settled],
      };
      return packCheckpoint({
        kind: KIND,
        state,
        arrays: { ...ownedBy('agent', arrays), ...ownedBy('replay', kept.arrays) },
      });
    },
  };
}

function nothingSeen(): never {
  throw new Error('Cannot tell the surplus of features: nothing has been compared');
}

function meanOfSums(sums: readonly Float64Array[], scale: number): Float64Array {
  return sums[0].map(
    (_, k) => sums.reduce((total, row) => total + row[k], 0) * (scale / sums.length),
  );
}

/** The number that feature `k` of so many is everywhere, or null. */
function constantOf(
  episodes: readonly SteppedEpisode[],
  k: number,
  featureCount: number,
): number | null {
  const first = episodes[0].rows.features[k];
  for (const { rows } of episodes)
    for (let i = 0; i < rows.count; i++)
      if (rows.features[i * featureCount + k] !== first) return null;
  return first;
}
