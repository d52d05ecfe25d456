/** Studies through the command line: those that ship, and those that users write. */

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ResultFile } from '../../src/evaluation/resultFile.ts';
import { cellsOf } from '../../src/evaluation/resultFile.ts';
import {
  filesBelow,
  lines,
  readResult,
  revealed,
  temporaryFolder,
  writeFiles,
} from '../support/commandLine.ts';
import { hasSharedData } from '../support/sharedData.ts';

async function run(
  ...argv: string[]
): Promise<{ code: number; stdout: string; result: ResultFile }> {
  const out = join(temporaryFolder(), 'out');
  const { code, stdout, stderr } = await revealed('run', ...argv, '--out', out);
  expect(stderr).toBe('');
  const result = readResult(out);
  if (!result) throw new Error(`no result: ${stdout}`);
  return { code, stdout, result };
}

/** Published numbers that are missed, in words; fails where there are none to check. */
function missed(result: ResultFile, atLeast: number): string[] {
  const checked = cellsOf(result).flatMap(({ name, published }) =>
    published.map((entry) => ({ cell: name, ...entry })),
  );
  expect(checked.length).toBeGreaterThanOrEqual(atLeast);
  return checked
    .filter(({ passed }) => passed !== true)
    .map(({ cell, quantity, published, ours }) => `${cell}: ${quantity} ${ours}, not ${published}`);
}

describe('the studies that ship', () => {
  test('bus-engine finds the numbers of Rust (1987) and says what they mean', async () => {
    const { code, stdout, result } = await run('bus-engine');
    expect(missed(result, 7)).toEqual([]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Harold Zurcher/);
    const [{ methods, data }] = cellsOf(result);
    expect(data).toMatchObject({ trajectories: 37, decisions: 4292, states: 90, actions: 2 });
    for (const { stop } of Object.values(methods)) expect(stop).toBe('converged');
    const { logLikelihood, fullLogLikelihood, firstStage } = methods['causal-entropy'];
    expect(fullLogLikelihood).toBeCloseTo(
      (logLikelihood ?? Number.NaN) + (firstStage?.logLikelihood ?? Number.NaN),
      9,
    );
    // Looking ahead explains more than the same costs without a future.
    expect(logLikelihood).toBeGreaterThan(
      methods['behavior-cloning-features'].logLikelihood ?? Number.NaN,
    );
  });

  test('rust-1987 finds all twelve cells of tables IX and X', async () => {
    const { code, stdout, result } = await run('rust-1987');
    expect(missed(result, 54)).toEqual([]);
    expect(code).toBe(0);
    expect(cellsOf(result)).toHaveLength(12);
    for (const { name } of cellsOf(result)) expect(stdout).toContain(name);
    // Below table IX: 4.760 from a misprinted likelihood, 3.746 and 12.782.
    const ratios = result.tests ?? [];
    expect(ratios.map(({ test: of, degrees }) => [of, degrees])).toEqual(
      new Array(3).fill(['likelihood-ratio', 1]),
    );
    [4.716, 3.748, 12.782].forEach((wanted, i) => {
      expect(Math.abs((ratios[i].statistic as number) - wanted)).toBeLessThan(0.005);
    });
    expect(ratios.flatMap(({ published }) => published.map(({ passed }) => passed))).toEqual([
      undefined,
      true,
      true,
      true,
    ]);
    expect(ratios[1].p).toBeCloseTo(0.0529, 4);
    expect(stdout).toMatch(/myopia, groups 4 +3\.74[89]/);
  });

  test.skipIf(!hasSharedData('borlange'))(
    'borlange finds the published recursive logit from no start at all',
    async () => {
      const { code, result } = await run('borlange');
      const [{ methods }] = cellsOf(result);
      const fit = methods['causal-entropy'];
      expect(fit.stopReason).toBeUndefined();
      expect(fit.stop).toBe('converged');
      // θ = 0 is infeasible here: going round in circles would be free.
      expect(fit.start).toBeDefined();
      expect(missed(result, 9)).toEqual([]);
      expect(code).toBe(0);
    },
  );
});

/** Wait as long as you like or go once: of four decisions one goes, so e^θ = 4/9 at γ = ½. */
const WAITING = {
  'data/transitions.csv': lines('state,action,next_state', 's,go,end', 's,wait,s'),
  'data/features.csv': lines('state,action,go', 's,go,1', 's,wait,0'),
  'data/trajectories.csv': lines(
    'trajectory,step,state,action',
    'x,0,s,wait',
    'x,1,s,wait',
    'x,2,s,wait',
    'x,3,s,go',
    'x,4,end,',
  ),
};

