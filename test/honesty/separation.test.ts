/**
 * Estimates that do not exist are not printed as if they did: features that nobody takes, choices
 * that are all foreseen, fits cut short; `converged` where, and only where, there is an optimum.
 */

import { describe, expect, test } from 'vitest';
import { shanghaiTaxi } from '../../src/demonstrations/recorded/shanghaiTaxi.ts';
import { cellsOf } from '../../src/evaluation/resultFile.ts';
import { runStudy } from '../../src/study/run/runStudy.ts';
import { defineStudy } from '../../src/study/study.ts';
import { estimateOf, type FitOutcome, fitTables, lines, methodOf } from '../support/commandLine.ts';
import { go, jump, type OfMove, rooms } from '../support/rooms.ts';
import { hasSharedData } from '../support/sharedData.ts';

const METHODS = ['causal-entropy', 'behavior-cloning-features'];
const FOREVER = ['--discount', '0.9', '--methods', METHODS.join(',')];
const evenly: OfMove = () => 1;
const neverJump: OfMove = (_, move) => (move === 'jump' ? 0 : 1);

function expectUnbounded(outcome: FitOutcome, names: readonly string[]): void {
  expect(outcome.code).toBe(1);
  for (const method of METHODS) {
    const fit = methodOf(outcome, method);
    expect(fit.stop).toBe('unbounded');
    expect(fit.unbounded).toEqual(names);
    expect(fit.stopReason).toMatch(/runs away.*--l2.*--bounds/);
    for (const { name, standardErrors, reasons } of fit.parameters) {
      expect(standardErrors).toBeNull();
      expect(reasons?.standardErrors).toMatch(
        names.includes(name) ? /runs to infinity/ : /did not converge/,
      );
    }
    expect(fit).toMatchObject({ aic: null, bic: null });
  }
}

describe('separation', () => {
  test('of a feature that no one takes, whatever its units', async () => {
    expectUnbounded(await fitTables(rooms({ go, jump }, neverJump), ...FOREVER), ['jump']);
    const tiny: OfMove = (room, move) => 1e-8 * jump(room, move);
    const huge: OfMove = (room, move) => 1e8 * go(room, move);
    expectUnbounded(await fitTables(rooms({ huge, tiny }, neverJump), ...FOREVER), ['tiny']);
  });

  test('of a feature that everyone takes', async () => {
    const always: OfMove = (_, move) => (move === 'jump' ? 1 : 0);
    expectUnbounded(await fitTables(rooms({ jump }, always), ...FOREVER), ['jump']);
  });

  test('of a combination of two features only', async () => {
    // Each of f and g is taken and left; g − f never is positive.
    const g: OfMove = (room, move) => go(room, move) + (room === 'a' ? jump(room, move) : 0);
    const notThere: OfMove = (room, move) => (room === 'a' && move === 'jump' ? 0 : 1);
    const outcome = await fitTables(rooms({ f: go, g, jump }, notThere), ...FOREVER);
    expectUnbounded(outcome, ['f', 'g']);
  });

  test('of everything, where every choice is foreseen', async () => {
    const onlyGo: OfMove = (_, move) => (move === 'go' ? 1 : 0);
    const outcome = await fitTables(rooms({ go, jump }, onlyGo), ...FOREVER);
    for (const method of METHODS) {
      expect(methodOf(outcome, method).stop).toBe('unbounded');
      expect(methodOf(outcome, method).logLikelihood).toBeCloseTo(0, 5);
    }
    expect(outcome.code).toBe(1);
  });

  test('in a single decision', async () => {
    const options = { trajectories: 1, decisions: 1 };
    const outcome = await fitTables(rooms({ go, jump }, evenly, options), ...FOREVER);
    for (const method of METHODS) expect(methodOf(outcome, method).stop).toBe('unbounded');
  });

  test('is none where one in a thousand takes it', async () => {
    const rarely: OfMove = (_, move) => (move === 'jump' ? 0.002 : 1);
    const options = { trajectories: 300, decisions: 10 };
    const outcome = await fitTables(rooms({ go, jump }, rarely, options), ...FOREVER);
    for (const method of METHODS) expect(methodOf(outcome, method).stop).toBe('converged');
    // All options lead on alike, so the shares are those of a logit with two dummies.
    const tables = rooms({ go, jump }, rarely, options);
    const count = (move: string) => tables.trajectories.split(`,${move},`).length - 1;
    expect(count('jump')).toBeGreaterThan(0);
    expect(estimateOf(outcome, 'jump', 'behavior-cloning-features')).toBeCloseTo(
      Math.log(count('jump') / count('stay')),
      7,
    );
  });

  test('is not hidden by a tolerance that stops early', async () => {
    const tables = rooms({ go, jump }, neverJump);
    for (const tolerance of ['1e-2', '1e-4', '1e-6']) {
      const outcome = await fitTables(tables, ...FOREVER, '--tolerance', tolerance);
      for (const method of METHODS) expect(methodOf(outcome, method).stop).not.toBe('converged');
      expect(outcome.code).toBe(1);
    }
  });

  test('that a penalty holds is confessed, and a bound is named', async () => {
    const tables = rooms({ go, jump }, neverJump);
    const penalised = await fitTables(tables, ...FOREVER, '--l2', '0.01');
    for (const method of METHODS) {
      const { stop, heldByPenalty } = methodOf(penalised, method);
      expect(stop).toBe('converged');
      expect(heldByPenalty).toEqual({ unidentified: [], unbounded: ['jump'] });
    }
    expect(penalised.stdout).toMatch(/Held by the penalty alone: "jump" would run to infinity/);
    const bounded = await fitTables(tables, ...FOREVER, '--bounds', 'jump=-5:5');
    for (const method of METHODS) {
      const [, held] = methodOf(bounded, method).parameters;
      expect(held).toMatchObject({ estimate: -5, held: 'at-bound', standardErrors: null });
      expect(held.reasons?.standardErrors).toMatch(/stopped by a bound/);
    }
  });

  const CLASSES = {
    data: (fold: number) => () => shanghaiTaxi({ fold, trainSize: 100, roadClasses: true }),
    name: 'living street',
  };
  test.skipIf(!hasSharedData('shanghai_taxi')).each([0, 1, 2, 3, 4])(
    'of living streets in 100 taxi trips, fold %i',
    async (fold) => {
      const study = defineStudy({
        name: 'classes',
        title: 'Road classes from few trips',
        data: CLASSES.data(fold),
        world: ({ world }) => world,
        features: ({ features }) => features,
        methods: ['causal-entropy'],
        holdOut: 'test',
      });
      const { result, runs } = await runStudy(study);
      const [{ methods }] = cellsOf(result);
      const { features, trajectories } = runs.get('classes')?.prepared.problem ?? {};
      if (!features || !trajectories) throw new Error('the study has no problem');
      const column = features.names.indexOf(CLASSES.name);
      const entered = trajectories.pair.filter(
        (pair) => pair >= 0 && features.values[pair * features.names.length + column] > 0,
      ).length;
      const fit = methods['causal-entropy'];
      if (entered > 0) {
        expect(fit.stop).toBe('converged');
        return;
      }
      expect(fit.stop).toBe('unbounded');
      expect(fit.unbounded).toEqual([CLASSES.name]);
      for (const { standardErrors } of fit.parameters) expect(standardErrors).toBeNull();
    },
    60_000,
  );
});

