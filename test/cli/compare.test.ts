/** `revealed compare`: the same fits as `fit --hold-out`, fold by fold, and what they come to. */

import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ResultFile } from '../../src/evaluation/resultFile.ts';
import {
  filesBelow,
  fitTables,
  lines,
  methodOf,
  type Outcome,
  readResult,
  revealed,
  type TableTexts,
  tableFlags,
  temporaryFolder,
  writeFiles,
} from '../support/commandLine.ts';
import { seededRandom } from '../support/seededRandom.ts';

const METHODS = [
  'causal-entropy',
  'behavior-cloning',
  'behavior-cloning-features',
  'behavior-cloning-per-goal',
];

/** Walks on a ring of six: mostly towards state 0, in three folds. */
function walks(withFolds = true): TableTexts {
  const random = seededRandom(4);
  const transitions = ['state,action,next_state,probability'];
  const features = ['state,action,back,move'];
  for (let s = 0; s < 6; s++)
    for (const [action, by] of [
      ['left', 5],
      ['right', 1],
      ['stay', 0],
    ] as const) {
      const to = (s + by) % 6;
      transitions.push(`${s},${action},${to},${by === 0 ? 1 : 0.9}`);
      if (by !== 0) transitions.push(`${s},${action},${s},0.1`);
      features.push(
        `${s},${action},${s > 0 && by === (s < 3 ? 5 : 1) ? 1 : 0},${by === 0 ? 0 : 1}`,
      );
    }
  const trajectories = [`trajectory,step,state,action${withFolds ? ',fold' : ''}`];
  for (let i = 0; i < 18; i++) {
    let s = i % 6;
    for (let step = 0; step < 6; step++) {
      const home = s === 0 ? 'stay' : s < 3 ? 'left' : 'right';
      const action = random.chance(0.7) ? home : random.chance(0.5) ? 'left' : 'stay';
      trajectories.push(`w${i},${step},${s},${action}${withFolds ? `,f${i % 3}` : ''}`);
      if (action !== 'stay' && random.chance(0.9)) s = (s + (action === 'left' ? 5 : 1)) % 6;
    }
  }
  return {
    transitions: lines(...transitions),
    features: lines(...features),
    trajectories: lines(...trajectories),
  };
}

type Compared = Extract<ResultFile, { cells: unknown }> & {
  comparison: NonNullable<Extract<ResultFile, { cells: unknown }>['comparison']>;
};

interface CompareOutcome extends Outcome {
  readonly out: string;
  readonly result: Compared;
}

async function compareTables(tables: TableTexts, ...flags: string[]): Promise<CompareOutcome> {
  const folder = temporaryFolder();
  const out = join(folder, 'out');
  const outcome = await revealed('compare', ...tableFlags(folder, tables), '--out', out, ...flags);
  return { ...outcome, out, result: comparedResult(out, outcome) };
}

function comparedResult(out: string, { stderr, stdout }: Outcome): Compared {
  const result = readResult(out);
  if (!result || !('cells' in result) || !result.comparison)
    throw new Error(`no comparison: ${stderr}${stdout}`);
  return { ...result, comparison: result.comparison };
}

const FLAGS = ['--discount', '0.9', '--methods', METHODS.join(',')];

test('compare fits, fold by fold, what fit --hold-out fits', async () => {
  const { code, result, stderr } = await compareTables(walks(), ...FLAGS);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(result.cells.map(({ name }) => name)).toEqual(['f0', 'f1', 'f2']);
  for (const cell of result.cells) {
    const alone = await fitTables(walks(), ...FLAGS, '--hold-out', cell.name);
    expect(cell.model.holdOut).toBe(cell.name);
    for (const method of METHODS) {
      const { seconds: _ours, ...ours } = cell.methods[method];
      const { seconds: _theirs, ...theirs } = methodOf(alone, method);
      expect(ours).toEqual(theirs);
      expect(ours.heldOut).toMatchObject({ trajectories: 6, decisions: 36 });
    }
  }
  for (const method of METHODS) {
    const { logLikelihood, perDecision, perTrajectory } = result.comparison.methods[method];
    const total = result.cells.reduce(
      (sum, { methods }) => sum + (methods[method].heldOut?.logLikelihood ?? Number.NaN),
      0,
    );
    expect(logLikelihood).toBeCloseTo(total, 8);
    expect(perDecision).toBeCloseTo(total / 108, 10);
    expect(perTrajectory).toBeCloseTo(total / 18, 9);
  }
});

