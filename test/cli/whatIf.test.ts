/** `revealed what-if` as users type it: what it writes, says, refuses. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Quantity, WhatIfResult } from '../../src/evaluation/prediction/whatIfResult.ts';
import {
  lines,
  revealed,
  type TableTexts,
  tableFlags,
  temporaryFolder,
  writeFiles,
} from '../support/commandLine.ts';

const WORLD: TableTexts = {
  transitions: lines('state,action,next_state', 'a,stay,a', 'a,go,b', 'b,stay,b', 'b,go,a'),
  features: lines('state,action,effort,place', 'a,stay,0,1', 'a,go,1,0', 'b,stay,0,0', 'b,go,1,0'),
  trajectories: lines(
    'trajectory,step,state,action',
    ...['1,0,a,stay', '1,1,a,go', '1,2,b,stay', '2,0,b,go', '2,1,a,stay', '2,2,a,go'],
    ...['3,0,a,go', '3,1,b,go', '3,2,a,stay', '4,0,a,stay', '4,1,a,stay', '4,2,a,go'],
  ),
};

/** A square of roads: s to t above or below, and a way back. */
const ROADS: TableTexts = {
  transitions: lines('state,next_state', 's,u', 's,d', 'u,t', 'd,t', 'u,s', 'd,s', 't,s'),
  features: lines(
    'state,next_state,time',
    's,u,1',
    's,d,2',
    'u,t,1',
    'd,t,1',
    'u,s,1',
    'd,s,2',
    't,s,1',
  ),
  trajectories: lines(
    'trajectory,step,state,goal',
    ...['1,0,s,t', '1,1,u,t', '1,2,t,t', '2,0,s,t', '2,1,u,t', '2,2,t,t'],
    ...['3,0,s,t', '3,1,d,t', '3,2,t,t', '4,0,s,t', '4,1,u,t', '4,2,s,t', '4,3,d,t', '4,4,t,t'],
  ),
};

let stay: string;
let roads: string;

beforeAll(async () => {
  const fitted = async (tables: TableTexts, ...flags: string[]) => {
    const folder = temporaryFolder();
    const out = join(folder, 'out');
    const args = [...tableFlags(folder, tables), ...flags, '--out', out];
    const outcome = await revealed('fit', ...args);
    expect(outcome.stderr).toBe('');
    return out;
  };
  stay = await fitted(WORLD, '--discount', '0.8');
  roads = await fitted(ROADS);
}, 120_000);

async function whatIf(...argv: string[]) {
  const out = join(temporaryFolder(), 'what-if');
  const outcome = await revealed('what-if', ...argv, '--out', out);
  const file = join(out, 'what-if.json');
  const result = existsSync(file)
    ? WhatIfResult.parse(JSON.parse(readFileSync(file, 'utf8')))
    : null;
  const of = (name: string): Quantity | undefined =>
    result?.quantities.find((quantity) => quantity.name === name);
  return { ...outcome, out, result, of };
}

