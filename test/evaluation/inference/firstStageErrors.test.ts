/** Standard errors that count estimated dynamics in, against a closed form and a joint Hessian. */

import { expect, test } from 'vitest';
import { logLikelihoodAt } from '../../../src/algorithms/logLikelihoodAt.ts';
import { type SharesStage, sharesStage } from '../../../src/demonstrations/sharesStage.ts';
import { cellsOf, type MethodResult } from '../../../src/evaluation/resultFile.ts';
import type { Trajectories } from '../../../src/mdp/trajectories.ts';
import type { World } from '../../../src/mdp/world.ts';
import { loadStudy } from '../../../src/study/loadStudy.ts';
import { runStudy } from '../../../src/study/run/runStudy.ts';
import { defineStudy, type Recordings } from '../../../src/study/study.ts';
import { solveDense } from '../../support/denseLinearAlgebra.ts';

const [BAD, GOOD, START] = [0, 1, 2];
const GAMMA = 0.8;

/** Play safe, or take a risk that comes off with the probability that was estimated. */
function gamble({ probabilities: [failure, success] }: SharesStage): World {
  return {
    mdp: {
      stateCount: 3,
      pairCount: 4,
      pairStart: Int32Array.of(0, 1, 2, 4),
      transitionStart: Int32Array.of(0, 1, 2, 3, 5),
      nextState: Int32Array.of(BAD, GOOD, BAD, BAD, GOOD),
      probability: Float64Array.of(1, 1, 1, failure, success),
    },
    stateNames: ['bad', 'good', 'start'],
    actionNames: ['on', 'safe', 'risky'],
    pairAction: Int32Array.of(0, 0, 1, 2),
  };
}

const SAFE = 2;
const RISKY = 3;
/** 30 played safe; 25 risks came off and 15 did not. */
const PLAYS = [
  ...Array.from({ length: 30 }, () => ({ risky: 0, won: 0 })),
  ...Array.from({ length: 25 }, () => ({ risky: 1, won: 1 })),
  ...Array.from({ length: 15 }, () => ({ risky: 1, won: 0 })),
];

interface GambleData extends Recordings {
  readonly firstStage: SharesStage;
}

function played(): GambleData {
  const trajectories: Trajectories = {
    count: PLAYS.length,
    rowStart: Int32Array.from({ length: PLAYS.length + 1 }, (_, i) => 2 * i),
    state: Int32Array.from(PLAYS.flatMap(({ won }) => [START, won ? GOOD : BAD])),
    pair: Int32Array.from(PLAYS.flatMap(({ risky, won }) => [risky ? RISKY : SAFE, won ? 1 : 0])),
    goal: new Int32Array(PLAYS.length).fill(-1),
    weight: new Float64Array(PLAYS.length).fill(1),
    stopped: new Uint8Array(PLAYS.length),
    names: PLAYS.map((_, i) => `play ${i}`),
    folds: null,
  };
  const outcomes = PLAYS.map(({ risky, won }) => [risky - won, won]);
  return {
    trajectories,
    files: [],
    firstStage: sharesStage(outcomes, (j) => ['fails', 'comes off'][j]),
  };
}

function gambling(data: () => Recordings) {
  return defineStudy({
    name: 'gamble',
    title: 'What is winning worth?',
    data: data as () => GambleData,
    world: ({ firstStage }) => gamble(firstStage),
    features: { good: (state) => (state === 'good' ? 1 : 0) },
    horizon: 2,
    discount: GAMMA,
    methods: ['causal-entropy'],
    firstStageUncertainty: true,
  });
}

function errorsOf(method: MethodResult, k = 0) {
  const { standardErrors, standardErrorsWithFirstStage, estimate } = method.parameters[k];
  if (!standardErrors || !standardErrorsWithFirstStage || estimate === null)
    throw new Error(JSON.stringify(method.parameters[k]));
  return { plain: standardErrors, counted: standardErrorsWithFirstStage, estimate };
}

test('a gamble has the standard errors of the delta method', async () => {
  const { result } = await runStudy(gambling(played));
  const { plain, counted, estimate } = errorsOf(cellsOf(result)[0].methods['causal-entropy']);
  // log odds of the risk = γ p θ, both shares observed: θ̂ = logit(q̂) / (γ p̂)
  const n = PLAYS.length;
  const risks = 40;
  const [q, p] = [risks / n, 25 / risks];
  const theta = Math.log(q / (1 - q)) / (GAMMA * p);
  expect(estimate).toBeCloseTo(theta, 9);
  const ofChoices = 1 / (n * q * (1 - q) * (GAMMA * p) ** 2);
  const ofLuck = (theta / p) ** 2 * ((p * (1 - p)) / risks);
  expect(plain.hessian).toBeCloseTo(Math.sqrt(ofChoices), 8);
  expect(counted.hessian).toBeCloseTo(Math.sqrt(ofChoices + ofLuck), 7);
  // As many shares as parameters: two steps are as good as one.
  expect(counted.fullLikelihood).toBeCloseTo(Math.sqrt(ofChoices + ofLuck), 6);
  const clustered = PLAYS.reduce((sum, { risky, won }) => {
    const psi =
      (risky - q) / (n * q * (1 - q) * GAMMA * p) - (theta / p / risks) * (won - risky * p);
    return sum + psi * psi;
  }, 0);
  expect(counted.sandwich).toBeCloseTo(Math.sqrt(clustered), 7);
  expect(ofLuck / ofChoices).toBeGreaterThan(0.01);
});

