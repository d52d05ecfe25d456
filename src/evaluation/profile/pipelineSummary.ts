/** What a pipeline's manifest says: rows in and out of every stage, and why others were refused. */

import { readFileSync } from 'node:fs';
import { z } from 'zod';

const Counts = z.record(z.string(), z.number());

const PipelineSummary = z.object({
  source: z.object({ name: z.string() }),
  tracks: z.number(),
  rows: z.number(),
  deadLetters: z.number(),
  stages: z.array(
    z.object({
      stage: z.string(),
      in: z.number(),
      out: z.number(),
      merged: z.number(),
      inserted: z.number(),
      refused: Counts,
      notes: Counts,
    }),
  ),
});
export type PipelineSummary = z.infer<typeof PipelineSummary>;

/** Returns null where the file is no manifest of a pipeline. */
export function readPipelineSummary(path: string): PipelineSummary | null {
  try {
    return PipelineSummary.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
