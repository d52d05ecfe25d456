/** The tests that a study names: likelihood ratios of its fits, beside what was published of them. */

import { likelihoodRatioTest } from '../../evaluation/inference/likelihoodRatioTest.ts';
import { noOutcome, type TestOutcome } from '../../evaluation/inference/testOutcome.ts';
import type { CellResult, MethodResult, StudyTestResult } from '../../evaluation/resultFile.ts';
import type { FitReference, StudyTest } from '../study.ts';
import { beside } from './published.ts';

/** @throws RangeError where a test names a fit that the study does not have */
export function runStudyTests(
  tests: readonly StudyTest[],
  cells: readonly CellResult[],
): StudyTestResult[] {
  return tests.map((test) => {
    const { name, hypothesis, restricted, full, degrees, notes, published = [] } = test;
    const outcome = ratioOf(
      findFit(restricted, cells, name),
      findFit(full, cells, name),
      degrees,
      notes ?? [],
    );
    return {
      name,
      hypothesis,
      restricted: { ...restricted },
      full: { ...full },
      ...outcome,
      published: published.map((entry) => ({
        ...beside(entry, outcome.statistic, 'the test was not made'),
      })),
    };
  });
}

interface FoundFit {
  readonly cell: CellResult;
  readonly method: MethodResult;
}

function findFit(
  { cell, method }: FitReference,
  cells: readonly CellResult[],
  test: string,
): FoundFit {
  const found = cell === undefined ? cells[0] : cells.find(({ name }) => name === cell);
  if (!found || (cell === undefined && cells.length > 1))
    throw new RangeError(
      `Cannot make the test "${test}": ${cell === undefined ? 'it must name a cell' : `there is no cell "${cell}"`}; the cells are ${cells.map(({ name }) => `"${name}"`).join(', ')}`,
    );
  const name = method ?? 'causal-entropy';
  if (!Object.hasOwn(found.methods, name))
    throw new RangeError(
      `Cannot make the test "${test}": "${found.name}" has no method "${name}", only ${Object.keys(found.methods).join(', ')}`,
    );
  return { cell: found, method: found.methods[name] };
}

function ratioOf(
  restricted: FoundFit,
  full: FoundFit,
  degrees: number,
  notes: readonly string[],
): TestOutcome {
  const told = { test: 'likelihood-ratio' } as const;
  const none = (reason: string) => noOutcome(told, 'chi-square', reason, degrees);
  for (const { cell, method } of [restricted, full])
    if (method.stop !== 'converged' || method.logLikelihood === null)
      return none(
        `a fit of "${cell.name}" has no maximum of the likelihood: it stopped as ${method.stop}`,
      );
  const [a, b] = [restricted.cell.data, full.cell.data];
  if (a.decisions !== b.decisions || a.trajectories !== b.trajectories)
    return none(
      `the two were not fitted to the same decisions (${a.decisions} in ${a.trajectories} trajectories, and ${b.decisions} in ${b.trajectories})`,
    );
  const digests = (data: typeof a): string =>
    data.files
      .map(({ sha256 }) => sha256)
      .sort()
      .join();
  const warned =
    digests(a) === digests(b)
      ? notes
      : [...notes, 'the fits read different files with equally many decisions'];
  try {
    return likelihoodRatioTest(
      restricted.method.logLikelihood as number,
      full.method.logLikelihood as number,
      degrees,
      warned,
    );
  } catch (error) {
    if (error instanceof RangeError) return none(error.message);
    throw error;
  }
}
