/**
 * The decided edge cases of tables, through `revealed fit`, each with an answer that was found by
 * hand: the worlds are small enough for their soft values to have a closed form.
 */

import { describe, expect, test } from 'vitest';
import {
  estimateOf,
  type FitOutcome,
  fitTables,
  lines,
  methodOf,
  singleResult,
  type TableTexts,
} from '../support/commandLine.ts';

const { log, sqrt } = Math;

/** Estimates come from Newton steps: exact but for the round-off of a few values. */
const DIGITS = 7;

function expectConverged(outcome: FitOutcome): void {
  expect(outcome.stderr).toBe('');
  expect(methodOf(outcome).stopReason).toBeUndefined();
  expect(methodOf(outcome).stop).toBe('converged');
  expect(outcome.code).toBe(0);
}

/** Trajectories table from `name: rows` where a row is `state action`; further columns are given. */
function trips(
  rows: Readonly<Record<string, readonly string[]>>,
  columns = '',
  cells: (name: string) => string = () => '',
): string {
  return lines(
    `trajectory,step,state,action${columns}`,
    ...Object.entries(rows).flatMap(([name, steps]) =>
      steps.map((step, i) => {
        const [state, action = ''] = step.split(' ');
        return `${name},${i},${state},${action}${cells(name)}`;
      }),
    ),
  );
}

/** Wait as long as you like, or go once; `end` has no actions. */
const WAITING = {
  transitions: lines('state,action,next_state', 's,go,end', 's,wait,s'),
  features: lines('state,action,go', 's,go,1', 's,wait,0'),
};

describe('a state without actions', () => {
  test('is terminal with value 0 where the future is discounted', async () => {
    // V = log(e^θ + e^γV) and π(go) = e^(θ − V) = p give θ (1 − γ) = log p/(1 − p) − γ log p.
    const outcome = await fitTables(
      { ...WAITING, trajectories: trips({ x: ['s wait', 's wait', 's wait', 's go', 'end'] }) },
      '--discount',
      '0.5',
    );
    expectConverged(outcome);
    expect(estimateOf(outcome, 'go')).toBeCloseTo(log(4 / 9), DIGITS);
    expect(methodOf(outcome).logLikelihood).toBeCloseTo(3 * log(3 / 4) + log(1 / 4), DIGITS);
    expect(singleResult(outcome).data).toMatchObject({ decisions: 4, states: 2, cutOff: 0 });
  });

  test('is terminal with value 0 before a horizon, and ends what is not cut off', async () => {
    // Three paths: go, wait–go, wait–wait, of weights x, x and 1 with x = e^θ; three of four went.
    const outcome = await fitTables(
      {
        ...WAITING,
        trajectories: trips({
          a: ['s go', 'end'],
          b: ['s go', 'end'],
          c: ['s wait', 's go', 'end'],
          d: ['s wait', 's wait', 's'],
        }),
      },
      '--horizon',
      '2',
    );
    expectConverged(outcome);
    expect(estimateOf(outcome, 'go')).toBeCloseTo(log(1.5), DIGITS);
    expect(methodOf(outcome).logLikelihood).toBeCloseTo(3 * log(1.5 / 4) + log(1 / 4), DIGITS);
    expect(singleResult(outcome).data).toMatchObject({ decisions: 6, cutOff: 0, empty: 0 });
  });

  const crossing: TableTexts = {
    transitions: lines(
      'state,action,next_state',
      's,straight,home',
      's,detour,m',
      's,trap,pit',
      'm,on,home',
      'pit,dig,hole',
    ),
    features: lines('state,action,detour', 's,straight,0', 's,detour,1', 's,trap,0', 'm,on,0'),
    trajectories: trips(
      { a: ['s straight', 'home'], b: ['s straight', 'home'], c: ['s detour', 'm on', 'home'] },
      ',goal',
      () => ',home',
    ),
  };

  test('is a dead end on the way to a goal: moves that lead only there have probability 0', async () => {
    // One of three takes the detour; the trap is no option.
    const outcome = await fitTables(crossing, '--missing-features', 'zero');
    expectConverged(outcome);
    expect(estimateOf(outcome, 'detour')).toBeCloseTo(log(1 / 2), DIGITS);
    expect(methodOf(outcome).logLikelihood).toBeCloseTo(log(1 / 3) + 2 * log(2 / 3), DIGITS);
  });

  test('is an error where a trajectory goes there under a goal', async () => {
    const fallen = trips(
      { a: ['s straight', 'home'], f: ['s trap', 'pit'] },
      ',goal',
      () => ',home',
    );
    const outcome = await fitTables(
      { ...crossing, trajectories: fallen },
      '--missing-features',
      'zero',
    );
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toMatch(/trajectories\.csv:5: .*"f" is in state "pit", from which/);
  });
});

