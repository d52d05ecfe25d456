/** Vuong's test and White's, where the answer is known: by hand, by symmetry, and by simulation. */

import { describe, expect, test } from 'vitest';
import { type Fit, finish } from '../../../src/algorithms/algorithm.ts';
import { causalEntropy } from '../../../src/algorithms/causalEntropy.ts';
import type { Information } from '../../../src/algorithms/information.ts';
import { type LikelihoodAt, likelihoodModel } from '../../../src/algorithms/likelihoodModel.ts';
import type { Problem } from '../../../src/algorithms/problem.ts';
import { informationMatrixTest } from '../../../src/evaluation/inference/informationMatrixTest.ts';
import {
  trajectoryLogLikelihoods,
  trajectoryScores,
} from '../../../src/evaluation/inference/trajectoryScores.ts';
import { corrections, vuongTest } from '../../../src/evaluation/inference/vuongTest.ts';
import { type ScoredSide, vuongVariance } from '../../../src/evaluation/inference/vuongVariance.ts';
import { chiSquareTail } from '../../../src/numeric/chiSquare.ts';
import { complementInverse } from '../../../src/numeric/complementInverse.ts';
import { normalTwoSided } from '../../../src/numeric/normal.ts';
import { onesProjected } from '../../../src/numeric/onesProjected.ts';
import { createRng, type Rng } from '../../../src/numeric/rng.ts';
import { choiceProblem, drawChoices, goOrWait } from '../../support/choiceProblem.ts';
import { expectClose } from '../../support/closeness.ts';
import { jacobianRows } from '../../support/differences.ts';
import { gridProblem } from '../../support/gridProblem.ts';

function thetaOf(fit: Fit): Float64Array {
  return Float64Array.from(fit.parameters, ({ estimate }) => estimate);
}

function likelihoodAt(problem: Problem, theta: Float64Array, method = 'causal-entropy') {
  return likelihoodModel(problem, method).at(theta) as LikelihoodAt;
}

describe('by trajectory', () => {
  test.each([
    ['discounted', { kind: 'discounted', discount: 0.9 }],
    ['finite', { kind: 'finite', horizon: 6, discount: 1 }],
    ['undiscounted', { kind: 'undiscounted' }],
  ] as const)('%s: scores are derivatives of log-likelihoods', (_, time) => {
    const problem = gridProblem(time, 8);
    for (const method of ['causal-entropy', 'behavior-cloning-features']) {
      const of = (theta: Float64Array) =>
        trajectoryLogLikelihoods(likelihoodAt(problem, theta, method), problem);
      const { scores, counted } = trajectoryScores(
        likelihoodAt(problem, problem.theta, method),
        problem,
      );
      const rows = jacobianRows(of, problem.theta);
      const { count } = problem.trajectories;
      for (const [n, i] of counted.entries())
        for (let k = 0; k < 3; k++) expect(scores[n * 3 + k]).toBeCloseTo(rows[k * count + i], 6);
      const total = of(problem.theta).reduce((sum, l) => sum + l, 0);
      expect(total).toBeCloseTo(likelihoodAt(problem, problem.theta, method).logLikelihood, 9);
    }
  });
});