describe('what converged means', () => {
  const mostly: OfMove = (_, move) => (move === 'go' ? 3 : 1);

  test.each([
    ['at the start', []],
    ['far off', ['--start', 'go=30,jump=-20']],
  ])('too few iterations never are, %s', async (_, start) => {
    const outcome = await fitTables(
      rooms({ go, jump }, mostly),
      ...FOREVER,
      '--max-iterations',
      '1',
      ...start,
    );
    expect(outcome.code).toBe(1);
    for (const method of METHODS) {
      const fit = methodOf(outcome, method);
      expect(fit.stop).toBe('max-iterations');
      expect(fit.stopReason).toMatch(/1 iteration/);
      expect(fit.unbounded).toBeUndefined();
      for (const { standardErrors } of fit.parameters) expect(standardErrors).toBeNull();
      expect(fit.aic).toBeNull();
    }
  });

  test('the units of rewards do not matter, nor those of features', async () => {
    const plain = await fitTables(rooms({ go, jump }, mostly), ...FOREVER);
    for (const temperature of [1e-9, 1e-3, 1e9]) {
      const outcome = await fitTables(
        rooms({ go, jump }, mostly),
        ...FOREVER,
        '--temperature',
        `${temperature}`,
      );
      expect(outcome.code).toBe(0);
      for (const method of METHODS)
        for (const name of ['go', 'jump'])
          expect(estimateOf(outcome, name, method) / temperature).toBeCloseTo(
            estimateOf(plain, name, method),
            7,
          );
    }
    const small: OfMove = (room, move) => 1e-8 * go(room, move);
    const large: OfMove = (room, move) => 1e8 * jump(room, move);
    const outcome = await fitTables(rooms({ small, large }, mostly), ...FOREVER);
    expect(outcome.code).toBe(0);
    for (const method of METHODS) {
      expect(1e-8 * estimateOf(outcome, 'small', method)).toBeCloseTo(
        estimateOf(plain, 'go', method),
        7,
      );
      expect(1e8 * estimateOf(outcome, 'large', method)).toBeCloseTo(
        estimateOf(plain, 'jump', method),
        7,
      );
    }
  });

  test('numbers beyond what can be squared end a fit, in words that are true', async () => {
    for (const size of [1e200, 1e-300]) {
      const extreme: OfMove = (room, move) => size * go(room, move);
      const outcome = await fitTables(rooms({ extreme, jump }, mostly), ...FOREVER);
      for (const method of METHODS) {
        const { stop, stopReason, parameters } = methodOf(outcome, method);
        if (stop === 'converged') continue;
        expect(stop).toBe('not-finite');
        expect(stopReason).toMatch(/extreme size/);
        for (const { standardErrors } of parameters) expect(standardErrors).toBeNull();
      }
    }
    const far = await fitTables(rooms({ go, jump }, mostly), ...FOREVER, '--start', 'go=-1e300');
    for (const method of METHODS) expect(methodOf(far, method).stop).not.toBe('infeasible');
    expect(far.code).toBe(1);
  });

  test('one trajectory says how sure it is of decisions, and not of trajectories', async () => {
    const options = { trajectories: 1, decisions: 40 };
    const outcome = await fitTables(rooms({ go, jump }, mostly, options), ...FOREVER);
    for (const method of METHODS)
      for (const { standardErrors } of methodOf(outcome, method).parameters) {
        expect(standardErrors?.hessian).toBeGreaterThan(0);
        expect(standardErrors).toMatchObject({ sandwich: null, outerProductTrajectory: null });
        expect(standardErrors?.reasons?.sandwich).toMatch(/single trajectory/);
        expect(standardErrors?.reasons?.outerProductTrajectory).toMatch(/fewer trajectories/);
      }
  });

  test('data that are there twice look surer than they are, and only then', async () => {
    const tables = rooms({ go, jump }, mostly);
    const [heading, ...rows] = tables.trajectories.trimEnd().split('\n');
    const twice = {
      ...tables,
      trajectories: lines(heading, ...rows, ...rows.map((row) => row.replace(/^x/, 'again'))),
    };
    const once = methodOf(await fitTables(tables, ...FOREVER)).parameters[0];
    const double = methodOf(await fitTables(twice, ...FOREVER)).parameters[0];
    expect(double.estimate).toBeCloseTo(once.estimate ?? Number.NaN, 9);
    for (const kind of ['hessian', 'outerProduct', 'sandwich'] as const)
      expect(double.standardErrors?.[kind]).toBeCloseTo(
        (once.standardErrors?.[kind] ?? Number.NaN) / Math.SQRT2,
        9,
      );
  });

  test('a misspecified model converges, and its sandwich says what the curvature does not', async () => {
    // People stick to what they do: half of them always go, half never; a logit sees a coin.
    const going = rooms({ go }, (_, move) => (move === 'go' ? 9 : 0.5), { trajectories: 20 });
    const staying = rooms({ go }, (_, move) => (move === 'go' ? 0.5 : 4.75), {
      trajectories: 20,
      seed: 6,
    });
    const [heading] = going.trajectories.split('\n');
    const rowsOf = (text: string, prefix: string) =>
      text
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((row) => row.replace(/^x/, prefix));
    const outcome = await fitTables(
      {
        ...going,
        trajectories: lines(
          heading,
          ...rowsOf(going.trajectories, 'g'),
          ...rowsOf(staying.trajectories, 's'),
        ),
      },
      ...FOREVER,
    );
    for (const method of METHODS) {
      const [{ standardErrors }] = methodOf(outcome, method).parameters;
      const { hessian, sandwich } = standardErrors ?? {};
      expect(methodOf(outcome, method).stop).toBe('converged');
      // Eight decisions of one person are nearly one: variances are understated nearly eightfold.
      expect((sandwich ?? 0) / (hessian ?? 1)).toBeGreaterThan(2);
    }
  });

  test('a start that is infeasible is refused with one that is not', async () => {
    const round = {
      transitions: lines('state,action,next_state', 'a,go,b', 'a,turn,a', 'b,go,a', 'b,out,home'),
      features: lines('state,action,step', 'a,go,1', 'a,turn,1', 'b,go,1', 'b,out,1'),
      trajectories: lines(
        'trajectory,step,state,action,goal',
        'x,0,a,go,home',
        'x,1,b,out,home',
        'y,0,a,turn,home',
        'y,1,a,go,home',
        'y,2,b,out,home',
      ),
    };
    const refused = await fitTables(round, '--start', 'step=1');
    const fit = methodOf(refused);
    expect(refused.code).toBe(1);
    expect(fit).toMatchObject({ stop: 'infeasible', logLikelihood: null, gradientNorm: null });
    expect(fit.spectralRadius).toBeGreaterThan(1);
    for (const { estimate, standardErrors } of fit.parameters)
      expect([estimate, standardErrors]).toEqual([null, null]);
    const start = fit.feasibleStart?.step ?? Number.NaN;
    const retried = await fitTables(round, '--start', `step=${start}`);
    expect(methodOf(retried).stop).toBe('converged');
    expect(retried.code).toBe(0);
  });
});
