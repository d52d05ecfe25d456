/**
 * `revealed fit` against an independent dense solver: random small problems of every kind are
 * written as tables, fitted through the command line, and compared with the referee's answer.
 */

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { type DenseFit, denseFit } from '../support/denseFit.ts';
import { denseObjective } from '../support/denseObjective.ts';
import { type DataCounts, denseProblem } from '../support/denseProblem.ts';
import { isWellDefined, problemKinds, randomProblem } from '../support/randomProblem.ts';
import { seededRandom } from '../support/seededRandom.ts';
import type { FitSettings, Tables } from '../support/tables.ts';
import { writeTables } from '../support/writeTables.ts';

/** What this test reads of result.json. */
interface Result {
  readonly data: Record<string, unknown>;
  readonly methods: {
    readonly 'causal-entropy': {
      readonly stop: string;
      readonly logLikelihood: number | null;
      readonly parameters: readonly {
        readonly name: string;
        readonly estimate: number | null;
        readonly standardErrors: Readonly<Record<string, unknown>> | null;
      }[];
      readonly heldOut: Record<string, number | null> | null;
    };
  };
}

describe.each(problemKinds)('fit agrees with the dense solver: %s', (kind) => {
  const seeds = Array.from({ length: 13 }, (_, i) => i + 1);
  // θ = 0 is exactly critical here: rounding makes a value of about 40 out of an infinite one.
  if (kind === 'goals with noisy moves') seeds.push(141);

  test.each(seeds)('seed %i', async (seed) => {
    const { tables, settings, answer } = randomProblem(kind, seed);
    await fitAndCompare(`${kind}, seed ${seed}`, tables, settings, [], (result) => [
      ...compareCounts(result.data, answer.problem.counts),
      ...compareFit(result, answer),
      ...compareErrors(result, answer, settings),
    ]);
  });

  test('with a fold held out', async () => {
    const { tables, settings, truth } = randomProblem(kind, 21);
    const ids = [...new Set(tables.trajectories.map((row) => row.trajectory))];
    const foldOf = new Map(ids.map((id, i) => [id, i % 4 === 0 ? 'held out' : 'kept']));
    const trajectories = tables.trajectories.map((row) => ({
      ...row,
      fold: foldOf.get(row.trajectory)!,
    }));
    const only = (fold: string) => trajectories.filter((row) => row.fold === fold);
    const answer = denseFit({ ...tables, trajectories: only('kept') }, settings, [truth])!;
    expect(isWellDefined(answer)).toBe(true);
    const held = denseProblem({ ...tables, trajectories: only('held out') }, settings);
    const { logLikelihood } = denseObjective(held, answer.theta, settings)!;

    const flags = ['--hold-out', 'held out'];
    const name = `${kind}, held out`;
    await fitAndCompare(name, { ...tables, trajectories }, settings, flags, (result) => {
      const { heldOut } = result.methods['causal-entropy'];
      const { trajectories, decisions } = held.counts;
      return [
        ...compareFit(result, answer),
        ...compareErrors(result, answer, settings),
        ...compareCounts(heldOut ?? {}, { trajectories, decisions }),
        ...compareLikelihood('heldOut.logLikelihood', heldOut?.logLikelihood, logLikelihood),
      ];
    });
  });
});

/** Fits through the command line; a failure tells where the tables are and how to run them again. */
async function fitAndCompare(
  name: string,
  tables: Tables,
  settings: FitSettings,
  flags: readonly string[],
  compare: (result: Result) => string[],
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), `revealed-fit-${name.replace(/\W+/g, '-')}-`));
  const out = join(folder, 'out');
  const seed = [...name].reduce((hash, letter) => (31 * hash + letter.charCodeAt(0)) % 1e9, 0);
  const args = writeTables(folder, tables, settings, seededRandom(seed));
  args.push('--methods', 'causal-entropy', '--out', out, ...flags);

  const printed: string[] = [];
  const io = {
    stdout: (text: string) => void printed.push(text),
    stderr: (text: string) => void printed.push(text),
  };
  const exit = await main(args, io).catch((error: unknown) => {
    printed.push(`thrown: ${error instanceof Error ? error.stack : error}`);
    return null;
  });
  const file = join(out, 'result.json');
  const differences = exit === 0 ? [] : [`exit code ${exit}, expected 0`];
  if (existsSync(file)) differences.push(...compare(JSON.parse(readFileSync(file, 'utf8'))));
  else differences.push('no result.json');

  const command = `revealed ${args.map((arg) => `'${arg}'`).join(' ')}`;
  const story = [`${name}; the tables are kept in ${folder}`, command, ...printed].join('\n');
  expect(differences, story).toEqual([]);
  rmSync(folder, { recursive: true });
}

function compareCounts(found: Record<string, unknown>, expected: Partial<DataCounts>): string[] {
  return Object.entries(expected)
    .filter(([name, count]) => found[name] !== count)
    .map(([name, count]) => `${name} is ${found[name]}, expected ${count}`);
}

function compareLikelihood(name: string, found: number | null | undefined, expected: number) {
  // Negated, so that a missing number is a difference too.
  const agrees = Math.abs((found ?? Number.NaN) - expected) <= 1e-6 * Math.abs(expected);
  return agrees ? [] : [`${name} is ${found}, expected ${expected}`];
}

/** Says in words where the fit and the dense answer disagree. */
function compareFit({ methods }: Result, answer: DenseFit): string[] {
  const { stop, logLikelihood, parameters } = methods['causal-entropy'];
  const differences = compareLikelihood('logLikelihood', logLikelihood, answer.logLikelihood);
  if (stop !== 'converged') differences.push(`stop is "${stop}", expected "converged"`);
  const expectedNames = answer.problem.featureNames;
  const names = parameters.map((parameter) => parameter.name);
  if (names.toSorted().join('\n') !== expectedNames.toSorted().join('\n')) {
    differences.push(`parameters are ${JSON.stringify(names)}`);
  }
  expectedNames.forEach((name, k) => {
    const estimate = parameters.find((parameter) => parameter.name === name)?.estimate;
    const expected = answer.theta[k];
    // A coefficient near zero has no relative precision: a millionth of what the data can tell
    // (a tenth of a standard error, times 1e-5) is enough for it.
    const allowed = 1e-5 * Math.max(Math.abs(expected), 0.1 * answer.standardErrors[k]);
    if (!(Math.abs((estimate ?? Number.NaN) - expected) <= allowed)) {
      differences.push(`"${name}" is ${estimate}, expected ${expected} ± ${allowed}`);
    }
  });
  return differences;
}

/** Says where the errors by the curvature are not those of the dense solver's Hessian. */
function compareErrors({ methods }: Result, answer: DenseFit, settings: FitSettings): string[] {
  return answer.problem.featureNames.flatMap((name, k) => {
    const { parameters } = methods['causal-entropy'];
    const errors = parameters.find((parameter) => parameter.name === name)?.standardErrors;
    const expected = settings.fixed?.has(name) ? null : answer.standardErrors[k];
    if (expected === null || settings.objective === 'feature-matching') {
      const hessian = errors?.hessian ?? null;
      return hessian === null ? [] : [`"${name}" has an error ${hessian}, expected none`];
    }
    // The curvature changes with θ̂, which is right to 1e-5.
    const agrees = Math.abs(Number(errors?.hessian ?? Number.NaN) - expected) <= 1e-4 * expected;
    return agrees ? [] : [`"${name}" has an error ${errors?.hessian}, expected ${expected}`];
  });
}
