/** `revealed test` and `revealed profile`, and what `revealed fit` says of how sure it is. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { ProfileFile } from '../../src/evaluation/inference/profileFile.ts';
import { TestFile } from '../../src/evaluation/inference/testFile.ts';
import { chiSquareQuantile } from '../../src/numeric/chiSquare.ts';
import { normalTwoSided } from '../../src/numeric/normal.ts';
import { createRng } from '../../src/numeric/rng.ts';
import {
  type FitOutcome,
  fitTables,
  lines,
  methodOf,
  revealed,
  type TableTexts,
  temporaryFolder,
} from '../support/commandLine.ts';

/** A line of five places: wait, or step either way with some luck; the right end is nice. */
function line(trajectories: number, weight: (i: number) => number = () => 1): TableTexts {
  const moves: string[] = [];
  const features: string[] = [];
  for (let s = 0; s < 5; s++)
    for (const [action, to] of [
      ['left', Math.max(0, s - 1)],
      ['right', Math.min(4, s + 1)],
      ['wait', s],
    ] as const) {
      if (to === s) moves.push(`p${s},${action},p${s},1`);
      else moves.push(`p${s},${action},p${to},0.9`, `p${s},${action},p${s},0.1`);
      features.push(`p${s},${action},${s === 4 ? 1 : 0},${action === 'wait' ? 0 : -1}`);
    }
  const rng = createRng(8, 'walks');
  const rows: string[] = [];
  for (let i = 0; i < trajectories; i++) {
    let s = Math.floor(5 * rng());
    for (let t = 0; t < 12; t++) {
      const u = rng();
      const action =
        s < 4 ? (u < 0.55 ? 'right' : u < 0.75 ? 'left' : 'wait') : u < 0.8 ? 'wait' : 'left';
      rows.push(`w${i},${t},p${s},${action},${weight(i)}`);
      if (rng() < 0.9) {
        if (action === 'right') s = Math.min(4, s + 1);
        if (action === 'left') s = Math.max(0, s - 1);
      }
    }
  }
  return {
    transitions: lines('state,action,next_state,probability', ...moves),
    features: lines('state,action,nice,effort', ...features),
    trajectories: lines('trajectory,step,state,action,weight', ...rows),
  };
}

const METHODS = ['--methods', 'causal-entropy,behavior-cloning,behavior-cloning-features'];
let full: FitOutcome;
let half: FitOutcome;

beforeAll(async () => {
  full = await fitTables(line(40), '--discount', '0.9', ...METHODS);
  half = await fitTables(line(40), '--discount', '0.9', ...METHODS, '--fix', 'effort=0.1');
  expect(full.stderr + half.stderr).toBe('');
}, 60_000);

/** Runs a command that writes, and returns what it wrote. */
async function written<File>(
  schema: { parse(value: unknown): File },
  command: 'test' | 'profile',
  ...argv: string[]
): Promise<{ code: number; stdout: string; stderr: string; file: File }> {
  const out = join(temporaryFolder(), 'out');
  const outcome = await revealed(command, ...argv, '--out', out);
  const file = schema.parse(JSON.parse(readFileSync(join(out, `${command}.json`), 'utf8')));
  const { stdout } = await revealed(command, ...argv, '--json');
  expect(schema.parse(JSON.parse(stdout))).toEqual(file);
  return { ...outcome, file };
}

describe('result.json', () => {
  test('holds intervals, z and p by every kind of standard error', () => {
    for (const { estimate, standardErrors, intervals, z, p } of methodOf(full).parameters) {
      if (!standardErrors || !intervals || !z || !p || estimate === null) throw new Error('none');
      expect(intervals.level).toBe(0.95);
      for (const kind of [
        'hessian',
        'outerProduct',
        'outerProductTrajectory',
        'sandwich',
      ] as const) {
        const error = standardErrors[kind] as number;
        const [low, high] = intervals[kind] as [number, number];
        expect((low + high) / 2).toBeCloseTo(estimate, 10);
        expect((high - low) / error).toBeCloseTo(2 * 1.959963984540054, 10);
        expect(z[kind]).toBeCloseTo(estimate / error, 10);
        expect(p[kind]).toBeCloseTo(normalTwoSided(estimate / error), 12);
      }
    }
    expect(full.stdout).toMatch(/estimate .*s\.e\. \(sandwich\) +z +p +95 % interval/);
    expect(full.stdout).toMatch(/by the sandwich, clustered by trajectory/);
  });

  test('says why there is none', async () => {
    const [, effort] = methodOf(half).parameters;
    expect(effort).toMatchObject({ intervals: null, z: null, p: null });
    for (const key of ['intervals', 'z', 'p'])
      expect(effort.reasons?.[key]).toMatch(/given, not estimated/);
    const penalised = await fitTables(line(40), '--discount', '0.9', '--l2', '0.5');
    const [nice] = methodOf(penalised).parameters;
    expect(nice.standardErrors?.hessian).toBeGreaterThan(0);
    expect(nice).toMatchObject({ intervals: null, z: null, p: null });
    expect(nice.reasons?.p).toMatch(/penalty/);
  });
});

