/** Classes, tables and searches from the command line, on the park of the examples. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SearchResult } from '../../src/evaluation/comparison/searchResult.ts';
import { ResultFile } from '../../src/evaluation/resultFile.ts';
import { filesBelow, revealed, temporaryFolder } from '../support/commandLine.ts';

const PARK = 'scripts/examples/gridworld';
const tables = ['transitions', 'features', 'trajectories'].flatMap((name) => [
  `--${name}`,
  join(PARK, `${name}.csv`),
]);

test('fit finds classes, keeps who belongs where, and table prints them beside one', async () => {
  const out = temporaryFolder();
  const methods = ['--methods', 'causal-entropy,latent-classes', '--restarts', '3'];
  const outcome = await revealed('fit', ...tables, ...methods, '--classes', '2', '--out', out);
  expect(outcome.code).toBe(0);
  for (const words of ['class 1: step', 'share of class 2', 'starts ended at this likelihood'])
    expect(outcome.stdout).toContain(words);
  const text = readFileSync(join(out, 'result.json'), 'utf8');
  const parsed = ResultFile.parse(JSON.parse(text));
  // Nothing is in the file that its schema does not know.
  expect(JSON.parse(JSON.stringify(parsed))).toEqual(JSON.parse(text));
  if (!('methods' in parsed)) throw new TypeError('wanted one experiment');
  const { classes, classCounts, restarts } = parsed.methods['latent-classes'];
  expect(classes?.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
  expect(classCounts?.map((row) => row.classes)).toEqual([1, 2, 3]);
  expect(classCounts?.[0].logLikelihood).toBeCloseTo(
    parsed.methods['causal-entropy'].logLikelihood ?? 0,
    6,
  );
  const share = parsed.methods['latent-classes'].parameters.at(-1);
  const [low, high] = share?.intervals?.sandwich ?? [];
  expect(low).toBeGreaterThan(0);
  expect(high).toBeLessThan(1);
  expect(share?.p?.sandwich).toBeNull();
  expect(share?.p?.reasons?.sandwich).toContain('at the edge');
  expect(restarts?.length).toBe(3);
  expect(filesBelow(out)).toContain('arrays/latent-classes/posterior.f64');
  expect(readFileSync(join(out, 'arrays/latent-classes/posterior.f64')).length).toBe(60 * 2 * 8);

  const printed = await revealed('table', out, '--stars');
  expect(printed.code).toBe(0);
  expect(printed.stdout).toMatch(/causal-entropy +latent-classes/);
  expect(printed.stdout).toMatch(/step +−1\.\d+\*\*\*/);
  expect((await revealed('table', out, '--format', 'latex')).stdout).toContain('\\toprule');
  expect((await revealed('table', out, '--format', 'html')).stdout).toContain(
    '<th scope="row">mud',
  );
  const asJson = await revealed('table', out, '--json', '--methods', 'causal-entropy');
  expect(JSON.parse(asJson.stdout).columns).toEqual(['causal-entropy']);
});

test('table and classes refuse what is not there with exit code 2', async () => {
  const out = temporaryFolder();
  const cases: [string[], RegExp][] = [
    [['table', join(out, 'nowhere')], /Cannot find .*nowhere/],
    [['table', out, '--errors', 'guess'], /--errors/],
    [['fit', ...tables, '--classes', '3'], /only the method latent-classes finds classes/],
    [['fit', ...tables, '--methods', 'latent-classes', '--classes', '1'], /--classes/],
    [['search', ...tables], /nothing says what to hold out/],
    [['search', ...tables, '--folds', '3', '--keep', 'stepp'], /did you mean "step"/],
    [['search', '--folds', '3'], /--transitions and --features and --trajectories are missing/],
    [['search', ...tables, '--folds', '3', '--resume'], /Cannot resume without a folder/],
  ];
  for (const [argv, words] of cases) {
    const { code, stderr } = await revealed(...argv);
    expect(code, argv.join(' ')).toBe(2);
    expect(stderr).toMatch(words);
  }
});

test('search needs a step to arrive at all, and finds the mud', async () => {
  const out = temporaryFolder();
  const { code, stdout } = await revealed('search', ...tables, '--folds', '5', '--out', out);
  expect(code).toBe(0);
  expect(stdout).toContain('Chosen: "step", "mud"');
  const result = SearchResult.parse(JSON.parse(readFileSync(join(out, 'search.json'), 'utf8')));
  // Without a price of a step people would walk about for ever.
  expect(result.path[0]).toMatchObject({ stop: 'infeasible', perDecision: null });
  expect(result.path[1]).toMatchObject({ feature: 'step', difference: null });
  expect(result.path[1].reasons?.difference).toContain('infeasible');
  expect(filesBelow(out)).toEqual(['search.json']);
});
