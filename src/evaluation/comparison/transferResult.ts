/** The shape of a comparison in a world that changed after the fit. */

import { z } from 'zod';
import { ComparisonScores } from './comparisonResult.ts';

const reasons = z
  .record(z.string(), z.string())
  .optional()
  .describe('Why the keys of this object that are null have no value');

export const Transfer = z.object({
  states: z.int().describe('Of the changed world'),
  choices: z.int().describe('Of the changed world: pairs of state and action'),
  gone: z.int().describe('Choices at home that no longer exist'),
  added: z.int().describe('Choices that are new'),
  redirected: z.int().describe('Choices that lead elsewhere, or with other probabilities'),
  changedStates: z.int().describe('States with such a choice'),
  recorded: z.boolean().describe('Whether behaviour was recorded in the changed world'),
  decisionsWhereChanged: z
    .number()
    .nullable()
    .describe('Share of the decisions recorded there that were taken in changed states'),
  files: z.array(z.object({ name: z.string(), sha256: z.string(), rows: z.int() })),
  home: ComparisonScores.nullable().describe('The same methods on what was held out at home'),
  verdicts: z.array(
    z.object({
      method: z.string(),
      reference: z.string(),
      home: z.number().nullable().describe('Method minus reference per decision, held out at home'),
      away: z.number().nullable().describe('The same in the changed world'),
      whereChanged: z.number().nullable().describe('The same, of decisions in changed states'),
      elsewhere: z.number().nullable().describe('The same, of the other decisions there'),
      words: z.string(),
      reasons,
    }),
  ),
  reasons,
});
export type Transfer = z.infer<typeof Transfer>;
