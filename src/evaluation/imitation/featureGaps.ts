/**
 * By how much what was demonstrated surpasses what a policy brings, feature by feature and per step,
 * whoever learned the policy and whatever for:
 *
 *   gap = (1 − γ) ( mean over demonstrations of Σ γᵗ φ − mean over episodes of the policy from where they began )
 *
 * Its Monte-Carlo error is the spread between episodes from one start; the spread between starts is on
 * both sides. An episode that stops though something could still come is compared over its own steps.
 */

import { comparedEpisodes, discountedPull } from '../../algorithms/simulated/comparedEpisodes.ts';
import { demonstratedSteps } from '../../algorithms/simulated/demonstratedSteps.ts';
import type { SimulatedProblem } from '../../algorithms/simulated/simulatedProblem.ts';
import { SimulatedRollouts } from '../../algorithms/simulated/simulatedRollouts.ts';
import { linearStepReward } from '../../algorithms/simulated/stepReward.ts';
import type { BoxActions, DiscreteActions } from '../../environments/simulator.ts';
import { stepsThatCount } from '../../learning/walks/coupledRollouts.ts';
import { createRng } from '../../numeric/rng.ts';
import { studentTwoSided } from '../../numeric/studentT.ts';
import type { ActingPolicy } from './actingPolicy.ts';

export interface PolicyGap {
  readonly name: string;
  /** (1 − γ) Σ γᵗ φ of the demonstrations, on average. */
  readonly demonstrated: number;
  readonly gap: number;
  /** Monte-Carlo standard error. */
  readonly error: number;
  /** Whether the gap is within its error, all features together 19 times of 20. */
  readonly isWithin: boolean;
}

/** @param episodes of the policy; at least two from each demonstration's start are made */
export function featureGaps(
  policy: ActingPolicy,
  problem: SimulatedProblem,
  episodes: number,
  seed: number,
): PolicyGap[] {
  const { features, discount, createSimulator, offered = null } = problem;
  const stream = (purpose: string) => createRng(seed, `feature gaps ${purpose}`);
  const outcomes = stream('outcomes');
  const world = createSimulator(outcomes);
  const { episodes: shown, starts, sizes } = demonstratedSteps(problem, world);
  const horizon = Math.min(world.timeLimit, stepsThatCount(discount));
  const lengths = shown.map(({ rows, terminated }) =>
    terminated ? horizon : Math.min(rows.count, horizon),
  );
  const passes = Math.max(2, Math.ceil(episodes / shown.length));
  const of = Array.from({ length: passes * shown.length }, (_, i) => i % shown.length);
  const worlds = of.map(() => createSimulator(outcomes));
  const acting = inUnits(policy, world.actions);
  const rollouts = new SimulatedRollouts(worlds, acting, features, sizes, offered);
  const rolled = rollouts.rollOut(
    of.map((e) => ({ state: starts[e], most: lengths[e] })),
    'drawn',
    { starts: stream('starts'), choices: stream('choices') },
  );
  const reward = linearStepReward(features);
  const theta = new Float64Array(features.names.length);
  const sumOf = (episode: (typeof rolled)[number], e: number): Float64Array =>
    discountedPull(episode, reward, theta, discount, lengths[e]);
  const demonstrated = shown.map(sumOf);
  const { gradient, replicates } = comparedEpisodes(
    demonstrated,
    rolled.map((episode, i) => sumOf(episode, of[i])),
    of,
    { discount, temperature: 1 },
  );
  const { length } = replicates;
  const within = studentTwoSided(1 - 0.05 / features.names.length, length - 1);
  return features.names.map((name, k) => {
    const squares = replicates.reduce((sum, row) => sum + (row[k] - gradient[k]) ** 2, 0);
    const error = Math.sqrt(squares / (length - 1) / length);
    return {
      name,
      demonstrated:
        ((1 - discount) * demonstrated.reduce((sum, row) => sum + row[k], 0)) / shown.length,
      gap: gradient[k],
      error,
      isWithin: Math.abs(gradient[k]) <= within * error,
    };
  });
}

/** Points of a box as coordinates in [−1, 1], as episodes of agents are made. */
export function inUnits(
  policy: ActingPolicy,
  actions: DiscreteActions | BoxActions,
): Pick<ActingPolicy, 'act'> {
  if (actions.kind === 'discrete') return policy;
  const { low, high } = actions;
  const size = low.length;
  return {
    act(observations, rows, rng, out) {
      policy.act(observations, rows, rng, out);
      for (let i = 0; i < rows * size; i++) {
        const j = i % size;
        out[i] = (2 * (out[i] - low[j])) / (high[j] - low[j]) - 1;
      }
    },
  };
}
