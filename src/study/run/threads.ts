/**
 * Worker threads that do jobs of one kind side by side.
 *
 * A job is plain data. What it needs beside that (recordings, a world) the thread's module opens for
 * itself, once, and keeps. Errors come back as what they were, and a thread that dies says so.
 */

import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { type PackedError, packError, unpackError } from './errorsAcrossThreads.ts';

/** What comes back from a thread. */
export type ThreadAnswer<Result> = { readonly result: Result } | { readonly error: PackedError };

export interface Threads<Job, Result, News> {
  /** Does a job in some thread; `onNews` is told what it posts on the way. */
  run(job: Job, onNews?: (news: News) => void): Promise<Result>;
  /** Ends all threads, whatever they do; unfinished jobs are rejected. */
  close(): Promise<void>;
}

/** A thread ended before its job did. */
export class ThreadLost extends Error {
  override readonly name = 'ThreadLost';
}

/**
 * Starts threads that run `runInThread(job, port)` of a module.
 *
 * @param module file URL of a module of this program that exports `runInThread`, as `inThread` makes
 * @param count how many threads
 */
export function openThreads<Job, Result, News = never>(
  module: string,
  count: number,
): Threads<Job, Result, News> {
  const pool = new Piscina({
    filename: fileURLToPath(new URL('./threadDoor.mjs', import.meta.url)),
    minThreads: count,
    maxThreads: count,
    idleTimeout: Number.POSITIVE_INFINITY,
    // Waiting threads must hear from their ports.
    atomics: 'disabled',
    ...(extname(fileURLToPath(import.meta.url)) === '.ts' ? { execArgv: runTypeScript() } : {}),
  });
  // A thread that dies between two jobs is replaced; one that dies in a job rejects it.
  pool.on('error', () => {});
  return {
    async run(job, onNews) {
      const { port1, port2 } = new MessageChannel();
      port1.on('message', (news: News) => onNews?.(news));
      const task = { module, job, port: port2 };
      let answer: ThreadAnswer<Result>;
      try {
        answer = (await pool.run(task, { transferList: [port2] })) as ThreadAnswer<Result>;
      } catch (error) {
        throw lost(error);
      } finally {
        port1.close();
      }
      if ('error' in answer) throw unpackError(answer.error);
      return answer.result;
    },
    close: () => pool.destroy(),
  };
}

/** Makes a module's `runInThread` of a function, which may post news on its way. */
export function inThread<Job, Result, News = never>(
  work: (job: Job, post: (news: News) => void) => Promise<Result>,
): (job: Job, port: MessagePort) => Promise<ThreadAnswer<Result>> {
  return async (job, port) => {
    try {
      return { result: await work(job, (news) => port.postMessage(news)) };
    } catch (error) {
      return { error: packError(error) };
    } finally {
      port.close();
    }
  };
}

function lost(error: unknown): ThreadLost {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const why =
    code === 'ERR_WORKER_OUT_OF_MEMORY'
      ? 'a worker thread ran out of memory; fewer --workers need less, or allow more with NODE_OPTIONS=--max-old-space-size=MEGABYTES'
      : `a worker thread ended before its work did (${error instanceof Error ? error.message : error}); try --workers 1`;
  return new ThreadLost(`Cannot go on: ${why}`, { cause: error });
}

/** The file URL of a module beside another one, compiled or not. */
export function sibling(url: string, name: string): string {
  return new URL(`./${name}${extname(fileURLToPath(url))}`, url).href;
}

/** The flags with which Node loads TypeScript as it is. */
function runTypeScript(): string[] {
  const jiti = createRequire(import.meta.url).resolve('jiti');
  return ['--import', new URL('./jiti-register.mjs', pathToFileURL(jiti)).href];
}
