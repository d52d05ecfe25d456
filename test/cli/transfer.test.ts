/** `revealed compare --world`: fitted at home, tested after something changed; and `--curve`. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type ComparisonResult, ResultFile } from '../../src/evaluation/resultFile.ts';
import { revealed, temporaryFolder, writeFiles } from '../support/commandLine.ts';

const EXAMPLES = fileURLToPath(new URL('../../scripts/examples', import.meta.url));
const park = (table: string): string => join(EXAMPLES, 'gridworld', `${table}.csv`);
const TABLES = ['transitions', 'features', 'trajectories'].flatMap((t) => [`--${t}`, park(t)]);
const TRUTH = ['--true-reward', 'step=-1.5,mud=-1,flowers=0.5'];

type Cells = Extract<ResultFile, { cells: unknown }>;

async function compared(...argv: string[]): Promise<Cells & { comparison: ComparisonResult }> {
  const { stdout, stderr } = await revealed(...argv, '--json', '--quiet');
  expect(stderr).toBe('');
  const result = ResultFile.parse(JSON.parse(stdout));
  if (!('cells' in result) || !result.comparison) throw new Error('wanted a comparison');
  return { ...result, comparison: result.comparison };
}

/** Every null has its reason beside it, and no number is NaN (JSON has none). */
function expectReasons(value: unknown, path = ''): void {
  if (typeof value !== 'object' || value === null) return;
  const entries = Object.entries(value);
  const reasons = (value as { reasons?: Record<string, string> }).reasons ?? {};
  for (const [key, part] of entries) {
    if (part === null && !Array.isArray(value) && path !== '' && !['reference'].includes(key))
      expect([`${path}.${key}`, typeof reasons[key]]).toEqual([`${path}.${key}`, 'string']);
    expectReasons(part, `${path}.${key}`);
  }
}

/** The park without some moves (lines of its transitions that match). */
function parkWithout(...moves: RegExp[]): string {
  const folder = temporaryFolder();
  const kept = readFileSync(park('transitions'), 'utf8')
    .split('\n')
    .filter((line) => !moves.some((move) => move.test(line)));
  writeFiles(folder, { 'closed.csv': kept.join('\n') });
  return join(folder, 'closed.csv');
}

/** The park's walks that never make a move. */
function walksWithout(state: string, action: string): { file: string; count: number } {
  const [head, ...rows] = readFileSync(park('trajectories'), 'utf8').trimEnd().split('\n');
  const using = new Set(
    rows
      .map((row) => row.split(','))
      .filter(([, , s, a]) => s === state && a === action)
      .map(([name]) => name),
  );
  const kept = rows.filter((row) => !using.has(row.split(',')[0]));
  const folder = temporaryFolder();
  writeFiles(folder, { 'walks.csv': `${[head, ...kept].join('\n')}\n` });
  return {
    file: join(folder, 'walks.csv'),
    count: new Set(kept.map((row) => row.split(',')[0])).size,
  };
}

const METHODS =
  'causal-entropy,behavior-cloning,behavior-cloning-per-goal,behavior-cloning-features';

test('a world that did not change, with the same walks, scores as the fits themselves do', async () => {
  const same = ['--world', park('transitions'), '--test-trajectories', park('trajectories')];
  const { comparison, cells } = await compared('compare', ...TABLES, ...same, '--methods', METHODS);
  expect(comparison.transfer).toMatchObject({
    gone: 0,
    added: 0,
    redirected: 0,
    changedStates: 0,
    recorded: true,
    home: null,
    decisionsWhereChanged: 0,
  });
  expect([comparison.trajectories, comparison.decisions, comparison.folds]).toEqual([60, 406, 1]);
  for (const method of ['causal-entropy', 'behavior-cloning-features'])
    expect(comparison.methods[method].logLikelihood).toBeCloseTo(
      cells[0].methods[method].logLikelihood ?? Number.NaN,
      6,
    );
  expect(cells[0].methods['causal-entropy'].heldOut).toBeNull();
  expectReasons(comparison.methods, 'methods');
  expectReasons(comparison.transfer, 'transfer');
});

