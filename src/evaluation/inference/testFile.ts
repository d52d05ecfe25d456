/**
 * The shape of `test.json`: what `revealed test` found. A number that does not exist is null, and the
 * same object says why under `reasons`.
 */

import { z } from 'zod';
import { TestOutcome } from './testOutcome.ts';

const reasons = z.record(z.string(), z.string()).optional();

/** A fit that takes part in a test. */
export const TestedFit = z.object({
  result: z.string().optional().describe('File it was read from'),
  cell: z.string().optional(),
  method: z.string().optional(),
  logLikelihood: z.number().nullable(),
  freeParameters: z.int(),
  parameters: z.array(z.object({ name: z.string(), estimate: z.number().nullable() })),
  reasons,
});
export type TestedFit = z.infer<typeof TestedFit>;

export const TestFile = z.object({
  format: z.literal(1),
  revealed: z.string().describe('Version of the program'),
  kind: z
    .enum(['restrictions', 'specification', 'nested', 'rivals'])
    .describe('Of one fit: restrictions, or the model itself; of two: nested, or not'),
  hypothesis: z.string().describe('What is doubted, in words'),
  full: TestedFit.describe('The fit that leaves more free; of rivals, the first'),
  restricted: TestedFit.optional().describe('The fit under the hypothesis; of rivals, the second'),
  tests: z.array(TestOutcome),
  words: z.array(z.string()).describe('What the numbers say'),
});
export type TestFile = z.infer<typeof TestFile>;
