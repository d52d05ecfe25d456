/** Networks of `revealed fit` and `revealed compare`: their options, and what they run on. */

import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { specificationsOf } from '../../src/study/specifications.ts';
import { tablesExperiment } from '../../src/study/tablesExperiment.ts';
import {
  fitTables,
  lines,
  methodOf,
  readResult,
  revealed,
  type TableTexts,
  tableFlags,
  temporaryFolder,
} from '../support/commandLine.ts';
import { seededRandom } from '../support/seededRandom.ts';

afterEach(() => vi.unstubAllEnvs());

/** Walks on a ring of six that mostly stay in two opposite states. */
function walks(): TableTexts {
  const random = seededRandom(4);
  const transitions = ['state,action,next_state'];
  const features = ['state,action,x'];
  for (let s = 0; s < 6; s++)
    for (const [action, by] of [
      ['stay', 0],
      ['on', 1],
    ] as const) {
      transitions.push(`${s},${action},${(s + by) % 6}`);
      features.push(`${s},${action},${((s + by) % 6) / 6}`);
    }
  const trajectories = ['trajectory,step,state,action,fold'];
  for (let i = 0; i < 12; i++) {
    let s = i % 6;
    for (let step = 0; step < 6; step++) {
      const action = random.chance(s % 3 === 0 ? 0.8 : 0.2) ? 'stay' : 'on';
      trajectories.push(`w${i},${step},${s},${action},f${i % 2}`);
      if (action === 'on') s = (s + 1) % 6;
    }
  }
  return {
    transitions: lines(...transitions),
    features: lines(...features),
    trajectories: lines(...trajectories),
  };
}

const METHODS = ['causal-entropy-network', 'behavior-cloning-network'];
const MODEL = ['--discount', '0.8', '--methods', METHODS.join(',')];

test('fit takes the options of networks as flags, and tells them', async () => {
  vi.stubEnv('REVEALED_BACKEND', 'plain');
  const flags =
    '--network-hidden 4,3 --network-l2 0.5 --network-held-out 0.25 --network-patience 2';
  const outcome = await fitTables(walks(), ...MODEL, ...flags.split(' '));
  expect(outcome.stderr).toBe('');
  expect(outcome.result?.backend).toBe('plain');
  for (const name of METHODS)
    expect(methodOf(outcome, name).network).toMatchObject({
      hidden: [4, 3],
      l2: 0.5,
      engine: 'plain',
      heldOut: { trajectories: 3 },
    });
});

test('compare takes them too, and what they change shows', async () => {
  const compare = async (...flags: string[]) => {
    const folder = temporaryFolder();
    const out = join(folder, 'out');
    const { stderr } = await revealed(
      ...['compare', ...tableFlags(folder, walks()), '--out', out, ...MODEL, ...flags],
    );
    expect(stderr).toBe('');
    const result = readResult(out);
    if (!result || !('cells' in result)) throw new Error('no cells');
    return result;
  };
  const short = ['--network-hidden', '3', '--network-held-out', '0'];
  const [two, four] = [
    await compare(...short, '--network-max-iterations', '2'),
    await compare(...short, '--network-max-iterations', '4'),
  ];
  expect([two.backend, four.backend]).toEqual(['kernels', 'kernels']);
  for (const [i, { methods }] of two.cells.entries())
    for (const name of METHODS) {
      const [early, late] = [methods[name], four.cells[i].methods[name]];
      expect(early.network).toMatchObject({ hidden: [3], l2: 1, heldOut: null });
      expect(early.stop).toBe('max-iterations');
      expect(late.logLikelihood).not.toBe(early.logLikelihood);
    }
});

test.each([
  ['--network-hidden 16,no', '--network-hidden: wanted whole numbers above 0, separated by commas'],
  ['--network-hidden 0', 'wanted whole numbers above 0, separated by commas, got "0"'],
  ['--network-l2 -1', '--network-l2: must be at least 0, got -1'],
  ['--network-held-out 1', '--network-held-out: '],
  ['--network-rate 0.1', 'give --network-goals-per-step too'],
  ['--network-goals-per-step 2 --network-rate 0.1', 'Cannot take 2 goals at a time'],
  ['--network-l2 2 --methods causal-entropy', 'only causal-entropy-network and behavior-cloning'],
])('fit refuses %s', async (flags, words) => {
  const { code, stderr } = await fitTables(walks(), ...MODEL, ...flags.split(' '));
  expect(code).toBe(2);
  expect(stderr).toContain(words);
});

test('fit --help tells the defaults of networks', async () => {
  const { stdout } = await revealed('fit', '--help');
  const told = stdout.replace(/\s+/g, ' ');
  expect(told).toContain(
    '--network-hidden <value> networks: widths of hidden layers (default 16,16)',
  );
  expect(told).toContain('--network-held-out <number> networks: share');
  expect(told).toMatch(/--network-patience .*? likelihood \(default 20\)/);
});

test('tablesExperiment lets a specification have a network of its own', () => {
  const tables = { transitions: 't', features: 'f', trajectories: 'd', discount: 0.9 };
  const method = 'causal-entropy-network' as const;
  const methods = [method, { name: 'wide', method, network: { hidden: [64] } }];
  const given = { ...tables, network: { hidden: [8] } };
  const [one, other] = specificationsOf(tablesExperiment({ ...given, methods }));
  expect([one, other].map(({ fit }) => fit.network?.hidden)).toEqual([[8], [64]]);
  const idle = [method, { name: 'line', method: 'causal-entropy' as const, network: {} }];
  expect(() => tablesExperiment({ ...given, methods: idle })).toThrow(
    /Cannot use options of a network for "line"/,
  );
});
