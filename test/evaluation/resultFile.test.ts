/**
 * What a fit leaves behind: the keys that users' scripts rely on, a reason for whatever has no
 * value, arrays that say what the numbers say, and the same bits for the same seed.
 */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ResultFile } from '../../src/evaluation/resultFile.ts';
import { version } from '../../src/study/version.ts';
import {
  filesBelow,
  fitTables,
  lines,
  methodOf,
  revealed,
  singleResult,
  type TableTexts,
  tableFlags,
  temporaryFolder,
} from '../support/commandLine.ts';

const METHODS = [
  'causal-entropy',
  'behavior-cloning',
  'behavior-cloning-features',
  'behavior-cloning-per-goal',
];

/** Three rooms in a row; the last is home and people like it warm. */
const TABLES: TableTexts = {
  transitions: lines(
    'state,action,next_state,probability',
    'hall,right,den,0.9',
    'hall,right,hall,0.1',
    'hall,stay,hall,1',
    'den,left,hall,1',
    'den,right,home,0.8',
    'den,right,den,0.2',
    'home,stay,home,1',
    'home,left,den,1',
  ),
  features: lines(
    'state,action,effort,warmth',
    'hall,right,1,0',
    'hall,stay,0,0.2',
    'den,left,1,0.1',
    'den,right,1,0.1',
    'home,stay,0,1',
    'home,left,1,1',
  ),
  trajectories: lines(
    'trajectory,step,state,action,fold',
    'a,0,hall,right,x',
    'a,1,den,right,x',
    'a,2,home,stay,x',
    'a,3,home,stay,x',
    'b,0,hall,stay,x',
    'b,1,hall,right,x',
    'b,2,den,left,x',
    'b,3,hall,right,x',
    'b,4,den,right,x',
    'b,5,den,right,x',
    'b,6,home,left,x',
    'c,0,home,stay,y',
    'c,1,home,left,y',
    'c,2,den,right,y',
    'c,3,home,,y',
  ),
};
const FLAGS = ['--discount', '0.9'];
const LOOP = [...FLAGS, '--methods', 'causal-entropy-loop'];

/** Every null of a plain object that has no reason beside it, and every number that is none. */
function unexplained(value: unknown, path = '$'): string[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => unexplained(item, `${path}[${i}]`));
  if (typeof value !== 'object' || value === null)
    return typeof value === 'number' && !Number.isFinite(value) ? [path] : [];
  const { reasons = {} } = value as { reasons?: Record<string, string> };
  return Object.entries(value).flatMap(([key, inner]) =>
    inner === null && !reasons[key] ? [`${path}.${key}`] : unexplained(inner, `${path}.${key}`),
  );
}

function withoutSeconds(result: ResultFile): unknown {
  return JSON.parse(JSON.stringify(result, (key, value) => (key === 'seconds' ? 0 : value)));
}

