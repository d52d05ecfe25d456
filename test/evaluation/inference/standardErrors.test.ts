/** Standard errors through `revealed fit`, where they have a closed form or must not exist. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { finish } from '../../../src/algorithms/algorithm.ts';
import { causalEntropy } from '../../../src/algorithms/causalEntropy.ts';
import {
  standardErrorKinds,
  standardErrors,
} from '../../../src/evaluation/inference/standardErrors.ts';
import type { MethodResult } from '../../../src/evaluation/resultFile.ts';
import { arbitraryProblem, finiteKinds, stationaryKinds } from '../../support/arbitraryProblem.ts';
import { expectClose } from '../../support/closeness.ts';
import {
  type FitOutcome,
  fitTables,
  lines,
  methodOf,
  type TableTexts,
} from '../../support/commandLine.ts';

/** One state, to go or to wait for ever; a trajectory is how often each was chosen. */
function goOrWait(
  trajectories: readonly { go: number; wait: number; weight?: number; person?: string }[],
): TableTexts {
  const known = trajectories.some(({ person }) => person !== undefined);
  const rows = trajectories.flatMap(({ go, wait, weight = 1, person = '' }, i) =>
    Array.from(
      { length: go + wait },
      (_, t) => `x${i},${t},s,${t < go ? 'go' : 'wait'},${weight}${known ? `,${person}` : ''}`,
    ),
  );
  return {
    transitions: lines('state,action,next_state', 's,go,s', 's,wait,s'),
    features: lines('state,action,go', 's,go,1', 's,wait,0'),
    trajectories: lines(`trajectory,step,state,action,weight${known ? ',person' : ''}`, ...rows),
  };
}

function parameterOf(outcome: FitOutcome, name: string, method?: string) {
  const found = methodOf(outcome, method).parameters.find((parameter) => parameter.name === name);
  if (!found) throw new Error(`no parameter ${name}: ${outcome.stderr}`);
  return found;
}

function errorsOf(outcome: FitOutcome, name: string, method?: string): number[] {
  const { standardErrors } = parameterOf(outcome, name, method);
  if (!standardErrors) throw new Error(`no standard errors: ${JSON.stringify(outcome.result)}`);
  const { hessian, outerProduct, outerProductTrajectory, sandwich } = standardErrors;
  return [hessian, outerProduct, outerProductTrajectory, sandwich].map((x) => x ?? Number.NaN);
}

/** A covariance kept beside the result. */
function covariance(outcome: FitOutcome, kind: string, size: number): number[][] {
  const bytes = readFileSync(
    join(outcome.out, 'arrays', 'causal-entropy', `covariance-${kind}.f64`),
  );
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => bytes.readDoubleLE(8 * (i * size + j))),
  );
}

/** Expects every error to be a positive number, or null with its reason. */
function expectExplained(method: MethodResult): void {
  for (const { standardErrors, reasons } of method.parameters) {
    if (standardErrors === null) {
      expect(reasons?.standardErrors).toBeTruthy();
      continue;
    }
    const { reasons: why, ...errors } = standardErrors;
    for (const [kind, error] of Object.entries(errors))
      if (error === null) expect(why?.[kind]).toBeTruthy();
      else expect(error).toBeGreaterThan(0);
  }
}

const TRIPS = [
  { go: 3, wait: 1, weight: 1 },
  { go: 1, wait: 2, weight: 2.5 },
  { go: 4, wait: 1, weight: 0.5 },
  { go: 9, wait: 0, weight: 0 },
];

