/** Fits side by side in threads: the same results, and errors that are told as what they were. */

import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { TableError } from '../../../src/demonstrations/tables/tableError.ts';
import { cellsOf } from '../../../src/evaluation/resultFile.ts';
import { json } from '../../../src/study/output/wholeFile.ts';
import { packError, unpackError } from '../../../src/study/run/errorsAcrossThreads.ts';
import {
  filesBelow,
  lines,
  readResult,
  revealed,
  tableFlags,
  temporaryFolder,
  writeFiles,
} from '../../support/commandLine.ts';
import { seededRandom } from '../../support/seededRandom.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Walks on a ring with a slope, in three folds. Where nobody ever goes left the dislike of it runs to
 * infinity, so slowly that gradient descent never ends of itself.
 */
function ring(states: number, trips: number, neverLeft = false): Record<string, string> {
  const random = seededRandom(3);
  const transitions = ['state,action,next_state'];
  const features = [`state,action,move,hill${neverLeft ? ',left' : ''}`];
  for (let s = 0; s < states; s++)
    for (const [action, by] of [
      ['left', states - 1],
      ['right', 1],
      ['stay', 0],
    ] as const) {
      transitions.push(`s${s},${action},s${(s + by) % states}`);
      const left = neverLeft ? `,${Number(action === 'left')}` : '';
      features.push(`s${s},${action},${Number(by !== 0)},${Math.sin(s / 3)}${left}`);
    }
  const trajectories = ['trajectory,step,state,action,fold'];
  for (let i = 0; i < trips; i++) {
    let s = (7 * i) % states;
    for (let step = 0; step < 15; step++) {
      const right = random.chance(0.6);
      trajectories.push(`t${i},${step},s${s},${right ? 'right' : 'stay'},${i % 3}`);
      if (right) s = (s + 1) % states;
      else if (!neverLeft && random.chance(0.3) && step < 14) {
        trajectories.push(`t${i},${++step},s${s},left,${i % 3}`);
        s = (s + states - 1) % states;
      }
    }
  }
  return {
    transitions: lines(...transitions),
    features: lines(...features),
    trajectories: lines(...trajectories),
  };
}

function answer(out: string): string {
  const skip = (key: string, value: unknown): unknown =>
    key === 'seconds' || key === 'source' ? 0 : value;
  return JSON.stringify(readResult(out), skip);
}

const METHODS = 'causal-entropy,behavior-cloning,behavior-cloning-features';

test.each([
  ['fit', ['--discount', '0.9']],
  ['fit', ['--horizon', '15', '--hold-out', '1']],
  ['compare', ['--discount', '0.9']],
])('%s %j comes to the same bits in one thread and in two', async (command, time) => {
  const folder = temporaryFolder();
  const argv = [
    command,
    ...tableFlags(folder, ring(12, 9) as never),
    ...time,
    '--methods',
    METHODS,
  ];
  const [one, two] = [join(folder, 'one'), join(folder, 'two')];
  const alone = await revealed(...argv, '--out', one, '--workers', '1');
  const together = await revealed(...argv, '--out', two, '--workers', '2');
  expect([together.code, together.stderr]).toEqual([alone.code, alone.stderr]);
  expect(answer(two)).toBe(answer(one));
  expect(filesBelow(two)).toEqual(filesBelow(one));
  for (const file of readdirSync(join(one, 'arrays'), { recursive: true }).map(String))
    if (file.endsWith('.f64'))
      expect(readFileSync(join(two, 'arrays', file)), file).toEqual(
        readFileSync(join(one, 'arrays', file)),
      );
});

test.each(['0', '-1', '1.5', 'many'])('--workers %s is refused', async (workers) => {
  const folder = temporaryFolder();
  const flags = tableFlags(folder, ring(6, 3) as never);
  const { code, stderr } = await revealed('fit', ...flags, '--workers', workers);
  expect([code, stderr.split('\n').length]).toEqual([2, 2]);
  expect(stderr).toMatch(/^revealed fit: --workers: wanted/);
});

