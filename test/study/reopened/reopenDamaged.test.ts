/** Results that are damaged, of another version, or no longer of what they were made from. */

import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
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
    'trajectory,step,state,action',
    ...['1,0,a,stay', '1,1,a,go', '1,2,b,stay', '2,0,b,go', '2,1,a,stay'],
    ...['3,0,a,go', '3,1,b,go', '4,0,a,stay', '4,1,a,stay', '4,2,a,go'],
  ),
};

let folder = '';
let out = '';
beforeEach(async () => {
  folder = temporaryFolder();
  out = join(folder, 'out');
  const flags = [...tableFlags(folder, TABLES), '--discount', '0.9', '--out', out];
  expect((await revealed('fit', ...flags)).code).toBe(0);
});

// biome-ignore lint/suspicious/noExplicitAny: what is broken has no type
type Anything = any;

/** Changes result.json. */
function edit(change: (result: Anything) => unknown): void {
  const file = join(out, 'result.json');
  const result = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify(change(result) ?? result));
}

const array = (name: string) => join(out, 'arrays', 'causal-entropy', `${name}.f64`);

/** Changes the manifest of the arrays. */
function editManifest(change: (entry: Anything) => void): void {
  const file = join(out, 'arrays', 'manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  manifest.arrays.forEach(change);
  writeFileSync(file, JSON.stringify(manifest));
}

describe('reopen refuses', () => {
  const first = (result: Anything) => result.methods['causal-entropy'].parameters[0];

  test.each<[string, (result: Anything) => unknown, RegExp]>([
    ['another format', (r) => ({ ...r, format: 2 }), /in format 2, and this is .* reads format 1/],
    ['a newer program', (r) => ({ ...r, revealed: '99.0.0' }), /written by revealed 99\.0\.0/],
    ['no format', ({ format: _, ...r }) => r, /not a result of revealed/],
    ['a list', () => [1, 2], /not a result of revealed/],
    ['nothing', () => 'null', /not a result of revealed/],
    ['no methods', ({ methods: _, ...r }) => r, /damaged/],
    [
      'an estimate of text',
      (r) => {
        first(r).estimate = '1';
      },
      /damaged/,
    ],
    [
      'a stop that is none',
      (r) => {
        r.methods['causal-entropy'].stop = 'fine';
      },
      /damaged/,
    ],
    [
      'an estimate that is missing',
      (r) => {
        delete first(r).estimate;
      },
      /damaged/,
    ],
    [
      'an estimate that is null',
      (r) => {
        first(r).estimate = null;
      },
      /no estimate of "effort"/,
    ],
    [
      'a parameter too few',
      (r) => {
        r.methods['causal-entropy'].parameters.pop();
      },
      /its parameters are "effort", but the features are "effort", "place"/,
    ],
    [
      'parameters in another order',
      (r) => {
        r.methods['causal-entropy'].parameters.reverse();
      },
      /its parameters are "place", "effort"/,
    ],
    [
      'estimates that were edited',
      (r) => {
        first(r).estimate += 0.01;
      },
      /do not give the reward/,
    ],
    ['no source', ({ source: _, ...r }) => r, /does not say what was run/],
    ['a source of nothing', (r) => ({ ...r, source: {} }), /wanted a study or tables/],
  ])('%s', async (_, change, says) => {
    edit(change);
    await expect(reopen(out)).rejects.toThrow(says);
  });

  test('a file that ends early, is empty, or is not there', async () => {
    const file = join(out, 'result.json');
    truncateSync(file, 300);
    await expect(reopen(out)).rejects.toThrow(/result\.json: it is damaged \(/);
    truncateSync(file, 0);
    await expect(reopen(out)).rejects.toThrow(/damaged/);
    rmSync(file);
    await expect(reopen(out)).rejects.toThrow(/Cannot find .*result\.json/);
  });

  test('arrays that are missing, cut, of another length or of no numbers', async () => {
    const manifest = join(out, 'arrays', 'manifest.json');
    const listed = readFileSync(manifest, 'utf8');
    const covariance = readFileSync(array('covariance-hessian'));
    const restore = () => {
      writeFileSync(manifest, listed);
      writeFileSync(array('covariance-hessian'), covariance);
    };
    truncateSync(array('covariance-hessian'), 20);
    await expect(reopen(out)).rejects.toThrow(/covariance-hessian\.f64: wanted 32 bytes, got 20/);

    restore();
    truncateSync(array('covariance-hessian'), 24);
    editManifest((entry) => {
      if (entry.array === 'covariance-hessian') entry.length = 3;
    });
    await expect(reopen(out)).rejects.toThrow(
      /"covariance-hessian" must be 4 finite numbers, got 3/,
    );

    restore();
    writeFileSync(array('covariance-hessian'), new Uint8Array(32).fill(255));
    await expect(reopen(out)).rejects.toThrow(/got 4, 0 of them finite/);

    restore();
    await expect(reopen(out)).resolves.toBeDefined();
    rmSync(array('covariance-hessian'));
    await expect(reopen(out)).rejects.toThrow(/covariance-hessian\.f64: it is missing/);
    writeFileSync(manifest, '{ "arrays": [');
    await expect(reopen(out)).rejects.toThrow(/manifest\.json: it is not JSON/);
    writeFileSync(manifest, '{ "arrays": [{}] }');
    await expect(reopen(out)).rejects.toThrow(/manifest\.json: it is not a list of arrays/);
  });

  test.each(['transitions', 'features', 'trajectories'] as const)(
    '%s that changed since, though they still fit',
    async (table) => {
      const text = TABLES[table];
      const changed = {
        transitions: text,
        features: text.replace('a,go,1,0', 'a,go,2,0'),
        trajectories: text.replace('1,2,b,stay', '1,2,b,go'),
      }[table];
      writeFiles(folder, { [`${table}.csv`]: `${changed}${table === 'transitions' ? '\n' : ''}` });
      await expect(reopen(out)).rejects.toThrow(`${table}.csv has changed since`);
    },
  );

  test('a study whose features changed since', async () => {
    const study = (price: number) => `
      import { defineStudy, loadPlainTables } from 'revealed';
      const table = (name: string) => ${JSON.stringify(folder)} + '/' + name + '.csv';
      export default defineStudy({
        name: 'priced',
        title: 'A study in code',
        data: async () => {
          const files = { transitions: table('transitions'), features: table('features'), trajectories: table('trajectories') };
          const tables = await loadPlainTables(files, { kind: 'discounted', discount: 0.9 });
          return { ...tables, tables };
        },
        world: ({ tables }) => tables.world,
        features: { price: (state, action) => (state === 'a' && action === 'go' ? ${price} : 0) },
        discount: 0.9,
        methods: ['causal-entropy'],
      });
    `;
    writeFiles(folder, { 'priced.ts': study(1) });
    const priced = join(folder, 'priced');
    const ran = await revealed('run', join(folder, 'priced.ts'), '--out', priced);
    expect(ran.stderr).toBe('');
    await expect(reopen(priced)).resolves.toBeDefined();
    writeFiles(folder, { 'priced.ts': study(2) });
    await expect(reopen(priced)).rejects.toThrow(/do not give the reward .* features have changed/);
  });

  test('tables that are gone', async () => {
    rmSync(join(folder, 'features.csv'));
    await expect(reopen(out)).rejects.toThrow(/features\.csv: there is no such file/);
  });

  test('names that the result does not have, with the nearest one', async () => {
    await expect(reopen(out, { method: 'causal-entrpy' })).rejects.toThrow(
      /there are "causal-entropy", "behavior-cloning"; did you mean "causal-entropy"\?/,
    );
    await expect(reopen(out, { method: 'behavior-cloning' })).rejects.toThrow(
      /method without parameters/,
    );
  });
});
