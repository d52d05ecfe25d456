/** `bootstrap-state.json`: the draws that an interrupted bootstrap had finished. */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { BootstrapDraw } from '../../evaluation/inference/bootstrapResult.ts';
import { writeWhole } from '../output/wholeFile.ts';

const State = z.object({
  format: z.literal(1),
  fingerprint: z.string(),
  draws: z.array(z.tuple([z.int().nonnegative(), BootstrapDraw])),
});

const fileIn = (directory: string): string => join(directory, 'bootstrap-state.json');

/** What tells one bootstrap from another; how many draws it takes does not. */
export function bootstrapFingerprint(resultFile: string, settings: unknown): string {
  return createHash('sha256')
    .update(readFileSync(resultFile))
    .update(JSON.stringify(settings))
    .digest('hex');
}

export function writeBootstrapState(
  directory: string,
  fingerprint: string,
  draws: ReadonlyMap<number, BootstrapDraw>,
): void {
  const state: z.infer<typeof State> = { format: 1, fingerprint, draws: [...draws] };
  writeWhole(fileIn(directory), JSON.stringify(state));
}

/** The draws that were finished, by number; none where nothing was left. */
export function readBootstrapState(
  directory: string,
  fingerprint: string,
): Map<number, BootstrapDraw> {
  const file = fileIn(directory);
  if (!existsSync(file)) return new Map();
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new SyntaxError(`Cannot resume: ${file} is not JSON; delete it to start over`);
  }
  const state = State.safeParse(parsed);
  if (!state.success)
    throw new SyntaxError(
      `Cannot resume: ${file} is not a state of this version; delete it to start over`,
    );
  if (state.data.fingerprint !== fingerprint)
    throw new RangeError(
      `Cannot resume: ${file} belongs to another bootstrap, or the result has changed since; give the same options, or leave out --resume to start over`,
    );
  return new Map(state.data.draws);
}

export function removeBootstrapState(directory: string): void {
  rmSync(fileIn(directory), { force: true });
}
