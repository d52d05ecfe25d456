/** Features, states, actions and folds may be called as what every JavaScript object inherits. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { WhatIfResult } from '../../src/evaluation/prediction/whatIfResult.ts';
import {
  lines,
  revealed,
  type TableTexts,
  tableFlags,
  temporaryFolder,
} from '../support/commandLine.ts';

/** @param named the two features */
function tables(named: string): TableTexts {
  return {
    transitions: lines(
      'state,action,next_state,probability',
      ...['a,constructor,a,0.5', 'a,constructor,b,0.5', 'a,valueOf,b,1'],
      ...['b,constructor,a,1', 'b,toString,b,1'],
    ),
    features: lines(
      `state,action,${named}`,
      ...['a,constructor,1,0.3', 'a,valueOf,0,0.1', 'b,constructor,0,1', 'b,toString,0.5,0'],
    ),
    trajectories: lines(
      'trajectory,step,state,action',
      ...['__proto__,0,a,constructor', '__proto__,1,b,constructor', '__proto__,2,a,valueOf'],
      ...['2,0,b,toString', '2,1,b,constructor', '2,2,a,constructor', '2,3,a,constructor'],
      ...['3,0,b,toString', '3,1,b,toString', '3,2,b,constructor', '3,3,a,valueOf'],
    ),
  };
}

/** What is predicted once the second feature is worth 1, and what is simulated. */
async function answers(named: string) {
  const folder = temporaryFolder();
  const [out, changed] = [join(folder, 'out'), join(folder, 'changed')];
  const fitted = await revealed(
    'fit',
    ...[...tableFlags(folder, tables(named)), '--discount', '0.5', '--out', out],
  );
  expect(fitted.code).toBe(0);
  const second = named.split(',')[1];
  const flags = ['--set', `${second}=1`, '--draws', '20', '--out', changed];
  expect(await revealed('what-if', out, ...flags)).toMatchObject({ code: 0, stderr: '' });
  const text = readFileSync(join(changed, 'what-if.json'), 'utf8');
  const { quantities } = WhatIfResult.parse(JSON.parse(text));
  const simulated = await revealed('simulate', out, '--trajectories', '5');
  expect(simulated).toMatchObject({ code: 0, stderr: '' });
  return { values: quantities.map(({ value }) => value), simulated: simulated.stdout };
}

test('what-if and simulate say the same whatever the features are called', async () => {
  const plain = await answers('one,two');
  expect(plain.values).not.toContain(null);
  expect(await answers('constructor,toString')).toEqual(plain);
}, 60_000);

test('a parameter that no record can hold is refused, not passed over', async () => {
  const folder = temporaryFolder();
  const { code, stderr } = await revealed(
    'fit',
    ...[...tableFlags(folder, tables('__proto__,two')), '--discount', '0.5'],
    ...['--fix', '__proto__=1'],
  );
  expect(code).toBe(2);
  expect(stderr).toMatch(/"__proto__" cannot be set by name; rename it/);
}, 60_000);
