/** Tests of restrictions on one fit, and of its model: what `revealed test <result>` does. */

import { finish } from '../../algorithms/algorithm.ts';
import type { Information } from '../../algorithms/information.ts';
import { informationMatrixTest } from '../../evaluation/inference/informationMatrixTest.ts';
import { likelihoodRatioTest } from '../../evaluation/inference/likelihoodRatioTest.ts';
import {
  type Restriction,
  restrictedFit,
  restrictionWords,
  solveRestrictions,
} from '../../evaluation/inference/restrictions.ts';
import { scoreTest } from '../../evaluation/inference/scoreTest.ts';
import { standardErrorKinds } from '../../evaluation/inference/standardErrors.ts';
import type { TestFile } from '../../evaluation/inference/testFile.ts';
import { noOutcome, type TestOutcome } from '../../evaluation/inference/testOutcome.ts';
import { outcomeWords } from '../../evaluation/inference/testWords.ts';
import { waldTest } from '../../evaluation/inference/waldTest.ts';
import { version } from '../version.ts';
import { type FittedLikelihood, testedFit } from './fittedLikelihood.ts';

/** @throws RangeError where a restriction is about what was not estimated or is not identified */
export function testRestrictions(
  fitted: FittedLikelihood,
  restrictions: readonly Restriction[],
  result: string,
): TestFile {
  const { names, theta, fit, model, noModel, options } = fitted;
  const information = fit.information as Information;
  const solved = solveRestrictions(restrictions, names);
  const degrees = restrictions.length;
  const tests: TestOutcome[] = standardErrorKinds.map((kind) =>
    waldTest(theta, information, solved, kind, names),
  );
  const hypothesis = restrictions.map(restrictionWords).join(', ');
  const heading = {
    format: 1,
    revealed: version,
    kind: 'restrictions',
    hypothesis,
    full: testedFit(fitted, result),
  } as const;
  const notes = edgeNotes(fitted, restrictions);
  const withoutRefit = (reason: string): TestFile => {
    for (const kind of standardErrorKinds)
      tests.push(noOutcome({ test: 'score', by: kind }, 'chi-square', reason, degrees));
    tests.push(noOutcome({ test: 'likelihood-ratio' }, 'chi-square', reason, degrees));
    return { ...heading, tests, words: outcomeWords(hypothesis, tests) };
  };
  if (!model || fit.logLikelihood === null) return withoutRefit(noModel);
  const start = Object.fromEntries(names.map((name, k) => [name, theta[k]]));
  const near = finish(restrictedFit(model, solved, { ...options, start }));
  const refit = near.stop === 'converged' ? near : finish(restrictedFit(model, solved, options));
  if (refit.stop !== 'converged' || !refit.theta || refit.logLikelihood === null)
    return withoutRefit(
      `the fit under the restrictions did not converge: ${refit.stopReason ?? refit.stop}`,
    );
  const restricted = refit.theta;
  for (const kind of standardErrorKinds)
    tests.push(scoreTest(model, restricted, information, solved, kind));
  tests.push(likelihoodRatioTest(refit.logLikelihood, fit.logLikelihood, degrees, notes));
  return {
    ...heading,
    restricted: {
      logLikelihood: refit.logLikelihood,
      freeParameters: refit.freedom,
      parameters: names.map((name, k) => ({ name, estimate: restricted[k] })),
    },
    tests,
    words: outcomeWords(hypothesis, tests),
  };
}

/** White's test of whether the model is the one that made the data. */
export function testSpecification(fitted: FittedLikelihood, result: string): TestFile {
  const { theta, fit, model, noModel } = fitted;
  const information = fit.information as Information;
  const told = { test: 'information-matrix', by: 'nR²' } as const;
  const hypothesis = 'the model is the one that made the data';
  const tests = [
    model
      ? informationMatrixTest(model, theta, information)
      : noOutcome(told, 'chi-square', noModel),
  ];
  return {
    format: 1,
    revealed: version,
    kind: 'specification',
    hypothesis,
    full: testedFit(fitted, result),
    tests,
    words: outcomeWords(hypothesis, tests),
  };
}

/** What the edge of what is admissible does to the distribution of a likelihood ratio. */
function edgeNotes(
  { fit, options }: FittedLikelihood,
  restrictions: readonly Restriction[],
): string[] {
  const notes: string[] = [];
  if (fit.parameters.some(({ held }) => held === 'at-bound'))
    notes.push('an estimate lies on its bound, where likelihood ratios are not chi-square');
  for (const { coefficients, value } of restrictions) {
    const [name, ...more] = Object.keys(coefficients);
    const bounds = options.bounds;
    if (more.length > 0 || !bounds || !Object.hasOwn(bounds, name)) continue;
    const [low, high] = bounds[name];
    const held = value / coefficients[name];
    if (held <= low || held >= high)
      notes.push(
        `"${name}" = ${held} is not inside its bounds: the statistic is not chi-square there, and its p-value too large`,
      );
  }
  return notes;
}
