/** The shape of a learning curve: held-out log-likelihood by the number of demonstrations. */

import { z } from 'zod';

const reasons = z
  .record(z.string(), z.string())
  .optional()
  .describe('Why the keys of this object that are null have no value');
const interval = z.tuple([z.number(), z.number()]).nullable();

const CurvePoint = z.object({
  size: z.union([z.int(), z.literal('all')]),
  trajectories: z.number().describe('Fitted to, mean over the folds'),
  methods: z.record(
    z.string(),
    z.object({
      perDecision: z.number().nullable().describe('Held-out log-likelihood, mean over repeats'),
      interval: interval.describe('Over who is predicted'),
      spread: z.number().nullable().describe('Standard deviation over who is fitted to'),
      difference: z
        .object({ estimate: z.number(), interval, reasons })
        .nullable()
        .optional()
        .describe('To the reference, per decision, on the same trajectories'),
      repeats: z.int(),
      failed: z.int().describe('Repeats without a number'),
      reasons,
    }),
  ),
});
export type CurvePoint = z.infer<typeof CurvePoint>;

const CurveCrossing = z.object({
  method: z.string(),
  reference: z.string(),
  at: z.number().nullable().describe('Number of trajectories at which the lead last changes'),
  words: z.string(),
  reasons,
});
export type CurveCrossing = z.infer<typeof CurveCrossing>;

export const LearningCurve = z.object({
  level: z.number(),
  draws: z.int(),
  points: z.array(CurvePoint),
  crossings: z.array(CurveCrossing),
});
export type LearningCurve = z.infer<typeof LearningCurve>;
