/**
 * The pages of an SQLite database: rows of a table by walking its B-tree, one page in memory per
 * level. Read only, without the library, which Node has from version 22 on.
 *
 * Reference: Database File Format, https://www.sqlite.org/fileformat2.html
 */

import type { FileHandle } from 'node:fs/promises';
import { TextDecoder } from 'node:util';

/** What a cell holds; bytes where it is a blob. */
export type SqliteValue = string | number | bigint | null | Uint8Array;

export interface SqliteRow {
  readonly rowid: bigint;
  readonly values: readonly SqliteValue[];
}

export interface SqlitePages {
  /** Yields the rows of the table whose tree begins at a page, by rising rowid. */
  readonly rows: (root: number) => AsyncGenerator<SqliteRow>;
}

/** What is wrong with a database, continuing its name. */
export class SqliteError extends Error {}

const LEAF = 13;
const INNER = 5;
/** No tree of 2³² pages is as deep as this. */
const DEPTH = 32;
const ENCODINGS = ['utf-8', 'utf-8', 'utf-16le', 'utf-16be'];

/** Reads the header of a database; throws a SqliteError where it is none, or of a kind not read. */
export async function openPages(handle: FileHandle, maxRecord: number): Promise<SqlitePages> {
  const { size: fileSize } = await handle.stat();
  const header = Buffer.alloc(100);
  const { bytesRead } = await handle.read(header, 0, 100, 0);
  if (bytesRead < 100 || header.toString('latin1', 0, 16) !== 'SQLite format 3\0')
    throw new SqliteError('is no SQLite database');
  const stated = header.readUInt16BE(16);
  const pageSize = stated === 1 ? 65_536 : stated;
  const usable = pageSize - header[20];
  const encoding = ENCODINGS[header.readUInt32BE(56)];
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0 || usable < 480 || encoding === undefined)
    throw new SqliteError('has a broken header');
  const pageCount = Math.floor(fileSize / pageSize);
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });

  async function page(number: number): Promise<Buffer> {
    if (!(number >= 1 && number <= pageCount))
      throw new SqliteError(`points to page ${number} of ${pageCount}; it is broken or cut off`);
    const bytes = Buffer.alloc(pageSize);
    const { bytesRead: read } = await handle.read(bytes, 0, pageSize, (number - 1) * pageSize);
    if (read !== pageSize) throw new SqliteError(`ends inside page ${number}`);
    return bytes;
  }

  /** Puts together the payload of a cell, which may go on over other pages. */
  async function payloadOf(bytes: Buffer, at: number, size: number): Promise<Buffer> {
    if (size > maxRecord)
      throw new SqliteError(`has a row of ${size} bytes, above the limit of ${maxRecord}`);
    if (size <= usable - 35) return slice(bytes, at, size);
    const least = Math.floor(((usable - 12) * 32) / 255) - 23;
    const fitting = least + ((size - least) % (usable - 4));
    const local = fitting <= usable - 35 ? fitting : least;
    const parts = [slice(bytes, at, local)];
    let left = size - local;
    let next = slice(bytes, at + local, 4).readUInt32BE(0);
    while (left > 0) {
      const overflow = await page(next);
      const part = Math.min(left, usable - 4);
      parts.push(slice(overflow, 4, part));
      next = overflow.readUInt32BE(0);
      left -= part;
    }
    return Buffer.concat(parts);
  }

  async function* walk(number: number, depth: number): AsyncGenerator<SqliteRow> {
    if (depth > DEPTH) throw new SqliteError('has a tree that leads back into itself');
    const bytes = await page(number);
    const start = number === 1 ? 100 : 0;
    const type = bytes[start];
    if (type !== LEAF && type !== INNER)
      throw new SqliteError(`has a page ${number} that is none of a table`);
    const count = bytes.readUInt16BE(start + 3);
    const pointers = slice(bytes, start + (type === LEAF ? 8 : 12), 2 * count);
    for (let i = 0; i < count; i++) {
      const at = pointers.readUInt16BE(2 * i);
      if (type === INNER) yield* walk(slice(bytes, at, 4).readUInt32BE(0), depth + 1);
      else {
        const [size, afterSize] = varint(bytes, at);
        const [rowid, from] = varint(bytes, afterSize);
        const payload = await payloadOf(bytes, from, Number(size));
        yield { rowid, values: record(payload, decoder) };
      }
    }
    if (type === INNER) yield* walk(bytes.readUInt32BE(start + 8), depth + 1);
  }

  return {
    async *rows(root) {
      // Rowids rise along a sound tree, so one that repeats or falls shows a broken one.
      let last: bigint | null = null;
      for await (const row of walk(root, 0)) {
        if (last !== null && row.rowid <= last)
          throw new SqliteError(`has rows out of order after rowid ${last}; it is broken`);
        last = row.rowid;
        yield row;
      }
    },
  };
}

function slice(bytes: Buffer, at: number, length: number): Buffer {
  if (!(at >= 0 && length >= 0 && at + length <= bytes.length))
    throw new SqliteError('has a cell that reaches beyond its page; it is broken');
  return bytes.subarray(at, at + length);
}

/** Reads a number of one to nine bytes as signed 64 bits; returns it and where it ends. */
function varint(bytes: Buffer, from: number): [value: bigint, end: number] {
  let value = 0n;
  for (let i = 0; i < 9; i++) {
    const byte = slice(bytes, from + i, 1)[0];
    if (i === 8) return [BigInt.asIntN(64, (value << 8n) | BigInt(byte)), from + 9];
    value = (value << 7n) | BigInt(byte & 127);
    if (byte < 128) return [value, from + i + 1];
  }
  throw new SqliteError('has a number without end');
}

function record(payload: Buffer, decoder: TextDecoder): SqliteValue[] {
  const [headerSize, first] = varint(payload, 0);
  const values: SqliteValue[] = [];
  let at = first;
  let from = Number(headerSize);
  while (at < headerSize) {
    const [type, next] = varint(payload, at);
    at = next;
    const size = sizeOf(type);
    values.push(decoded(slice(payload, from, size), type, decoder));
    from += size;
  }
  return values;
}

/** Bytes of a value by its serial type. */
function sizeOf(type: bigint): number {
  if (type >= 12n) return Number((type - (type % 2n) - 12n) / 2n);
  const size = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0][Number(type)];
  if (size === undefined) throw new SqliteError(`has a value of the unknown type ${type}`);
  return size;
}

function decoded(bytes: Buffer, type: bigint, decoder: TextDecoder): SqliteValue {
  if (type >= 12n) return type % 2n === 0n ? new Uint8Array(bytes) : decoder.decode(bytes);
  if (type === 0n) return null;
  if (type === 7n) return bytes.readDoubleBE(0);
  if (type === 8n || type === 9n) return Number(type - 8n);
  if (bytes.length <= 6) return bytes.readIntBE(0, bytes.length);
  const long = bytes.readBigInt64BE(0);
  return Number.isSafeInteger(Number(long)) ? Number(long) : long;
}