describe('exits', () => {
  /** Round and round, with an exit at `a` only. */
  const ROUND = {
    transitions: lines('state,action,next_state', 'a,go,b', 'b,go,a'),
    features: lines('state,move', 'a,1', 'b,1'),
    exits: lines('goal,state', 'out,a'),
  };
  const START = ['--start', 'move=-1'];

  test('make the stop a decision, and may be passed', async () => {
    // With y = e^θ: z(a) = 1 + y² z(a), so π(stop | a) = 1 − y²; two of three stop.
    const outcome = await fitTables(
      {
        ...ROUND,
        trajectories: trips({ x: ['a'], y: ['a go', 'b go', 'a'] }, ',goal', () => ',out'),
      },
      ...START,
    );
    expectConverged(outcome);
    expect(estimateOf(outcome, 'move')).toBeCloseTo(-log(3) / 2, DIGITS);
    expect(methodOf(outcome).logLikelihood).toBeCloseTo(2 * log(2 / 3) + log(1 / 3), DIGITS);
    expect(methodOf(outcome, 'behavior-cloning').logLikelihood).toBeCloseTo(
      2 * log(2 / 3) + log(1 / 3),
      DIGITS,
    );
    expect(singleResult(outcome).data).toMatchObject({ decisions: 4, cutOff: 0, empty: 0 });
  });

  test('count no stop where the last state has none: the trajectory is cut off', async () => {
    // Two of four stop; z's last row and w's last move say nothing about stopping.
    const outcome = await fitTables(
      {
        ...ROUND,
        trajectories: trips(
          { w: ['b go'], x: ['a'], y: ['a go', 'b go', 'a'], z: ['a go', 'b'] },
          ',goal',
          () => ',out',
        ),
      },
      ...START,
    );
    expectConverged(outcome);
    expect(estimateOf(outcome, 'move')).toBeCloseTo(-log(2) / 2, DIGITS);
    expect(methodOf(outcome).logLikelihood).toBeCloseTo(4 * log(1 / 2), DIGITS);
    expect(singleResult(outcome).data).toMatchObject({ decisions: 6, cutOff: 2, empty: 0 });
  });

  test('pay their reward', async () => {
    // z(a) = e^ρ + y² z(a) and π(stop | a) = e^ρ / z(a), whatever ρ; at b, ρ′ makes a second exit.
    const outcome = await fitTables(
      {
        ...ROUND,
        exits: lines('goal,state,reward', 'out,a,0', `out,b,${log(1 / 2)}`),
        trajectories: trips(
          { x: ['a'], y: ['a go', 'b'], z: ['a go', 'b go', 'a'] },
          ',goal',
          () => ',out',
        ),
      },
      ...START,
    );
    // Paths from a to its ends have weights y^n · (1 for even n, ½ for odd n), which sum to
    // (1 + y/2) / (1 − y²); lengths 0, 1, 2 were seen: 1 = E n = y/2/(1 + y/2) + 2y²/(1 − y²).
    expectConverged(outcome);
    const y = Math.exp(estimateOf(outcome, 'move'));
    expect(y / 2 / (1 + y / 2) + (2 * y * y) / (1 - y * y)).toBeCloseTo(1, DIGITS);
    expect(methodOf(outcome).logLikelihood).toBeCloseTo(
      3 * log(y) + log(1 / 2) - 3 * log((1 + y / 2) / (1 - y * y)),
      DIGITS,
    );
  });
});

