/** The shape of `bootstrap.json`: how a fit came out again on data drawn like its own. */

import { z } from 'zod';

const reasons = z
  .record(z.string(), z.string())
  .optional()
  .describe('Why the keys of this object that are null have no value');
const interval = z.tuple([z.number(), z.number()]).nullable();

export const bootstrapKinds = ['trajectory', 'parametric'] as const;
export type BootstrapKind = (typeof bootstrapKinds)[number];

export const BootstrapDraw = z.object({
  stop: z
    .string()
    .describe(
      'Why the refit stopped; `not-identified` where the draw leaves more open than the data',
    ),
  estimates: z.array(z.number()).nullable().describe('By parameter; null where it failed'),
  errors: z
    .array(z.number().nullable())
    .nullable()
    .describe('Standard errors of the refit, of the kind `studentisedBy`'),
});
export type BootstrapDraw = z.infer<typeof BootstrapDraw>;

const BootstrapParameter = z.object({
  name: z.string(),
  estimate: z.number(),
  held: z.enum(['fixed', 'at-bound']).optional(),
  standardError: z.number().nullable().describe('Standard deviation over the draws that converged'),
  bias: z.number().nullable().describe('Mean over these draws less the estimate'),
  intervals: z.object({
    percentile: interval,
    basic: interval,
    studentised: interval,
  }),
  formula: z
    .record(z.string(), z.number().nullable())
    .describe('Standard errors of the fit itself, to compare'),
  reasons,
});

export const BootstrapResult = z.object({
  format: z.literal(1),
  revealed: z.string(),
  result: z.string().describe('The result whose fit it is, from the folder of this file'),
  study: z.string(),
  cell: z.string(),
  method: z.string(),
  kind: z.enum(bootstrapKinds),
  words: z.string().describe('What was drawn, in words'),
  level: z.number().describe('Of the intervals'),
  seed: z.int(),
  stream: z.string().describe('Name of the random stream of a draw, but for its number'),
  draws: z.int(),
  stops: z.record(z.string(), z.int()).describe('How many refits stopped how'),
  studentisedBy: z.enum(['hessian', 'sandwich']),
  parameters: z.array(BootstrapParameter),
  notes: z.array(z.string()),
  refits: z.array(BootstrapDraw).describe('One for each draw, in order'),
});
export type BootstrapResult = z.infer<typeof BootstrapResult>;