test('a closed road: choices that are gone are told, and home stands beside away', async () => {
  const closed = parkWithout(/^B1,south,/);
  const { file, count } = walksWithout('B1', 'south');
  const flags = [
    '--world',
    closed,
    '--test-trajectories',
    file,
    '--folds',
    '4',
    '--methods',
    METHODS,
  ];
  const { comparison } = await compared('compare', ...TABLES, ...flags, ...TRUTH);
  const { transfer } = comparison;
  expect(transfer).toMatchObject({ gone: 1, added: 0, redirected: 0, changedStates: 1 });
  expect([comparison.folds, comparison.trajectories]).toEqual([4, count]);
  const home = (
    await compared('compare', ...TABLES, '--folds', '4', '--methods', METHODS, ...TRUTH)
  ).comparison;
  const { published: _, ...scores } = home;
  expect(transfer?.home).toEqual(scores);
  for (const verdict of transfer?.verdicts ?? []) {
    const share = transfer?.decisionsWhereChanged ?? Number.NaN;
    const { whereChanged, elsewhere, away } = verdict;
    // The gap is made of its parts.
    expect(share * (whereChanged ?? 0) + (1 - share) * (elsewhere ?? 0)).toBeCloseTo(
      away ?? Number.NaN,
      9,
    );
    expect(verdict.words).toMatch(
      /^At home .+; in the changed world .+ of the decisions were taken where choices had changed/,
    );
  }
  expectReasons(comparison.methods, 'methods');
  expectReasons(transfer, 'transfer');
});

test('without behaviour there, a true reward says what is lost', async () => {
  const closed = parkWithout(/^B1,south,/, /^C1,south,/);
  const { comparison, cells } = await compared('compare', ...TABLES, '--world', closed, ...TRUTH);
  expect(comparison.transfer).toMatchObject({ recorded: false, gone: 2 });
  expect(comparison.decisions).toBe(0);
  const planned = comparison.methods['causal-entropy'];
  expect(planned.perDecision).toBeNull();
  expect(planned.reasons?.perDecision).toMatch(/no behaviour was recorded/);
  const cloned = comparison.methods['behavior-cloning'];
  expect(planned.valueDifference?.soft).toBeGreaterThan(0);
  expect(planned.valueDifference?.soft).toBeLessThan(cloned.valueDifference?.soft ?? 0);
  expect(comparison.transfer?.verdicts[0].words).toMatch(
    /Of the true reward there, acting on behavior-cloning loses/,
  );
  expectReasons(comparison.methods, 'methods');
  // Who is given the truth loses nothing, wherever it is.
  const told = await compared('compare', ...TABLES, '--world', closed, ...TRUTH, '--fix', TRUTH[1]);
  expect(told.comparison.methods['causal-entropy'].valueDifference?.soft).toBeCloseTo(0, 8);
  expect(told.comparison.methods['causal-entropy'].valueDifference?.hard).toBeCloseTo(0, 8);
  expect(told.comparison.methods['causal-entropy'].epic).toBeCloseTo(0, 6);
  expect(cells).toHaveLength(1);
});

test('a learning curve ends where the comparison stands, whatever the threads', async () => {
  const curve = ['--folds', '3', '--curve', '4,12,all', '--repeats', '2'];
  const { comparison, cells } = await compared('compare', ...TABLES, ...curve);
  expect(cells.map(({ name }) => name)).toEqual(['1', '2', '3']);
  const points = comparison.curve?.points ?? [];
  expect(points.map(({ size, trajectories }) => [size, trajectories])).toEqual([
    [4, 4],
    [12, 12],
    ['all', 40],
  ]);
  for (const [name, { perDecision, repeats }] of Object.entries(points[2].methods)) {
    expect(perDecision).toBeCloseTo(comparison.methods[name].perDecision ?? Number.NaN, 10);
    expect(repeats).toBe(1);
  }
  const cloned = points.map(({ methods }) => methods['behavior-cloning'].perDecision ?? Number.NaN);
  expect(cloned[0]).toBeLessThan(cloned[1]);
  expect(cloned[1]).toBeLessThan(cloned[2]);
  expect(comparison.curve?.crossings[0]).toMatchObject({ at: null, method: 'behavior-cloning' });
  expect(comparison.curve?.crossings[0].words).toMatch(/never overtakes it within the data/);
  expectReasons(comparison.curve, 'curve');
  const threads = await compared('compare', ...TABLES, ...curve, '--workers', '2');
  expect(threads.comparison).toEqual(comparison);
});

describe('three time structures, with weights and trips that are cut off', () => {
  test.each([
    ['discounted', ['--discount', '0.9']],
    ['finite', ['--horizon', '9']],
  ])('%s', async (_, time) => {
    const folder = temporaryFolder();
    const [, ...rows] = readFileSync(park('trajectories'), 'utf8').trimEnd().split('\n');
    const rowsWithout = rows.map((row) => row.split(','));
    const kept = rowsWithout.filter(([, step]) => Number(step) < 9);
    const text = kept.map(([name, step, state, action]) =>
      [name, step, state, action, name.endsWith('0') ? 2.5 : 1].join(','),
    );
    writeFiles(folder, {
      'walks.csv': `trajectory,step,state,action,weight\n${text.join('\n')}\n`,
    });
    const tables = TABLES.with(5, join(folder, 'walks.csv'));
    const { comparison } = await compared('compare', ...tables, ...time, '--folds', '3', ...TRUTH);
    const { methods } = comparison;
    expectReasons(methods, 'methods');
    for (const score of Object.values(methods)) {
      expect(score.routes).toBeNull();
      expect(score.reasons?.routes).toMatch(/need goals/);
      expect(score.visitDistance).toBeGreaterThan(0);
      expect(score.visitDistance).toBeLessThan(1);
      for (const { gap } of score.features ?? []) expect(Number.isFinite(gap)).toBe(true);
      expect(score.valueDifference?.soft).toBeGreaterThan(0);
    }
    expect(methods['behavior-cloning'].epic).toBeNull();
    expect(methods['causal-entropy'].epic).toBeGreaterThanOrEqual(0);
  });
});