describe('a trajectory that is cut off', () => {
  test('before the horizon still counts, without bias', async () => {
    // As above with one more wait of probability (1 + x)/(1 + 2x): the score vanishes at x² = 3/2.
    const outcome = await fitTables(
      {
        ...WAITING,
        trajectories: trips({
          a: ['s go', 'end'],
          b: ['s go', 'end'],
          c: ['s wait', 's go', 'end'],
          d: ['s wait', 's wait', 's'],
          e: ['s wait', 's'],
        }),
      },
      '--horizon',
      '2',
    );
    expectConverged(outcome);
    expect(estimateOf(outcome, 'go')).toBeCloseTo(log(sqrt(1.5)), DIGITS);
    expect(singleResult(outcome).data).toMatchObject({ decisions: 7, cutOff: 1 });
  });

  test('away from its goal still counts; feature matching warns', async () => {
    const tables: TableTexts = {
      transitions: lines(
        'state,action,next_state',
        's,straight,home',
        's,detour,m',
        'm,on,n',
        'n,on,home',
      ),
      features: lines('state,action,detour', 's,straight,0', 's,detour,1', 'm,on,0', 'n,on,0'),
      trajectories: trips(
        { a: ['s straight', 'home'], b: ['s straight', 'home'], c: ['s detour', 'm'] },
        ',goal',
        () => ',home',
      ),
    };
    const outcome = await fitTables(tables);
    expectConverged(outcome);
    expect(estimateOf(outcome, 'detour')).toBeCloseTo(log(1 / 2), DIGITS);
    expect(singleResult(outcome).data).toMatchObject({ decisions: 3, cutOff: 1 });
    expect(singleResult(outcome).data.warnings).toBeUndefined();

    for (const flags of [
      ['--objective', 'feature-matching'],
      ['--methods', 'causal-entropy-loop'],
    ]) {
      const { data } = singleResult(await fitTables(tables, ...flags));
      expect(data.warnings?.join('\n')).toMatch(/feature.* 1 of 3 are cut off/);
    }
  });
});

describe('a trajectory without any decision', () => {
  test('is counted as empty and changes nothing', async () => {
    const some = { x: ['s wait', 's wait', 's wait', 's go', 'end'] };
    const none = { y: ['s'], z: ['end'] };
    const flags = ['--discount', '0.5'];
    const outcome = await fitTables(
      { ...WAITING, trajectories: trips({ ...some, ...none }) },
      ...flags,
    );
    expectConverged(outcome);
    expect(estimateOf(outcome, 'go')).toBeCloseTo(log(4 / 9), DIGITS);
    expect(singleResult(outcome).data).toMatchObject({ trajectories: 3, decisions: 4, empty: 2 });
  });

  test('may start at its goal', async () => {
    const outcome = await fitTables({
      transitions: lines('state,action,next_state', 's,straight,home', 's,detour,m', 'm,on,home'),
      features: lines('state,action,detour', 's,straight,0', 's,detour,1', 'm,on,0'),
      trajectories: trips(
        {
          a: ['s straight', 'home'],
          b: ['s straight', 'home'],
          c: ['s detour', 'm on', 'home'],
          d: ['home'],
        },
        ',goal',
        () => ',home',
      ),
    });
    expectConverged(outcome);
    expect(estimateOf(outcome, 'detour')).toBeCloseTo(log(1 / 2), DIGITS);
    expect(singleResult(outcome).data).toMatchObject({ decisions: 4, empty: 1, cutOff: 0 });
  });

  test('alone leaves nothing to fit, and that is said', async () => {
    const outcome = await fitTables(
      { ...WAITING, trajectories: trips({ y: ['s'] }) },
      '--discount',
      '0.5',
    );
    expect(outcome.code).not.toBe(0);
    expect(`${outcome.stdout}${outcome.stderr}`).toMatch(/no decision|say nothing/);
  });
});

