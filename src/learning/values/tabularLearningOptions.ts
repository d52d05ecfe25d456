/** What may be chosen about learning in a tabular world. */

import { z } from 'zod';
import { Schedule } from '../schedule.ts';
import { Exploration } from './exploration.ts';

const Replaying = z.strictObject({
  capacity: z.int().positive().default(10_000).describe('Steps kept'),
  batch: z.int().positive().default(4).describe('Steps learned from again after every new one'),
});

export const TabularLearningOptions = z.strictObject({
  method: z
    .enum(['sarsa', 'expected-sarsa', 'q-learning', 'double-q-learning', 'soft-q-learning'])
    .default('q-learning')
    .describe('Which value of the next state a step is held against'),
  episodes: z.int().positive().default(1000).describe('How many episodes'),
  discount: z.number().min(0).max(1).describe('Worth of the next step γ'),
  stepSize: Schedule.default(0.1).describe('α by how often the pair was learned about'),
  exploration: Exploration.optional().describe(
    'How one acts; ε-greedy with 0.1 where absent, by its own soft policy in soft Q-learning',
  ),
  temperature: z.number().positive().default(1).describe('τ of soft Q-learning'),
  prior: z
    .enum(['one', 'uniform'])
    .default('one')
    .describe(
      'Entropy of soft Q-learning in nats (one) or relative to choosing at random (uniform)',
    ),
  start: z.number().default(0).describe('Every Q(s, a) at first'),
  replay: Replaying.optional().describe('Learn again from steps in memory; not with SARSA'),
  maxSteps: z.int().positive().optional().describe('Steps of an episode, besides its time limit'),
  seed: z.union([z.int(), z.string()]).default(0).describe('Seed of every random draw'),
});
/** What a caller may write. */
export type TabularLearningOptions = z.input<typeof TabularLearningOptions>;
/** With defaults filled in. */
export type TabularLearningSettings = z.output<typeof TabularLearningOptions>;