describe('the sandwich', () => {
  const people = TRIPS.slice(0, 3).map((trip, i) => ({ ...trip, person: `p${i}` }));
  const sandwich = 3;

  test.each([
    ['causal-entropy', []],
    ['causal-entropy', ['--objective', 'feature-matching']],
    ['behavior-cloning-features', []],
  ] as const)('of %s %s is by person where they are known', async (method, more) => {
    const flags = ['--horizon', '5', '--methods', method, ...more];
    const trips = await fitTables(goOrWait(TRIPS.slice(0, 3)), ...flags);
    const each = await fitTables(goOrWait(people), ...flags);
    const twice = await fitTables(goOrWait([...people, ...people]), ...flags);
    const robust = errorsOf(trips, 'go', method)[sandwich];
    // Who is seen once is a trajectory; seeing everybody do the same again tells nothing new.
    expectClose([errorsOf(each, 'go', method)[sandwich]], [robust], 1e-9);
    expectClose([errorsOf(twice, 'go', method)[sandwich]], [robust], 1e-6);
    expect(methodOf(each, method).clusteredBy).toBe('person');
    expect(methodOf(trips, method).clusteredBy).toBeUndefined();
    expect(each.stdout).toMatch(/sandwich, clustered by person/);
    const anonymous = [...TRIPS.slice(0, 3), ...TRIPS.slice(0, 3)];
    const naive = await fitTables(goOrWait(anonymous), ...flags);
    expectClose([errorsOf(naive, 'go', method)[sandwich]], [robust / Math.SQRT2], 1e-6);
  });

  test('does not exist where all trajectories are of one person', async () => {
    const alone = people.map((trip) => ({ ...trip, person: 'p' }));
    const outcome = await fitTables(goOrWait(alone), '--discount', '0.9');
    const { standardErrors } = parameterOf(outcome, 'go');
    expect(standardErrors?.sandwich).toBeNull();
    expect(standardErrors?.reasons?.sandwich).toMatch(/single person/);
  });
});

