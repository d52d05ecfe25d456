/** A car in a valley that likes speed: what is being to the right worth to it, and the pedal? */

import {
  createSoftQAgent,
  kernelEngine,
  MountainCar,
  type Question,
  scaledAgent,
  stepFeatures,
} from 'revealed';
import { recovers } from './recovered.ts';

const DISCOUNT = 0.97;
const TEMPERATURE = 0.5;
const REST = 1;

export const mountainCar = mountainCarOf();

export function mountainCarOf(seeds?: number): Question {
  return recovers(
    {
      name: 'mountain-car',
      title: 'Does a fit find what a car was paid that swings in a valley?',
      createSimulator: () => new MountainCar(),
      features: stepFeatures({
        'speed²': (_seen, _action, next) => (next[1] / 0.07) ** 2,
        place: (_seen, _action, next) => next[0] + 0.5,
        pedal: (_seen, action) => (action[0] === REST ? 0 : 1),
      }),
      theta: [2, 0.5, -0.3],
      discount: DISCOUNT,
      temperature: TEMPERATURE,
      agent(seed) {
        const sizes = { observationSize: 2, actionCount: 3 };
        const settings = { discount: DISCOUNT, temperature: TEMPERATURE };
        const engine = kernelEngine('kernels', 64);
        return scaledAgent(createSoftQAgent(engine, sizes, settings, seed), [0.6, 0.03]);
      },
      episodes: 50,
      plan: { rounds: 40, updates: 300, episodes: 10, randomRounds: 1 },
      fit: { rounds: 40, updates: 300, episodes: 10, polish: 4, compared: 500, corrections: 8 },
    },
    seeds,
  );
}
