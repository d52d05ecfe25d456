/** What an interrupted run of fits goes on from. */

import { z } from 'zod';
import { MethodResult } from '../../evaluation/resultFile.ts';
import { fromLittleEndian, littleEndian } from '../output/flatArrays.ts';
import type { MethodState } from './runExperiment.ts';
import { readStateFile, writeStateFile } from './stateFile.ts';

/** Arrays as base64 of their bytes: exact, infinities included. */
const Arrays = z.record(z.string(), z.base64());
const SavedMethod = z.union([
  z.object({ done: MethodResult, arrays: Arrays }),
  z.object({ checkpoint: z.record(z.string(), z.unknown()) }),
]);
const SavedRun = z.object({
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
  writeStateFile(directory, fingerprint, { cells: plain });
}

/** Reads the state of an interrupted run; null where there is none. */
export function readState(directory: string, fingerprint: string): SavedCells | null {
  const saved = readStateFile(directory, fingerprint, SavedRun);
  if (saved === null) return null;
  return Object.fromEntries(
    Object.entries(saved.cells).map(([cell, methods]) => [
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
