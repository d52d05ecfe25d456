/** A fit to counts beside the fit to the trajectories that were counted. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { countLines, countVisits } from '../../../src/demonstrations/pipeline/countVisits.ts';
import { expectClose } from '../../support/closeness.ts';
import {
  fitTables,
  lines,
  methodOf,
  revealed,
  temporaryFolder,
  writeFiles,
} from '../../support/commandLine.ts';

const example = (name: string) => readFileSync(`scripts/examples/gridworld/${name}.csv`, 'utf8');
const world = { transitions: example('transitions'), features: example('features') };
const walks = example('trajectories');

/** The walks counted by state, action and more. */
async function countsOf(text: string, more: object = {}): Promise<string> {
  const folder = temporaryFolder();
  writeFiles(folder, { 'log.csv': text });
  const columns = { state: 'state', action: 'action', ...more };
  return [...countLines(await countVisits(join(folder, 'log.csv'), columns))].join('');
}

const METHODS = ['causal-entropy', 'behavior-cloning', 'behavior-cloning-features'];

describe('counts', () => {
  test.each([
    ['towards goals', walks, { goal: 'goal' }, []],
    ['for ever', walks.replaceAll(/,[^,\n]*\n/g, '\n'), {}, ['--discount', '0.9']],
  ] as const)('fit as the trajectories do that were counted: %s', async (_, text, more, flags) => {
    const asked = [...flags, '--methods', METHODS.join(',')];
    const followed = await fitTables({ ...world, trajectories: text }, ...asked);
    const counted = await fitTables(
      { ...world, trajectories: await countsOf(text, more) },
      ...asked,
    );
    // Cloning by features does not identify the price of a step, which every choice has.
    expect(counted.code).toBe(followed.code);
    for (const name of METHODS) {
      const [one, other] = [methodOf(followed, name), methodOf(counted, name)];
      expectClose(
        [other.logLikelihood, other.bic, other.aic, other.rhoSquared].map(Number),
        [one.logLikelihood, one.bic, one.aic, one.rhoSquared].map(Number),
        1e-9,
      );
      one.parameters.forEach((parameter, k) => {
        const { estimate, standardErrors } = other.parameters[k];
        if (parameter.standardErrors === null) {
          expect(standardErrors).toBeNull();
          return;
        }
        const kinds = ['hessian', 'outerProduct'] as const;
        expectClose(
          [estimate, ...kinds.map((kind) => standardErrors?.[kind])].map(Number),
          [parameter.estimate, ...kinds.map((kind) => parameter.standardErrors?.[kind])].map(
            Number,
          ),
          1e-6,
        );
        expect(standardErrors).toMatchObject({ outerProductTrajectory: null, sandwich: null });
        expect(standardErrors?.reasons?.sandwich).toMatch(/decisions were counted/);
      });
    }
    const [one, other] = [followed, counted].map(({ result }) => result);
    if (!one || !other || !('data' in one) || !('data' in other)) throw new Error('no results');
    expect(other.data.decisions).toBe(one.data.decisions);
    expect(other.data).toMatchObject({ counted: true, cutOff: 0 });
    expect(other.data.choices).toEqual(one.data.choices);
    expect(other.data.histograms?.states).toEqual(one.data.histograms?.states);
    expect(counted.stderr + counted.stdout).toMatch(/holds counts/);
  });

  test('find the action by where it led, where moves determine it', async () => {
    const text = await countsOf(walks.replaceAll(/,[^,\n]*\n/g, '\n'));
    const moves = new Map(
      example('transitions')
        .trimEnd()
        .split('\n')
        .map((line) => line.split(','))
        .map(([state, action, next]) => [`${state},${action}`, `${state},${next}`]),
    );
    const byNext = text.replaceAll(
      /^([^,\n]+,[^,\n]+)(?=,\d)/gm,
      (pair) => moves.get(pair) ?? pair,
    );
    const header = byNext.replace('state,action,', 'state,next_state,');
    const flags = ['--discount', '0.9', '--methods', 'causal-entropy'];
    const byAction = await fitTables({ ...world, trajectories: text }, ...flags);
    const inferred = await fitTables({ ...world, trajectories: header }, ...flags);
    expect(methodOf(inferred).parameters).toEqual(methodOf(byAction).parameters);
  });

  test('are refused what only trajectories can tell', async () => {
    const trajectories = await countsOf(walks, { goal: 'goal' });
    const tables = { ...world, trajectories };
    const refused = async (...flags: string[]) => (await fitTables(tables, ...flags)).stderr;
    expect(await refused('--objective', 'feature-matching')).toMatch(/match features of counts/);
    expect(await refused('--methods', 'latent-classes')).toMatch(/fit latent-classes to counts/);
    const plain = { ...world, trajectories: await countsOf(walks) };
    const horizon = await fitTables(plain, '--horizon', '20');
    expect(horizon.stderr).toMatch(/fit a finite horizon to counts/);
    const { out } = await fitTables(tables, '--methods', 'causal-entropy');
    const again = await revealed('bootstrap', out);
    expect(again.stderr).toMatch(/it was fitted to counts/);
  });

  test('name the line that is wrong', async () => {
    const one = (...rows: string[]) =>
      fitTables({ ...world, trajectories: lines(...rows) }, '--discount', '0.9');
    expect((await one('state,action,count', 'A1,up,3')).stderr).toMatch(
      /trajectories\.csv:2: action "up" is not available/,
    );
    expect((await one('state,action,count', 'A1,east,-3')).stderr).toMatch(/:2: "count" must be/);
    expect((await one('state,next_state,count', 'A1,D4,3')).stderr).toMatch(
      /:2: no move leads from state "A1" to "D4"/,
    );
  });
});