describe('weights and folds', () => {
  /** Without a future: how often one goes is all there is. */
  const LOGIT = ['--discount', '0'];

  test('a weight multiplies the likelihood, not the decisions', async () => {
    const trajectories = trips(
      { a: ['s go'], b: ['s wait'], c: ['s wait'] },
      ',weight',
      (name) => `,${{ a: 2.25, b: 0.75, c: 0 }[name]}`,
    );
    const outcome = await fitTables({ ...WAITING, trajectories }, ...LOGIT);
    expectConverged(outcome);
    expect(estimateOf(outcome, 'go')).toBeCloseTo(log(3), DIGITS);
    for (const method of ['causal-entropy', 'behavior-cloning'])
      expect(methodOf(outcome, method).logLikelihood).toBeCloseTo(
        2.25 * log(3 / 4) + 0.75 * log(1 / 4),
        DIGITS,
      );
    expect(singleResult(outcome).data).toMatchObject({ trajectories: 3, decisions: 3 });
  });

  const folded = trips(
    { a: ['s go', 'end'], b: ['s go'], c: ['s wait', 's go'], d: ['s wait', 's wait', 's go'] },
    ',fold',
    (name) => (name === 'd' ? ',late' : ',early'),
  );

  test('a fold that is held out is predicted from the others', async () => {
    // Of the others, three of four go.
    const outcome = await fitTables(
      { ...WAITING, trajectories: folded },
      ...LOGIT,
      '--hold-out',
      'late',
    );
    expectConverged(outcome);
    expect(estimateOf(outcome, 'go')).toBeCloseTo(log(3), DIGITS);
    const { heldOut, logLikelihood } = methodOf(outcome);
    expect(logLikelihood).toBeCloseTo(3 * log(3 / 4) + log(1 / 4), DIGITS);
    expect(heldOut).toMatchObject({ trajectories: 1, decisions: 3 });
    expect(heldOut?.logLikelihood).toBeCloseTo(log(3 / 4) + 2 * log(1 / 4), DIGITS);
    expect(singleResult(outcome).data).toMatchObject({ trajectories: 3, decisions: 4 });
  });

  test('without --hold-out all folds are used', async () => {
    const outcome = await fitTables({ ...WAITING, trajectories: folded }, ...LOGIT);
    expectConverged(outcome);
    expect(estimateOf(outcome, 'go')).toBeCloseTo(log(4 / 3), DIGITS);
    expect(methodOf(outcome).heldOut).toBeNull();
    expect(methodOf(outcome).reasons?.heldOut).toBe('no fold was held out');
  });

  test('cloning is uniform where it never saw anybody, and smoothed where it did', async () => {
    const outcome = await fitTables(
      {
        transitions: lines(
          'state,action,next_state',
          's,go,t',
          's,wait,s',
          't,x,t',
          't,y,t',
          't,z,s',
        ),
        features: lines('state,action,go', 's,go,1', 's,wait,0', 't,x,0', 't,y,0', 't,z,0'),
        trajectories: trips(
          { a: ['s go'], b: ['s go'], c: ['s wait', 's go'], d: ['s wait', 's go', 't y', 't z'] },
          ',fold',
          (name) => (name === 'd' ? ',late' : ',early'),
        ),
      },
      ...LOGIT,
      '--hold-out',
      'late',
    );
    const { heldOut, smoothing } = methodOf(outcome, 'behavior-cloning');
    expect(smoothing).toBeGreaterThan(0);
    const alpha = smoothing ?? Number.NaN;
    expect(heldOut?.logLikelihood).toBeCloseTo(
      log((1 + alpha) / (4 + 2 * alpha)) + log((3 + alpha) / (4 + 2 * alpha)) + 2 * log(1 / 3),
      12,
    );
  });
});

describe('θ = 0 infeasible', () => {
  /** There and back as often as you like, or out; M = [[0, y], [y, 0]] has spectral radius y = e^θ. */
  const SHUTTLE: TableTexts = {
    transitions: lines('state,action,next_state', 'a,on,b', 'b,back,a', 'b,out,home'),
    features: lines('state,move', 'a,1', 'b,1'),
    trajectories: trips(
      { x: ['a on', 'b out', 'home'], y: ['a on', 'b back', 'a on', 'b out', 'home'] },
      ',goal',
      () => ',home',
    ),
  };

  test.each([0, 0.5])(
    'a given start of %d is refused with its radius and a better one',
    async (at) => {
      const outcome = await fitTables(
        SHUTTLE,
        '--start',
        `move=${at}`,
        '--methods',
        'causal-entropy',
      );
      expect(outcome.stderr).toBe('');
      expect(outcome.code).toBe(1);
      const fit = methodOf(outcome);
      expect(fit.stop).toBe('infeasible');
      expect(fit.logLikelihood).toBeNull();
      expect(fit.spectralRadius).toBeCloseTo(Math.exp(at), 4);
      expect(fit.feasibleStart?.move).toBeLessThan(0);
      expect(outcome.stdout).toMatch(/infeasible/);

      const flag = Object.entries(fit.feasibleStart ?? {}).map(
        ([name, value]) => `${name}=${value}`,
      );
      const again = await fitTables(SHUTTLE, '--start', flag.join(','));
      expectConverged(again);
      expect(estimateOf(again, 'move')).toBeCloseTo(-log(3) / 2, DIGITS);
    },
  );

  test('with none given, one is found and named, and the fit goes on from there', async () => {
    // π(out | b) = 1 − y²; two of three go out at b.
    const outcome = await fitTables(SHUTTLE);
    expectConverged(outcome);
    expect(estimateOf(outcome, 'move')).toBeCloseTo(-log(3) / 2, DIGITS);
    expect(methodOf(outcome).logLikelihood).toBeCloseTo(2 * log(2 / 3) + log(1 / 3), DIGITS);
    expect(methodOf(outcome).start?.move).toBeLessThan(0);
  });

  test('where no reward is feasible, that is the answer', async () => {
    // Going round is free whatever θ: its feature is 0.
    const outcome = await fitTables(
      { ...SHUTTLE, features: lines('state,action,out', 'a,on,0', 'b,back,0', 'b,out,1') },
      '--methods',
      'causal-entropy',
    );
    expect(outcome.code).toBe(1);
    const fit = methodOf(outcome);
    expect(fit.stop).toBe('infeasible');
    expect(fit.parameters[0]).toMatchObject({ name: 'out', estimate: null });
    expect(fit.parameters[0].reasons?.estimate).toBeTruthy();
    expect(fit.feasibleStart).toBeNull();
    expect(fit.reasons?.feasibleStart).toBeTruthy();
    expect(fit.spectralRadius).toBeCloseTo(1, 4);
  });

  test('a fixed infeasible reward is refused, not fitted', async () => {
    const outcome = await fitTables(SHUTTLE, '--fix', 'move=0.1', '--methods', 'causal-entropy');
    expect(outcome.code).toBe(1);
    expect(methodOf(outcome).stop).toBe('infeasible');
  });
});

