/** Wald, score and likelihood-ratio tests where they have closed forms, and where chance is known. */

import { describe, expect, test } from 'vitest';
import { type Fit, finish } from '../../../src/algorithms/algorithm.ts';
import { causalEntropy } from '../../../src/algorithms/causalEntropy.ts';
import type { Information } from '../../../src/algorithms/information.ts';
import { type LikelihoodModel, likelihoodModel } from '../../../src/algorithms/likelihoodModel.ts';
import type { Problem } from '../../../src/algorithms/problem.ts';
import { likelihoodRatioTest } from '../../../src/evaluation/inference/likelihoodRatioTest.ts';
import {
  heldAt,
  type Restriction,
  restrictedFit,
  solveRestrictions,
} from '../../../src/evaluation/inference/restrictions.ts';
import { scoreTest } from '../../../src/evaluation/inference/scoreTest.ts';
import {
  type StandardErrorKind,
  standardErrorKinds,
} from '../../../src/evaluation/inference/standardErrors.ts';
import { waldTest } from '../../../src/evaluation/inference/waldTest.ts';
import { chiSquareTail } from '../../../src/numeric/chiSquare.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { choiceProblem, drawChoices, goOrWait } from '../../support/choiceProblem.ts';
import { expectClose } from '../../support/closeness.ts';
import { gridProblem } from '../../support/gridProblem.ts';

interface Trio {
  readonly wald: Record<StandardErrorKind, number>;
  readonly score: Record<StandardErrorKind, number>;
  readonly ratio: number;
}

function thetaOf(fit: Fit): Float64Array {
  return Float64Array.from(fit.parameters, ({ estimate }) => estimate);
}

/** All three tests of the restrictions. */
function testAll(problem: Problem, restrictions: readonly Restriction[]): Trio {
  const fit = finish(causalEntropy.fit(problem, {}));
  expect(fit.stop).toBe('converged');
  const information = fit.information as Information;
  const { names } = problem.features;
  const model = likelihoodModel(problem, 'causal-entropy');
  const solved = solveRestrictions(restrictions, names);
  const restricted = finish(restrictedFit(model, solved, {}));
  expect(restricted.stop).toBe('converged');
  const by = (of: (kind: StandardErrorKind) => number | null) =>
    Object.fromEntries(standardErrorKinds.map((kind) => [kind, of(kind)])) as Trio['wald'];
  return {
    wald: by((kind) => waldTest(thetaOf(fit), information, solved, kind, names).statistic),
    score: by(
      (kind) =>
        scoreTest(model, restricted.theta as Float64Array, information, solved, kind).statistic,
    ),
    ratio: likelihoodRatioTest(
      restricted.logLikelihood as number,
      fit.logLikelihood as number,
      restrictions.length,
    ).statistic as number,
  };
}

test('a logit of one parameter has all of them in closed form', () => {
  const counts = [
    [3, 1],
    [1, 2],
    [4, 1],
    [2, 2],
  ] as const;
  const weight = [1, 2.5, 0.5, 0];
  const { wald, score, ratio } = testAll(goOrWait(counts, weight), heldAt({ go: 0.2 }));
  let [k, n] = [0, 0];
  counts.forEach(([go, wait], i) => {
    k += weight[i] * go;
    n += weight[i] * (go + wait);
  });
  const at = (p: number) => {
    let [decisions, trajectories, sum] = [0, 0, 0];
    counts.forEach(([go, wait], i) => {
      const s = weight[i] * (go - (go + wait) * p);
      sum += s;
      trajectories += s * s;
      decisions += weight[i] ** 2 * (go * (1 - p) ** 2 + wait * p ** 2);
    });
    return { information: n * p * (1 - p), decisions, trajectories, sum };
  };
  const free = k / n;
  const held = 1 / (1 + Math.exp(-0.2));
  const miss = (Math.log(free / (1 - free)) - 0.2) ** 2;
  const there = at(free);
  const here = at(held);
  expectClose(
    standardErrorKinds.map((kind) => wald[kind]),
    [
      miss * there.information,
      miss * there.decisions,
      miss * there.trajectories,
      (miss * there.information ** 2) / there.trajectories,
    ],
    1e-6,
  );
  expectClose(
    standardErrorKinds.map((kind) => score[kind]),
    [
      here.sum ** 2 / here.information,
      here.sum ** 2 / here.decisions,
      here.sum ** 2 / here.trajectories,
      here.sum ** 2 / here.trajectories,
    ],
    1e-9,
  );
  const logLikelihood = (p: number) => k * Math.log(p) + (n - k) * Math.log(1 - p);
  expect(ratio).toBeCloseTo(2 * (logLikelihood(free) - logLikelihood(held)), 8);
});

