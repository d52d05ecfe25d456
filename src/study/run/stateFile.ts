/** `state.json`: what an interrupted run goes on from, and what it was a run of. */

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../output/wholeFile.ts';

const Heading = z.object({ format: z.literal(1), fingerprint: z.string() });

/** @param fingerprint tells the run from others: what was asked, and of which bytes */
export function writeStateFile(directory: string, fingerprint: string, state: object): void {
  writeWhole(join(directory, 'state.json'), JSON.stringify({ format: 1, fingerprint, ...state }));
}

/**
 * Reads what `writeStateFile` wrote, keys in the order in which they were; null where there is none.
 * Throws where it is damaged, or of another run.
 */
export function readStateFile<T extends z.ZodType>(
  directory: string,
  fingerprint: string,
  schema: T,
): z.output<T> | null {
  const file = join(directory, 'state.json');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return null;
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new SyntaxError(`Cannot resume: ${file} is not JSON; delete it to start over`);
  }
  const heading = Heading.safeParse(parsed);
  const belongs = heading.success && heading.data.fingerprint === fingerprint;
  if (heading.success && !belongs)
    throw new RangeError(
      `Cannot resume: ${file} belongs to a run with other options or other files; give the same ones, or leave out --resume to start over`,
    );
  if (!heading.success || !schema.safeParse(parsed).success)
    throw new SyntaxError(
      `Cannot resume: ${file} is not a state of this version; delete it to start over`,
    );
  // Taken as it was written: the schema would put keys in another order.
  return parsed as z.output<T>;
}

export function removeState(directory: string): void {
  rmSync(join(directory, 'state.json'), { force: true });
}
