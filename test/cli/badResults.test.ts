/** Whatever starts from a result refuses one that it cannot trust, with words and exit 2. */

import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  filesBelow,
  lines,
  revealed,
  type TableTexts,
  tableFlags,
  temporaryFolder,
  writeFiles,
} from '../support/commandLine.ts';

const TABLES: TableTexts = {
  transitions: lines('state,action,next_state', 'a,stay,a', 'a,go,b', 'b,stay,b', 'b,go,a'),
  features: lines('state,action,effort,place', 'a,stay,0,1', 'a,go,1,0', 'b,stay,0,0', 'b,go,1,0'),
  trajectories: lines(
    'trajectory,step,state,action',
    ...['1,0,a,stay', '1,1,a,go', '1,2,b,stay', '2,0,b,go', '2,1,a,stay', '2,2,a,stay'],
    ...['3,0,a,go', '3,1,b,go', '4,0,a,stay', '4,1,a,stay', '4,2,a,go', '5,0,b,stay'],
  ),
};

/** What follows the path of a result. */
const COMMANDS: readonly (readonly [string, ...string[]])[] = [
  ['what-if', '--set', 'effort=0'],
  ['simulate'],
  ['test', '--restrict', 'effort=0'],
  ['profile'],
  ['bootstrap', '--draws', '5'],
  ['table'],
  ['report'],
];

let text: string;
beforeAll(async () => {
  const folder = temporaryFolder();
  const out = join(folder, 'out');
  await revealed('fit', ...tableFlags(folder, TABLES), '--discount', '0.9', '--out', out);
  text = readFileSync(join(out, 'result.json'), 'utf8');
});

describe.each(COMMANDS)('%s', (command, ...flags) => {
  test.each<[string, (good: string) => string, RegExp]>([
    ['of another format', (t) => t.replace('"format": 1', '"format": 2'), /format 2/],
    [
      'of a later version',
      (t) => t.replace(/"revealed": ".*"/, '"revealed": "99.0.0"'),
      /99\.0\.0/,
    ],
    ['that is cut short', (t) => t.slice(0, t.length / 2), /damaged .*run the fit again/],
    ['that is empty', () => '', /damaged/],
    ['that is something else', () => '[1, 2]', /is not a result of revealed/],
    ['with a text for a number', (t) => t.replace(/"seed": 0/, '"seed": "no"'), /damaged/],
  ])('refuses a result %s', async (_, damage, words) => {
    const out = join(temporaryFolder(), 'out');
    mkdirSync(out);
    expect(damage(text)).not.toBe(text);
    writeFiles(out, { 'result.json': damage(text) });
    const { code, stdout, stderr } = await revealed(command, out, ...flags);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(new RegExp(`^revealed ${command}: Cannot read .*result\\.json: `));
    expect(stderr).toMatch(words);
    expect(filesBelow(out)).toEqual(['result.json']);
  });

  test('refuses a folder without a result', async () => {
    const { code, stderr } = await revealed(command, join(temporaryFolder(), 'none'), ...flags);
    expect(code).toBe(2);
    expect(stderr).toMatch(/Cannot find .*none: wanted the result\.json of a run/);
  });
});