describe('the result of a fit', () => {
  test('has the keys that were promised', async () => {
    const outcome = await fitTables(
      TABLES,
      ...FLAGS,
      '--methods',
      METHODS.join(','),
      '--seed',
      '7',
    );
    expect(outcome.code, outcome.stdout).toBe(0);
    const result = singleResult(outcome);
    expect(result).toMatchObject({ format: 1, revealed: version, seed: 7, backend: null });
    expect(result.data).toMatchObject({
      trajectories: 3,
      decisions: 14,
      states: 3,
      actions: 3,
      goals: 0,
      cutOff: 0,
      empty: 0,
    });
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    for (const name of ['transitions', 'features', 'trajectories'] as const)
      expect(result.data.files).toContainEqual({
        name: `${name}.csv`,
        sha256: sha256(TABLES[name]),
        rows: TABLES[name].trimEnd().split('\n').length - 1,
      });
    expect(result.published).toEqual([]);
    expect(Object.keys(result.methods)).toEqual(METHODS);
    for (const method of Object.values(result.methods)) {
      const keys = 'stop logLikelihood gradientNorm evaluations seconds parameters heldOut';
      expect(Object.keys(method)).toEqual(expect.arrayContaining(keys.split(' ')));
      expect(method.stop).toBe('converged');
      expect(method.logLikelihood).toBeLessThan(0);
      expect(method.gradientNorm).toBeLessThan(1e-5);
      expect(method.heldOut).toBeNull();
    }
    for (const name of METHODS.filter((method) => !/cloning(-per-goal)?$/.test(method))) {
      const { parameters } = result.methods[name];
      expect(parameters.map((parameter) => parameter.name)).toEqual(['effort', 'warmth']);
      for (const parameter of parameters) expect(parameter).toHaveProperty('standardErrors');
    }
    for (const name of ['behavior-cloning', 'behavior-cloning-per-goal'])
      expect(result.methods[name].parameters).toEqual([]);
    // Without goals there is one table, whatever it is called.
    expect(result.methods['behavior-cloning-per-goal'].logLikelihood).toBeCloseTo(
      result.methods['behavior-cloning'].logLikelihood ?? Number.NaN,
      12,
    );
    expect(result.methods['behavior-cloning'].logLikelihood).toBeGreaterThan(
      result.methods['causal-entropy'].logLikelihood ?? 0,
    );
  });

  test.each([
    ['as it is', FLAGS],
    ['with a fold held out', [...FLAGS, '--hold-out', 'y']],
    ['with a fold of one trajectory to fit', [...FLAGS, '--hold-out', 'x']],
    ['by feature matching', [...FLAGS, '--objective', 'feature-matching']],
    ['cut short', [...FLAGS, '--max-iterations', '1', '--optimizer', 'gradient-descent']],
    ['by the loop, which runs away', [...LOOP, '--max-iterations', '9']],
    ['with everything fixed', [...FLAGS, '--fix', 'effort=0,warmth=1']],
    ['at a bound', [...FLAGS, '--bounds', 'warmth=:0']],
    ['with a horizon', ['--horizon', '9']],
    ['without a future', ['--discount', '0']],
  ])('has a reason for whatever is null: %s', async (_, flags) => {
    const outcome = await fitTables(TABLES, '--methods', METHODS.join(','), ...flags);
    expect(outcome.stderr).toBe('');
    const { backend: _backend, ...result } = singleResult(outcome);
    expect(unexplained(result)).toEqual([]);
    expect(readFileSync(join(outcome.out, 'result.json'), 'utf8')).not.toMatch(/NaN|Infinity/);
  });

  test('has a reason for whatever is null where nothing is feasible', async () => {
    const outcome = await fitTables(
      {
        transitions: lines('state,next_state', 'a,b', 'b,a', 'b,home'),
        features: lines('state,nothing', 'a,0', 'b,0'),
        trajectories: lines(
          'trajectory,step,state,goal',
          'x,0,a,home',
          'x,1,b,home',
          'x,2,home,home',
        ),
      },
      '--methods',
      [...METHODS, 'causal-entropy-loop'].join(','),
    );
    expect(outcome.code).toBe(1);
    const { backend: _backend, ...result } = singleResult(outcome);
    expect(result.methods['causal-entropy'].stop).toBe('infeasible');
    expect(unexplained(result)).toEqual([]);
  });

  test('is what --json prints', async () => {
    const outcome = await fitTables(TABLES, ...FLAGS, '--json');
    expect(outcome.code).toBe(0);
    expect(outcome.stdout).toBe(readFileSync(join(outcome.out, 'result.json'), 'utf8'));
    expect(() => ResultFile.parse(JSON.parse(outcome.stdout))).not.toThrow();
  });

  test('is the same, bit for bit, from the same seed', async () => {
    const flags = [...FLAGS, '--methods', METHODS.join(','), '--seed', '3'];
    const [first, second] = [await fitTables(TABLES, ...flags), await fitTables(TABLES, ...flags)];
    expect(withoutSeconds(singleResult(second))).toEqual(withoutSeconds(singleResult(first)));
    expect(filesBelow(second.out)).toEqual(filesBelow(first.out));
    for (const file of filesBelow(first.out).filter((name) => name !== 'result.json'))
      expect(readFileSync(join(second.out, file))).toEqual(readFileSync(join(first.out, file)));
  });

  test('leaves nothing half-done beside it', async () => {
    const { out } = await fitTables(TABLES, ...FLAGS);
    expect(filesBelow(out).filter((file) => /state\.json|\.part$/.test(file))).toEqual([]);
  });

  test('is written without --out nowhere', async () => {
    const folder = temporaryFolder();
    const flags = tableFlags(folder, TABLES);
    const before = filesBelow(folder);
    const { code, stdout } = await revealed('fit', ...flags, ...FLAGS);
    expect(code).toBe(0);
    expect(stdout).toMatch(/causal-entropy +converged/);
    expect(filesBelow(folder)).toEqual(before);
  });
});

describe('the arrays beside the result', () => {
  interface Manifest {
    readonly arrays: readonly { file: string; type: string; byteOrder: string; length: number }[];
  }

  function readArrays(out: string): Map<string, number[]> {
    const text = readFileSync(join(out, 'arrays', 'manifest.json'), 'utf8');
    const { arrays } = JSON.parse(text) as Manifest;
    return new Map(
      arrays.map(({ file, type, byteOrder, length }) => {
        expect([type, byteOrder]).toEqual(['float64', 'little']);
        const bytes = readFileSync(join(out, file));
        expect(bytes.length).toBe(8 * length);
        return [file, Array.from({ length }, (_, i) => bytes.readDoubleLE(8 * i))];
      }),
    );
  }

  test('are listed, flat and little-endian', async () => {
    const { out } = await fitTables(TABLES, ...FLAGS, '--methods', METHODS.join(','));
    const listed = [...readArrays(out).keys()];
    const there = filesBelow(out).filter((file) => file.endsWith('.f64'));
    expect(listed.toSorted()).toEqual(there);
    expect(listed).toContain('arrays/causal-entropy/reward.f64');
  });

  test('hold the reward of each pair, states and actions in the order of their names', async () => {
    const outcome = await fitTables(TABLES, ...FLAGS);
    const reward = readArrays(outcome.out).get('arrays/causal-entropy/reward.f64');
    const [effort, warmth] = methodOf(outcome).parameters.map(({ estimate }) => estimate ?? 0);
    // den: left, right; hall: right, stay; home: left, stay
    const pairs = [
      [1, 0.1],
      [1, 0.1],
      [1, 0],
      [0, 0.2],
      [1, 1],
      [0, 1],
    ];
    expect(reward).toHaveLength(pairs.length);
    pairs.forEach(([e, w], pair) => {
      expect(reward?.[pair]).toBeCloseTo(effort * e + warmth * w, 12);
    });
  });

  test('hold policies that sum to one over the pairs of each state', async () => {
    const outcome = await fitTables(TABLES, ...FLAGS);
    const policies = [...readArrays(outcome.out)].filter(([file]) => file.endsWith('policy.f64'));
    expect(policies.map(([file]) => file)).toContain('arrays/behavior-cloning/policy.f64');
    for (const [, policy] of policies)
      for (const first of [0, 2, 4]) expect(policy[first] + policy[first + 1]).toBeCloseTo(1, 12);
  });
});