describe('what-if', () => {
  test('says what changes, by how much and how sure, and writes all of it', async () => {
    const { code, stdout, result, of } = await whatIf(stay, '--set', 'effort=-3', '--steps', '6');
    expect(code).toBe(0);
    expect(stdout).toMatch(/effort: .* → −3\.000/);
    expect(stdout).toMatch(/"[^"]*" (rises|falls) from|No change shown/);
    expect(stdout).toMatch(/by the delta method from the sandwich covariance, beside 1000 draws/);
    expect(result?.changed.parameters.effort).toBe(-3);
    expect(result?.changed.set).toEqual(['effort']);
    expect(result?.baseline.parameters.effort).not.toBe(-3);
    const go = of('count of: go');
    const { value = null, interval = null } = go ?? {};
    expect((interval?.[0] ?? 9) <= (value ?? 0) && (value ?? 0) <= (interval?.[1] ?? -9)).toBe(
      true,
    );
    expect(go?.difference.value).toBeCloseTo((value ?? 0) - (go?.baseline.value ?? 0), 12);
    expect(go?.difference.value).toBeLessThan(0);
    const visits = result?.quantities.filter(({ name }) => name.startsWith('visits to: ')) ?? [];
    expect(visits.reduce((sum, quantity) => sum + (quantity.value ?? 0), 0)).toBeCloseTo(6, 9);
  });

  test('of a fit that saw all trips to their ends expects what was recorded', async () => {
    const { of, code, result } = await whatIf(roads, '--agents', '4');
    expect(code).toBe(0);
    // The likelihood of whole trips is highest where expected and recorded features agree.
    expect(of('total: time')?.value).toBeCloseTo(2 + 2 + 3 + 1 + 1 + 2 + 1, 6);
    expect(of('visits to: t')?.value).toBeCloseTo(4, 9);
    expect(of('flow: u in s')?.interval).not.toBeNull();
    expect(of('moves per trip')?.value).toBeGreaterThan(2);
    expect(result?.per).toMatchObject({ steps: null, reasons: { steps: /arrive/ } });
  });

  test('takes a road away', async () => {
    const { of, code, result } = await whatIf(roads, '--remove', 'u@s');
    expect(code).toBe(0);
    expect(result?.changed.changes).toEqual(['without "u" in "s"']);
    expect(of('flow: d in s')?.value).toBeGreaterThan(1);
    const gone = of('flow: u in s');
    expect(gone?.value).toBeNull();
    expect(gone?.reasons?.value).toMatch(/no such thing in this world/);
    expect(gone?.baseline.value).toBeGreaterThan(0.5);
  });

  test('says when nobody can arrive any more, and ends with 1', async () => {
    const { of, code, stdout, stderr } = await whatIf(roads, '--remove', 't');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /100 % of the trips cannot reach their goal any more \(from "s" to "t"\)/,
    );
    expect(stdout).toMatch(/No prediction/);
    expect(of('value at the start')?.value).toBeNull();
  });

  test('says when going round for ever would pay, and ends with 1', async () => {
    const { code, stderr, of } = await whatIf(roads, '--set', 'time=1');
    expect(code).toBe(1);
    expect(stderr).toMatch(/no finite value/);
    expect(of('moves per trip')?.value).toBeNull();
    expect(of('moves per trip')?.baseline.value).not.toBeNull();
  });

  test('predicts in other moves, with the features that states and actions had', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, {
      't2.csv': lines(
        'state,action,next_state,probability',
        ...['a,stay,a,1', 'a,go,b,0.5', 'a,go,a,0.5', 'b,stay,b,1', 'b,go,a,1'],
      ),
      'new.csv': lines('state,action,next_state', 'a,stay,a', 'a,jump,b', 'b,stay,b', 'b,go,a'),
      'gone.csv': lines('state,action,next_state', 'a,stay,a'),
    });
    const { code, of } = await whatIf(stay, '--transitions', join(folder, 't2.csv'));
    expect(code).toBe(0);
    expect(of('long-run share of state: b')?.difference.value).toBeLessThan(0);
    const unknown = await whatIf(stay, '--transitions', join(folder, 'new.csv'));
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toMatch(
      /1 actions whose features are not known \("jump@a"\); give them with --features/,
    );
    const gone = await whatIf(stay, '--transitions', join(folder, 'gone.csv'));
    expect(gone.code).toBe(2);
    expect(gone.stderr).toMatch(/the start "b" is not in the changed world/);
  });

  test('predicts with other features, discount and temperature', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, {
      'f2.csv': lines(
        'state,action,effort,place',
        'a,stay,0,1',
        'a,go,9,0',
        'b,stay,0,0',
        'b,go,1,0',
      ),
      'f3.csv': lines(
        'state,action,efort,place',
        'a,stay,0,1',
        'a,go,9,0',
        'b,stay,0,0',
        'b,go,1,0',
      ),
    });
    const set = await whatIf(stay, '--features', join(folder, 'f2.csv'));
    expect(set.of('probability: go in a')?.value).not.toBeCloseTo(
      set.of('probability: go in a')?.baseline.value ?? 0,
      6,
    );
    const wrong = await whatIf(stay, '--features', join(folder, 'f3.csv'));
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/no column "effort" \(did you mean "efort"\?\)/);
    const hot = await whatIf(stay, '--temperature', '1e6', '--discount', '0.5');
    expect(hot.of('probability: go in a')?.value).toBeCloseTo(0.5, 5);
    expect(hot.result?.changed.discount).toBe(0.5);
  });

  test('sweeps a parameter, with a figure', async () => {
    const { code, stdout, result, out } = await whatIf(
      stay,
      '--sweep',
      'effort=-4:0:5',
      '--draws',
      '40',
    );
    expect(code).toBe(0);
    expect(result?.sweep?.points.map(({ value }) => value)).toEqual([-4, -3, -2, -1, 0]);
    const counts = result?.sweep?.points.map(
      ({ quantities }) =>
        quantities.find(({ name }) => name === 'long-run count of: go')?.value ?? 0,
    );
    expect(counts).toEqual([...(counts ?? [])].sort((a, b) => a - b));
    expect(stdout).toMatch(/As "effort" rises, "long-run count of: go" goes from/);
    const svg = readFileSync(join(out, 'sweep.svg'), 'utf8');
    expect(svg).toMatch(/^<svg /);
    expect(svg).not.toMatch(/NaN|undefined/);
  });

  test('gives no number for what the data leave open, and the rest its interval', async () => {
    const folder = temporaryFolder();
    const flags = tableFlags(folder, {
      ...WORLD,
      features: lines(
        'state,action,effort,one',
        'a,stay,0,1',
        'a,go,1,1',
        'b,stay,0,1',
        'b,go,1,1',
      ),
    });
    const out = join(folder, 'out');
    // The same for every choice of three: the data cannot tell what it is worth.
    expect((await revealed('fit', ...flags, '--horizon', '3', '--out', out)).code).toBe(1);
    const { of, code, stdout } = await whatIf(out);
    expect(code).toBe(0);
    const open = of('value at the start');
    expect([open?.value, open?.interval, open?.drawn]).toEqual([null, null, null]);
    expect(open?.reasons?.value).toMatch(/what the data leave open: .*"one"/);
    expect(of('count of: go')?.standardError).toBeGreaterThan(0);
    // Three decisions, whatever the reward.
    expect(of('total: one')?.value).toBeCloseTo(3, 12);
    expect(stdout).toMatch(/value at the start +–/);
  });

  test('is the same for the same seed, and prints JSON that is its file', async () => {
    const first = await revealed('what-if', stay, '--set', 'place=0', '--json', '--seed', '7');
    const again = await revealed('what-if', stay, '--set', 'place=0', '--json', '--seed', '7');
    const other = await revealed('what-if', stay, '--set', 'place=0', '--json', '--seed', '8');
    expect(again.stdout).toBe(first.stdout);
    expect(other.stdout).not.toBe(first.stdout);
    expect(WhatIfResult.safeParse(JSON.parse(first.stdout)).success).toBe(true);
  });

  test.each([
    [['--set', 'efort=1'], /Cannot set "efort": .* did you mean "effort"\?/],
    [['--sweep', 'efort=1:2:3'], /Cannot set "efort"/],
    [['--sweep', 'effort=1:2'], /wanted name=low:high:count/],
    [['--sweep', 'effort=2:1:5'], /low below high/],
    [['--sweep', 'effort=1:2:3', '--quantity', 'nonsense'], /Cannot show "nonsense"/],
    [['--remove', 'stey'], /no action "stey" \(did you mean "stay"\?\)/],
    [['--remove', 'stay@c'], /there is no state "c"/],
    [['--remove', 'stay,go@a'], /state "a" would have no action left/],
    [['--discount', '1.5'], /discount must be in \[0, 1\]/],
    [['--discount', '1'], /with discount 1/],
    [['--steps', '0'], /at least 1/],
    [['--level', '2'], /below 1/],
    [['--method', 'behavior-cloning'], /without parameters/],
  ])('refuses %j', async (flags, message) => {
    const { code, stderr, result } = await whatIf(stay, ...flags);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
    expect(result).toBeNull();
  });
});
