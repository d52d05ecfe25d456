/** Classes of demonstrators found again in simulated behaviour, and what is said where there are none. */

import { describe, expect, test } from 'vitest';
import { type Fit, type FitProgress, finish } from '../../src/algorithms/algorithm.ts';
import { causalEntropy } from '../../src/algorithms/causalEntropy.ts';
import type { ClassCount } from '../../src/algorithms/classCounts.ts';
import { latentClasses } from '../../src/algorithms/latentClasses.ts';
import { assignmentEntropy, memberships } from '../../src/algorithms/memberships.ts';
import type { Problem } from '../../src/algorithms/problem.ts';
import { slipGrid } from '../../src/environments/gridworld.ts';
import { roadGrid } from '../../src/environments/roadGrid.ts';
import { standardErrors } from '../../src/evaluation/inference/standardErrors.ts';
import { selectTrajectories } from '../../src/mdp/trajectories.ts';
import { createRng } from '../../src/numeric/rng.ts';
import { goalState } from '../support/randomRoutes.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { simulateClasses, type TrueClasses } from '../support/simulateClasses.ts';

const roadTruth = {
  theta: [
    [-2.5, -0.2, -0.4, -3],
    [-0.8, -2, -0.4, -3],
  ],
  share: [0.6, 0.4],
};

/** Drivers who mind length and drivers who mind left turns, on a grid of streets. */
function roadProblem(
  count: number,
  folds?: number,
  truth: TrueClasses = roadTruth,
  seed = 13,
): Problem {
  const { world, features } = roadGrid({ size: 6, drop: 0 }, createRng(1, 'roads'));
  const goals = [3, 40, 77, 100].map(goalState);
  const { trajectories } = simulateClasses(
    {
      mdp: world.mdp,
      features,
      goals,
      discount: 1,
      count,
      patience: 300,
      ...(folds === undefined ? {} : { folds }),
    },
    truth,
    seededRandom(seed),
  );
  return {
    world,
    features,
    goals,
    trajectories,
    time: { kind: 'undiscounted' },
    initial: null,
    temperature: 1,
  };
}

/**
 * Expects estimates within two standard errors of the truth and shares within .05. Of eight numbers
 * one is further off in every third draw, so this holds for these; the many data sets below say more.
 */
function expectRecovered(fit: Fit, { theta, share }: TrueClasses): void {
  expect(fit.stop).toBe('converged');
  const inference = fit.information && standardErrors(fit.information, fit.parameters.length);
  const width = theta[0].length;
  theta.flat().forEach((t, p) => {
    const error = inference?.of(p).errors.hessian ?? 0;
    expect(error).toBeGreaterThan(0);
    const distance = Math.abs(fit.parameters[p].estimate - t) / error;
    expect(distance, fit.parameters[p].name).toBeLessThan(2);
  });
  share.forEach((s, k) => {
    const p = theta.length * width + k;
    expect(fit.parameters[p].name).toBe(`share of class ${k + 1}`);
    expect(Math.abs(fit.parameters[p].estimate - s)).toBeLessThan(0.05);
    expect(inference?.of(p).errors.sandwich).toBeGreaterThan(0);
  });
}

test('memberships are Bayes’ rule, also where every likelihood underflows', () => {
  const posterior = new Float64Array(6);
  const total = new Float64Array(3);
  const likelihoods = [
    [0.2, 0.5, 0.1],
    [0.4, 0.05, 0.1],
  ];
  const logs = likelihoods.map((own) => Float64Array.from(own, Math.log));
  for (const shift of [0, -1000]) {
    const shifted = logs.map((own) => own.map((log) => log + shift));
    memberships(shifted, Float64Array.of(0.25, 0.75), posterior, total);
    // 0.25 · 0.2 / (0.25 · 0.2 + 0.75 · 0.4) = 1/7, and so on.
    [1 / 7, 6 / 7, 10 / 13, 3 / 13, 1 / 4, 3 / 4].forEach((wanted, j) => {
      expect(posterior[j]).toBeCloseTo(wanted, 12);
    });
    [0.35, 0.1625, 0.1].forEach((wanted, i) => {
      expect(total[i]).toBeCloseTo(Math.log(wanted) + shift, 9);
    });
  }
  const certain = Float64Array.of(1, 0, 0, 1);
  expect(assignmentEntropy(certain, Float64Array.of(1, 1))).toBe(0);
  expect(assignmentEntropy(certain.fill(0.5), Float64Array.of(1, 1))).toBeCloseTo(1, 12);
});