describe('a study of one’s own', () => {
  test('in TypeScript runs as it is, wherever it lies', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, {
      'costs.ts': 'export const cost: number = 1;\n',
      'patience.study.ts': `
        import { cellsOf, createRng, defineStudy, randomWorld, type ResultFile, type Trajectories } from 'revealed';
        import { cost } from './costs.ts';

        const world = randomWorld({ states: 4, actions: 2, successors: 2 }, createRng(5, 'world'));
        function walk(): Trajectories {
          const states = [0, 0, 0, 0];
          return {
            count: 4,
            rowStart: Int32Array.of(0, 1, 2, 3, 4),
            state: Int32Array.from(states),
            pair: Int32Array.of(0, 1, 1, 1),
            goal: new Int32Array(4).fill(-1),
            weight: new Float64Array(4).fill(1),
            stopped: new Uint8Array(4),
            names: ['a', 'b', 'c', 'd'],
            folds: null,
          };
        }
        const first = world.actionNames[world.pairAction[0]];
        export default defineStudy({
          name: 'patience',
          title: 'Who waits?',
          data: () => ({ trajectories: walk(), files: [] }),
          world: () => world,
          features: { first: (_state, action) => (action === first ? cost : 0) },
          discount: 0,
          methods: ['causal-entropy'],
          meaning: (result: ResultFile) => 'meant: ' + cellsOf(result).length,
        });
      `,
    });
    const { code, stdout, result } = await run(join(folder, 'patience.study.ts'));
    expect(code, stdout).toBe(0);
    expect(result.study).toBe('patience');
    expect(stdout).toMatch(/Who waits\?/);
    expect(stdout).toMatch(/meant: 1/);
    // Without a future: one of four takes the first action.
    const [{ methods }] = cellsOf(result);
    expect(methods['causal-entropy'].parameters[0].estimate).toBeCloseTo(Math.log(1 / 3), 7);
  });

  test('in JSON names its tables relative to itself', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, {
      ...WAITING,
      'waiting.json': JSON.stringify({
        title: 'Waiting',
        transitions: 'data/transitions.csv',
        features: './data/features.csv',
        trajectories: join(folder, 'data/trajectories.csv'),
        discount: 0.5,
      }),
    });
    const { code, stdout, result } = await run(join(folder, 'waiting.json'));
    expect(code, stdout).toBe(0);
    expect(result.study).toBe('waiting');
    const [{ methods }] = cellsOf(result);
    expect(methods['causal-entropy'].parameters[0].estimate).toBeCloseTo(Math.log(4 / 9), 7);
    expect(Object.keys(methods)).toEqual(['causal-entropy', 'behavior-cloning']);
  });

  const start = "import { defineStudy } from 'revealed';\nexport default defineStudy(";
  test.each([
    ['a syntax error', 'a.ts', `${start}{ name: 'x', `, [/Cannot load .*a\.ts/, /a\.ts:\d+:\d+/]],
    ['no default export', 'a.ts', 'export const x = 1;\n', [/default export must be defineStudy/]],
    ['a default export of something else', 'a.ts', 'export default 7;\n', [/defineStudy/]],
    ['no data', 'a.ts', `${start}{ name: 'x', title: 'y' } as never);\n`, [/data must be a fun/]],
    ['no cells', 'a.ts', `${start}{ name: 'x', title: 'y', cells: [] });\n`, [/at least one cell/]],
    ['a missing import', 'a.ts', "import './b.ts';\n", [/Cannot load .*a\.ts: .*'\.\/b\.ts'/]],
    ['a fault of its own', 'a.ts', 'const a: any = 0;\na.b.c;\n', [/Cannot load .*a\.ts: .*'c'/]],
    [
      'a wrong option',
      'a.ts',
      "import { randomWorld } from 'revealed';\nrandomWorld({ states: -1 } as never, Math.min);\n",
      [/states/],
    ],
    ['half a JSON', 'a.json', '{"transitions": ', [/Cannot read .*a\.json: .*JSON/]],
    ['a key too many', 'a.json', '{"disount": 0.9}', [/Cannot read .*a\.json/, /"disount"/]],
    ['a wrong value', 'a.json', JSON.stringify({ l2: -1 }), [/a\.json/, /l2/]],
    ['another format', 'a.txt', 'x', [/"?.*a\.txt"?: a study is a \.ts, \.js or \.json file/]],
  ])('with %s is refused', async (_, name, text, says) => {
    const folder = temporaryFolder();
    writeFiles(folder, { [name]: text });
    const out = join(folder, 'out');
    const { code, stdout, stderr } = await revealed('run', join(folder, name), '--out', out);
    expect([code, stdout], stderr).toEqual([2, '']);
    expect(stderr).toMatch(/^revealed run: /);
    expect(stderr.match(/^revealed run/gm)).toHaveLength(1);
    expect(stderr).not.toMatch(/^\s+at |"code":/m);
    for (const said of says) expect(stderr).toMatch(said);
    expect(filesBelow(out)).toEqual([]);
  });

  test('that does not exist is refused, with the nearest that does', async () => {
    const { code, stderr } = await revealed('run', 'bus-engin');
    expect(code).toBe(2);
    expect(stderr).toMatch(/Cannot find study "bus-engin".*did you mean "bus-engine"\?\n$/);
    const none = await revealed('run');
    expect(none.code).toBe(2);
    expect(none.stderr).toMatch(/study/);
  });
});
