/** A checkpoint as plain JSON: arrays as base64 of their little-endian bytes, exact to the last bit. */

import { z } from 'zod';
import { type Checkpoint, kinds, type StoredArray, typeOf } from './checkpoint.ts';

const Packed = z.strictObject({
  kind: z.string(),
  state: z.unknown(),
  arrays: z.record(
    z.string(),
    z.strictObject({
      type: z.enum(['float32', 'float64', 'int32', 'uint8']),
      bytes: z.base64(),
    }),
  ),
});
export type PackedCheckpoint = z.output<typeof Packed>;

export function packCheckpoint({ kind, state, arrays }: Checkpoint): PackedCheckpoint {
  const packed = Object.entries(arrays).map(([name, array]) => {
    const bytes = Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64');
    return [name, { type: typeOf(array), bytes }] as const;
  });
  return { kind, state, arrays: Object.fromEntries(packed) };
}

/** @throws SyntaxError where it is no checkpoint of this kind */
export function unpackCheckpoint(packed: unknown, wanted: string): Checkpoint {
  const parsed = Packed.safeParse(packed);
  if (!parsed.success)
    throw new SyntaxError(`Cannot go on: no checkpoint\n${z.prettifyError(parsed.error)}`);
  const { kind, state, arrays } = parsed.data;
  if (kind !== wanted)
    throw new SyntaxError(`Cannot go on: the checkpoint is of "${kind}", wanted "${wanted}"`);
  const unpacked = Object.entries(arrays).map(([name, { type, bytes }]): [string, StoredArray] => {
    const copy = Uint8Array.from(Buffer.from(bytes, 'base64'));
    const Kind = kinds[type];
    if (copy.length % Kind.BYTES_PER_ELEMENT !== 0)
      throw new SyntaxError(
        `Cannot go on: "${name}" has ${copy.length} bytes, which are no whole number of ${type}`,
      );
    return [name, new Kind(copy.buffer)];
  });
  return { kind, state, arrays: Object.fromEntries(unpacked) };
}