describe('test', () => {
  test('of a restriction makes all three, and refits what is held', async () => {
    const { code, stdout, file } = await written(
      TestFile,
      'test',
      full.out,
      '--restrict',
      'effort=0.1',
    );
    expect(code).toBe(0);
    expect(file).toMatchObject({ kind: 'restrictions', hypothesis: 'effort = 0.1' });
    expect(file.tests.map(({ test: name }) => name)).toEqual([
      ...new Array(4).fill('wald'),
      ...new Array(4).fill('score'),
      'likelihood-ratio',
    ]);
    for (const { degrees, p } of file.tests) {
      expect(degrees).toBe(1);
      expect(p).toBeGreaterThan(0);
    }
    expect(file.restricted?.parameters[1].estimate).toBeCloseTo(0.1, 12);
    expect(file.restricted?.logLikelihood).toBeCloseTo(methodOf(half).logLikelihood as number, 6);
    const wald = ((methodOf(full).parameters[1].estimate as number) - 0.1) ** 2;
    const error = methodOf(full).parameters[1].standardErrors?.sandwich as number;
    expect(file.tests[3].statistic).toBeCloseTo(wald / error ** 2, 5);
    expect(stdout).toMatch(/Hypothesis: effort = 0\.1/);
    expect(stdout).toMatch(/wald +sandwich/);
  });

  test('of nested fits is the likelihood ratio, whichever is named first', async () => {
    const { file, code } = await written(TestFile, 'test', half.out, full.out);
    expect(code).toBe(0);
    expect(file).toMatchObject({ kind: 'nested', hypothesis: 'effort = 0.1' });
    const ratio =
      2 * ((methodOf(full).logLikelihood as number) - (methodOf(half).logLikelihood as number));
    expect(file.tests).toHaveLength(1);
    expect(file.tests[0]).toMatchObject({ test: 'likelihood-ratio', degrees: 1 });
    expect(file.tests[0].statistic).toBeCloseTo(ratio, 7);
    const { file: turned } = await written(TestFile, 'test', full.out, half.out);
    expect(turned.tests).toEqual(file.tests);
    const { file: alone } = await written(TestFile, 'test', full.out, '--restrict', 'effort=0.1');
    expect(alone.tests.at(-1)?.statistic).toBeCloseTo(ratio, 6);
  });

  test('of rivals is the test of Vuong, and changes sign with their places', async () => {
    const ahead = ['--method', 'causal-entropy', '--against-method', 'behavior-cloning-features'];
    const blind = ['--method', 'behavior-cloning-features', '--against-method', 'causal-entropy'];
    const { file, stdout } = await written(TestFile, 'test', full.out, ...ahead);
    const { file: turned } = await written(TestFile, 'test', full.out, ...blind);
    expect(file.kind).toBe('rivals');
    expect(file.tests.map(({ by }) => by)).toEqual(['variance', 'none', 'aic', 'bic']);
    file.tests.forEach(({ statistic, by }, i) => {
      const wanted = by === 'variance' ? (statistic as number) : -(statistic as number);
      expect(turned.tests[i].statistic).toBeCloseTo(wanted, 9);
    });
    expect(turned.tests[0].p).toBeCloseTo(file.tests[0].p as number, 9);
    expect(stdout).toMatch(/equally near/);
    expect(stdout).toMatch(/causal-entropy|behavior-cloning-features/);
  });

  test('of equal parameters, and of the model', async () => {
    const { file } = await written(TestFile, 'test', full.out, '--equal', 'nice,effort');
    expect(file.hypothesis).toBe('nice = effort');
    const [nice, effort] = file.restricted?.parameters ?? [];
    expect(nice.estimate).toBeCloseTo(effort.estimate as number, 12);
    const { file: model } = await written(TestFile, 'test', full.out, '--specification');
    expect(model.tests[0]).toMatchObject({ test: 'information-matrix', degrees: 3 });
  });

  test('of matched features has the sandwich alone', async () => {
    const matched = await fitTables(line(40), '--horizon', '12', '--objective', 'feature-matching');
    const { file, code, stdout } = await written(
      TestFile,
      'test',
      matched.out,
      '--restrict',
      'nice=0',
    );
    expect(code).toBe(0);
    const made = file.tests.filter(({ p }) => p !== null);
    expect(made.map(({ test: name, by }) => `${name} ${by}`)).toEqual(['wald sandwich']);
    for (const { p, reasons } of file.tests) if (p === null) expect(reasons?.p).toMatch(/matched/);
    expect(stdout).toMatch(/no likelihood of decisions/);
  });

  test.each([
    ['nothing to test', [], /Cannot tell what to test/],
    ['two questions', ['--restrict', 'nice=0', '--specification'], /Cannot tell what to test/],
    ['an unknown parameter', ['--restrict', 'nise=0'], /did you mean "nice"/],
    ['the same fit', ['--against-method', 'causal-entropy'], /the same model/],
    ['one equal', ['--equal', 'nice'], /two parameters or more/],
    ['one equal to itself', ['--equal', 'nice,nice'], /there twice/],
    ['an unknown method', ['--restrict', 'nice=0', '--method', 'cloning'], /Cannot find method/],
  ])('refuses %s', async (_, flags, why) => {
    const { code, stderr } = await revealed('test', full.out, ...flags);
    expect(stderr).toMatch(why);
    expect(code).toBe(2);
  });

  test('refuses fits to other decisions, and fits that did not arrive', async () => {
    const fewer = await fitTables(line(30), '--discount', '0.9');
    const { code, stderr } = await revealed('test', full.out, fewer.out);
    expect(stderr).toMatch(/not fitted to the same decisions \(40 .*480.* 30 .*360/);
    expect(code).toBe(2);
    const short = await fitTables(
      line(30),
      ...['--discount', '0.9', '--max-iterations', '1', '--optimizer', 'gradient-descent'],
    );
    const cut = await revealed('test', short.out, '--restrict', 'nice=0');
    expect(cut.stderr).toMatch(/did not converge/);
    expect(cut.code).toBe(2);
  });
});

describe('profile', () => {
  test('has ends at which a fit that holds them falls by the quantile', async () => {
    const { code, file, stdout } = await written(ProfileFile, 'profile', full.out);
    expect(code).toBe(0);
    expect(file.threshold).toBeCloseTo(chiSquareQuantile(0.95, 1), 12);
    expect(file.parameters?.map(({ name }) => name)).toEqual(['nice', 'effort']);
    const [nice] = file.parameters ?? [];
    expect(nice.low).toBeLessThan(nice.estimate);
    expect(nice.high).toBeGreaterThan(nice.estimate);
    const held = await fitTables(line(40), '--discount', '0.9', '--fix', `nice=${nice.low}`);
    expect(2 * (file.logLikelihood - (methodOf(held).logLikelihood as number))).toBeCloseTo(
      file.threshold,
      4,
    );
    expect(stdout).toMatch(/95 % profile +95 % Wald/);
  });

  test('has other levels, and names what it cannot profile', async () => {
    const wide = await written(
      ProfileFile,
      'profile',
      full.out,
      '--parameter',
      'effort',
      '--level',
      '0.99',
    );
    const narrow = await written(
      ProfileFile,
      'profile',
      full.out,
      '--parameter',
      'effort',
      '--level',
      '0.5',
    );
    const width = ({ parameters }: ProfileFile) =>
      (parameters?.[0].high as number) - (parameters?.[0].low as number);
    expect(width(wide.file)).toBeGreaterThan(2 * width(narrow.file));
    const { file, stdout } = await written(ProfileFile, 'profile', half.out);
    expect(file.parameters?.[1]).toMatchObject({ low: null, high: null, wald: null });
    expect(file.parameters?.[1].reasons?.low).toMatch(/given/);
    expect(stdout).toMatch(/effort: the value was given/);
  });

  test('of the discount has what fits at other discounts have', async () => {
    const { file, stdout } = await written(
      ProfileFile,
      'profile',
      full.out,
      '--discount',
      '0:0.96:5',
    );
    const { curve } = file;
    expect(curve?.points.map(({ value }) => value)).toEqual([0, 0.24, 0.48, 0.72, 0.96]);
    const other = await fitTables(line(40), '--discount', '0.48');
    expect(curve?.points[2].logLikelihood).toBeCloseTo(methodOf(other).logLikelihood as number, 6);
    const top = curve?.maximum?.logLikelihood as number;
    for (const { logLikelihood } of curve?.points ?? [])
      expect(logLikelihood).toBeLessThanOrEqual(top + 1e-9);
    for (const end of [curve?.low, curve?.high])
      if (end != null) {
        const there = await fitTables(line(40), '--discount', String(end));
        expect(2 * (top - (methodOf(there).logLikelihood as number))).toBeCloseTo(
          file.threshold,
          4,
        );
      }
    expect(stdout).toMatch(/identified only by the form of the reward/);
  });

  test('of the temperature says that it is only a unit, unless something has a size', async () => {
    const { file, stdout } = await written(
      ProfileFile,
      'profile',
      full.out,
      '--temperature',
      '0.5:2:4',
    );
    expect(file.curve).toMatchObject({ maximum: null, low: null, high: null });
    expect(file.curve?.reasons?.maximum).toMatch(/as likely/);
    const [first, , , last] = file.curve?.points ?? [];
    first.parameters?.forEach(({ estimate }, k) => {
      expect(last.parameters?.[k].estimate).toBeCloseTo(4 * estimate, 5);
    });
    expect(stdout).toMatch(/only the unit/);
    const held = await written(ProfileFile, 'profile', half.out, '--temperature', '0.05:2:5');
    expect(held.file.curve?.maximum).not.toBeNull();
    expect(held.stdout).toMatch(/more than a unit/);
  });

  test('of a discount that rich features can make up for says that the data cannot tell', async () => {
    // A feature for every move but waiting: any choices can be explained at any discount.
    const { transitions, trajectories } = line(40);
    const pairs = ['p4,left'];
    for (let s = 0; s < 4; s++) pairs.push(`p${s},left`, `p${s},right`);
    const header = ['state,action', ...pairs.map((pair) => pair.replace(',', '-'))].join(',');
    const zeros = pairs.map(() => 0).join(',');
    const rich = await fitTables(
      {
        transitions: lines(
          ...transitions
            .trim()
            .split('\n')
            .filter((row) => !row.startsWith('p4,right')),
        ),
        features: lines(
          header,
          ...pairs.map((pair, i) => `${pair},${pairs.map((_, k) => (k === i ? 1 : 0)).join(',')}`),
          ...[0, 1, 2, 3, 4].map((s) => `p${s},wait,${zeros}`),
        ),
        trajectories,
      },
      ...['--discount', '0.5'],
    );
    expect(rich.code).toBe(0);
    const { file, stdout } = await written(
      ProfileFile,
      'profile',
      rich.out,
      '--discount',
      '0:0.8:3',
    );
    expect(file.curve).toMatchObject({ maximum: null, low: null, high: null });
    expect(file.curve?.range).toBeLessThan(1e-6);
    expect(stdout).toMatch(/data cannot tell/);
  });

  test.each([
    ['an unknown parameter', ['--parameter', 'nise'], /did you mean "nice"/],
    ['a range that is none', ['--discount', '0.5:0.4:3'], /low below high/],
    ['a range without numbers', ['--discount', 'a:b:c'], /wanted low:high:count/],
    ['two values', ['--temperature', '1:2:2'], /count of at least 3/],
    ['discounts of 1 for ever', ['--discount', '0.5:1:3'], /below 1/],
    ['no temperature', ['--temperature', '0:2:3'], /above 0/],
    ['a level of 1', ['--level', '1'], /below 1/],
    ['two things', ['--parameter', 'nice', '--discount', '0:0.5:3'], /several things at once/],
    [
      'a discount of those who do not look ahead',
      ['--method', 'behavior-cloning-features', '--discount', '0:0.5:3'],
      /does not look ahead/,
    ],
  ])('refuses %s', async (_, flags, why) => {
    const { code, stderr } = await revealed('profile', full.out, ...flags);
    expect(stderr).toMatch(why);
    expect(code).toBe(2);
  });

  test('refuses what has no likelihood of its own', async () => {
    const penalised = await fitTables(line(40), '--discount', '0.9', '--l2', '0.5');
    const { code, stderr } = await revealed('profile', penalised.out);
    expect(stderr).toMatch(/penalty/);
    expect(code).toBe(2);
  });
});