describe('restrictions', () => {
  const problem = gridProblem({ kind: 'discounted', discount: 0.9 });
  const { names } = problem.features;
  const model: LikelihoodModel = likelihoodModel(problem, 'causal-entropy');
  const refit = (restrictions: Restriction[]) =>
    finish(restrictedFit(model, solveRestrictions(restrictions, names), {}));

  test('of single values are what --fix does', () => {
    const fixed = finish(causalEntropy.fit(problem, { fix: { y: 0.3, stay: -1 } }));
    const restricted = refit(heldAt({ y: 0.3, stay: -1 }));
    expectClose(restricted.theta ?? [], thetaOf(fixed), 1e-6);
    expect(restricted.logLikelihood).toBeCloseTo(fixed.logLikelihood as number, 8);
    expect(restricted.freedom).toBe(1);
  });

  test('of sums hold at the maximum, whose score points along them alone', () => {
    const sums = [{ coefficients: { x: 2, y: -1, stay: 0.5 }, value: 0.7 }];
    const { theta, logLikelihood } = refit(sums);
    if (!theta) throw new Error('no fit');
    expect(2 * theta[0] - theta[1] + 0.5 * theta[2]).toBeCloseTo(0.7, 10);
    expect(model.at(theta)?.logLikelihood).toBeCloseTo(logLikelihood as number, 8);
    // Lagrange: the gradient is a multiple of the restriction.
    const gradient = new Float64Array(3);
    model.at(theta)?.eachScore((_i, _row, score) => {
      score.forEach((s, k) => {
        gradient[k] += s;
      });
    });
    expect(gradient[0] / gradient[1]).toBeCloseTo(-2, 4);
    expect(gradient[2] / gradient[1]).toBeCloseTo(-0.5, 4);
  });

  test('that say the same in other words give the same statistics', () => {
    const one = testAll(problem, heldAt({ x: -1, y: 0.5 }));
    const other = testAll(problem, [
      { coefficients: { x: 1, y: 1 }, value: -0.5 },
      { coefficients: { x: 3, y: -1 }, value: -3.5 },
    ]);
    for (const kind of standardErrorKinds) {
      expect(other.wald[kind]).toBeCloseTo(one.wald[kind], 5);
      expect(other.score[kind]).toBeCloseTo(one.score[kind], 5);
    }
    expect(other.ratio).toBeCloseTo(one.ratio, 7);
  });

  test.each([
    ['none', [], /no restriction/],
    ['unknown', heldAt({ stayy: 1 }), /did you mean "stay"/],
    ['empty', [{ coefficients: {}, value: 1 }], /restricts no parameter/],
    [
      'implied',
      [
        { coefficients: { x: 1, y: 1 }, value: 0 },
        { coefficients: { x: 2, y: 2 }, value: 0 },
      ],
      /follows from, or contradicts/,
    ],
    ['not finite', heldAt({ x: Number.NaN }), /finite/],
  ])('that are %s are refused', (_, restrictions, why) => {
    expect(() => solveRestrictions(restrictions, names)).toThrow(why);
  });

  test('on what was held are refused', () => {
    const fit = finish(causalEntropy.fit(problem, { fix: { y: 0.3 } }));
    const solved = solveRestrictions(heldAt({ y: 0 }), names);
    expect(() =>
      waldTest(thetaOf(fit), fit.information as Information, solved, 'hessian', names),
    ).toThrow(/"y".*given/);
  });

  test('on what the data do not identify are refused, on contrasts of it not', () => {
    // A constant on every action changes nothing: only differences of the three are identified.
    const rows = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
    const taken = drawChoices(rows, [0.5, 0, 0], 30, 4, createRng(1, 'choices'));
    const flat = choiceProblem(['a', 'b', 'c'], rows, taken);
    expect(() => testAll(flat, heldAt({ a: 0 }))).toThrow(/do not identify/);
    const contrast = testAll(flat, [{ coefficients: { a: 1, b: -1 }, value: 0 }]);
    // The same contrast with c as the base.
    const base = choiceProblem(
      ['a', 'b'],
      rows.map((row) => row.slice(0, 2)),
      taken,
    );
    const known = testAll(base, [{ coefficients: { a: 1, b: -1 }, value: 0 }]);
    for (const kind of standardErrorKinds) {
      expect(contrast.wald[kind]).toBeCloseTo(known.wald[kind], 6);
      expect(contrast.score[kind]).toBeCloseTo(known.score[kind], 6);
    }
    expect(contrast.ratio).toBeCloseTo(known.ratio, 8);
  });
});