describe('two classes of drivers', () => {
  const problem = roadProblem(800);
  const fit = finish(latentClasses.fit(problem, { classes: 2, restarts: 3, seed: 0 }));

  test('latentClasses finds their rewards, their shares and that there are two', () => {
    expectRecovered(fit, roadTruth);
    const counts = fit.details.classCounts as ClassCount[];
    expect(counts.map(({ classes }) => classes)).toEqual([1, 2, 3]);
    expect(fit.details.preferredClasses).toMatchObject({ aic: 2, bic: 2, bicTrajectories: 2 });
    const one = finish(causalEntropy.fit(problem, {}));
    expect(counts[0].logLikelihood).toBeCloseTo(one.logLikelihood ?? 0, 6);
    // Every class more can only help.
    for (const k of [1, 2])
      expect(counts[k].logLikelihood).toBeGreaterThan(counts[k - 1].logLikelihood ?? 0);
    expect(fit.freedom).toBe(9);
  });

  test('latentClasses predicts by the mixture, choice by choice too', () => {
    const part = selectTrajectories(problem.trajectories, (i) => i < 40);
    let total = 0;
    fit.predictChoices(part, (_row, logs, chosen) => {
      total += logs[chosen];
    });
    expect(fit.predict(part)).toBeCloseTo(total, 8);
    expect(fit.predict(problem.trajectories)).toBeCloseTo(fit.logLikelihood ?? 0, 6);
  });

  test('latentClasses says with what probability each trajectory is of which class', () => {
    const { posterior } = fit.arrays;
    expect(posterior.length).toBe(2 * problem.trajectories.count);
    const members = [0, 0];
    posterior.forEach((rho, j) => {
      members[j % 2] += rho;
    });
    // At the maximum the shares are the mean probabilities.
    [0, 1].forEach((k) => {
      const share = fit.parameters[8 + k].estimate;
      expect(members[k] / problem.trajectories.count).toBeCloseTo(share, 8);
    });
  });
});

const walkerTruth = {
  theta: [
    [0.6, 0],
    [-0.2, 0.7],
  ],
  share: [0.7, 0.3],
};

/** People who walk about a grid where steps slip, for warmth or for noise. */
function walkerProblem(seed: number): Problem {
  const world = slipGrid({ size: 5, slip: 0.2 });
  const { mdp } = world;
  const features = {
    names: ['warmth', 'noise'],
    per: 'state',
    values: Float64Array.from({ length: mdp.stateCount * 2 }, seededRandom(3).normal),
  } as const;
  const { trajectories } = simulateClasses(
    { mdp, features, goals: [], discount: 0.9, count: 300, patience: 25 },
    walkerTruth,
    seededRandom(seed),
  );
  return {
    world,
    features,
    goals: [],
    trajectories,
    time: { kind: 'discounted', discount: 0.9 },
    initial: null,
    temperature: 1,
  };
}

test('latentClasses finds two kinds of walkers in a discounted world with noisy moves', () => {
  const fit = finish(latentClasses.fit(walkerProblem(12), { restarts: 3 }));
  expectRecovered(fit, walkerTruth);
  expect(fit.details.preferredClasses).toMatchObject({ aic: 2, bic: 2, bicTrajectories: 2 });
});

test('latentClasses has standard errors as large as its errors, over many data sets', () => {
  const squares = { hessian: 0, outerProduct: 0, outerProductTrajectory: 0, sandwich: 0 };
  const kinds = Object.keys(squares) as (keyof typeof squares)[];
  const truth = [...walkerTruth.theta.flat(), ...walkerTruth.share.slice(0, 1)];
  const sets = 20;
  for (let seed = 100; seed < 100 + sets; seed++) {
    const fit = finish(latentClasses.fit(walkerProblem(seed), { restarts: 1, classCheck: false }));
    if (!fit.information) throw new TypeError('wanted information');
    const inference = standardErrors(fit.information, fit.parameters.length);
    truth.forEach((t, p) => {
      const { errors } = inference.of(p);
      for (const kind of kinds)
        squares[kind] += ((fit.parameters[p].estimate - t) / (errors[kind] ?? 0)) ** 2;
    });
  }
  // A mean of 100 squares of standard normals is 1 ± 0.14, a little more where they correlate.
  for (const kind of kinds) {
    const mean = squares[kind] / (sets * truth.length);
    expect(mean, kind).toBeGreaterThan(0.6);
    expect(mean, kind).toBeLessThan(1.5);
  }
});

test('latentClasses prefers one class where everybody is alike', () => {
  const problem = roadProblem(150, 3, { theta: [[-1.5, -1, -0.5, -2.5]], share: [1] });
  const fit = finish(latentClasses.fit(problem, { restarts: 3 }));
  const preferred = fit.details.preferredClasses as Record<string, number>;
  expect(preferred.bic).toBe(1);
  expect(preferred.heldOutLogLikelihood).toBe(1);
  const counts = fit.details.classCounts as ClassCount[];
  expect(counts.every(({ heldOutLogLikelihood }) => heldOutLogLikelihood !== null)).toBe(true);
});