describe("Vuong's test", () => {
  const all = () => true;
  const side = (logLikelihoods: number[], freedom: number) => ({
    logLikelihoods: Float64Array.from(logLikelihoods),
    freedom,
  });

  test('is what can be computed by hand', () => {
    const a = side([-1, -2, -3, -4], 3);
    const b = side([-2, -2, -5, -3], 1);
    // Differences 1, 0, 2, −1: sum 2, mean .5, variance 1.25.
    const scale = Math.sqrt(4 * 1.25);
    const z = corrections.map((by) => vuongTest(a, b, all, 50, by));
    expectClose(
      z.map(({ statistic }) => statistic as number),
      [2 / scale, 0, (2 - Math.log(50)) / scale],
      1e-12,
    );
    expect(z[0].p).toBeCloseTo(normalTwoSided(2 / scale), 14);
    // The last trajectory does not count: differences 1, 0, 2.
    const { statistic } = vuongTest(a, b, (i) => i < 3, 50, 'none');
    expect(statistic).toBeCloseTo(3 / Math.sqrt(3 * (2 / 3)), 12);
  });

  test('changes its sign where the two change places', () => {
    const a = side([-1, -2.5, -3, -4], 3);
    const b = side([-2, -2, -5, -3], 1);
    for (const by of corrections)
      expect(vuongTest(a, b, all, 9, by).statistic).toBeCloseTo(
        -(vuongTest(b, a, all, 9, by).statistic as number),
        12,
      );
  });

  test('makes no number where there is none', () => {
    const a = side([-1, -2, -3], 2);
    expect(vuongTest(a, a, all, 9, 'none')).toMatchObject({
      statistic: null,
      p: null,
      reasons: { statistic: expect.stringMatching(/ω² = 0/) },
    });
    expect(vuongTest(a, side([-2, -2, -2], 2), (i) => i === 0, 9, 'none').statistic).toBeNull();
    expect(
      vuongTest(a, side([-1, Number.NEGATIVE_INFINITY, -1], 2), all, 9, 'none').reasons?.statistic,
    ).toMatch(/probability zero/);
    expect(() => vuongTest(a, side([-1], 1), all, 9, 'none')).toThrow(/3 trajectories.*1/);
  });

  test('favours the true one of two, and has its size where neither is nearer', () => {
    // Rival features of one logit, truth halfway: as near to one as to the other.
    const rows = [
      [1, 1, 0],
      [1, 0, 1],
      [0, 0, 0],
      [0, 0.5, 0.5],
    ];
    const rng = createRng(5, 'vuong');
    const rival = (problem: Problem, k: number): Problem => ({
      ...problem,
      features: {
        names: ['both', 'own'],
        per: 'pair',
        values: Float64Array.from(rows.flatMap((row) => [row[0], row[k]])),
      },
    });
    const sideOf = (problem: Problem) => {
      const fit = finish(causalEntropy.fit(problem, {}));
      return {
        logLikelihoods: trajectoryLogLikelihoods(likelihoodAt(problem, thetaOf(fit)), problem),
        freedom: fit.freedom,
      };
    };
    const zOf = (truth: number[]): number => {
      const problem = choiceProblem(['x', 'y', 'z'], rows, drawChoices(rows, truth, 80, 5, rng));
      return vuongTest(sideOf(rival(problem, 1)), sideOf(rival(problem, 2)), all, 400, 'none')
        .statistic as number;
    };
    const runs = 300;
    const level = Array.from({ length: runs }, () => zOf([0.3, 0.7, 0.7]));
    const rejected = level.filter((z) => Math.abs(z) > 1.96).length / runs;
    expect(rejected).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs));
    expect(Math.abs(level.reduce((sum, z) => sum + z, 0) / runs)).toBeLessThan(3 / Math.sqrt(runs));
    const power = Array.from({ length: 40 }, () => zOf([0.3, 2, 0]));
    expect(power.filter((z) => z > 1.96).length).toBeGreaterThan(36);
  });
});

describe("the first step of Vuong's test", () => {
  const rows = [
    [1, 1, 0],
    [1, 0, 1],
    [0, 0, 0],
    [0, 0.5, 0.2],
    [-1, 0.1, 0.6],
  ];
  const sideOf = (problem: Problem, k: number): ScoredSide => {
    const seen: Problem = {
      ...problem,
      features: {
        names: ['both', 'own'],
        per: 'pair',
        values: Float64Array.from(rows.flatMap((row) => [row[0], row[k]])),
      },
    };
    const fit = finish(causalEntropy.fit(seen, {}));
    const { hessian, spread, flat } = fit.information as Information;
    const at = likelihoodAt(seen, thetaOf(fit));
    const { scores } = trajectoryScores(at, seen);
    return {
      logLikelihoods: trajectoryLogLikelihoods(likelihoodAt(seen, thetaOf(fit)), seen),
      scores: scores.map((s, i) => s / spread[i % 2]),
      inverse: complementInverse(hessian, 2, flat),
    };
  };
  const rng = createRng(9, 'variance');
  const chance = (truth: number[]): number => {
    const problem = choiceProblem(['x', 'y', 'z'], rows, drawChoices(rows, truth, 300, 4, rng));
    return vuongVariance(sideOf(problem, 1), sideOf(problem, 2)).p as number;
  };

  test('has its size where the two coincide, and sees where they do not', () => {
    // With no weight on what is their own the two have the truth in common.
    const runs = 250;
    const chances = Array.from({ length: runs }, () => chance([0.8, 0, 0])).sort((a, b) => a - b);
    const distance = Math.max(
      ...chances.map((p, i) => Math.max(Math.abs(p - i / runs), Math.abs(p - (i + 1) / runs))),
    );
    expect(distance).toBeLessThan(1.63 / Math.sqrt(runs));
    const seen = Array.from({ length: 20 }, () => chance([0.8, 0.9, 0])).filter((p) => p < 0.05);
    expect(seen.length).toBeGreaterThan(17);
  });

  test('does not depend on who is first', () => {
    const problem = choiceProblem(
      ['x', 'y', 'z'],
      rows,
      drawChoices(rows, [0.3, 0.5, 0], 30, 4, rng),
    );
    const [a, b] = [sideOf(problem, 1), sideOf(problem, 2)];
    expect(vuongVariance(a, b).p).toBeCloseTo(vuongVariance(b, a).p as number, 10);
    expect(vuongVariance(a, { ...b, inverse: null }).reasons?.p).toMatch(/inverted/);
  });
});