describe('what goes wrong in a thread', () => {
  /** Runs a study of two cells whose second one does something in threads only. */
  async function withTrouble(trouble: string) {
    const folder = temporaryFolder();
    const tables = ring(8, 6);
    writeFiles(folder, {
      'transitions.csv': tables.transitions,
      'features.csv': tables.features,
      'trajectories.csv': tables.trajectories,
      'bad.csv': tables.trajectories.replace('t2,3,', 't2,three,'),
      'trouble.study.mts': `
        import { isMainThread } from 'node:worker_threads';
        import { defineStudy, loadPlainTables } from 'revealed';
        const at = (name) => ${JSON.stringify(folder)} + '/' + name + '.csv';
        const load = (trajectories) => loadPlainTables({
          transitions: at('transitions'), features: at('features'),
          trajectories: at(trajectories), missingFeatures: 'error',
        }, { kind: 'discounted', discount: 0.9 });
        const calm = {
          data: () => load('trajectories'), world: ({ world }) => world,
          features: ({ features }) => features, discount: 0.9, methods: ['causal-entropy'],
        };
        export default defineStudy({ name: 'trouble', title: 'Trouble in threads', cells: [
          { ...calm, name: 'calm' },
          { ...calm, name: 'storm', data: async () => {
            if (!isMainThread) { ${trouble} }
            return load('trajectories');
          } },
        ] });`,
    });
    const out = join(folder, 'out');
    const argv = ['run', join(folder, 'trouble.study.mts'), '--out', out];
    return { folder, out, argv, outcome: await revealed(...argv, '--workers', '2') };
  }

  test('a bad table is named with its line, exit 2', async () => {
    const { outcome } = await withTrouble("return load('bad');");
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toMatch(/^revealed run: bad\.csv:\d+: .*step/);
    expect(outcome.stderr.split('\n')).toHaveLength(2);
  });

  test('a value that is refused is refused, exit 2', async () => {
    const { outcome } = await withTrouble("throw new RangeError('Cannot sail: no wind');");
    expect(outcome).toMatchObject({ code: 2, stderr: 'revealed run: Cannot sail: no wind\n' });
  });

  test('a thread that ends itself is told of, and what was done is kept', async () => {
    const { outcome, out, argv } = await withTrouble('process.exit(3);');
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toMatch(/^revealed run: Cannot go on: .* ended before its work did/);
    expect(outcome.stderr).toMatch(/--resume goes on from .*state\.json\n$/);
    expect(filesBelow(out)).toEqual(['state.json']);

    expect((await revealed(...argv, '--resume', '--workers', '1')).code).toBe(0);
    const whole = join(out, 'whole');
    await revealed(...argv.slice(0, -1), whole, '--workers', '1');
    expect(answer(out)).toBe(answer(whole));
  }, 120_000);
});

describe('a comparison in two threads', () => {
  const slow = ['--optimizer', 'gradient-descent', '--tolerance', '1e-15', '--horizon', '15'];
  const argvIn = (folder: string, iterations: number): string[] => [
    ...['compare', ...tableFlags(folder, ring(12, 9, true) as never), ...slow],
    ...['--methods', 'causal-entropy,behavior-cloning', '--max-iterations', String(iterations)],
  ];

  async function stopped(argv: string[], out: string, signal: 'SIGKILL' | 'SIGINT') {
    const flags = ['--import', 'jiti/register', join(ROOT, 'src/cli/main.ts'), ...argv];
    const child = spawn(process.execPath, flags, {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
    while (!existsSync(join(out, 'state.json'))) {
      if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill(signal);
    return { code: await closed, stderr };
  }

  test.each([
    ['SIGKILL', null],
    ['SIGINT', 130],
  ] as const)(
    'that is ended by %s goes on to the same bits',
    async (signal, code) => {
      const folder = temporaryFolder();
      const out = join(folder, 'out');
      const argv = [...argvIn(folder, 40_000), '--out', out];
      const ended = await stopped([...argv, '--workers', '2'], out, signal);
      expect(ended.code, ended.stderr).toBe(code);
      if (code !== null) expect(ended.stderr).toMatch(/^Interrupted; .*--resume/);
      const saved = JSON.parse(readFileSync(join(out, 'state.json'), 'utf8')).cells;
      expect(Object.keys(saved).length).toBeGreaterThan(0);
      expect(filesBelow(out).filter((file) => !file.endsWith('.part'))).toEqual(['state.json']);

      // They run out of iterations, so that there is always something left to stop.
      expect((await revealed(...argv, '--resume', '--workers', '2')).code).toBe(1);
      const whole = join(folder, 'whole');
      await revealed(...argvIn(folder, 40_000), '--out', whole, '--workers', '1');
      expect(estimates(out)).toEqual(estimates(whole));
      expect(estimates(out).flat().every(Number.isFinite)).toBe(true);
    },
    300_000,
  );

  function estimates(out: string): (number | null)[][] {
    const result = readResult(out);
    return (result ? cellsOf(result) : []).map(({ methods }) =>
      methods['causal-entropy'].parameters.map(({ estimate }) => estimate),
    );
  }
});

describe('errors as plain data', () => {
  const over = (error: unknown): Error =>
    unpackError(JSON.parse(json(packError(error))) as ReturnType<typeof packError>);

  test('keep class, message and place', () => {
    const table = over(new TableError('t.csv', 17, 'no such state'));
    expect(table).toBeInstanceOf(TableError);
    expect(table).toMatchObject({ file: 't.csv', line: 17, message: 't.csv:17: no such state' });
    expect(over(new TableError('t.csv', null, 'gone'))).toMatchObject({ message: 't.csv: gone' });
    for (const kind of [RangeError, SyntaxError, TypeError, Error]) {
      expect(over(new kind('what'))).toBeInstanceOf(kind);
      expect(over(new kind('what'))).toMatchObject({ message: 'what', constructor: kind });
    }
    const schema = z.object({ bins: z.int() }).safeParse({ bins: 'x' }).error;
    expect(over(schema)).toBeInstanceOf(z.ZodError);
    expect(over(schema)).toMatchObject({ issues: schema?.issues });
    expect(over(Object.assign(new Error('gone'), { code: 'ENOENT' }))).toMatchObject({
      code: 'ENOENT',
    });
    expect(over('a text')).toMatchObject({ message: 'a text' });
  });
});