test('the bus engine has those of the joint Hessian of choices and mileage', async () => {
  const { study } = await loadStudy('bus-engine');
  const { result, runs } = await runStudy(study);
  const prepared = runs.get('bus-engine')?.prepared;
  const sampling = prepared?.recordings.firstStage?.sampling;
  if (!prepared?.problemWith || !sampling) throw new Error('the study has no first stage');
  const { problemWith } = prepared;
  const { methods } = cellsOf(result)[0];
  const fit = methods['causal-entropy'];
  const theta = fit.parameters.map(({ estimate }) => estimate ?? Number.NaN);
  const point = [...theta, ...sampling.free];
  const size = point.length;

  /** log L(θ, p), the mileage part written out. */
  const counts = (prepared.recordings.firstStage as SharesStage).counts;
  const full = (x: readonly number[]): number => {
    const free = Float64Array.from(x.slice(theta.length));
    const shares = [...free, 1 - free.reduce((sum, p) => sum + p, 0)];
    const problem = problemWith(sampling.at(free));
    const choices = logLikelihoodAt(problem, Float64Array.from(x.slice(0, theta.length)));
    return (choices ?? Number.NaN) + counts.reduce((sum, c, j) => sum + c * Math.log(shares[j]), 0);
  };
  const step = point.map((x, i) => (i < theta.length ? 3e-3 * Math.abs(x) : 1e-4));
  const moved = (i: number, a: number, j: number, b: number) =>
    full(point.map((x, k) => x + (k === i ? a * step[i] : 0) + (k === j ? b * step[j] : 0)));
  const information = point.map((_, i) =>
    point.map(
      (_, j) =>
        -(moved(i, 1, j, 1) - moved(i, 1, j, -1) - moved(i, -1, j, 1) + moved(i, -1, j, -1)) /
        (4 * step[i] * step[j]),
    ),
  );
  const identity = point.map((_, i) => point.map((_, j) => (i === j ? 1 : 0)));
  const covariance = solveDense(information, identity);
  if (!covariance) throw new Error('the joint information is singular');
  expect(size).toBe(4);
  for (let k = 0; k < theta.length; k++) {
    const { plain, counted } = errorsOf(fit, k);
    expect((counted.fullLikelihood ?? 0) / Math.sqrt(covariance[k][k])).toBeCloseTo(1, 3);
    expect(counted.hessian).toBeGreaterThan(plain.hessian ?? Number.NaN);
  }
  // What counting it in adds is what the joint information says, little as it is.
  const { plain, counted } = errorsOf(fit, 1);
  const added = (counted.hessian ?? 0) ** 2 - (plain.hessian ?? 0) ** 2;
  const alone = solveDense(
    information.slice(0, 2).map((row) => row.slice(0, 2)),
    [
      [1, 0],
      [0, 1],
    ],
  );
  expect(added / (covariance[1][1] - (alone?.[1][1] ?? Number.NaN))).toBeCloseTo(1, 1);
  expect(methods['behavior-cloning-features'].parameters[0]).toMatchObject({
    standardErrorsWithFirstStage: null,
    reasons: { standardErrorsWithFirstStage: expect.stringMatching(/only causal entropy/) },
  });
});

test('a share that was never seen is no parameter, and moves keep the sum', () => {
  const { sampling, probabilities } = sharesStage(
    [
      [3, 0, 1],
      [2, 0, 4, 0],
    ],
    String,
  );
  expect(probabilities).toEqual([0.5, 0, 0.5, 0]);
  expect([...sampling.free]).toEqual([0.5]);
  expect(sampling.at(Float64Array.of(0.4)).probabilities).toEqual([0.4, 0, 0.6, 0]);
  // Scores sum to zero at the estimates; the information is theirs in expectation.
  expect(sampling.scores[0] + sampling.scores[1]).toBeCloseTo(0, 12);
  expect(sampling.information[0]).toBeCloseTo(10 / 0.5 + 10 / 0.5, 12);
});

test('data that do not say how sure they are are refused', async () => {
  const silent = (): Recordings => {
    const { sampling: _, ...firstStage } = played().firstStage;
    return { ...played(), firstStage };
  };
  await expect(runStudy(gambling(silent))).rejects.toThrow(/without its "sampling"/);
});
