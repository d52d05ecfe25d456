/**
 * The bytes of a recording, unpacked as they stream by: gzip and Zstandard are told by their first
 * bytes, whatever the file is called. Only regular files are read, and never more than a limit.
 */

import { createReadStream, type Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { TableError } from '../tables/tableError.ts';

/** A few bytes of Zstandard can unpack to 128 KiB, so they are fed in small pieces. */
const ZSTD_PIECE = 1024;

/** Throws a TableError unless `path` is a regular file; returns what the system knows of it. */
export async function checkRegularFile(path: string): Promise<Stats> {
  const file = basename(path);
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new TableError(
      file,
      null,
      error.code === 'ENOENT'
        ? `there is no such file at ${path}`
        : `cannot be read (${error.message}); name a readable file`,
      { cause: error },
    );
  });
  if (found.isFile()) return found;
  const kind = found.isDirectory()
    ? 'a folder'
    : found.isFIFO()
      ? 'a pipe'
      : found.isSocket()
        ? 'a socket'
        : 'a device';
  throw new TableError(file, null, `is ${kind}; name a regular file`);
}

/** Returns the first bytes of a regular file, as many as there are up to `count`. */
export async function firstBytes(path: string, count: number): Promise<Buffer> {
  await checkRegularFile(path);
  const handle = await open(path).catch((error) => rethrow(error, basename(path)));
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/**
 * Yields the bytes of a file, unpacked. Throws a TableError where it cannot be opened or unpacked,
 * and once it holds more than `limit` bytes.
 */
export async function* fileBytes(path: string, limit: number): AsyncGenerator<Uint8Array> {
  const file = basename(path);
  const head = (await firstBytes(path, 4)).toString('latin1');
  let total = 0;
  try {
    for await (const bytes of unpacked(path, head)) {
      total += bytes.length;
      if (total > limit)
        throw new TableError(
          file,
          null,
          `holds more than ${limit} bytes once unpacked; raise the limit if that is right`,
        );
      yield bytes;
    }
  } catch (error) {
    rethrow(error, file);
  }
}

async function* unpacked(path: string, head: string): AsyncGenerator<Uint8Array> {
  if (head.startsWith('\x1f\x8b')) {
    const gunzip = createGunzip({ chunkSize: 1 << 16 });
    // The iteration below throws what the pipeline reports.
    pipeline(createReadStream(path), gunzip, () => {});
    yield* gunzip;
  } else if (head === '\x28\xb5\x2f\xfd') yield* unpackZstd(createReadStream(path), basename(path));
  else yield* createReadStream(path);
}

/** Unpacks Zstandard as it streams by; throws a TableError about `file` where it is broken. */
export async function* unpackZstd(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
): AsyncGenerator<Uint8Array> {
  const { Decompress } = await import('fzstd');
  let ready: Uint8Array[] = [];
  const decompress = new Decompress((bytes) => {
    if (bytes.length > 0) ready.push(bytes.slice());
  });
  const push = (bytes: Uint8Array, final: boolean): Uint8Array[] => {
    ready = [];
    try {
      decompress.push(bytes, final);
    } catch (error) {
      throw cannotUnpack('Zstandard', file, error);
    }
    return ready;
  };
  for await (const chunk of chunks)
    for (let from = 0; from < chunk.length; from += ZSTD_PIECE)
      yield* push(chunk.subarray(from, from + ZSTD_PIECE), false);
  yield* push(new Uint8Array(0), true);
}

function cannotUnpack(kind: string, file: string, error: unknown): TableError {
  const message = error instanceof Error ? error.message : String(error);
  return new TableError(
    file,
    null,
    `cannot be unpacked as ${kind} (${message}); it is broken or cut off: write it again`,
    { cause: error },
  );
}

function rethrow(error: unknown, file: string): never {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (error instanceof TableError) throw error;
  if (String(code).startsWith('Z_')) throw cannotUnpack('gzip', file, error);
  if (String(code).startsWith('E'))
    throw new TableError(file, null, `cannot be read (${message}); name a readable file`, {
      cause: error,
    });
  throw error;
}
