/**
 * TensorBoard event files: TFRecords, each holding one Event message.
 *
 *   record  length (uint64), masked CRC-32C of it, message, masked CRC-32C of it
 *   Event   1 wall_time (double), 2 step (int64), 3 file_version (text), 5 summary
 *   Summary 1 value: 1 tag (text), 2 simple_value (float)
 *
 * Wall time is written as the step, so that the same seed gives the same bytes.
 *
 * Reference: tensorflow/core/util/event.proto and lib/io/record_writer.cc.
 */

import { crc32c } from '../../numeric/crc32c.ts';

/** Returns the record that a file begins with. */
export function tensorboardHeader(): Uint8Array {
  return record(Buffer.concat([wallTime(0), text(3, 'brain.Event:2')]));
}

/** Returns the record of some numbers at a step; those that do not exist are left out. */
export function tensorboardScalars(
  step: number,
  numbers: Readonly<Record<string, number | null>>,
): Uint8Array {
  const values = Object.entries(numbers).flatMap(([name, value]) =>
    value === null ? [] : [bytes(1, Buffer.concat([text(1, name), float(2, value)]))],
  );
  return record(
    Buffer.concat([wallTime(step), varintField(2, step), bytes(5, Buffer.concat(values))]),
  );
}

function record(message: Uint8Array): Uint8Array {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(message.length));
  return Buffer.concat([length, maskedCrc(length), message, maskedCrc(message)]);
}

function maskedCrc(data: Uint8Array): Uint8Array {
  const crc = crc32c(data);
  const masked = Buffer.alloc(4);
  masked.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
  return masked;
}

function wallTime(seconds: number): Uint8Array {
  const field = Buffer.alloc(9);
  field[0] = (1 << 3) | 1;
  field.writeDoubleLE(seconds, 1);
  return field;
}

function float(field: number, value: number): Uint8Array {
  const written = Buffer.alloc(5);
  written[0] = (field << 3) | 5;
  written.writeFloatLE(value, 1);
  return written;
}

function text(field: number, value: string): Uint8Array {
  return bytes(field, Buffer.from(value));
}

function bytes(field: number, value: Uint8Array): Uint8Array {
  return Buffer.concat([varint((field << 3) | 2), varint(value.length), value]);
}

function varintField(field: number, value: number): Uint8Array {
  return Buffer.concat([varint(field << 3), varint(value)]);
}

function varint(value: number): Uint8Array {
  const groups: number[] = [];
  let rest = BigInt(value);
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    groups.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return Uint8Array.from(groups);
}
