/**
 * What a worker thread runs: the job of a module of ours.
 *
 * Plain JavaScript, because the hook that lets Node run TypeScript from its source hides what a
 * module exports inside its default export, where the pool would not look.
 */

/** @param {{ module: string, job: unknown, port: import('node:worker_threads').MessagePort }} task */
export default async function enter({ module, job, port }) {
  const loaded = await import(module);
  const { runInThread } = loaded.runInThread ? loaded : loaded.default;
  return runInThread(job, port);
}
