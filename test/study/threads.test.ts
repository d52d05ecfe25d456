/** Fits side by side in threads: the same results, and errors that are told as what they were. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { TableError } from '../../src/demonstrations/tableError.ts';
import { packError, unpackError } from '../../src/study/errorsAcrossThreads.ts';
import { json } from '../../src/study/wholeFile.ts';
import {
  filesBelow,
  lines,
  readResult,
  revealed,
  tableFlags,
  temporaryFolder,
  writeFiles,
} from '../support/commandLine.ts';
import { seededRandom } from '../support/seededRandom.ts';

/** Walks on a ring with a slope, in three folds. */
function ring(states: number, trips: number): Record<string, string> {
  const random = seededRandom(3);
  const transitions = ['state,action,next_state'];
  const features = ['state,action,move,hill'];
  for (let s = 0; s < states; s++)
    for (const [action, by] of [
      ['left', states - 1],
      ['right', 1],
      ['stay', 0],
    ] as const) {
      transitions.push(`s${s},${action},s${(s + by) % states}`);
      features.push(`s${s},${action},${Number(by !== 0)},${Math.sin(s / 3)}`);
    }
  const trajectories = ['trajectory,step,state,action,fold'];
  for (let i = 0; i < trips; i++) {
    let s = (7 * i) % states;
    for (let step = 0; step < 15; step++) {
      const right = random.chance(0.6);
      trajectories.push(`t${i},${step},s${s},${right ? 'right' : 'stay'},${i % 3}`);
      if (right) s = (s + 1) % states;
      else if (random.chance(0.3) && step < 14) {
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
