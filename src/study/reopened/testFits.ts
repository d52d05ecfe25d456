/** Tests of one fit against another: what `revealed test <restricted> <full>` does. */

import type { Information } from '../../algorithms/information.ts';
import type { LikelihoodAt } from '../../algorithms/likelihoodModel.ts';
import { decisionsPerTrajectory, type Problem } from '../../algorithms/problem.ts';
import { likelihoodRatioTest } from '../../evaluation/inference/likelihoodRatioTest.ts';
import type { TestFile } from '../../evaluation/inference/testFile.ts';
import { outcomeWords } from '../../evaluation/inference/testWords.ts';
import {
  trajectoryLogLikelihoods,
  trajectoryScores,
} from '../../evaluation/inference/trajectoryScores.ts';
import { corrections, type VuongSide, vuongTest } from '../../evaluation/inference/vuongTest.ts';
import { type ScoredSide, vuongVariance } from '../../evaluation/inference/vuongVariance.ts';
import { complementInverse } from '../../numeric/complementInverse.ts';
import { version } from '../version.ts';
import { type FittedLikelihood, testedFit } from './fittedLikelihood.ts';

/** The files that two fits were read from. */
type Files = readonly [first: string, second: string];

/**
 * The likelihood ratio where one fit is a special case of the other, else Vuong's test.
 *
 * @throws RangeError where the two were not fitted to the same decisions, or are the same model
 */
export function testFits(
  first: FittedLikelihood,
  second: FittedLikelihood,
  files: Files,
): TestFile {
  const notes = sameDecisions(first, second);
  if (first.fit.logLikelihood === null || second.fit.logLikelihood === null)
    throw new RangeError('Cannot compare fits: one of them has no likelihood of the decisions');
  for (const { model, noModel } of [first, second])
    if (!model) throw new RangeError(`Cannot compare fits by their likelihoods: ${noModel}`);
  const forward = heldBeyond(first, second);
  const backward = heldBeyond(second, first);
  if (forward?.length === 0 && backward?.length === 0)
    throw new RangeError('Cannot compare fits: the two are the same model of the same decisions');
  if (forward && forward.length > 0) return nested(first, second, forward, files, notes);
  if (backward && backward.length > 0)
    return nested(second, first, backward, [files[1], files[0]], notes);
  return rivals(first, second, files, notes);
}

function nested(
  restricted: FittedLikelihood,
  full: FittedLikelihood,
  held: readonly string[],
  [restrictedFile, fullFile]: Files,
  notes: readonly string[],
): TestFile {
  const hypothesis = held.join(', ');
  const ratio = likelihoodRatioTest(
    restricted.fit.logLikelihood as number,
    full.fit.logLikelihood as number,
    full.fit.freedom - restricted.fit.freedom,
    notes,
  );
  return {
    format: 1,
    revealed: version,
    kind: 'nested',
    hypothesis,
    full: testedFit(full, fullFile),
    restricted: testedFit(restricted, restrictedFile),
    tests: [ratio],
    words: outcomeWords(hypothesis, [ratio]),
  };
}

function rivals(
  first: FittedLikelihood,
  second: FittedLikelihood,
  files: Files,
  notes: readonly string[],
): TestFile {
  const { problem } = first;
  const decisions = decisionsPerTrajectory(problem);
  const { weight } = problem.trajectories;
  const counted = (i: number): boolean => decisions[i] > 0 && weight[i] > 0;
  const total = decisions.reduce((sum, n) => sum + n, 0);
  const sides = [first, second].map(sideOf);
  const scored = [first, second].map((side, i) => scoredSide(side, sides[i]));
  const tests = [
    vuongVariance(scored[0], scored[1]),
    ...corrections.map((correction) => vuongTest(sides[0], sides[1], counted, total, correction)),
  ].map((outcome) => (notes.length === 0 ? outcome : { ...outcome, notes: [...notes] }));
  const names = uniqueNames(first, second);
  return {
    format: 1,
    revealed: version,
    kind: 'rivals',
    hypothesis: `${names[0]} and ${names[1]} are equally near to what people do`,
    full: testedFit(first, files[0]),
    restricted: testedFit(second, files[1]),
    tests,
    words: rivalWords(names, tests),
  };
}

function sideOf({ model, theta, problem, fit }: FittedLikelihood): VuongSide {
  const at = model?.at(theta) as LikelihoodAt;
  return { logLikelihoods: trajectoryLogLikelihoods(at, problem), freedom: fit.freedom };
}

/** What the first step of the test needs: scores by trajectory and the inverse curvature, in x. */
function scoredSide(
  { model, theta, problem, fit }: FittedLikelihood,
  { logLikelihoods }: VuongSide,
): ScoredSide {
  const { free, spread, flat, hessian } = fit.information as Information;
  const { counted, scores } = trajectoryScores(model?.at(theta) as LikelihoodAt, problem);
  const { weight } = problem.trajectories;
  const size = theta.length;
  const inX = new Float64Array(counted.length * free.length);
  counted.forEach((i, n) => {
    free.forEach((k, j) => {
      inX[n * free.length + j] = (weight[i] * scores[n * size + k]) / spread[j];
    });
  });
  return {
    logLikelihoods: Float64Array.from(counted, (i) => logLikelihoods[i]),
    scores: inX,
    inverse: complementInverse(hessian, free.length, flat),
  };
}

