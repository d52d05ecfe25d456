/** `search-state.json`: the sets that an interrupted search of features had scored. */

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../output/wholeFile.ts';
import type { SubsetScore } from './subsetScores.ts';

const Kept = z.object({
  fingerprint: z.string(),
  scores: z.record(
    z.string(),
    z.object({
      features: z.array(z.string()),
      folds: z.array(
        z.object({
          stop: z.string(),
          stopReason: z.string().nullable(),
          estimates: z.record(z.string(), z.number()),
          logs: z.array(z.number().nullable()),
        }),
      ),
    }),
  ),
});

function fileOf(out: string): string {
  return join(out, 'search-state.json');
}

/** Writes what was scored so far. */
export function writeSearchState(
  out: string,
  fingerprint: string,
  scores: Record<string, SubsetScore>,
): void {
  writeWhole(fileOf(out), JSON.stringify({ fingerprint, scores }));
}

/** Reads what an interrupted search had scored; empty where there is nothing. */
export function readSearchState(out: string, fingerprint: string): Record<string, SubsetScore> {
  let text: string;
  try {
    text = readFileSync(fileOf(out), 'utf8');
  } catch {
    return {};
  }
  let parsed: unknown = null;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = null;
  }
  const kept = Kept.safeParse(parsed);
  if (!kept.success)
    throw new SyntaxError(
      `Cannot resume: ${fileOf(out)} is not a state of this version; delete it to start over`,
    );
  if (kept.data.fingerprint !== fingerprint)
    throw new RangeError(
      `Cannot resume: ${fileOf(out)} belongs to a search with other options or other files; give the same ones, or leave out --resume to start over`,
    );
  return kept.data.scores;
}

/** Removes the state of a search that has ended. */
export function removeSearchState(out: string): void {
  rmSync(fileOf(out), { force: true });
}