describe('what the data do not identify', () => {
  const choice = (header: string, go: string, wait: string): TableTexts => ({
    transitions: lines('state,action,next_state', 's,go,s', 's,wait,s'),
    features: lines(`state,action,${header}`, `s,go,${go}`, `s,wait,${wait}`),
    trajectories: trips({ x: ['s go', 's go', 's go', 's wait'] }),
  });
  const LL = 3 * log(3 / 4) + log(1 / 4);

  test.each([
    ['discounted', ['--discount', '0.9']],
    ['finite', ['--horizon', '4']],
  ])('a constant is fitted and named: %s', async (_, flags) => {
    const outcome = await fitTables(choice('go,always', '1,1', '0,1'), ...flags);
    const fit = methodOf(outcome);
    expect(outcome.code).toBe(1);
    expect(fit.stop).toBe('converged');
    expect(fit.logLikelihood).toBeCloseTo(LL, DIGITS);
    expect(estimateOf(outcome, 'go')).toBeCloseTo(log(3), DIGITS);
    expect(fit.unidentified).toHaveLength(1);
    expect(fit.unidentified?.[0].direction).toEqual({ always: 1 });
    const [go, always] = fit.parameters;
    expect(always.standardErrors).toBeNull();
    expect(always.reasons?.standardErrors).toMatch(/not identified: .*"always"/);
    expect(go.reasons?.standardErrors ?? '').not.toMatch(/not identified/);
    expect(outcome.stdout).toMatch(/Not identified: .*"always"/);
  });

  test('collinear features are fitted together, and the direction between them is named', async () => {
    const outcome = await fitTables(choice('go,twice', '1,2', '0,0'), '--discount', '0.9');
    const fit = methodOf(outcome);
    expect(outcome.code).toBe(1);
    expect(fit.stop).toBe('converged');
    expect(fit.logLikelihood).toBeCloseTo(LL, DIGITS);
    expect(estimateOf(outcome, 'go') + 2 * estimateOf(outcome, 'twice')).toBeCloseTo(
      log(3),
      DIGITS,
    );
    expect(fit.unidentified).toHaveLength(1);
    const { go, twice } = fit.unidentified?.[0].direction ?? {};
    expect(Math.max(Math.abs(go), Math.abs(twice))).toBe(1);
    expect(go + 2 * twice).toBeCloseTo(0, 6);
    for (const parameter of fit.parameters)
      expect(parameter.reasons?.standardErrors).toMatch(/not identified/);
  });

  test('a penalty or a fixed value identifies it', async () => {
    const penalised = await fitTables(
      choice('go,twice', '1,2', '0,0'),
      '--discount',
      '0.9',
      '--l2',
      '1e-3',
    );
    expectConverged(penalised);
    // The least squares: θ is proportional to the features (1, 2).
    expect(estimateOf(penalised, 'twice') / estimateOf(penalised, 'go')).toBeCloseTo(2, 5);
    const fixed = await fitTables(
      choice('go,twice', '1,2', '0,0'),
      '--discount',
      '0.9',
      '--fix',
      'go=0.5',
    );
    expectConverged(fixed);
    expect(estimateOf(fixed, 'twice')).toBeCloseTo((log(3) - 0.5) / 2, DIGITS);
  });

  test('on the way to a goal a constant is identified', async () => {
    const outcome = await fitTables({
      transitions: lines('state,action,next_state', 's,straight,home', 's,detour,m', 'm,on,home'),
      features: lines('state,always', 's,1', 'm,1'),
      trajectories: trips(
        { a: ['s straight', 'home'], b: ['s straight', 'home'], c: ['s detour', 'm on', 'home'] },
        ',goal',
        () => ',home',
      ),
    });
    // π(detour) = y/(1 + y): a longer way is one constant more.
    expectConverged(outcome);
    expect(estimateOf(outcome, 'always')).toBeCloseTo(log(1 / 2), DIGITS);
  });
});