test('one trip to predict: scores stand, spreads and intervals are null with the reason', async () => {
  const folder = temporaryFolder();
  const names = [
    ...new Set(
      readFileSync(park('trajectories'), 'utf8')
        .split('\n')
        .slice(1)
        .map((row) => row.split(',')[0]),
    ),
  ].filter((name) => name !== '');
  const rows = names.map((name, i) => `${name},only,${i === 0 ? 1 : 0}`);
  writeFiles(folder, { 'splits.csv': `trajectory,split,is_test\n${rows.join('\n')}\n` });
  const { comparison } = await compared(
    'compare',
    ...TABLES,
    '--splits',
    join(folder, 'splits.csv'),
  );
  expect(comparison.trajectories).toBe(1);
  const { features, routes } = comparison.methods['causal-entropy'];
  expect(routes?.predictions).toBe(1);
  for (const { standardError, gap, reasons } of features ?? []) {
    expect(gap).not.toBeNull();
    expect(standardError).toBeNull();
    expect(reasons?.standardError).toMatch(/two trips/);
  }
  expectReasons(comparison.methods, 'methods');
});

test.each<[string, string[], RegExp]>([
  [
    'no behaviour and no truth',
    ['--world', park('transitions')],
    /give --test-trajectories, or --true-reward/,
  ],
  [
    'tests elsewhere without a world',
    ['--folds', '2', '--test-trajectories', 'x.csv'],
    /give --world beside/,
  ],
  ['a true reward of nothing', ['--folds', '2', '--true-reward', 'stepp=1'], /did you mean "step"/],
  ['shortest paths by nothing', ['--folds', '2', '--shortest-by', 'mad'], /did you mean "mud"/],
  ['repeats of nothing', ['--folds', '2', '--repeats', '3'], /give --curve/],
  ['a curve that falls', ['--folds', '2', '--curve', '20,10'], /whole numbers that rise/],
  ['a curve beyond the data', ['--folds', '2', '--curve', '10,500'], /has 30 to fit to/],
  [
    'an unknown world',
    ['--world', 'nowhere.csv', '--true-reward', 'step=-1'],
    /nowhere\.csv: there is no such file/,
  ],
])('compare refuses %s', async (_, flags, message) => {
  const { code, stdout, stderr } = await revealed('compare', ...TABLES, ...flags);
  expect(stderr).toMatch(message);
  expect([code, stdout]).toEqual([2, '']);
});

describe('the examples', () => {
  const example = (name: string): string => join(EXAMPLES, 'transfer', `${name}.study.ts`);

  test('detour: the reward carries over, cloned habits do not', async () => {
    const { comparison } = await compared('run', example('detour'));
    for (const { home, away, words } of comparison.transfer?.verdicts ?? []) {
      expect(away).toBeLessThan(2 * (home ?? 0));
      expect(words).toMatch(/in the changed world causal-entropy predicted better/);
    }
    for (const { perDecision } of comparison.differences)
      expect(perDecision?.interval?.[1]).toBeLessThan(0);
    const lost = (name: string) => comparison.methods[name].valueDifference?.soft ?? Number.NaN;
    expect(lost('causal-entropy')).toBeLessThan(0.05);
    expect(lost('behavior-cloning-per-goal')).toBeGreaterThan(5);
  });

  test('habits: cloning wins, at home and after the change, from some number of trips on', async () => {
    const { comparison } = await compared('run', example('habits'));
    const method = 'behavior-cloning-per-goal';
    const verdict = comparison.transfer?.verdicts.find((v) => v.method === method);
    expect(verdict?.home).toBeGreaterThan(0);
    expect(verdict?.away).toBeGreaterThan(0);
    expect(verdict?.words).toMatch(
      /ahead at home too: people do things that the features do not explain/,
    );
    expect(
      comparison.differences.find((d) => d.method === method)?.perDecision?.interval?.[0],
    ).toBeGreaterThan(0);
    const crossing = comparison.curve?.crossings.find((c) => c.method === method);
    expect(crossing?.words).toMatch(
      /^behavior-cloning-per-goal overtakes causal-entropy at about \d+ trajectories/,
    );
    expect(crossing?.at).toBeGreaterThan(20);
    expect(crossing?.at).toBeLessThan(400);
  });
});
