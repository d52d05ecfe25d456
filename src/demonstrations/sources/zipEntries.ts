/**
 * The members of a zip archive, each unpacked on its own, within a limit, and checked against its
 * checksum. Their names are labels: nothing is ever written to where they point.
 */

import type { FileHandle } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  /** Bytes once unpacked, as the archive says. */
  readonly size: number;
  readonly packedSize: number;
  readonly method: number;
  readonly checksum: number;
  readonly offset: number;
}

/** The directory at the end of an archive may be followed by a comment of this size. */
const TAIL = 22 + 0xffff;
const LONG = 0xffffffff;

/** What is wrong with an archive, continuing its name. */
export class ZipError extends Error {}

/** Returns the members of an archive by its directory. */
export async function zipEntries(handle: FileHandle): Promise<ZipEntry[]> {
  const { size } = await handle.stat();
  const tail = await bytesAt(handle, Math.max(0, size - TAIL), Math.min(size, TAIL));
  const at = tail.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  if (at < 0 || at + 22 > tail.length)
    throw new ZipError('has no directory at its end: it is no zip archive, or cut off');
  let count = tail.readUInt16LE(at + 10);
  let length = tail.readUInt32LE(at + 12);
  let offset = tail.readUInt32LE(at + 16);
  const locator = at - 20;
  if (locator >= 0 && tail.toString('latin1', locator, locator + 4) === 'PK\x06\x07') {
    const record = await bytesAt(handle, Number(tail.readBigUInt64LE(locator + 8)), 56);
    count = Number(record.readBigUInt64LE(32));
    length = Number(record.readBigUInt64LE(40));
    offset = Number(record.readBigUInt64LE(48));
  }
  const directory = await bytesAt(handle, offset, length);
  const entries: ZipEntry[] = [];
  let from = 0;
  for (let i = 0; i < count; i++) {
    if (from + 46 > length || directory.toString('latin1', from, from + 4) !== 'PK\x01\x02')
      throw new ZipError(`has a broken directory (member ${i + 1} of ${count})`);
    const nameLength = directory.readUInt16LE(from + 28);
    const extraLength = directory.readUInt16LE(from + 30);
    const nameEnd = from + 46 + nameLength;
    const extra = directory.subarray(nameEnd, nameEnd + extraLength);
    const [unpacked, packedSize, start] = longSizes(extra, [
      directory.readUInt32LE(from + 24),
      directory.readUInt32LE(from + 20),
      directory.readUInt32LE(from + 42),
    ]);
    entries.push({
      name: directory.toString('utf8', from + 46, nameEnd),
      size: unpacked,
      packedSize,
      method: directory.readUInt16LE(from + 10),
      checksum: directory.readUInt32LE(from + 16),
      offset: start,
    });
    from = nameEnd + extraLength + directory.readUInt16LE(from + 32);
  }
  return entries;
}

/** Unpacks one member; throws a ZipError where it is broken or longer than `limit`. */
export async function unpackEntry(
  handle: FileHandle,
  { name, size, packedSize, method, checksum, offset }: ZipEntry,
  limit: number,
): Promise<Buffer> {
  const refuse = (problem: string): never => {
    throw new ZipError(`member ${JSON.stringify(name)} ${problem}`);
  };
  if (size > limit || packedSize > limit)
    refuse(`holds ${size} bytes once unpacked, more than the limit of ${limit}`);
  const header = await bytesAt(handle, offset, 30);
  if (header.toString('latin1', 0, 4) !== 'PK\x03\x04') refuse('is not where the directory says');
  const from = offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  const packed = await bytesAt(handle, from, packedSize);
  let bytes = packed;
  if (method === 8)
    try {
      bytes = inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
    } catch (error) {
      refuse(`cannot be unpacked (${(error as Error).message}); it is broken: write it again`);
    }
  else if (method !== 0) refuse(`is packed by method ${method}; only plain and deflated are read`);
  if (bytes.length !== size) refuse(`holds ${bytes.length} bytes, but ${size} by the directory`);
  if (crc32(bytes) !== checksum)
    refuse('does not match its checksum; it is broken: write it again');
  return bytes;
}

/** Replaces the sizes that do not fit in 32 bits by those of the extra field for large files. */
function longSizes(extra: Buffer, sizes: readonly number[]): number[] {
  let long = Buffer.alloc(0);
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2))
    if (extra.readUInt16LE(at) === 1)
      long = Buffer.from(extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2)));
  let used = 0;
  return sizes.map((size) => {
    if (size !== LONG || used + 8 > long.length) return size;
    used += 8;
    return Number(long.readBigUInt64LE(used - 8));
  });
}

async function bytesAt(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const { size } = await handle.stat();
  if (!(offset >= 0 && length >= 0 && offset + length <= size))
    throw new ZipError('points beyond its own end; it is broken or cut off');
  const bytes = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await handle.read(bytes, read, length - read, offset + read);
    if (bytesRead === 0) throw new ZipError('ends early; it is cut off');
    read += bytesRead;
  }
  return bytes;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

/** Checksum of zip: CRC-32 of polynomial 0xEDB88320. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = CRC_TABLE[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
