/**
 * Downloads a file so that it is there whole or not at all: the bytes go into `<path>.partial`, an
 * interrupted download goes on where it stopped if the server still has the same file, and what
 * came is checked before it takes its name.
 */

import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface DownloadOptions {
  /** What the bytes must hash to, in hexadecimal; null where nobody published it. */
  readonly sha256: string | null;
  /** Bytes after which the file is refused. */
  readonly limit?: number;
  /** Milliseconds without a byte after which the server counts as gone. */
  readonly patience?: number;
  readonly signal?: AbortSignal;
  /** Bytes there so far, and how many there will be (null where the server does not say). */
  readonly onProgress?: (received: number, total: number | null) => void;
}

const LIMIT = 2 ** 31;
const PATIENCE = 30_000;

/** Fetches `url` into `path`. Throws an Error that names the address where it cannot. */
export async function download(url: string, path: string, options: DownloadOptions): Promise<void> {
  const partial = `${path}.partial`;
  mkdirSync(dirname(path), { recursive: true });
  const start = existsSync(partial) ? statSync(partial).size : 0;
  const idle = new AbortController();
  const response = await request(url, partial, start, idle, options);
  const goesOn = response.status === 206;
  const from = goesOn ? start : 0;
  const length = response.headers.get('content-length');
  const total = length === null ? null : from + Number(length);
  if (total !== null && total > (options.limit ?? LIMIT)) throw tooLong(url, options);
  rememberVersion(partial, response);
  let received = from;
  const watch = watchdog(idle, options.patience ?? PATIENCE);
  const count = new Transform({
    transform(chunk: Uint8Array, _, done) {
      watch.awake();
      received += chunk.length;
      if (received > (options.limit ?? LIMIT)) return done(tooLong(url, options));
      options.onProgress?.(received, total);
      done(null, chunk);
    },
  });
  try {
    if (!response.body) throw new Error('the answer is empty');
    await pipeline(
      Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]),
      count,
      createWriteStream(partial, { flags: goesOn ? 'a' : 'w' }),
    );
  } catch (error) {
    if (error instanceof RangeError) {
      discard(partial);
      throw error;
    }
    throw cutOff(url, received, total, error);
  } finally {
    watch.sleep();
  }
  if (total !== null && received !== total) throw cutOff(url, received, total, null);
  await checkBytes(url, partial, options.sha256);
  renameSync(partial, path);
  rmSync(versionFile(partial), { force: true });
}

async function request(
  url: string,
  partial: string,
  start: number,
  idle: AbortController,
  { signal, patience = PATIENCE }: DownloadOptions,
): Promise<Response> {
  const version = existsSync(versionFile(partial))
    ? readFileSync(versionFile(partial), 'utf8')
    : '';
  // Without a version nobody could tell whether the rest belongs to what is there.
  const resume = start > 0 && version !== '';
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (resume) Object.assign(headers, { range: `bytes=${start}-`, 'if-range': version });
  const signals = [idle.signal, ...(signal ? [signal] : [])];
  const watch = watchdog(idle, patience);
  let response: Response;
  try {
    response = await fetch(url, { headers, signal: AbortSignal.any(signals) });
  } catch (error) {
    throw new Error(`Cannot download ${url}: ${reasonOf(error)}`, { cause: error });
  } finally {
    watch.sleep();
  }
  const range = response.headers.get('content-range');
  if (response.status === 200) return response;
  if (response.status === 206 && resume && range?.startsWith(`bytes ${start}-`)) return response;
  await response.body?.cancel();
  if (response.status === 416 || response.status === 206) {
    discard(partial);
    throw new Error(
      `Cannot go on with ${url}: the file is another one now; run it again to begin anew`,
    );
  }
  throw new Error(
    `Cannot download ${url}: the server says ${response.status} ${response.statusText}`.trim(),
  );
}

/** Aborts when nothing has come for a while. */
function watchdog(idle: AbortController, patience: number) {
  const bark = (): void => idle.abort(new Error(`nothing came for ${patience / 1000} s`));
  let timer = setTimeout(bark, patience);
  return {
    awake(): void {
      clearTimeout(timer);
      timer = setTimeout(bark, patience);
    },
    sleep: (): void => clearTimeout(timer),
  };
}

const versionFile = (partial: string): string => `${partial}.version`;

function rememberVersion(partial: string, { headers }: Response): void {
  const etag = headers.get('etag');
  // A weak tag names alike contents, not equal bytes.
  const version = etag && !etag.startsWith('W/') ? etag : headers.get('last-modified');
  if (version) writeFileSync(versionFile(partial), version);
  else rmSync(versionFile(partial), { force: true });
}

function discard(partial: string): void {
  rmSync(partial, { force: true });
  rmSync(versionFile(partial), { force: true });
}

async function checkBytes(url: string, partial: string, wanted: string | null): Promise<void> {
  if (wanted === null) return;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(partial)) hash.update(chunk);
  const got = hash.digest('hex');
  if (got === wanted) return;
  discard(partial);
  throw new Error(
    `Cannot use ${url}: it is not the file that was published; SHA-256 must be ${wanted}, got ${got}`,
  );
}

function tooLong(url: string, { limit = LIMIT }: DownloadOptions): RangeError {
  return new RangeError(
    `Cannot download ${url}: it has more than the ${limit} bytes that are allowed`,
  );
}

function cutOff(url: string, received: number, total: number | null, error: unknown): Error {
  const of = total === null ? '' : ` of ${total}`;
  const why = error === null ? '' : ` (${reasonOf(error)})`;
  return new Error(
    `Cannot finish ${basename(url)}: ${url} broke off after ${received}${of} bytes${why}; run it again to go on from there`,
    { cause: error },
  );
}

/** What is to blame, from within what `fetch` wraps around it. */
function reasonOf(error: unknown): string {
  let at = error;
  while (at instanceof Error && at.cause instanceof Error) at = at.cause;
  return at instanceof Error ? at.message : String(at);
}