test('latentClasses takes a weight of two for the same trajectory twice', () => {
  const problem = roadProblem(120);
  const { trajectories } = problem;
  const heavy = { ...trajectories, weight: new Float64Array(120).fill(2) };
  const one = finish(latentClasses.fit(problem, { restarts: 2, classCheck: false }));
  const two = finish(
    latentClasses.fit({ ...problem, trajectories: heavy }, { restarts: 2, classCheck: false }),
  );
  expect(two.logLikelihood).toBeCloseTo(2 * (one.logLikelihood ?? 0), 5);
  one.parameters.forEach(({ estimate }, p) => {
    expect(two.parameters[p].estimate).toBeCloseTo(estimate, 4);
  });
});

test('latentClasses keeps fixed values and bounds in every class', () => {
  const options = {
    restarts: 2,
    classCheck: false,
    fix: { 'U-turn': -3 },
    bounds: { 'left turn': [-1.5, 0] as const },
  };
  const fit = finish(latentClasses.fit(roadProblem(300), options));
  const of = (name: string) => fit.parameters.find((parameter) => parameter.name === name);
  for (const k of [1, 2]) {
    expect(of(`class ${k}: U-turn`)).toMatchObject({ estimate: -3, held: 'fixed' });
    const left = of(`class ${k}: left turn`)?.estimate ?? Number.NaN;
    expect(left).toBeGreaterThanOrEqual(-1.5);
    expect(left).toBeLessThanOrEqual(0);
  }
});

test('latentClasses goes on after an interruption to the same numbers', () => {
  const problem = roadProblem(150);
  const options = { restarts: 3, classCheck: false, seed: 4 };
  const whole = finish(latentClasses.fit(problem, options));
  const steps = latentClasses.fit(problem, options);
  let last: FitProgress | null = null;
  for (let n = 0; n < 40; n++) {
    const next = steps.next();
    if (next.done) break;
    last = next.value;
  }
  const checkpoint = JSON.parse(JSON.stringify(last?.checkpoint));
  const done = Object.values<unknown[]>(checkpoint.book)[0];
  expect(done.length).toBeGreaterThan(0);
  expect(done.length).toBeLessThan(3);
  const resumed = finish(latentClasses.fit(problem, { ...options, resume: checkpoint }));
  expect(resumed.parameters).toEqual(whole.parameters);
  expect(resumed.details.restarts).toEqual(whole.details.restarts);
});

describe('latentClasses says so', () => {
  test('where a feature is never taken by anybody', () => {
    const problem = roadProblem(60);
    const { names, values } = problem.features;
    const { pair } = problem.trajectories;
    const taken = new Set(pair);
    // Of a move that nobody made out of a state that was left.
    const state = problem.trajectories.state.find((s, row) => {
      const first = problem.world.mdp.pairStart[s];
      return pair[row] >= 0 && !taken.has(first);
    });
    const never = problem.world.mdp.pairStart[state ?? 0];
    const wider = new Float64Array(values.length + values.length / names.length);
    for (let p = 0; p < values.length / names.length; p++) {
      wider.set(values.subarray(p * 4, p * 4 + 4), p * 5);
      wider[p * 5 + 4] = p === never ? 1 : 0;
    }
    const features = { names: [...names, 'shunned'], per: 'pair', values: wider } as const;
    const fit = finish(latentClasses.fit({ ...problem, features }, { restarts: 2 }));
    expect(fit.stop).toBe('unbounded');
    expect(fit.unbounded).toContain('class 1: shunned');
    expect(fit.information).toBeNull();
  });

  test('where there are fewer trajectories than classes, or a wrong number of them', () => {
    const problem = roadProblem(10);
    const few = selectTrajectories(problem.trajectories, (i) => i < 2);
    const fitting =
      (options: object, trajectories = problem.trajectories) =>
      () =>
        finish(latentClasses.fit({ ...problem, trajectories }, options));
    expect(fitting({ classes: 3 }, few)).toThrow(/Cannot find 3 classes: only \d trajector/);
    expect(fitting({ classes: 1 })).toThrow(/whole number from 2 on, got 1; one class/);
    expect(fitting({ objective: 'feature-matching' })).toThrow(/by feature matching/);
  });

  test('where more classes are asked for than there are', () => {
    const problem = roadProblem(80, undefined, { theta: [[-1.5, -1, -0.5, -2.5]], share: [1] });
    const fit = finish(latentClasses.fit(problem, { classes: 4, restarts: 3, classCheck: false }));
    const odd = (fit.details.degenerate ?? []) as { words: string }[];
    const hints = fit.stop !== 'converged' || odd.length > 0 || fit.unidentified.length > 0;
    expect(hints).toBe(true);
    if (fit.stop !== 'converged') expect(fit.stopReason).not.toBeNull();
  });
});
