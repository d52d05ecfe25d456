/** What the result says of a fit whose dynamics were met in samples only. */

import { z } from 'zod';

/** Keys that methods which fit from a simulator or a log add to their result. */
export const SamplingResult = z.object({
  sampling: z
    .object({
      planner: z.enum(['exact', 'replay', 'rollouts', 'network']),
      engine: z.string().optional().describe('What the network of the planner ran on'),
      entropy: z
        .enum(['nats', 'uniform'])
        .describe('In nats, or relative to choosing at random: V = τ log meanₐ exp(Q / τ)'),
      rounds: z.int().describe('Times that θ was planned for, compared and moved'),
      simulatedSteps: z.int().describe('Steps taken in the simulator, learning and rollouts'),
      replayedSteps: z
        .int()
        .optional()
        .describe('Those among them that were kept and planned from'),
      ownLogLikelihood: z
        .number()
        .nullable()
        .describe('Of the decisions used to fit under the policy that was learned from samples'),
      gaps: z.array(
        z.object({
          name: z.string(),
          gap: z
            .number()
            .describe('Demonstrated less expected, per decision, features at unit spread'),
          error: z.number().describe('Monte-Carlo standard error of the gap'),
          monteCarloError: z
            .number()
            .nullable()
            .describe('Of the estimate: how much rollouts and learning leave open'),
          outerProductError: z
            .number()
            .nullable()
            .describe('Of the estimate: what so few demonstrations leave open, by rollouts'),
          reasons: z.record(z.string(), z.string()).optional(),
        }),
      ),
    })
    .optional()
    .describe('Set where the planner met the dynamics in a simulator only'),
  log: z
    .object({
      outcomes: z.int().describe('Recorded moves that the dynamics were counted in'),
      unseenChoices: z.int().describe('Choices without any, taken as that action elsewhere'),
      thinChoices: z.int().describe('Choices with fewer than five'),
      ownLogLikelihood: z
        .number()
        .nullable()
        .describe('Of the decisions used to fit, planned in the dynamics of the log'),
    })
    .optional()
    .describe('Set where the dynamics were nothing but a log'),
});