function rivalWords(names: readonly [string, string], tests: TestFile['tests']): string[] {
  const [variance, plain, ...corrected] = tests;
  const remark =
    variance.p !== null && variance.p >= 0.05
      ? 'But the first step of the test, of the variance of their differences, cannot tell the two apart: they may coincide on these data, and then the statistic is not normal.'
      : '';
  if (plain.statistic === null || plain.p === null)
    return [`The two cannot be told apart: ${plain.reasons?.statistic ?? 'no statistic'}.`];
  const [better, worse] = plain.statistic > 0 ? names : [names[1], names[0]];
  const ways = [plain, ...corrected];
  const far = ways.filter(({ p }) => p !== null && p < 0.05).length;
  const verdict =
    far === 0
      ? `${better} is nearer to these people than ${worse}, but by no more than luck can bring.`
      : far === ways.length
        ? `${better} is nearer to what people do than ${worse}: more than luck brings at the 5 % level, however parameters are counted.`
        : `${better} is nearer than ${worse} by some ways of counting parameters and not by others.`;
  return remark === '' ? [verdict] : [verdict, remark];
}

/** What tells the two apart: their methods, or else their cells, or else their places. */
function uniqueNames(first: FittedLikelihood, second: FittedLikelihood): [string, string] {
  const of = ({ reopened }: FittedLikelihood) => ({
    method: reopened.specification.name,
    cell: reopened.cell.name,
  });
  const [a, b] = [of(first), of(second)];
  if (a.method !== b.method) return [a.method, b.method];
  if (a.cell !== b.cell) return [`"${a.cell}"`, `"${b.cell}"`];
  return ['the first', 'the second'];
}

/** Refuses fits to other decisions; notes where files differ that the decisions come from. */
function sameDecisions(first: FittedLikelihood, second: FittedLikelihood): string[] {
  const [a, b] = [first.problem.trajectories, second.problem.trajectories];
  const [na, nb] = [first, second].map(({ problem }) => decisionsPerTrajectory(problem));
  const differ =
    a.count !== b.count ||
    na.some((n, i) => n !== nb[i] || a.names[i] !== b.names[i] || a.weight[i] !== b.weight[i]);
  if (differ)
    throw new RangeError(
      `Cannot compare fits: they were not fitted to the same decisions (${a.count} trajectories with ${sum(na)} decisions, and ${b.count} with ${sum(nb)})`,
    );
  const digests = ({ reopened }: FittedLikelihood): string[] =>
    reopened.cell.data.files.map(({ sha256 }) => sha256).sort();
  const [da, db] = [digests(first), digests(second)];
  return da.length === db.length && da.every((digest, i) => digest === db[i])
    ? []
    : ['the fits read different files; the trajectories have the same names and lengths'];
}

function sum(values: Float64Array): number {
  return values.reduce((total, n) => total + n, 0);
}

/**
 * What the inner model holds and the outer one leaves free, in words; null where the inner one is no
 * special case of the outer.
 */
function heldBeyond(inner: FittedLikelihood, outer: FittedLikelihood): string[] | null {
  if (inner.reopened.specification.method !== outer.reopened.specification.method) return null;
  if (!sameModel(inner.problem, outer.problem)) return null;
  const held: string[] = [];
  for (const name of new Set([...inner.names, ...outer.names])) {
    const within = heldValue(inner, name);
    const without = heldValue(outer, name);
    if (within === 'free') {
      if (without !== 'free' || !sameColumn(inner.problem, outer.problem, name)) return null;
    } else if (without === 'free') {
      if (within !== 0 && !sameColumn(inner.problem, outer.problem, name)) return null;
      held.push(`${name} = ${within}`);
    } else {
      if (within !== without) return null;
      if (within !== 0 && !sameColumn(inner.problem, outer.problem, name)) return null;
    }
  }
  return held;
}

/** The value a parameter is held at, 0 where there is no such feature. */
function heldValue({ names, options, fit }: FittedLikelihood, name: string): number | 'free' {
  const k = names.indexOf(name);
  if (k < 0) return 0;
  const { fix } = options;
  return fix && Object.hasOwn(fix, name) ? fit.parameters[k].estimate : 'free';
}

/** Whether all but features and trajectories is the same. */
function sameModel(a: Problem, b: Problem): boolean {
  const [m, n] = [a.world.mdp, b.world.mdp];
  return (
    a.temperature === b.temperature &&
    JSON.stringify(a.time) === JSON.stringify(b.time) &&
    sameNumbers(m.pairStart, n.pairStart) &&
    sameNumbers(m.transitionStart, n.transitionStart) &&
    sameNumbers(m.nextState, n.nextState) &&
    sameNumbers(m.probability, n.probability)
  );
}

function sameNumbers(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Whether a feature has the same values for both. */
function sameColumn(a: Problem, b: Problem, name: string): boolean {
  const [x, y] = [a, b].map(({ features }) => {
    const k = features.names.indexOf(name);
    return k < 0 ? null : { per: features.per, at: columnOf(features, k) };
  });
  return x !== null && y !== null && x.per === y.per && sameNumbers(x.at, y.at);
}

function columnOf({ names, values }: Problem['features'], k: number): Float64Array {
  return Float64Array.from(
    { length: values.length / names.length },
    (_, row) => values[row * names.length + k],
  );
}
