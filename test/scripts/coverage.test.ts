/** The coverage study: what it aims at, how it counts, and that it can be stopped. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cases } from '../../scripts/coverage/cases.ts';
import { runCoverage } from '../../scripts/coverage/coverage.ts';
import { coverageReport, summarizeCase } from '../../scripts/coverage/summary.ts';
import { openCase, runTrial, type Trial } from '../../scripts/coverage/trial.ts';
import { normalQuantile } from '../../src/numeric/normal.ts';
import { temporaryFolder, writeFiles } from '../support/commandLine.ts';

describe('what a fit estimates', () => {
  test.each(
    cases.filter(({ people, seen }) => people.length === 1 && !seen).map(({ name }) => name),
  )('is the truth where the model holds: %s', (name) => {
    const { study, target } = openCase(name);
    study.people[0].theta.forEach((theta, k) => {
      expect(target[k]).toBeCloseTo(theta, 6);
    });
  });

  test('lies between two kinds of people', () => {
    const { target, study } = openCase('grid, two kinds of walkers');
    const [one, other] = study.people.map(({ theta }) => theta);
    expect(target[0]).toBeGreaterThan(Math.min(one[0], other[0]));
    expect(target[0]).toBeLessThan(Math.max(one[0], other[0]));
  });
});

describe('summarizeCase', () => {
  const opened = openCase('grid, 300 walks');
  /** Estimates spread like N(θ*, 1), whose standard errors say `error`. */
  const trials = (error: number | null): Trial[] =>
    Array.from({ length: 2000 }, (_, i) => ({
      stop: 'converged',
      parameters: [...opened.target].map((truth) => ({
        estimate: truth + normalQuantile((i + 0.5) / 2000),
        errors: {
          hessian: error,
          outerProduct: error,
          outerProductTrajectory: error,
          sandwich: error,
        },
      })),
    }));

  test('finds .95 where errors are right and less where they are too small', () => {
    const right = summarizeCase(opened, trials(1)).parameters[1];
    expect(right.coverage.hessian).toMatchObject({ share: 0.95, asPromised: true });
    expect(right.coverage.hessian.error).toBeCloseTo(Math.sqrt((0.95 * 0.05) / 2000), 12);
    expect(right.deviation).toBeCloseTo(1, 2);
    expect(Math.abs(right.bias)).toBeLessThan(1e-9);
    const small = summarizeCase(opened, trials(0.5)).parameters[1];
    // Pr(|Z| < .98) = .673
    expect(small.coverage.sandwich.share).toBeCloseTo(0.673, 2);
    expect(small.coverage.sandwich.asPromised).toBe(false);
  });

  test('counts fits that failed and errors that do not exist', () => {
    const failed: Trial = { stop: 'unbounded', parameters: null };
    const summary = summarizeCase(opened, [...trials(null), failed]);
    expect(summary.stops).toEqual({ converged: 2000, unbounded: 1 });
    expect(summary.parameters[0].coverage.hessian).toMatchObject({ share: null, intervals: 0 });
    expect(coverageReport([summary], 0)).toMatch(/1 ended as `unbounded`/);
  });
});

test('data sets come with bootstrap intervals where asked', async () => {
  const order = { of: 'grid, 12 walks', seed: 1, trial: 0 };
  const plain = await runTrial({ ...order, bootstrap: false });
  const drawn = await runTrial({ ...order, bootstrap: true });
  expect(drawn.parameters?.map(({ estimate }) => estimate)).toEqual(
    plain.parameters?.map(({ estimate }) => estimate),
  );
  expect(plain.parameters?.[0].bootstrap).toBeUndefined();
  for (const { estimate, bootstrap } of drawn.parameters ?? []) {
    expect(bootstrap?.percentile?.[0]).toBeLessThan(estimate);
    expect(bootstrap?.percentile?.[1]).toBeGreaterThan(estimate);
  }
}, 180_000);

test('the study comes to the same in one thread, in two, and stopped half-way', async () => {
  const folder = temporaryFolder();
  const settings = {
    ...{ dataSets: 35, bootstrapped: 0, seed: 3, resume: false },
    names: ['grid, 12 walks', 'grid, no eye for the view'],
  };
  const [one, two, stopped] = ['one', 'two', 'stopped'].map((name) => join(folder, name));
  await runCoverage({ ...settings, out: one, workers: 1 });
  await runCoverage({ ...settings, out: two, workers: 2 });
  const read = (out: string): string => readFileSync(join(out, 'coverage.json'), 'utf8');
  expect(read(two)).toBe(read(one));
  const [{ dataSets, stops }] = JSON.parse(read(one)).cases;
  expect([dataSets, Object.values(stops).reduce((a, b) => Number(a) + Number(b))]).toEqual([
    35, 35,
  ]);

  const done = {
    'grid, 12 walks 0': await Promise.all(
      Array.from({ length: 10 }, (_, trial) =>
        runTrial({ of: 'grid, 12 walks', seed: 3, trial, bootstrap: false }),
      ),
    ),
  };
  const { names, seed, bootstrapped } = settings;
  const asked = JSON.stringify({ format: 1, dataSets: 35, bootstrapped, seed, names });
  writeFiles(stopped, { 'coverage-state.json': JSON.stringify({ asked, done }) });
  await runCoverage({ ...settings, out: stopped, workers: 1, resume: true });
  expect(read(stopped)).toBe(read(one));
  expect(existsSync(join(stopped, 'coverage-state.json'))).toBe(false);

  writeFiles(stopped, { 'coverage-state.json': JSON.stringify({ asked: 'else', done }) });
  await expect(
    runCoverage({ ...settings, out: stopped, workers: 1, resume: true }),
  ).rejects.toThrow(/other options/);
}, 180_000);
