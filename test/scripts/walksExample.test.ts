/** The example of a pipeline, from recorded positions to a fit, as its header says. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readResult, revealed, singleResult, temporaryFolder } from '../support/commandLine.ts';

test('the example pipeline writes tables that fit, and accounts for every row', async () => {
  const folder = temporaryFolder();
  const script = 'scripts/examples/pipeline/walks.ts';
  const printed = execFileSync(process.execPath, ['--import', 'jiti/register', script, folder], {
    encoding: 'utf8',
  });
  expect(printed).toMatch(/clean: 36407 rows in, 5024 out; refused: 31383 \(another scene\)/);
  const refused = readFileSync(join(folder, 'dead-letters.jsonl'), 'utf8').trim().split('\n');
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  expect(refused.length).toBe(manifest.deadLetters);
  const table = (name: string): string => join(folder, `${name}.csv`);
  const tables = ['transitions', 'features', 'trajectories'].flatMap((name) => [
    `--${name}`,
    table(name),
  ]);
  const out = join(folder, 'fitted');
  const outcome = await revealed('fit', ...tables, '--hold-out', '5', '--out', out);
  expect(outcome.code).toBe(0);
  const { methods } = singleResult({ ...outcome, out, result: readResult(out) });
  const heldOut = (method: string): number => {
    const held = methods[method].heldOut;
    return (held?.logLikelihood ?? Number.NaN) / (held?.decisions ?? Number.NaN);
  };
  expect(methods['causal-entropy'].stop).toBe('converged');
  expect(methods['causal-entropy'].clusteredBy).toBe('person');
  expect(heldOut('causal-entropy')).toBeGreaterThan(heldOut('behavior-cloning'));
});