test('compare says in words which method predicts better, and how sure that is', async () => {
  const { stdout, result, out } = await compareTables(walks(), ...FLAGS);
  expect(stdout).toMatch(/3 folds hold out 18 trajectories with 108 decisions/);
  for (const { method, perDecision, foldsWon } of result.comparison.differences) {
    const by = Math.abs(perDecision?.estimate ?? Number.NaN).toFixed(5);
    const [low, high] = perDecision?.interval ?? [Number.NaN, Number.NaN];
    const verdict = stdout
      .split('\n')
      .find(
        (text) => text.includes(`${method} by ${by}`) || text.startsWith(`${method} predicted`),
      );
    expect(verdict).toMatch(low > 0 || high < 0 ? 'excludes 0' : 'includes 0');
    expect([0, 1 / 3, 2 / 3, 1].some((share) => Math.abs(share - (foldsWon ?? -1)) < 1e-9)).toBe(
      true,
    );
  }
  expect(stdout).toMatch(/fold +trajectories +decisions +causal-entropy/);
  expect(stdout).toMatch(/\n {2}f2 +6 +36 /);
  // What was expected of every held-out decision lies beside the fits.
  expect(filesBelow(out)).toContain('arrays/f1/behavior-cloning/heldOutLogProbability.f64');
});

test('compare with one seed gives the same bits, with another other draws', async () => {
  const bits = async (seed: string): Promise<Compared['comparison']> =>
    (await compareTables(walks(), ...FLAGS, '--seed', seed)).result.comparison;
  expect(await bits('1')).toEqual(await bits('1'));
  const [one, other] = [await bits('1'), await bits('2')];
  expect(other.methods['causal-entropy']).toEqual(one.methods['causal-entropy']);
  expect(other.differences).not.toEqual(one.differences);
});

test('compare --splits takes test sets that overlap, each trajectory counted once', async () => {
  const rows = Array.from({ length: 18 }, (_, i) => [
    // w17 is neither fitted nor predicted in the first split
    ...(i === 17 ? [] : [`w${i},one,${i < 6 ? 1 : 0}`]),
    `w${i},two,${i < 3 ? 1 : 0}`,
  ]).flat();
  const folder = temporaryFolder();
  writeFiles(folder, { 'splits.csv': lines('trajectory,split,is_test', ...rows) });
  const splits = join(folder, 'splits.csv');
  const { code, result } = await compareTables(walks(false), ...FLAGS, '--splits', splits);
  expect(code).toBe(0);
  const [one, two] = result.cells;
  expect([one.data.trajectories, two.data.trajectories]).toEqual([11, 15]);
  expect(one.data.files.map(({ name }) => name)).toContain('splits.csv');
  const { comparison } = result;
  expect([comparison.folds, comparison.trajectories, comparison.decisions]).toEqual([2, 6, 36]);
  const { folds, foldMean } = comparison.methods['causal-entropy'];
  expect(folds.map(({ trajectories }) => trajectories)).toEqual([6, 3]);
  expect(foldMean?.perTrajectory).toBeCloseTo(
    ((one.methods['causal-entropy'].heldOut?.logLikelihood ?? Number.NaN) / 6 +
      (two.methods['causal-entropy'].heldOut?.logLikelihood ?? Number.NaN) / 3) /
      2,
    8,
  );
});

test('compare --folds deals trajectories that have none', async () => {
  const { result } = await compareTables(walks(false), '--discount', '0.9', '--folds', '4');
  expect(result.cells.map(({ name }) => name)).toEqual(['1', '2', '3', '4']);
  expect(result.comparison.trajectories).toBe(18);
});

