/** Downloads from a server that is slow, breaks off, lies or has changed its mind. */

import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { download } from '../../../src/demonstrations/recorded/download.ts';

const BYTES = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 7919) % 251));
const SHA256 = createHash('sha256').update(BYTES).digest('hex');

let server: Server;
let url: string;
let folder: string;
let path: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let ranges: (string | undefined)[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'revealed-download-'));
  path = join(folder, 'trips.csv');
  ranges = [];
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/trips.csv`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

/** Serves `bytes` under a version, with ranges, and drops the connection after so many of them. */
function serve(bytes: Buffer, etag: string | null, dropAfter = Number.POSITIVE_INFINITY) {
  return ({ headers }: IncomingMessage, response: ServerResponse): void => {
    const range = /^bytes=(\d+)-$/.exec(headers.range ?? '');
    const start = range && headers['if-range'] === etag ? Number(range[1]) : 0;
    const body = bytes.subarray(start);
    response.writeHead(start > 0 ? 206 : 200, {
      'content-length': body.length,
      ...(etag === null ? {} : { etag }),
      ...(start > 0
        ? { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` }
        : {}),
    });
    if (body.length <= dropAfter) response.end(body);
    else
      response.write(body.subarray(0, dropAfter), () => setTimeout(() => response.destroy(), 20));
  };
}

describe('download', () => {
  test('download brings the bytes that are served, and leaves nothing beside them', async () => {
    answer = serve(BYTES, '"1"');
    const seen: number[] = [];
    await download(url, path, { sha256: SHA256, onProgress: (received) => seen.push(received) });
    expect(readFileSync(path).equals(BYTES)).toBe(true);
    expect(seen.at(-1)).toBe(BYTES.length);
    expect(existsSync(`${path}.partial`)).toBe(false);
    expect(existsSync(`${path}.partial.version`)).toBe(false);
  });

  test('download goes on where it broke off', async () => {
    answer = serve(BYTES, '"1"', 70_000);
    await expect(download(url, path, { sha256: SHA256 })).rejects.toThrow(
      /broke off after \d+ of 200000 bytes.*run it again/,
    );
    const there = statSync(`${path}.partial`).size;
    expect(there).toBeGreaterThan(0);
    expect(existsSync(path)).toBe(false);
    answer = serve(BYTES, '"1"');
    await download(url, path, { sha256: SHA256 });
    expect(ranges).toEqual([undefined, `bytes=${there}-`]);
    expect(readFileSync(path).equals(BYTES)).toBe(true);
  });

  test('download begins anew where the file has changed in between', async () => {
    const older = Buffer.from(BYTES).fill(1, 0, 100);
    answer = serve(older, '"1"', 70_000);
    await expect(download(url, path, { sha256: SHA256 })).rejects.toThrow(/broke off/);
    answer = serve(BYTES, '"2"');
    await download(url, path, { sha256: SHA256 });
    expect(readFileSync(path).equals(BYTES)).toBe(true);
  });

  test('download begins anew where the server names no version', async () => {
    answer = serve(BYTES, null, 70_000);
    await expect(download(url, path, { sha256: SHA256 })).rejects.toThrow(/broke off/);
    answer = serve(BYTES, null);
    await download(url, path, { sha256: SHA256 });
    expect(ranges).toEqual([undefined, undefined]);
    expect(readFileSync(path).equals(BYTES)).toBe(true);
  });

  test('download refuses bytes that are not the published ones, and keeps none', async () => {
    const tampered = Buffer.from(BYTES);
    tampered[99_999] ^= 1;
    answer = serve(tampered, '"1"');
    await expect(download(url, path, { sha256: SHA256 })).rejects.toThrow(
      new RegExp(`not the file that was published; SHA-256 must be ${SHA256}, got [0-9a-f]{64}`),
    );
    expect(existsSync(path)).toBe(false);
    expect(existsSync(`${path}.partial`)).toBe(false);
  });

  test('download stops at its limit, announced or not', async () => {
    answer = serve(BYTES, '"1"');
    const limited = { sha256: SHA256, limit: 1_000 };
    await expect(download(url, path, limited)).rejects.toThrow(/more than the 1000 bytes/);
    answer = (_, response) => {
      response.writeHead(200);
      const pour = (): void => {
        if (!response.destroyed && response.write(BYTES)) setImmediate(pour);
        else response.once('drain', pour);
      };
      pour();
    };
    await expect(download(url, path, limited)).rejects.toThrow(/more than the 1000 bytes/);
    expect(existsSync(`${path}.partial`)).toBe(false);
  });

  test('download does not wait for ever', async () => {
    const impatient = { sha256: SHA256, patience: 100 };
    answer = () => {};
    await expect(download(url, path, impatient)).rejects.toThrow(/nothing came for 0.1 s/);
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': 10, etag: '"1"' });
      response.write('abc');
    };
    await expect(download(url, path, impatient)).rejects.toThrow(
      /broke off after 3 of 10 bytes \(nothing came for 0.1 s\)/,
    );
  });

  test('download says what the server says', async () => {
    answer = (_, response) => response.writeHead(404).end('no');
    await expect(download(url, path, { sha256: SHA256 })).rejects.toThrow(
      `Cannot download ${url}: the server says 404 Not Found`,
    );
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await expect(download(url, path, { sha256: SHA256 })).rejects.toThrow(/ECONNREFUSED/);
  });
});
