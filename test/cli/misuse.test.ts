/** Flags and folders that cannot be: what is said of them, and that nothing hangs or throws. */

import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { revealed } from '../support/commandLine.ts';

const folder = mkdtempSync(join(tmpdir(), 'misuse-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('tables that are not given are named, with what they hold', async () => {
  const { code, stderr } = await revealed('fit', '--features', 'f.csv');
  expect(code).toBe(2);
  expect(stderr.split('\n')).toEqual([
    'revealed fit: --transitions is missing: Moves: state [, action], next_state [, probability]',
    expect.stringMatching(/^revealed fit: --trajectories is missing: Behaviour: trajectory, step/),
    '',
  ]);
});

test.each([
  [['--temperature', '0'], '--temperature: must be above 0, got 0'],
  [['--l2', '-1'], '--l2: must be at least 0, got -1'],
  [['--max-iterations', '0'], '--max-iterations: must be above 0, got 0'],
  [
    ['--missing-features', 'zeros'],
    '--missing-features: wanted error or zero, got "zeros" (did you mean "zero"?)',
  ],
  [['--methods', 'causal-entopy'], 'behavior-cloning-network (did you mean "causal-entropy"?)'],
  [['--fix', 'time, min=1'], '--fix: wanted name=value, got "time" (quote a name that holds'],
])('%j is refused in words', async (flags, words) => {
  const tables = ['--transitions', 't.csv', '--features', 'f.csv', '--trajectories', 'j.csv'];
  const { code, stderr } = await revealed('fit', ...tables, ...flags);
  expect(code).toBe(2);
  expect(stderr).toContain(`revealed fit: ${flags[0]}`);
  expect(stderr).toContain(words);
  expect(stderr).not.toMatch(/invalid input|too small/i);
});

test.each([
  [
    ['fit', '--transition', 'x'],
    "revealed fit: unknown option '--transition' (Did you mean --transitions?); see revealed fit --help",
  ],
  [['run'], "revealed run: missing required argument 'study'; see revealed run --help"],
  [['nonsense'], "revealed: unknown command 'nonsense'; see revealed --help"],
])('%j is refused in one line that points to the help', async (words, line) => {
  expect(await revealed(...words)).toEqual({ code: 2, stdout: '', stderr: `${line}\n` });
});

test('datasets says what it can do, also with a name alone', async () => {
  const { code, stderr } = await revealed('datasets', 'borlange');
  expect(code).toBe(2);
  expect(stderr).toContain('Cannot "borlange" data sets: wanted list, check or fetch');
  expect(stderr).toContain('revealed datasets check borlange');
});

test('a study with a method that does not exist is told which do', async () => {
  const file = join(folder, 'spelling.study.ts');
  writeFileSync(
    file,
    `import { busEngine, defineStudy, replacementWorld } from 'revealed';
export default defineStudy({
  name: 'spelling', title: 'Which way is it spelt?', discount: 0.9,
  data: () => busEngine({ groups: [4] }), world: replacementWorld({ bins: 90 }),
  features: { cost: (_, action) => (action === 'replace' ? -1 : 0) },
  methods: ['behaviour-cloning'],
});`,
  );
  const { code, stderr } = await revealed('run', file);
  expect(code).toBe(2);
  expect(stderr).toMatch(/Cannot run "behaviour-cloning".*did you mean "behavior-cloning"/);
});

test.skipIf(!existsSync('/proc/self'))('a folder where nothing can be is refused', async () => {
  const { code, stderr } = await revealed('run', 'bus-engine', '--quiet', '--out', '/proc/x/y');
  expect(code).toBe(2);
  expect(stderr).toMatch(/Cannot write to \/proc\/x\/y: \/proc (cannot hold files|may not be)/);
});

test('a folder that is tried out is left as it was', async () => {
  const { code } = await revealed('run', 'no-such-study', '--out', join(folder, 'out'));
  expect(code).toBe(2);
  expect(readdirSync(folder).filter((name) => name !== 'spelling.study.ts')).toEqual([]);
});