describe("White's test", () => {
  const statisticOf = (problem: Problem) => {
    const fit = finish(causalEntropy.fit(problem, {}));
    return informationMatrixTest(
      likelihoodModel(problem, 'causal-entropy'),
      thetaOf(fit),
      fit.information as Information,
    );
  };
  /** Trajectories of one parameter that each have their own p. */
  const goers = (count: number, p: () => number, rng: Rng) =>
    goOrWait(
      Array.from({ length: count }, () => {
        const own = p();
        const go = Array.from({ length: 8 }, () => (rng() < own ? 1 : 0) as number);
        const times = go.reduce((sum, x) => sum + x, 0);
        return [times, 8 - times] as const;
      }),
    );

  test('is nR² of the regression on scores and indicators, both in closed form here', () => {
    const counts = [
      [3, 1],
      [1, 4],
      [6, 1],
      [2, 2],
      [0, 3],
      [5, 5],
    ] as const;
    const [k, n] = counts.reduce(([a, b], [go, wait]) => [a + go, b + go + wait], [0, 0]);
    const p = k / n;
    const s = counts.map(([go, wait]) => go - (go + wait) * p);
    const d = counts.map(([go, wait], i) => s[i] ** 2 - (go + wait) * p * (1 - p));
    // Normal equations of 1 on s and d.
    const dot = (x: number[], y: number[]) => x.reduce((sum, xi, i) => sum + xi * y[i], 0);
    const one = s.map(() => 1);
    const [ss, sd, dd] = [dot(s, s), dot(s, d), dot(d, d)];
    const [s1, d1] = [dot(s, one), dot(d, one)];
    const determinant = ss * dd - sd * sd;
    const explained = (s1 * (dd * s1 - sd * d1) + d1 * (ss * d1 - sd * s1)) / determinant;
    const outcome = statisticOf(goOrWait(counts));
    expect(outcome.statistic).toBeCloseTo(explained, 6);
    expect(outcome.degrees).toBe(1);
    expect(outcome.notes?.[0]).toMatch(/rejects true models too often/);
  });

  test('has about its size where the model is true', () => {
    const rng = createRng(2, 'information matrix');
    const runs = 200;
    const chances = Array.from({ length: runs }, () =>
      chiSquareTail(statisticOf(goers(600, () => 0.4, rng)).statistic as number, 1),
    );
    const rejected = chances.filter((p) => p < 0.05).length / runs;
    expect(Math.abs(rejected - 0.05)).toBeLessThan(3 * Math.sqrt((0.05 * 0.95) / runs));
    const mean = chances.reduce((sum, p) => sum + p, 0) / runs;
    expect(Math.abs(mean - 0.5)).toBeLessThan(3 / Math.sqrt(12 * runs));
  });

  test('rejects too often in small samples, as its note says', () => {
    const rng = createRng(3, 'information matrix');
    const rows = [
      [1, 0.3],
      [0, 1],
      [-1, 0],
    ];
    const runs = 200;
    const rejected = Array.from({ length: runs }, () =>
      statisticOf(choiceProblem(['a', 'b'], rows, drawChoices(rows, [0.5, 0.5], 60, 6, rng))),
    ).filter(({ p }) => (p as number) < 0.05).length;
    expect(rejected / runs).toBeGreaterThan(0.07);
  });

  test('sees that people differ', () => {
    const rng = createRng(4, 'information matrix');
    const outcome = statisticOf(goers(400, () => (rng() < 0.5 ? 0.2 : 0.7), rng));
    expect(outcome.p).toBeLessThan(1e-4);
  });

  test('takes plans as it takes choices: its curvatures add up to that of the fit', () => {
    const problem = gridProblem({ kind: 'discounted', discount: 0.9 }, 400);
    const fit = finish(causalEntropy.fit(problem, {}));
    const outcome = statisticOf(problem);
    expect(fit.stop).toBe('converged');
    expect(outcome.degrees).toBe(6);
    expect(outcome.p).toBeGreaterThan(0.001);
  });

  test('makes no number where it has too little to go by', () => {
    expect(
      statisticOf(
        goOrWait([
          [3, 1],
          [1, 2],
        ]),
      ).reasons?.statistic,
    ).toMatch(/too few trajectories \(2\)/);
    expect(
      statisticOf(
        goOrWait(
          [
            [3, 1],
            [1, 2],
            [2, 2],
          ],
          [1, 2, 1],
        ),
      ).reasons?.statistic,
    ).toMatch(/weighted/);
  });

  test('leaves out indicators that say nothing new', () => {
    // Trajectories of one decision: s² is a line in s, so the only indicator depends on the score.
    const outcome = statisticOf(
      goOrWait([
        [1, 0],
        [0, 1],
        [1, 0],
        [1, 0],
      ]),
    );
    expect(outcome).toMatchObject({ statistic: null, p: null });
    expect(outcome.reasons?.statistic).toMatch(/depend on the scores|too few/);
    const { kept, explained } = onesProjected(
      [Float64Array.of(1, 0, 0), Float64Array.of(2, 0, 0), Float64Array.of(1, 1, 0)],
      3,
    );
    expect(kept).toEqual([0, 2]);
    expect(explained).toBeCloseTo(2, 12);
  });
});