test('compare takes a study, with its own splits or those that are asked for', async () => {
  const folder = temporaryFolder();
  const out = join(folder, 'out');
  tableFlags(folder, walks());
  const study = { discount: 0.9, holdOut: 'f1', title: 'Walks', name: 'walks' };
  const paths = Object.fromEntries(
    ['transitions', 'features', 'trajectories'].map((table) => [table, `${table}.csv`]),
  );
  writeFiles(folder, { 'walks.json': JSON.stringify({ ...study, ...paths }) });
  const file = join(folder, 'walks.json');
  const outcome = await revealed('compare', file, '--methods', 'causal-entropy', '--out', out);
  expect(outcome.stderr).toBe('');
  const result = comparedResult(out, outcome);
  expect(result.study).toBe('walks');
  expect(result.cells.map(({ name }) => name)).toEqual(['f0', 'f1', 'f2']);
  expect(result.comparison.differences).toEqual([]);
  const refused = await revealed('compare', file, '--discount', '0.5');
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/with --discount: the study says that itself/);
});

test('compare reports a fit that does not converge, and ends with 1', async () => {
  const short = ['--discount', '0.9', '--max-iterations', '1', '--optimizer', 'gradient-descent'];
  const { code, result, stdout } = await compareTables(walks(), ...short);
  expect(code).toBe(1);
  const { methods, differences } = result.comparison;
  expect(methods['causal-entropy'].perDecision).toBeNull();
  expect(methods['causal-entropy'].reasons?.perDecision).toMatch(/fold "f0" did not converge/);
  expect(methods['behavior-cloning'].perDecision).not.toBeNull();
  expect(differences[0].perDecision).toBeNull();
  expect(stdout).toMatch(/cannot be compared: the fit without fold "f0" did not converge/);
});

/** Flags of the walks without folds, and a table of splits with these rows. */
function splitFlags(...rows: string[]): () => Promise<string[]> {
  return async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { 'splits.csv': lines('trajectory,split,is_test', ...rows) });
    return [...tableFlags(folder, walks(false)), '--splits', join(folder, 'splits.csv')];
  };
}

test.each<[string, () => Promise<string[]>, RegExp]>([
  ['nothing', async () => [], /give a study, or the tables .* --transitions and --features/],
  [
    'no folds',
    async () => tableFlags(temporaryFolder(), walks(false)),
    /nothing says what to hold out; give a column "fold"/,
  ],
  [
    'folds twice over',
    async () => [...tableFlags(temporaryFolder(), walks()), '--folds', '3'],
    /have a column "fold" already/,
  ],
  [
    'splits and folds',
    async () => [...tableFlags(temporaryFolder(), walks()), '--folds', '3', '--splits', 'x.csv'],
    /both --splits and --folds/,
  ],
  [
    'splits that are not there',
    async () => [...tableFlags(temporaryFolder(), walks()), '--splits', 'nowhere.csv'],
    /nowhere\.csv: there is no such file/,
  ],
  [
    'a split that tests on what it trains on',
    splitFlags('w0,s,0', 'w1,s,1', 'w0,s,1'),
    /splits\.csv:4: trajectory "w0" is in both train and test in split "s" .*line 2/,
  ],
  [
    'a split without test trajectories',
    splitFlags('w0,s,0', 'w1,s,0'),
    /splits\.csv:2: split "s".* has no trajectory to test on/,
  ],
  [
    'a split without training trajectories',
    splitFlags('w0,s,0', 'w1,s,1', 'w1,t,1'),
    /splits\.csv:4: split "t".* has no trajectory to train on/,
  ],
  [
    'a split of trajectories that are not there, with the nearest',
    splitFlags('w10,s,0', 'w100,s,1'),
    /splits\.csv:3: there is no trajectory "w100" \(did you mean "w10"\?\)/,
  ],
  [
    'a single fold, which leaves nothing to train on',
    async () =>
      tableFlags(temporaryFolder(), {
        ...walks(),
        trajectories: walks().trajectories.replaceAll(/f\d$/gm, 'f0'),
      }),
    /all 18 trajectories are in fold "f0"/,
  ],
  ['a study of cells', async () => ['rust-1987'], /it has 12 cells of its own/],
  ['a study without folds', async () => ['bus-engine'], /nothing says what to hold out/],
])('compare refuses %s', async (_, flags, message) => {
  const given = await flags();
  const model = given[0]?.startsWith('--') ? ['--discount', '0.9'] : [];
  const { code, stdout, stderr } = await revealed('compare', ...given, ...model);
  expect(stderr).toMatch(message);
  expect(stderr).toMatch(/^revealed compare: .+\n$/);
  expect([code, stdout]).toEqual([2, '']);
});
