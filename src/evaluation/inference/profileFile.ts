/**
 * The shape of `profile.json`: likelihoods as functions of one number, everything else fitted again.
 * A number that does not exist is null, and the same object says why under `reasons`.
 */

import { z } from 'zod';

const reasons = z.record(z.string(), z.string()).optional();

const Point = z.object({
  value: z.number(),
  logLikelihood: z.number().nullable(),
  reasons,
});

export const ParameterProfile = z.object({
  name: z.string(),
  estimate: z.number(),
  low: z.number().nullable().describe('Lower end of the profile-likelihood interval'),
  high: z.number().nullable(),
  wald: z.tuple([z.number(), z.number()]).nullable().describe('By the inverse Hessian'),
  points: z.array(Point).describe('Values tried, ascending, and the likelihood reached there'),
  reasons,
});
export type ParameterProfile = z.infer<typeof ParameterProfile>;

export const CurveProfile = z.object({
  of: z.enum(['discount', 'temperature']),
  fitted: z.number().describe('The value that the fit was given'),
  points: z.array(
    Point.extend({
      parameters: z.array(z.object({ name: z.string(), estimate: z.number() })).nullable(),
    }),
  ),
  maximum: z
    .object({ value: z.number(), logLikelihood: z.number() })
    .nullable()
    .describe('The most likely value of the range'),
  low: z.number().nullable(),
  high: z.number().nullable(),
  range: z.number().describe('Largest difference of twice the log-likelihood in the range'),
  words: z.array(z.string()),
  reasons,
});
export type CurveProfile = z.infer<typeof CurveProfile>;

export const ProfileFile = z.object({
  format: z.literal(1),
  revealed: z.string().describe('Version of the program'),
  result: z.string().describe('File of the fit'),
  cell: z.string(),
  method: z.string(),
  level: z.number(),
  threshold: z.number().describe('Fall of twice the log-likelihood that marks the ends: χ²₁'),
  logLikelihood: z.number().describe('Of the fit'),
  parameters: z.array(ParameterProfile).optional(),
  curve: CurveProfile.optional(),
});
export type ProfileFile = z.infer<typeof ProfileFile>;
