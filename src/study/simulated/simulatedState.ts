/** What an interrupted study in a simulator goes on from: fits that are done, and rounds of those that are not. */

import { z } from 'zod';
import { SimulatedMethodResult } from '../../evaluation/simulated/simulatedResult.ts';
import type { PackedCheckpoint } from '../../networks/packedCheckpoint.ts';
import { fromLittleEndian, littleEndian } from '../output/flatArrays.ts';
import { readStateFile, writeStateFile } from '../run/stateFile.ts';
import type { SimulatedState } from './runSimulated.ts';

const loose = z.record(z.string(), z.unknown());
const SavedFit = z.union([
  z.object({
    done: SimulatedMethodResult,
    backend: z.string(),
    policy: loose,
    arrays: z.record(z.string(), z.base64()),
  }),
  z.object({ checkpoint: loose, rounds: z.array(loose), seconds: z.number() }),
]);
const SavedRun = z.object({
  digest: z.string(),
  cells: z.record(z.string(), z.record(z.string(), SavedFit)),
});

/** By cell and method, and of which episodes. */
export interface SavedSimulated {
  digest: string;
  readonly cells: Record<string, Record<string, SimulatedState>>;
}

export function writeSimulated(
  directory: string,
  fingerprint: string,
  { digest, cells }: SavedSimulated,
): void {
  const plain = mapped(cells, (state) =>
    'done' in state
      ? {
          ...state,
          arrays: Object.fromEntries(
            Object.entries(state.arrays).map(([name, values]) => [
              name,
              Buffer.from(littleEndian(values)).toString('base64'),
            ]),
          ),
        }
      : state,
  );
  writeStateFile(directory, fingerprint, { digest, cells: plain });
}

/** Reads the state of an interrupted run; null where there is none. */
export function readSimulated(directory: string, fingerprint: string): SavedSimulated | null {
  const saved = readStateFile(directory, fingerprint, SavedRun);
  if (saved === null) return null;
  const cells = mapped(saved.cells, (state): SimulatedState => {
    if (!('done' in state)) return state as unknown as SimulatedState;
    const arrays = Object.entries(state.arrays).map(([name, text]) => [
      name,
      fromLittleEndian(Buffer.from(text, 'base64')),
    ]);
    const policy = state.policy as unknown as PackedCheckpoint;
    return { ...state, policy, arrays: Object.fromEntries(arrays) };
  });
  return { digest: saved.digest, cells };
}

function mapped<From, To>(
  cells: Readonly<Record<string, Readonly<Record<string, From>>>>,
  change: (state: From) => To,
): Record<string, Record<string, To>> {
  return Object.fromEntries(
    Object.entries(cells).map(([cell, methods]) => [
      cell,
      Object.fromEntries(Object.entries(methods).map(([method, state]) => [method, change(state)])),
    ]),
  );
}
