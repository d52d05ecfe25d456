/**
 * Kills `revealed train` (SIGKILL, now and then SIGINT) at random moments, goes on each time by
 * `--resume`, and compares everything in the folder in the end, byte for byte, with a run that nobody
 * interrupted.
 *
 *   npm run interruptions:training [-- kills [seed]]
 */

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRng } from '../../src/numeric/rng.ts';

const [kills = '20', seed = '0'] = process.argv.slice(2);
const rng = createRng(seed, 'interruptions');
const home = mkdtempSync(join(tmpdir(), 'revealed-training-'));
const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const quick = ['--steps', '1500', '--every', '50', '--selection-episodes', '3', '--episodes', '10'];
const tasks: readonly (readonly [string, ...string[]])[] = [
  ['pendulum', '--method', 'soft-actor-critic', '--hidden', '16', '--batch', '32'],
  ['pendulum', '--method', 'soft-q', '--hidden', '16', '--batch', '16', '--value-samples', '4'],
  ['cart-pole', '--method', 'deep-q', '--hidden', '16', '--batch', '32', '--warm-up', '100'],
  ['cart-pole', '--method', 'actor-critic', '--environments', '5', '--horizon', '10'],
];

let different = 0;
for (const task of tasks) {
  const [whole, pieces] = ['whole', 'pieces'].map((name) => join(home, name));
  const start = performance.now();
  await run(task, whole, null);
  const usual = performance.now() - start;
  let [killed, runs] = [0, 0];
  while (killed < Number(kills)) {
    while ((await run(task, pieces, usual * (0.3 + 0.8 * rng()))) === 'killed') killed++;
    runs++;
    if (JSON.stringify(contents(pieces)) !== JSON.stringify(contents(whole))) different++;
    rmSync(pieces, { recursive: true });
  }
  rmSync(whole, { recursive: true });
  console.log(`${task.join(' ')}: killed ${killed} times, ${runs} runs came through`);
}
rmSync(home, { recursive: true });
console.log(`${different} runs ended otherwise than one that was not interrupted`);
process.exitCode = different > 0 ? 1 : 0;

/** Begins or goes on; kills it after so many milliseconds. */
function run(
  task: readonly string[],
  out: string,
  after: number | null,
): Promise<'killed' | 'done'> {
  const resume = existsSync(out) ? ['--resume'] : [];
  const flags = [program, 'train', ...task, ...quick];
  const child = spawn(process.execPath, [...flags, '--out', out, ...resume], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const signal = rng() < 0.2 ? 'SIGINT' : 'SIGKILL';
  const timer = after === null ? null : setTimeout(() => child.kill(signal), after);
  return new Promise((resolve, reject) => {
    child.on('exit', (code, died) => {
      if (timer) clearTimeout(timer);
      if (died !== null || code === 130) resolve('killed');
      else if (code === 0) resolve('done');
      else reject(new Error(`the training ended with code ${code}`));
    });
  });
}

/** Every file below a folder, by its path. */
function contents(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    paths
      .filter((path) => /\.\w+$/.test(path))
      .map((path) => [path, readFileSync(join(folder, path)).toString('base64')]),
  );
}
