/**
 * Kills a pipeline (SIGKILL) at every border and at random moments, fifty times and more, goes on
 * each time from what is there, and compares what comes out in the end, byte for byte, with a run
 * that nobody interrupted.
 *
 *   npm run interruptions [-- kills [seed]]
 */

import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRng } from '../../src/numeric/rng.ts';

const [kills = '50', seed = '0'] = process.argv.slice(2);
const rng = createRng(seed, 'interruptions');
const home = mkdtempSync(join(tmpdir(), 'revealed-interruptions-'));
const csv = join(home, 'walkers.csv');
writeFileSync(csv, walkers(100_000));

const whole = join(home, 'whole');
const start = performance.now();
await run(whole, 'nowhere', null);
const usual = performance.now() - start;
const expected = contents(whole);
console.log(`uninterrupted: ${Object.keys(expected).length} files`);

let killed = 0;
let finished = 0;
let wrong = 0;
const pieces = join(home, 'pieces');
const compare = () => {
  finished++;
  if (JSON.stringify(contents(pieces)) !== JSON.stringify(expected)) wrong++;
  rmSync(pieces, { recursive: true });
};

// Every border by itself: killed there, and gone on with to the end.
let borders = 0;
for (; (await run(pieces, String(borders), null)) === 'killed'; borders++) {
  killed++;
  await run(pieces, 'nowhere', null);
  compare();
}
compare();
console.log(`killed once at each of ${borders} borders; ${wrong} of them different`);

// Moments at random, one after another, until a run gets through.
while (killed < Number(kills)) {
  while ((await run(pieces, 'nowhere', usual * (0.3 + 0.7 * rng()))) === 'killed') killed++;
  compare();
}
rmSync(home, { recursive: true });
console.log(`killed ${killed} times; ${finished} runs came through, ${wrong} of them different`);
process.exitCode = wrong > 0 ? 1 : 0;

/** Runs the pipeline; kills it where it says that it stopped, or after so many milliseconds. */
function run(folder: string, stopAt: string, after: number | null): Promise<'killed' | 'done'> {
  const job = fileURLToPath(new URL('job.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'jiti/register', job, csv, folder, stopAt], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const timer = after === null ? null : setTimeout(() => child.kill('SIGKILL'), after);
  child.stdout.on('data', (text) => {
    if (String(text).includes('stopped')) child.kill('SIGKILL');
  });
  return new Promise((resolve, reject) => {
    child.on('exit', (code, signal) => {
      if (timer) clearTimeout(timer);
      if (signal === 'SIGKILL') resolve('killed');
      else if (code === 0) resolve('done');
      else reject(new Error(`the pipeline ended with code ${code}`));
    });
  });
}

function contents(folder: string): Record<string, string> {
  const names = readdirSync(folder).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** People who walk about, with gaps, late rows, and rows that are wrong. */
function walkers(rows: number): string {
  const draw = createRng(0, 'walkers');
  const lines = ['id,t,x,y'];
  for (let person = 0; lines.length <= rows; person++) {
    let [t, x, y] = [0, 20 * draw(), 20 * draw()];
    for (let steps = 20 + 60 * draw(); steps > 0; steps--) {
      t += draw() < 0.03 ? 10 : 1;
      x += 2 * draw() - 1;
      y += 2 * draw() - 1;
      const time = draw() < 0.05 ? t - 2.5 : t;
      lines.push(draw() < 0.01 ? `p${person},${time},?,"${y}` : `p${person},${time},${x},${y}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
