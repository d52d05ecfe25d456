/** The first thing a newcomer may try: the park in scripts/examples/gridworld. */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type MethodResult, ResultFile } from '../../src/evaluation/resultFile.ts';
import { revealed } from '../support/commandLine.ts';

const PARK = fileURLToPath(new URL('../../scripts/examples/gridworld', import.meta.url));
const TABLES = ['transitions', 'features', 'trajectories'].flatMap((name) => [
  `--${name}`,
  join(PARK, `${name}.csv`),
]);
/** The reward that the walks were simulated from. */
const TRUTH = { step: -1.5, mud: -1, flowers: 0.5 };

async function fitPark(...flags: string[]): Promise<MethodResult> {
  const { stdout } = await revealed('fit', ...TABLES, ...flags, '--json');
  const result = ResultFile.parse(JSON.parse(stdout));
  if (!('methods' in result)) throw new Error('wanted a single fit');
  return result.methods['causal-entropy'];
}

test('the example finds the reward that its walks came from', async () => {
  const found = await fitPark();
  const truth = Object.entries(TRUTH).map(([name, value]) => `${name}=${value}`);
  const atTruth = await fitPark('--fix', truth.join(','));
  // No reward is likelier than the estimate; the truth is not much worse: 2 ΔLL ~ χ²(3), whose
  // 99.9 % point is 16.3.
  const gain = 2 * ((found.logLikelihood ?? 0) - (atTruth.logLikelihood ?? 0));
  expect(gain).toBeGreaterThan(0);
  expect(gain).toBeLessThan(16.3);
  for (const { name, estimate } of found.parameters)
    expect(Math.sign(estimate ?? 0)).toBe(Math.sign(TRUTH[name as keyof typeof TRUTH]));
});

test('what is printed says what was read, how it ended, and what the numbers are', async () => {
  const { code, stdout, stderr } = await revealed('fit', ...TABLES);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/406 decisions in 60 trajectories, 18 states, 4 actions, 2 goals/);
  expect(stdout).toMatch(/^causal-entropy +converged, log-likelihood -\d+\.\d{3} \(/m);
  for (const name of Object.keys(TRUTH))
    expect(stdout).toMatch(new RegExp(`^ +${name} +-?\\d`, 'm'));
  expect(stdout).toMatch(/the fit began at step=-/);
  expect(stdout).toMatch(/Estimates are rewards per unit of a feature/);
  expect(stdout).not.toMatch(/ $/m);
});

test('a refused start is told once, with one that can be pasted', async () => {
  const refused = await revealed(
    'fit',
    ...TABLES,
    '--methods',
    'causal-entropy',
    '--start',
    'step=0',
  );
  expect(refused.code).toBe(1);
  expect(refused.stdout.match(/moving about for ever pays/g)).toHaveLength(1);
  expect(refused.stdout).not.toMatch(/Estimates are/);
  const start = /--start "([^"]+)"/.exec(refused.stdout)?.[1];
  expect(start).toMatch(/^step=-/);
  expect((await fitPark('--start', start ?? '')).stop).toBe('converged');
});
