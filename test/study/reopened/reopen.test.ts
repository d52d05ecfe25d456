/** A result is opened again as the problem it came from. */

import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { logLikelihoodAt } from '../../../src/algorithms/logLikelihoodAt.ts';
import { reopen } from '../../../src/study/reopened/reopen.ts';
import {
  lines,
  revealed,
  type TableTexts,
  tableFlags,
  temporaryFolder,
  writeFiles,
} from '../../support/commandLine.ts';

const TABLES: TableTexts = {
  transitions: lines('state,action,next_state', 'a,stay,a', 'a,go,b', 'b,stay,b', 'b,go,a'),
  features: lines('state,action,effort,place', 'a,stay,0,1', 'a,go,1,0', 'b,stay,0,0', 'b,go,1,0'),
  trajectories: lines(
    'trajectory,step,state,action,fold',
    ...['1,0,a,stay,x', '1,1,a,go,x', '1,2,b,stay,x', '2,0,b,go,x', '2,1,a,stay,x'],
    ...['3,0,a,go,y', '3,1,b,go,y', '4,0,a,stay,y', '4,1,a,stay,y', '4,2,a,go,y'],
  ),
};

test('reopen brings back the problem, the estimates and the arrays', async () => {
  const folder = temporaryFolder();
  const out = join(folder, 'out');
  const flags = [...tableFlags(folder, TABLES), '--discount', '0.9', '--out', out];
  expect((await revealed('fit', ...flags)).code).toBe(0);
  const { problem, theta, method, arrays } = await reopen(out);
  expect(logLikelihoodAt(problem, theta)).toBeCloseTo(method.logLikelihood ?? Number.NaN, 10);
  expect(arrays.reward.length).toBe(4);
  expect(arrays['covariance-sandwich'].length).toBe(4);
});

test('reopen finds the tables again when the folder with all of them moved', async () => {
  const root = temporaryFolder();
  const [before, after] = [join(root, 'before'), join(root, 'after')];
  mkdirSync(before);
  const flags = [...tableFlags(before, TABLES), '--discount', '0.9', '--out', join(before, 'out')];
  await revealed('fit', ...flags);
  renameSync(before, after);
  expect((await reopen(join(after, 'out', 'result.json'))).problem.trajectories.count).toBe(4);
});

test('reopen opens one fold of a comparison, with what it was fitted to', async () => {
  const folder = temporaryFolder();
  const out = join(folder, 'out');
  await revealed(
    'compare',
    ...[...tableFlags(folder, TABLES), '--discount', '0.9', '--l2', '0.1', '--out', out],
  );
  const { problem, theta, method, prepared } = await reopen(out, { cell: 'y' });
  expect(problem.trajectories.names).toEqual(['1', '2']);
  expect(prepared.heldOut?.names).toEqual(['3', '4']);
  expect(logLikelihoodAt(problem, theta)).toBeCloseTo(method.logLikelihood ?? Number.NaN, 10);
  await expect(reopen(out)).rejects.toThrow(/has 2 cells; give --cell, one of "x", "y"/);
  await expect(reopen(out, { cell: 'z' })).rejects.toThrow(/there are "x", "y"/);
});

test('reopen opens a specification with the features it saw', async () => {
  const folder = temporaryFolder();
  tableFlags(folder, TABLES);
  const study = {
    discount: 0.9,
    transitions: 'transitions.csv',
    features: 'features.csv',
    trajectories: 'trajectories.csv',
    methods: [
      'causal-entropy',
      { name: 'effort only', method: 'causal-entropy', features: ['effort'] },
    ],
  };
  writeFiles(folder, { 'two.json': JSON.stringify(study) });
  const out = join(folder, 'out');
  expect((await revealed('run', join(folder, 'two.json'), '--out', out)).code).toBe(0);
  const { problem, method, theta } = await reopen(out, { method: 'effort only' });
  expect(problem.features.names).toEqual(['effort']);
  expect(method).toMatchObject({ method: 'causal-entropy', features: ['effort'] });
  expect(logLikelihoodAt(problem, theta)).toBeCloseTo(method.logLikelihood ?? Number.NaN, 10);
  const whole = (await reopen(out)).method.logLikelihood ?? Number.NaN;
  expect(method.logLikelihood).toBeLessThan(whole);
});

test('reopen refuses recordings that changed since', async () => {
  const folder = temporaryFolder();
  const out = join(folder, 'out');
  await revealed('fit', ...tableFlags(folder, TABLES), '--discount', '0.9', '--out', out);
  writeFileSync(join(folder, 'trajectories.csv'), `${TABLES.trajectories}5,0,b,go,y\n`);
  await expect(reopen(out)).rejects.toThrow(/trajectories.csv has changed since/);
});
