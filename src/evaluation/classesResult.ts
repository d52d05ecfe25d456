/** What the result says of classes of demonstrators, beside their parameters. */

import { z } from 'zod';

const reasons = z.record(z.string(), z.string()).optional();

const ClassSummary = z.object({
  class: z.int(),
  share: z.number(),
  expectedTrajectories: z.number().describe('Sum of the probabilities to belong to it, by weight'),
  likeliestOf: z.int().describe('Trajectories that belong to it more likely than to any other'),
});

const Restart = z.object({
  start: z.string().describe('How it began: scores, perturbed or partition'),
  stop: z.string(),
  logLikelihood: z.number().nullable(),
  emIterations: z.int(),
  newtonIterations: z.int(),
});

export const ClassCountResult = z.object({
  classes: z.int(),
  stop: z.string(),
  logLikelihood: z.number().nullable(),
  freeParameters: z.int(),
  aic: z.number().nullable(),
  bic: z.number().nullable().describe('n is the number of decisions'),
  bicTrajectories: z.number().nullable().describe('n is the number of trajectories'),
  entropy: z.number().nullable().describe('Uncertainty of who belongs where, from 0 to 1'),
  heldOutLogLikelihood: z.number().nullable().describe('Of all folds, each predicted without it'),
  reasons,
});

/** Keys that a method which finds classes adds to its result. */
export const ClassesResult = z.object({
  classes: z.array(ClassSummary).optional().describe('The largest first'),
  assignmentEntropy: z
    .number()
    .optional()
    .describe('Mean uncertainty of who belongs where: 0 certain, 1 as good as no idea'),
  restarts: z.array(Restart).optional().describe('Every start of the search and where it ended'),
  restartsAtBest: z.int().optional().describe('Starts that ended at the highest likelihood'),
  degenerate: z
    .array(z.object({ classes: z.array(z.int()), words: z.string() }))
    .optional()
    .describe('Signs that there are fewer classes than asked for'),
  classCounts: z
    .array(ClassCountResult)
    .optional()
    .describe('The same with one class less and one more'),
  preferredClasses: z
    .record(z.string(), z.int().nullable())
    .optional()
    .describe('The number of classes that each measure prefers among these'),
});