describe('a logit of one parameter has errors in closed form', () => {
  test.each([
    ['discounted', ['--discount', '0.9'], 1, 0, 'causal-entropy'],
    ['with a horizon', ['--horizon', '9'], 1, 0, 'causal-entropy'],
    ['in other units', ['--discount', '0.9', '--temperature', '2'], 2, 0, 'causal-entropy'],
    ['with a penalty', ['--discount', '0.9', '--l2', '0.7'], 1, 0.7, 'causal-entropy'],
    ['without a future', ['--discount', '0.9'], 1, 0, 'behavior-cloning-features'],
  ] as const)('%s', async (_, flags, temperature, l2, method) => {
    const outcome = await fitTables(goOrWait(TRIPS), ...flags, '--methods', method);
    expect(outcome.stderr).toBe('');
    const estimate = parameterOf(outcome, 'go', method).estimate ?? Number.NaN;
    const p = 1 / (1 + Math.exp(-estimate / temperature));
    let information = l2;
    let decisions = 0;
    let trajectories = 0;
    for (const { go, wait, weight } of TRIPS) {
      information += (weight * (go + wait) * p * (1 - p)) / temperature ** 2;
      decisions += (weight / temperature) ** 2 * (go * (1 - p) ** 2 + wait * p ** 2);
      trajectories += ((weight / temperature) * (go - (go + wait) * p)) ** 2;
    }
    expectClose(
      errorsOf(outcome, 'go', method),
      [
        1 / Math.sqrt(information),
        1 / Math.sqrt(decisions),
        1 / Math.sqrt(trajectories),
        Math.sqrt(trajectories) / information,
      ],
      1e-6,
    );
  });

  test('where features are matched the sandwich alone says how sure it is', async () => {
    // Moves have no luck here and the horizon is filled, so it is that of the likelihood.
    const tables = goOrWait([
      { go: 3, wait: 1 },
      { go: 1, wait: 3 },
      { go: 4, wait: 0 },
    ]);
    const likelihood = await fitTables(tables, '--horizon', '4');
    for (const methods of ['causal-entropy', 'causal-entropy-loop']) {
      const flags = ['--horizon', '4', '--objective', 'feature-matching', '--methods', methods];
      const outcome = await fitTables(tables, ...flags);
      const errors = errorsOf(outcome, 'go', methods);
      expect(errors.slice(0, 3)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
      expect(errors[3]).toBeCloseTo(errorsOf(likelihood, 'go')[3], 4);
      expectExplained(methodOf(outcome, methods));
    }
  });
});

describe('no standard error', () => {
  test('of trajectories where there are fewer than parameters', async () => {
    const two: TableTexts = {
      transitions: lines('state,action,next_state', 's,go,s', 's,wait,s', 's,jump,s'),
      features: lines('state,action,go,jump', 's,go,1,0', 's,wait,0,0', 's,jump,0,1'),
      trajectories: lines(
        'trajectory,step,state,action',
        ...['go', 'go', 'jump', 'wait'].map((action, t) => `a,${t},s,${action}`),
      ),
    };
    const one = await fitTables(two, '--discount', '0.9');
    const { standardErrors } = parameterOf(one, 'go');
    expect(standardErrors?.hessian).toBeGreaterThan(0);
    expect(standardErrors?.outerProduct).toBeGreaterThan(0);
    expect(standardErrors?.outerProductTrajectory).toBeNull();
    expect(standardErrors?.reasons?.outerProductTrajectory).toMatch(
      /fewer trajectories than parameters \(1 for 2\)/,
    );
    expect(standardErrors?.sandwich).toBeNull();
    expect(standardErrors?.reasons?.sandwich).toMatch(/single trajectory/);
    expect(one.code).toBe(0);
    expect(one.stdout).toMatch(/s\.e\. \(hessian\)/);
    expect(one.stdout).not.toMatch(/sandwich/);
  });

  test('of trajectories that are all alike', async () => {
    const outcome = await fitTables(
      goOrWait([
        { go: 3, wait: 1 },
        { go: 3, wait: 1 },
      ]),
      '--discount',
      '0.9',
    );
    const { standardErrors } = parameterOf(outcome, 'go');
    expect(standardErrors).toMatchObject({ outerProductTrajectory: null, sandwich: null });
    expectExplained(methodOf(outcome));
    expect(standardErrors?.hessian).toBeCloseTo(1 / Math.sqrt(8 * 0.75 * 0.25), 7);
  });

  test.each([
    ['given', ['--fix', 'go=0.3'], /given/],
    ['stopped by a bound', ['--bounds', 'go=:0.1'], /bound/],
    ['cut short', ['--max-iterations', '1', '--optimizer', 'gradient-descent'], /not converge/],
  ])('of what was %s', async (_, flags, why) => {
    const outcome = await fitTables(goOrWait(TRIPS), '--discount', '0.9', ...flags);
    const { standardErrors, reasons } = parameterOf(outcome, 'go');
    expect(standardErrors).toBeNull();
    expect(reasons?.standardErrors).toMatch(why);
  });

  test('of what runs away, nor beside it', async () => {
    const outcome = await fitTables(goOrWait([{ go: 3, wait: 0 }]), '--discount', '0.9');
    const { standardErrors, reasons } = parameterOf(outcome, 'go');
    expect(standardErrors).toBeNull();
    expect(reasons?.standardErrors).toMatch(/infinity/);
  });
});

/** Three places to move between at will, each with a reward of its own, for three decisions. */
const PLACES: TableTexts = {
  transitions: lines(
    'state,action,next_state',
    ...['a', 'b', 'c'].flatMap((from) => ['a', 'b', 'c'].map((to) => `${from},${to},${to}`)),
  ),
  features: lines('state,A,B,C', 'a,1,0,0', 'b,0,1,0', 'c,0,0,1'),
  trajectories: lines(
    'trajectory,step,state,action',
    ...['abca', 'aabb', 'bcca', 'caab', 'bbba', 'cacc', 'abab', 'ccba'].flatMap((path) =>
      [0, 1, 2].map((t) => `${path},${t},${path[t]},${path[t + 1]}`),
    ),
  ),
};

describe('what the data do not identify', () => {
  test('has no error, but contrasts beside it keep theirs', async () => {
    // Under a horizon the same reward everywhere changes nothing: only differences are identified.
    const all = await fitTables(PLACES, '--horizon', '3');
    expect(all.code).toBe(1);
    const { parameters, unidentified } = methodOf(all);
    expect(unidentified).toHaveLength(1);
    for (const { standardErrors, reasons } of parameters) {
      expect(standardErrors).toBeNull();
      expect(reasons?.standardErrors).toMatch(/not identified/);
    }
    const fixed = await fitTables(PLACES, '--horizon', '3', '--fix', `C=${parameters[2].estimate}`);
    expect(fixed.code).toBe(0);
    for (const [kind, at] of [
      ['hessian', 0],
      ['sandwich', 3],
    ] as const) {
      const variance = covariance(all, kind, 3);
      const contrast = (i: number, j: number) =>
        Math.sqrt(variance[i][i] + variance[j][j] - 2 * variance[i][j]);
      const reduced = covariance(fixed, kind, 3);
      expect(contrast(0, 2)).toBeCloseTo(errorsOf(fixed, 'A')[at], 6);
      expect(contrast(1, 2)).toBeCloseTo(errorsOf(fixed, 'B')[at], 6);
      expect(contrast(0, 1)).toBeCloseTo(
        Math.sqrt(reduced[0][0] + reduced[1][1] - 2 * reduced[0][1]),
        6,
      );
      expect(reduced[2]).toEqual([0, 0, 0]);
    }
  });

  test('leaves the parameters that take no part in it as sure as they are', async () => {
    const tables = (header: string, go: string, jump: string): TableTexts => ({
      transitions: lines('state,action,next_state', 's,go,s', 's,wait,s', 's,jump,s'),
      features: lines(`state,action,${header}`, `s,go,${go}`, 's,wait,0,0,0', `s,jump,${jump}`),
      trajectories: lines(
        'trajectory,step,state,action',
        ...['gjw', 'ggj', 'wgg', 'wwj', 'jgg', 'gwwg'].flatMap((path) =>
          [...path].map(
            (letter, t) =>
              `${path},${t},s,${letter === 'g' ? 'go' : letter === 'j' ? 'jump' : 'wait'}`,
          ),
        ),
      ),
    });
    const both = await fitTables(tables('go,twice,jump', '1,2,0', '0,0,1'), '--discount', '0.8');
    const alone = await fitTables(
      tables('go,twice,jump', '1,0,0', '0,0,1'),
      '--discount',
      '0.8',
      '--fix',
      'twice=0',
    );
    expect(parameterOf(both, 'go').standardErrors).toBeNull();
    expect(parameterOf(both, 'twice').standardErrors).toBeNull();
    expectClose(errorsOf(both, 'jump'), errorsOf(alone, 'jump'), 1e-6);
  });
});

describe.each([...stationaryKinds, ...finiteKinds])('%s', (kind) => {
  test('every error is a positive number or has a reason', () => {
    fc.assert(
      fc.property(
        arbitraryProblem(kind),
        fc.constantFrom('likelihood', 'feature-matching'),
        (problem, objective) => {
          const { information, unidentified, parameters } = finish(
            causalEntropy.fit(problem, { objective }),
          );
          if (!information) return;
          expect(information.flat).toHaveLength(unidentified.length);
          const { of, covariance } = standardErrors(information, parameters.length);
          for (const matrix of Object.values(covariance))
            if (typeof matrix !== 'string') expect(matrix.every(Number.isFinite)).toBe(true);
          for (const k of information.free) {
            const { errors, reasons } = of(k);
            for (const kindOfError of standardErrorKinds) {
              const error = errors[kindOfError];
              if (error === null) expect(reasons[kindOfError]).toBeTruthy();
              else expect(error > 0 && Number.isFinite(error)).toBe(true);
            }
          }
        },
      ),
      { seed: 1, numRuns: 25 },
    );
  });
});
