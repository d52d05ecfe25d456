/** The same rungs from episodes that are drawn: all of them see the same episodes. */

import {
  createRng,
  type Estimate,
  meanInterval,
  type PolicyObjective,
  rollout,
  rolloutGradient,
  TabularSimulator,
} from 'revealed';
import { type Rung, rungWeights } from './rungs.ts';
import type { SmallWorld } from './smallWorld.ts';

export interface SampledRung {
  /** Sum of the variances over the components. */
  readonly variance: Estimate;
  /** The same at a level of 0.999, for a verdict over many. */
  readonly wide: Estimate;
  /** Largest distance of the sampled mean from the true gradient, in standard errors. */
  readonly largestZ: number;
}

/** How many episodes between two pieces of progress. */
const PACE = 200;

/**
 * Draws episodes and yields how far that is, in [0, 1].
 *
 * @param stream name of the draws
 */
export function* sampledRungs(
  small: SmallWorld,
  exact: PolicyObjective,
  bestConstant: number,
  wanted: readonly Rung[],
  episodes: number,
  seed: number,
  stream: string,
): Generator<number, Record<string, SampledRung>> {
  const { mdp } = small.task.world;
  const { horizon } = exact;
  const simulator = new TabularSimulator(small.task, createRng(seed, `${stream} moves`));
  const startRng = createRng(seed, `${stream} starts`);
  const actionRng = createRng(seed, `${stream} actions`);
  const gradients = wanted.map(() => new Float64Array(episodes * mdp.pairCount));
  const weight = new Float64Array(horizon);
  for (let i = 0; i < episodes; i++) {
    const episode = rollout(simulator, small.policy, { startRng, actionRng, maxSteps: horizon });
    wanted.forEach((rung, n) => {
      rungWeights(rung, small, exact, bestConstant, episode, weight);
      const row = gradients[n].subarray(i * mdp.pairCount, (i + 1) * mdp.pairCount);
      rolloutGradient(mdp, small.policy, episode, weight, row);
    });
    if (i % PACE === PACE - 1) yield (i + 1) / episodes;
  }
  return Object.fromEntries(
    wanted.map((rung, n) => [rung, summary(gradients[n], exact.gradient, episodes)]),
  );
}

/** @param gradients [episodes × pairs] */
function summary(gradients: Float64Array, truth: Float64Array, episodes: number): SampledRung {
  const { length: size } = truth;
  const mean = new Float64Array(size);
  for (let i = 0; i < gradients.length; i++) mean[i % size] += gradients[i] / episodes;
  const square = new Float64Array(size);
  const distances = new Float64Array(episodes);
  for (let i = 0; i < gradients.length; i++) {
    const squared = (gradients[i] - mean[i % size]) ** 2;
    square[i % size] += squared;
    // Their mean over episodes is the unbiased variance.
    distances[Math.floor(i / size)] += (squared * episodes) / (episodes - 1);
  }
  const largestZ = Math.max(
    ...mean.map((x, k) => {
      const error = Math.sqrt(square[k] / (episodes - 1) / episodes);
      return error === 0 ? 0 : Math.abs(x - truth[k]) / error;
    }),
  );
  return { variance: meanInterval(distances), wide: meanInterval(distances, 0.999), largestZ };
}
