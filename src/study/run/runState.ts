/** `state.json`: what an interrupted run goes on from. */

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { MethodResult } from '../../evaluation/resultFile.ts';
import { fromLittleEndian, littleEndian } from '../output/flatArrays.ts';
import { writeWhole } from '../output/wholeFile.ts';
import type { MethodState } from './runExperiment.ts';

/** Arrays as base64 of their bytes: exact, infinities included. */
const Arrays = z.record(z.string(), z.base64());
const SavedMethod = z.union([
  z.object({ done: MethodResult, arrays: Arrays }),
  z.object({ checkpoint: z.record(z.string(), z.unknown()) }),
]);
const SavedRun = z.object({
  format: z.literal(1),
  fingerprint: z.string(),
  cells: z.record(z.string(), z.record(z.string(), SavedMethod)),
});

/** The state of a run by cell and method. */
export type SavedCells = Record<string, Record<string, MethodState>>;

/** Writes the state of a run that has not ended. */
export function writeState(directory: string, fingerprint: string, cells: SavedCells): void {
  const plain = Object.fromEntries(
    Object.entries(cells).map(([cell, methods]) => [
      cell,
      Object.fromEntries(
        Object.entries(methods).map(([method, state]) => [method, plainState(state)]),
      ),
    ]),
  );
  writeWhole(
    join(directory, 'state.json'),
    JSON.stringify({ format: 1, fingerprint, cells: plain }),
  );
}

/** Reads the state of an interrupted run; null where there is none. */
export function readState(directory: string, fingerprint: string): SavedCells | null {
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
  const saved = SavedRun.safeParse(parsed);
  if (!saved.success)
    throw new SyntaxError(
      `Cannot resume: ${file} is not a state of this version; delete it to start over`,
    );
  if (saved.data.fingerprint !== fingerprint)
    throw new RangeError(
      `Cannot resume: ${file} belongs to a run with other options or other files; give the same ones, or leave out --resume to start over`,
    );
  // Taken as it was written: the schema would put keys in another order.
  const { cells } = parsed as z.output<typeof SavedRun>;
  return Object.fromEntries(
    Object.entries(cells).map(([cell, methods]) => [
      cell,
      Object.fromEntries(
        Object.entries(methods).map(([method, state]): [string, MethodState] => [
          method,
          'done' in state ? { done: state.done, arrays: typedArrays(state.arrays) } : state,
        ]),
      ),
    ]),
  );
}

export function removeState(directory: string): void {
  rmSync(join(directory, 'state.json'), { force: true });
}

function plainState(state: MethodState): unknown {
  if (!('done' in state)) return state;
  const arrays = Object.entries(state.arrays).map(([name, values]) => [
    name,
    Buffer.from(littleEndian(values)).toString('base64'),
  ]);
  return { done: state.done, arrays: Object.fromEntries(arrays) };
}

function typedArrays(arrays: Record<string, string>): Record<string, Float64Array> {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, text]) => [
      name,
      fromLittleEndian(Buffer.from(text, 'base64')),
    ]),
  );
}