describe('a coefficient that runs away', () => {
  const jumping: TableTexts = {
    transitions: lines('state,action,next_state', 's,go,s', 's,wait,s', 's,jump,s'),
    features: lines('state,action,go,jump', 's,go,1,0', 's,wait,0,0', 's,jump,0,1'),
    trajectories: trips({ x: ['s go', 's go', 's go', 's wait'] }),
  };

  test.each([
    ['discounted', ['--discount', '0.9']],
    ['finite', ['--horizon', '4']],
    ['without a future', ['--discount', '0']],
    ['by conditional logit', ['--discount', '0.9', '--methods', 'behavior-cloning-features']],
  ])('because nobody ever takes it is unbounded: %s', async (_, flags) => {
    const outcome = await fitTables(jumping, ...flags);
    const method = flags.includes('--methods') ? 'behavior-cloning-features' : 'causal-entropy';
    const fit = methodOf(outcome, method);
    expect(outcome.code).toBe(1);
    expect(fit.stop).toBe('unbounded');
    expect(fit.unbounded).toEqual(['jump']);
    expect(fit.stopReason).toMatch(/"jump".*L2/);
    expect(outcome.stdout).toMatch(/unbounded/);
    expect(estimateOf(outcome, 'jump', method)).toBeLessThan(-5);
    const penalised = await fitTables(jumping, ...flags, '--l2', '0.01');
    expect(methodOf(penalised, method).stop).toBe('converged');
    expect(methodOf(penalised, method).unbounded).toBeUndefined();
    expect(penalised.code).toBe(0);
  });

  test('because everybody always takes it is unbounded', async () => {
    const all = { ...jumping, trajectories: trips({ x: ['s jump', 's jump', 's jump'] }) };
    const outcome = await fitTables(
      { ...all, features: lines('state,action,jump', 's,go,0', 's,wait,0', 's,jump,1') },
      '--discount',
      '0.9',
    );
    expect(outcome.code).toBe(1);
    expect(methodOf(outcome)).toMatchObject({ stop: 'unbounded', unbounded: ['jump'] });
    expect(estimateOf(outcome, 'jump')).toBeGreaterThan(5);
  });

  test('on the way to a goal is unbounded too', async () => {
    const outcome = await fitTables({
      transitions: lines('state,action,next_state', 's,straight,home', 's,detour,m', 'm,on,home'),
      features: lines('state,action,detour', 's,straight,0', 's,detour,1', 'm,on,0'),
      trajectories: trips({ a: ['s straight', 'home'] }, ',goal', () => ',home'),
    });
    expect(outcome.code).toBe(1);
    expect(methodOf(outcome)).toMatchObject({ stop: 'unbounded', unbounded: ['detour'] });
  });

  test('is stopped by a bound, and that is said', async () => {
    const outcome = await fitTables(jumping, '--discount', '0', '--bounds', 'jump=-3:');
    expectConverged(outcome);
    expect(estimateOf(outcome, 'jump')).toBeCloseTo(-3, 12);
    // π ∝ (x, 1, e⁻³) with three x in four: x = 3 (1 + e⁻³).
    expect(estimateOf(outcome, 'go')).toBeCloseTo(log(3 * (1 + Math.exp(-3))), DIGITS);
    const jump = methodOf(outcome).parameters.find(({ name }) => name === 'jump');
    expect(jump?.held).toBe('at-bound');
    expect(jump?.reasons?.standardErrors).toMatch(/bound/);
  });
});
