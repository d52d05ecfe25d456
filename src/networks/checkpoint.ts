/**
 * Checkpoints: everything that a run needs to go on bit for bit, as JSON and one flat file of
 * little-endian numbers, so that any program can read it. A checkpoint is a folder that is there
 * whole or not at all.
 */

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const MANIFEST = 'checkpoint.json';
const ARRAYS = 'arrays.bin';

export const kinds = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint8: Uint8Array,
} as const;

export type StoredArray = Float32Array | Float64Array | Int32Array | Uint8Array;

export interface Checkpoint {
  /** What was running, such as `soft-actor-critic`; a checkpoint of another kind is refused. */
  readonly kind: string;
  /** Plain JSON: options, counters, states of random streams. */
  readonly state: unknown;
  readonly arrays: Readonly<Record<string, StoredArray>>;
}

const Manifest = z.strictObject({
  format: z.literal(1),
  kind: z.string(),
  state: z.unknown(),
  arrays: z.array(
    z.strictObject({
      name: z.string(),
      type: z.enum(['float32', 'float64', 'int32', 'uint8']),
      length: z.int().nonnegative(),
      offset: z.int().nonnegative(),
    }),
  ),
});

/** Writes a checkpoint; what was in the folder stays until the new one is whole. */
export function saveCheckpoint(folder: string, { kind, state, arrays }: Checkpoint): void {
  if (endianness() !== 'LE') throw new Error('Cannot save: only little-endian machines are known');
  let offset = 0;
  const entries = Object.entries(arrays).map(([name, array]) => {
    const entry = { name, type: typeOf(array), length: array.length, offset };
    // Every array begins where its numbers may.
    offset += Math.ceil(array.byteLength / 8) * 8;
    return entry;
  });
  const bytes = new Uint8Array(offset);
  Object.values(arrays).forEach((array, i) => {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), entries[i].offset);
  });
  const fresh = `${folder}.new`;
  const old = `${folder}.old`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  writeFileSync(join(fresh, ARRAYS), bytes);
  const manifest = { format: 1, kind, state, arrays: entries };
  writeFileSync(join(fresh, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  rmSync(old, { recursive: true, force: true });
  if (existsSync(folder)) renameSync(folder, old);
  renameSync(fresh, folder);
  rmSync(old, { recursive: true, force: true });
}

/** Whether there is a checkpoint to go on from. */
export function hasCheckpoint(folder: string): boolean {
  return existsSync(join(placeOf(folder), MANIFEST));
}

/**
 * Reads a checkpoint.
 *
 * @throws SyntaxError where the files are not a checkpoint of this kind, or not whole
 */
export function loadCheckpoint(folder: string, kind: string): Checkpoint {
  const place = placeOf(folder);
  const refuse = (problem: string): never => {
    throw new SyntaxError(`Cannot go on from ${folder}: ${problem}`);
  };
  if (!existsSync(join(place, MANIFEST))) return refuse(`there is no ${MANIFEST} in it`);
  let text: unknown;
  try {
    text = JSON.parse(readFileSync(join(place, MANIFEST), 'utf8'));
  } catch (error) {
    return refuse(`${MANIFEST} is not JSON (${error instanceof Error ? error.message : error})`);
  }
  const parsed = Manifest.safeParse(text);
  if (!parsed.success) return refuse(`${MANIFEST} is not one:\n${z.prettifyError(parsed.error)}`);
  const { data } = parsed;
  if (data.kind !== kind) return refuse(`it is of "${data.kind}", wanted "${kind}"`);
  const file = readFileSync(join(place, ARRAYS));
  const arrays: Record<string, StoredArray> = Object.create(null);
  for (const { name, type, length, offset } of data.arrays) {
    const Kind = kinds[type];
    const end = offset + length * Kind.BYTES_PER_ELEMENT;
    if (end > file.length)
      return refuse(`${ARRAYS} has ${file.length} bytes, but "${name}" ends at ${end}`);
    arrays[name] = new Kind(file.buffer.slice(file.byteOffset + offset, file.byteOffset + end));
  }
  return { kind, state: data.state, arrays };
}

/** Writes a stored array into one that is there; they must be of one length. */
export function restoreArray(
  { arrays }: Pick<Checkpoint, 'arrays'>,
  name: string,
  target: StoredArray,
): void {
  const stored = arrays[name];
  if (!stored || stored.length !== target.length)
    throw new RangeError(
      `Cannot go on: the checkpoint has ${stored ? `${stored.length} numbers of` : 'no'} "${name}", wanted ${target.length}; was it made with networks of another shape?`,
    );
  target.set(stored);
}

/** Where the last whole one lies, if writing was cut off between two renames. */
function placeOf(folder: string): string {
  return existsSync(folder) ? folder : `${folder}.old`;
}

export function typeOf(array: StoredArray): keyof typeof kinds {
  if (array instanceof Float32Array) return 'float32';
  if (array instanceof Float64Array) return 'float64';
  return array instanceof Int32Array ? 'int32' : 'uint8';
}
