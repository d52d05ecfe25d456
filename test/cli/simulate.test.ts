/** `revealed simulate`: what it writes is what `revealed fit` reads, and the truth comes back. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cellsOf } from '../../src/evaluation/resultFile.ts';
import {
  filesBelow,
  fitTables,
  lines,
  readResult,
  revealed,
  type TableTexts,
  temporaryFolder,
} from '../support/commandLine.ts';

/** Two ways through a small town, one of them unsure; x leads home at a price. */
const NOISY = lines(
  'state,action,next_state,probability',
  ...['"a, 1",left,b,0.8', '"a, 1",left,"a, 1",0.2', '"a, 1",right,c,1', 'b,left,home,1'],
  ...['b,right,c,1', 'c,left,b,0.5', 'c,left,home,0.5', 'c,right,"a, 1",1', 'home,left,b,1'],
);
const FEATURES = lines(
  'state,action,step,risk',
  ...['"a, 1",left,1,0.3', '"a, 1",right,1,1', 'b,left,1,0.7', 'b,right,1,0', 'c,left,1,0.1'],
  ...['c,right,1,0.9', 'home,left,1,0'],
);
const one = (goal: string) =>
  lines(
    `trajectory,step,state,action${goal}`,
    ...['1,0,"a, 1",left', '1,1,b,right', '1,2,c,left', '1,3,home,'].map((row) =>
      goal === '' ? row : `${row},home`,
    ),
    ...['2,0,c,right', '2,1,"a, 1",right', '2,2,c,left', '2,3,home,'].map((row) =>
      goal === '' ? row : `${row},home`,
    ),
  );
const TRUTH = { step: -1.1, risk: -0.6 };

const structures: readonly [string, TableTexts, string[]][] = [
  [
    'discounted',
    { transitions: NOISY, features: FEATURES, trajectories: one('') },
    ['--discount', '0.9'],
  ],
  [
    'finite',
    { transitions: NOISY, features: FEATURES, trajectories: one('') },
    ['--horizon', '5', '--temperature', '0.8'],
  ],
  ['goals', { transitions: NOISY, features: FEATURES, trajectories: one(',goal') }, []],
  [
    'exits',
    {
      transitions: NOISY,
      features: FEATURES,
      trajectories: one(',goal'),
      exits: lines('goal,state,reward', 'home,home,-0.2', 'home,c,-1'),
    },
    [],
  ],
];

describe.each(structures)('%s: simulate', (_name, tables, flags) => {
  test('writes tables that fit reads as they are, and the reward comes back', async () => {
    const fix = Object.entries(TRUTH).map(([name, value]) => `${name}=${value}`);
    const fixed = await fitTables(
      tables,
      ...flags,
      '--fix',
      fix.join(','),
      '--methods',
      'causal-entropy',
    );
    const folder = join(temporaryFolder(), 'drawn');
    const simulated = await revealed(
      'simulate',
      fixed.out,
      ...['--trajectories', '1500', '--seed', '5', '--out', folder],
    );
    expect(simulated.stderr).toBe('');
    expect(simulated.code).toBe(0);
    expect(filesBelow(folder)).toContain('study.json');

    // The command that it prints, word for word.
    const [, command] = /revealed (fit .*)\n/.exec(simulated.stdout) ?? [];
    const out = join(temporaryFolder(), 'out');
    const refitted = await revealed(...(command ?? '').split(' '), '--out', out);
    const result = readResult(out);
    const method = result && cellsOf(result)[0].methods['causal-entropy'];
    expect(refitted.stderr).toBe('');
    for (const { name, estimate, standardErrors } of method?.parameters ?? []) {
      const error = standardErrors?.hessian;
      // Where every choice costs one step the price of steps is not identified, and says so.
      if (error === null || error === undefined) {
        expect([name, method?.unidentified?.length]).toEqual(['step', 1]);
        continue;
      }
      const truth = TRUTH[name as keyof typeof TRUTH];
      expect(Math.abs((estimate ?? Number.NaN) - truth) / error).toBeLessThan(3.5);
      expect(error).toBeLessThan(0.3);
    }
    expect(method?.parameters.length).toBe(2);
    const study = await revealed('run', join(folder, 'study.json'), '--json');
    const again = JSON.parse(study.stdout) as {
      methods: Record<string, { logLikelihood: number }>;
    };
    expect(again.methods['causal-entropy'].logLikelihood).toBeCloseTo(
      method?.logLikelihood ?? 0,
      6,
    );
  });

  test('writes the same bytes for the same seed, each recorded start once', async () => {
    const fitted = await fitTables(tables, ...flags, '--fix', 'step=-1,risk=-0.5');
    const draw = async (seed: string) => {
      const { stdout, code } = await revealed('simulate', fitted.out, '--seed', seed);
      expect(code).toBe(0);
      return stdout;
    };
    const first = await draw('1');
    expect(await draw('1')).toBe(first);
    const starts = first.split('\n').filter((row) => /^\d+,0,/.test(row));
    expect(starts.map((row) => row.split(',').slice(0, 3).join())).toEqual(['1,0,"a', '2,0,c']);
  });
});

test('simulate cuts endless trips off and says so, and refuses a reward without value', async () => {
  const [, tables] = structures[2];
  const fitted = await fitTables(tables, '--fix', 'step=-1,risk=-0.5');
  const short = await revealed('simulate', fitted.out, '--trajectories', '200', '--longest', '1');
  expect(short.code).toBe(0);
  expect(short.stderr).toMatch(/\d+ of 200 trips had not ended after 1 decisions and were cut off/);
  const endless = await revealed('simulate', fitted.out, '--set', 'step=3');
  expect(endless.code).toBe(1);
  expect(endless.stderr).toMatch(/no finite value for goal "home"/);
  const unknown = await revealed('simulate', fitted.out, '--set', 'stp=3');
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toMatch(/did you mean "step"\?/);
});

test('simulate changes parameters by hand', async () => {
  const [, tables, flags] = structures[0];
  const fitted = await fitTables(tables, ...flags, '--fix', 'step=-1,risk=-0.5');
  const out = join(temporaryFolder(), 'drawn');
  await revealed(
    'simulate',
    fitted.out,
    '--set',
    'risk=-30',
    '--trajectories',
    '300',
    '--out',
    out,
  );
  const rows = readFileSync(join(out, 'trajectories.csv'), 'utf8').split('\n');
  // Nobody takes the riskier of two ways any more.
  expect(rows.filter((row) => row.endsWith(',b,left')).length).toBe(0);
  expect(rows.filter((row) => row.endsWith(',b,right')).length).toBeGreaterThan(50);
});
