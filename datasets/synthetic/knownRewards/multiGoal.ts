/**
 * A point that walks to one of four goals: what is effort worth, and being far away? A prize for
 * arriving is not asked for: everybody arrives, so that hardly anything says what it is.
 */

import {
  createSoftActorCriticAgent,
  kernelEngine,
  MultiGoalPoint,
  type Question,
  scaledAgent,
  stepFeatures,
} from 'revealed';
import { recovers } from './recovered.ts';

const GOALS = [
  [5, 0],
  [-5, 0],
  [0, 5],
  [0, -5],
] as const;
const DISCOUNT = 0.95;
const TEMPERATURE = 0.3;

/** Squared distance to the nearest goal. */
function distance(seen: ArrayLike<number>): number {
  return Math.min(...GOALS.map(([x, y]) => (seen[0] - x) ** 2 + (seen[1] - y) ** 2));
}

export const multiGoal = multiGoalOf();

export function multiGoalOf(seeds?: number): Question {
  return recovers(
    {
      name: 'multi-goal',
      title: 'Does a fit find what a point was paid that walks to one of four goals?',
      createSimulator: () => new MultiGoalPoint(),
      features: stepFeatures({
        effort: (_seen, action) => action[0] ** 2 + action[1] ** 2,
        distance: (_seen, _action, next) => distance(next) / 25,
      }),
      theta: [-0.5, -1],
      discount: DISCOUNT,
      temperature: TEMPERATURE,
      agent(seed) {
        const sizes = { observationSize: 2, actionSize: 2 };
        const settings = { discount: DISCOUNT, temperature: TEMPERATURE };
        const engine = kernelEngine('kernels', 64);
        return scaledAgent(createSoftActorCriticAgent(engine, sizes, settings, seed), [5, 5]);
      },
      episodes: 100,
      plan: { rounds: 20, updates: 400, episodes: 50 },
      fit: {
        rounds: 30,
        updates: 300,
        episodes: 50,
        gain: 1.5,
        polish: 4,
        compared: 1000,
        corrections: 8,
      },
    },
    seeds,
  );
}
