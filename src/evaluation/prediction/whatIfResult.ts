/** The shape of `what-if.json`: what a fit predicts in its own world and in a changed one. */

import { z } from 'zod';

const reasons = z
  .record(z.string(), z.string())
  .optional()
  .describe('Why the keys of this object that are null have no value');

const Interval = z.tuple([z.number(), z.number()]);

const Setting = z.object({
  parameters: z.record(z.string(), z.number()),
  set: z.array(z.string()).describe('Parameters given by hand: they have no uncertainty'),
  time: z.enum(['discounted', 'finite', 'undiscounted']),
  discount: z.number(),
  horizon: z.int().optional(),
  temperature: z.number(),
  states: z.int(),
  pairs: z.int().describe('Actions on offer, all states together'),
  changes: z.array(z.string()).describe('What was done to the world, in words'),
});

const Side = z.object({ value: z.number().nullable(), interval: Interval.nullable(), reasons });

export const Quantity = z.object({
  name: z.string(),
  kind: z.enum(['whole', 'action', 'state', 'pair', 'period']),
  value: z.number().nullable().describe('In the changed world'),
  interval: Interval.nullable().describe('Delta method'),
  standardError: z.number().nullable().describe('Delta method'),
  drawn: Interval.nullable().describe('Quantiles over draws of the parameters'),
  baseline: Side,
  difference: Side.extend({ drawn: Interval.nullable() }).describe(
    'Changed minus baseline, whose errors go together',
  ),
  reasons,
});
export type Quantity = z.infer<typeof Quantity>;

export const SweepPoint = z.object({
  value: z.number().describe('Of the parameter'),
  quantities: z.array(
    Quantity.pick({
      name: true,
      kind: true,
      value: true,
      interval: true,
      standardError: true,
      drawn: true,
      reasons: true,
    }),
  ),
});
export type SweepPoint = z.infer<typeof SweepPoint>;

export const WhatIfResult = z.object({
  format: z.literal(1),
  revealed: z.string().describe('Version of the program'),
  study: z.string(),
  cell: z.string(),
  method: z.string(),
  seed: z.int(),
  baseline: Setting,
  changed: Setting,
  per: z.object({
    steps: z.int().nullable().describe('Periods; null for trips to goals'),
    agents: z.number().describe('Agents, or trips'),
    reasons,
  }),
  uncertainty: z.object({
    level: z.number(),
    errors: z.enum(['hessian', 'sandwich']).nullable().describe('Covariance of the estimates'),
    draws: z.int(),
    infeasibleDraws: z.object({ baseline: z.int(), changed: z.int() }),
    stream: z.string(),
    inexactness: z
      .number()
      .nullable()
      .describe('Largest relative difference of derivatives of second and fourth order'),
    reasons,
  }),
  notes: z.array(z.string()),
  quantities: z.array(Quantity),
  sweep: z
    .object({ parameter: z.string(), shown: z.string(), points: z.array(SweepPoint) })
    .optional(),
});
export type WhatIfResult = z.infer<typeof WhatIfResult>;
