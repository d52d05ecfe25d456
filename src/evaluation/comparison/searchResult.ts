/** The shape of `search.json`: how a set of features was chosen by what it predicts. */

import { z } from 'zod';

const reasons = z.record(z.string(), z.string()).optional();

const Difference = z.object({
  estimate: z.number().describe('Held-out log-likelihood per decision, after minus before'),
  interval: z.tuple([z.number(), z.number()]).nullable().describe('95 %, paired by trajectory'),
  reasons,
});

const Score = {
  stop: z.string().describe('converged, or the first other word that a fold ended with'),
  perDecision: z.number().nullable().describe('Held-out log-likelihood'),
  perTrajectory: z.number().nullable(),
};

export const SearchCandidate = z.object({
  action: z.enum(['add', 'drop']),
  feature: z.string(),
  ...Score,
  difference: Difference.nullable().describe('To the set before'),
  helps: z.boolean().describe('Whether the rule would take it'),
  reasons,
});
export type SearchCandidate = z.infer<typeof SearchCandidate>;

export const SearchStep = z.object({
  action: z.enum(['start', 'add', 'drop']),
  feature: z.string().nullable().describe('Added or dropped; null at the start'),
  features: z.array(z.string()).describe('The set after this step'),
  ...Score,
  difference: Difference.nullable(),
  candidates: z.array(SearchCandidate).describe('Everything that was tried at this step'),
  reasons,
});
export type SearchStep = z.infer<typeof SearchStep>;

export const SearchResult = z.object({
  format: z.literal(1),
  revealed: z.string(),
  source: z.record(z.string(), z.unknown()).optional(),
  seed: z.int(),
  method: z.string(),
  direction: z.enum(['forward', 'backward', 'both']),
  rule: z
    .enum(['sure', 'gain'])
    .describe('sure: the interval of the difference decides; gain: its estimate'),
  folds: z.int(),
  trajectories: z.int().describe('Held out in some fold, with a decision'),
  decisions: z.int(),
  path: z.array(SearchStep),
  rejected: z.array(SearchCandidate).describe('What was tried last and not taken'),
  ended: z.string().describe('Why the search ended, in words'),
  chosen: z.object({
    features: z.array(z.string()),
    stop: z.string(),
    logLikelihood: z.number().nullable().describe('Of all that took part in the search'),
    parameters: z.array(
      z.object({
        name: z.string(),
        estimate: z.number().nullable(),
        standardError: z
          .number()
          .nullable()
          .describe('Sandwich; as if the features had not been chosen by the same data'),
        reasons,
      }),
    ),
  }),
  outer: z
    .object({
      fold: z.string(),
      trajectories: z.int(),
      decisions: z.int(),
      chosen: z.number().nullable().describe('Log-likelihood per decision of the chosen features'),
      all: z.number().nullable().describe('The same of all features'),
      difference: Difference.nullable().describe('Chosen minus all'),
      reasons,
    })
    .nullable()
    .describe('A fold that took no part in the search: the honest number'),
  warnings: z.array(z.string()),
  reasons,
});
export type SearchResult = z.infer<typeof SearchResult>;