test('likelihood ratios refuse what is not nested', () => {
  expect(() => likelihoodRatioTest(-99, -100, 1)).toThrow(/more likely/);
  expect(() => likelihoodRatioTest(-101, -100, 0)).toThrow(/more free parameters/);
  expect(likelihoodRatioTest(-100 + 1e-9, -100, 1)).toMatchObject({ statistic: 0, p: 1 });
  expect(likelihoodRatioTest(-103, -100, 2).p).toBeCloseTo(Math.exp(-3), 12);
});

describe('where the hypothesis is true', () => {
  const rows = [
    [1, 0.2],
    [0, 1],
    [-0.5, -0.3],
    [0.4, 0],
  ];
  const truth = [0.6, -0.8];
  const runs = 400;
  const rng = createRng(11, 'hypothesis tests');
  const drawn = Array.from({ length: runs }, () =>
    testAll(
      choiceProblem(['a', 'b'], rows, drawChoices(rows, truth, 60, 5, rng)),
      heldAt({ a: 0.6, b: -0.8 }),
    ),
  );

  test.each([
    ['likelihood ratios', ({ ratio }: Trio) => ratio],
    ...standardErrorKinds.flatMap((kind) => [
      [`Wald statistics (${kind})`, ({ wald }: Trio) => wald[kind]] as const,
      [`score statistics (${kind})`, ({ score }: Trio) => score[kind]] as const,
    ]),
  ] as const)('%s are chi-square', (_, of) => {
    const chances = drawn.map((trio) => chiSquareTail(of(trio), 2)).sort((a, b) => a - b);
    // Kolmogorov and Smirnov: 1.63 / √n is exceeded once in a hundred times.
    const distance = Math.max(
      ...chances.map((p, i) => Math.max(Math.abs(p - i / runs), Math.abs(p - (i + 1) / runs))),
    );
    expect(distance).toBeLessThan(1.63 / Math.sqrt(runs));
    const rejected = chances.filter((p) => p < 0.05).length / runs;
    // Three binomial standard errors around .05 are .033 wide.
    expect(Math.abs(rejected - 0.05)).toBeLessThan(0.033);
  });

  test('the three are near each other', () => {
    for (const { wald, score, ratio } of drawn.filter((trio) => trio.ratio < 6)) {
      expect(Math.abs(wald.hessian - ratio)).toBeLessThan(0.05 + 0.3 * ratio);
      expect(Math.abs(score.hessian - ratio)).toBeLessThan(0.05 + 0.3 * ratio);
    }
  });
});
