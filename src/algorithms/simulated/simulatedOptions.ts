/** How a reward is fitted in a world that is met in a simulator only, by an agent of networks. */

import { z } from 'zod';

export const SimulatedOptions = z.strictObject({
  rounds: z.int().min(2).default(60).describe('Rounds of planning, comparing and stepping'),
  updates: z.int().positive().default(300).describe('Updates of the agent in a round'),
  episodes: z
    .int()
    .min(2)
    .default(10)
    .describe('Episodes of a round, from where demonstrations began, in turn'),
  gain: z
    .number()
    .positive()
    .default(0.5)
    .describe(
      'Longest step of θ in the first round, in units of temperature and with features at most 1 in size; it falls to a tenth',
    ),
  polish: z
    .int()
    .min(1)
    .default(10)
    .describe('Rounds of episodes and updates at the end, with θ held still'),
  corrections: z
    .int()
    .min(0)
    .default(0)
    .describe(
      'Times at most that a gap which is left at the end is corrected for, with a polish and a comparison each',
    ),
  compared: z
    .int()
    .min(2)
    .default(100)
    .describe('Episodes that are compared with the demonstrations at the end'),
  capacity: z.int().positive().default(50_000).describe('Steps that are kept'),
  precision: z
    .number()
    .positive()
    .optional()
    .describe(
      'Standard error to which a gap is known before it counts as closed: per step, features at most 1 in size, in units of temperature (default: twice as well as the demonstrations know it, 0.0005 to 0.015)',
    ),
});
export type SimulatedOptions = z.input<typeof SimulatedOptions>;
