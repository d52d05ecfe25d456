/**
 * The bytes of a table file: opened, unpacked, hashed and found to be text. What is not a table
 * (a spreadsheet, a Parquet file, a broken archive) is refused here, before any parsing.
 */

import { isUtf8 } from 'node:buffer';
import type { Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { unpackZstd } from '../sources/fileBytes.ts';
import { TableError } from './tableError.ts';

/** How the name of a table says it is written: as text, or as records of another kind of file. */
export type TableFormat =
  | {
      readonly kind: 'text';
      readonly delimiter: ',' | '\t';
      readonly packed: 'gzip' | 'zstd' | null;
    }
  | { readonly kind: 'records' };

/** Reads the format off the file's name; throws a TableError for formats that are not read. */
export function tableFormat(path: string): TableFormat {
  const file = basename(path);
  const lower = file.toLowerCase();
  const packed = lower.endsWith('.gz') ? 'gzip' : lower.endsWith('.zst') ? 'zstd' : null;
  const inner = packed === null ? lower : lower.slice(0, lower.lastIndexOf('.'));
  if (inner.endsWith('.tsv')) return { kind: 'text', delimiter: '\t', packed };
  if (inner.endsWith('.csv') || (packed !== null && !inner.includes('.')))
    return { kind: 'text', delimiter: ',', packed };
  if (/\.(jsonl|ndjson)$/.test(inner) || lower.endsWith('.parquet')) return { kind: 'records' };
  throw new TableError(
    file,
    null,
    'a table must be a .csv, .tsv or .jsonl file, any of them as .gz or .zst, or .parquet; write CSV',
  );
}

/**
 * Yields the text of a table as UTF-8 bytes, cut between characters; throws a TableError if the
 * file cannot be opened or unpacked, or is not UTF-8 text.
 *
 * @param hash is fed with the bytes of the file as it lies on the disk
 */
export async function* tableText(path: string, hash: Hash): AsyncGenerator<Buffer> {
  const file = basename(path);
  const format = tableFormat(path);
  const packed = format.kind === 'text' ? format.packed : null;
  let line = 1;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of unpacked(path, packed, hash)) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    if (line === 1) refuseOtherFormats(file, bytes);
    const text = bytes.subarray(0, wholeCharacters(bytes));
    rest = bytes.subarray(text.length);
    const nul = text.indexOf(0);
    if (nul >= 0)
      throw new TableError(
        file,
        line + newlines(text.subarray(0, nul)),
        'holds a NUL byte, so it is not text; write CSV in UTF-8',
      );
    if (!isUtf8(text)) throw invalidUtf8(file, line + newlinesBeforeInvalid(text));
    yield text;
    line += newlines(text);
  }
  if (rest.length > 0) throw invalidUtf8(file, line);
}

async function* unpacked(
  path: string,
  packed: 'gzip' | 'zstd' | null,
  hash: Hash,
): AsyncGenerator<Buffer> {
  const file = basename(path);
  try {
    if (packed === null) return yield* hashed(path, hash);
    if (packed === 'zstd') {
      for await (const bytes of unpackZstd(hashed(path, hash), file)) yield Buffer.from(bytes);
      return;
    }
    const gunzip = createGunzip();
    // The iteration below throws what the pipeline reports.
    pipeline(hashed(path, hash), gunzip, () => {});
    yield* gunzip;
  } catch (error) {
    if (error instanceof TableError) throw error;
    const { code = '', message } = error as NodeJS.ErrnoException;
    const cause = { cause: error };
    if (code.startsWith('Z_'))
      throw new TableError(
        file,
        null,
        `cannot be unpacked as gzip (${message}); write it again, or drop .gz from its name if it is not packed`,
        cause,
      );
    if (code === 'ENOENT')
      throw new TableError(file, null, `there is no such file at ${path}`, cause);
    if (code.startsWith('E'))
      throw new TableError(file, null, `cannot be read (${message}); name a readable file`, cause);
    throw error;
  }
}

async function* hashed(path: string, hash: Hash): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk);
    yield chunk;
  }
}

/** Recognises by their first bytes what is often mistaken for a table. */
function refuseOtherFormats(file: string, bytes: Buffer): void {
  const refuse = (problem: string): never => {
    throw new TableError(file, 1, problem);
  };
  const head = bytes.subarray(0, 4).toString('latin1');
  if (head.startsWith('\x1f\x8b')) refuse('is packed with gzip; add .gz to its name');
  if (head === '\x28\xb5\x2f\xfd') refuse('is packed with Zstandard; add .zst to its name');
  if (head === 'PAR1') refuse('is a Parquet file; name it .parquet');
  if (head === 'PK\x03\x04') refuse('is a spreadsheet or zip archive; write CSV');
  if (head.startsWith('\xff\xfe') || head.startsWith('\xfe\xff'))
    refuse('is written in UTF-16; write CSV in UTF-8');
}

/** Returns how many leading bytes of `bytes` end between two characters. */
function wholeCharacters(bytes: Buffer): number {
  const { length } = bytes;
  for (let back = 1; back <= Math.min(3, length); back++) {
    const byte = bytes[length - back];
    if (byte < 0x80) return length;
    if (byte < 0xc0) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return needed > back ? length - back : length;
  }
  return length;
}

function newlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}

function newlinesBeforeInvalid(bytes: Buffer): number {
  let count = 0;
  let start = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    if (!isUtf8(bytes.subarray(start, end))) break;
    count++;
    start = end + 1;
  }
  return count;
}

function invalidUtf8(file: string, line: number): TableError {
  return new TableError(file, line, 'is not UTF-8 text; write CSV in UTF-8');
}
