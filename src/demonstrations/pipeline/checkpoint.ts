/** Where an interrupted run stood, so that another can go on without losing or doubling a row. */

import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { GatherState } from './gather.ts';

export interface Checkpoint {
  /** Of everything that decides what is written: inputs, version, settings, seed. */
  readonly fingerprint: string;
  /** What comes next: reading the source, making the tables, giving the files their names. */
  readonly phase: 'gather' | 'encode' | 'finish';
  readonly gathered: GatherState | null;
  /** Bytes of the file of tracks, and of the dead letters, that belong to what was gathered. */
  readonly trackBytes: number;
  readonly letterBytes: number;
  readonly letters: number;
}

export const CHECKPOINT = 'checkpoint.json';

export function fingerprintOf(decides: unknown): string {
  return createHash('sha256').update(JSON.stringify(decides)).digest('hex');
}

/** Writes a checkpoint in one step: either all of it is there or the one before. */
export function saveCheckpoint(directory: string, checkpoint: Checkpoint): void {
  const path = join(directory, CHECKPOINT);
  writeFileSync(`${path}.part`, JSON.stringify(checkpoint));
  const descriptor = openSync(`${path}.part`, 'r+');
  fsyncSync(descriptor);
  closeSync(descriptor);
  renameSync(`${path}.part`, path);
}

/** Throws a RangeError where the folder holds the work of another run. */
export function loadCheckpoint(directory: string, fingerprint: string): Checkpoint | null {
  const path = join(directory, CHECKPOINT);
  if (!existsSync(path)) return null;
  const checkpoint: Checkpoint = JSON.parse(readFileSync(path, 'utf8'));
  if (checkpoint.fingerprint === fingerprint) return checkpoint;
  throw new RangeError(
    `Cannot go on with the run in ${directory}: its input, options or version were others; run without resume to begin anew`,
  );
}
