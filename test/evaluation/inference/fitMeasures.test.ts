/** Measures of fit through `revealed fit`, against their definitions. */

import { expect, test } from 'vitest';
import { fitTables, lines, methodOf, type TableTexts } from '../../support/commandLine.ts';

const { log } = Math;

/** Two or three choices, in two states; and a way home from one of them. */
const TABLES: TableTexts = {
  transitions: lines(
    'state,action,next_state',
    's,go,t',
    's,wait,s',
    't,back,s',
    't,stay,t',
    't,turn,s',
  ),
  features: lines('state,action,effort', 's,go,1', 's,wait,0', 't,back,2', 't,stay,0', 't,turn,1'),
  trajectories: lines(
    'trajectory,step,state,action,weight',
    'a,0,s,go,1',
    'a,1,t,back,1',
    'a,2,s,wait,1',
    'b,0,t,stay,2',
    'b,1,t,turn,2',
  ),
};
/** Two choices twice and three choices three times, two of them of weight 2. */
const EQUAL = -2 * log(2) - log(3) - 4 * log(3);

test('fits are measured against equal chances and by their free parameters', async () => {
  const outcome = await fitTables(
    TABLES,
    '--discount',
    '0.5',
    '--methods',
    'causal-entropy,behavior-cloning,behavior-cloning-features',
  );
  expect(outcome.code).toBe(0);
  // The table has one free share in s and two in t.
  const free = { 'causal-entropy': 1, 'behavior-cloning': 3, 'behavior-cloning-features': 1 };
  for (const [name, k] of Object.entries(free)) {
    const fit = methodOf(outcome, name);
    const logLikelihood = fit.logLikelihood ?? Number.NaN;
    expect(fit.equalProbabilityLogLikelihood).toBeCloseTo(EQUAL, 12);
    expect(fit.rhoSquared).toBeCloseTo(1 - logLikelihood / EQUAL, 12);
    expect(fit.rhoSquared).toBeGreaterThan(0);
    expect(fit.freeParameters).toBe(k);
    expect(fit.aic).toBeCloseTo(2 * k - 2 * logLikelihood, 12);
    expect(fit.bic).toBeCloseTo(k * log(5) - 2 * logLikelihood, 12);
  }
  expect(outcome.stdout).toMatch(/ρ² 0\.\d+, 1 free parameter, AIC \d+\.\d+, BIC \d+\.\d+/);
});

test('stopping at an exit is one more choice', async () => {
  const trajectories = lines('trajectory,step,state,action,goal', 'a,0,s,go,home', 'a,1,t,,home');
  const outcome = await fitTables(
    { ...TABLES, trajectories, exits: lines('goal,state', 'home,t') },
    '--l2',
    '1',
    '--start',
    'effort=-3',
  );
  const fit = methodOf(outcome, 'behavior-cloning');
  expect(fit.equalProbabilityLogLikelihood).toBeCloseTo(-log(2) - log(4), 12);
  expect(fit.freeParameters).toBe(1 + 3);
});

test.each([
  ['a penalty', ['--l2', '1'], /likelihood alone/],
  ['feature matching', ['--objective', 'feature-matching'], /likelihood alone/],
  ['a fit cut short', ['--optimizer', 'gradient-descent', '--max-iterations', '1'], /converge/],
])('%s leaves no AIC, and says why', async (_, flags, why) => {
  const outcome = await fitTables(TABLES, '--discount', '0.5', ...flags);
  const fit = methodOf(outcome);
  expect(fit).toMatchObject({ aic: null, bic: null });
  expect(fit.reasons?.aic).toMatch(why);
  expect(fit.reasons?.bic).toMatch(why);
  expect(fit.rhoSquared).not.toBeNull();
});

test('where nothing counts, that is why there is no ρ²', async () => {
  const outcome = await fitTables(
    {
      transitions: lines('state,action,next_state', 's,on,s', 's,off,s'),
      features: lines('state,action,effort', 's,on,1', 's,off,0'),
      trajectories: lines('trajectory,step,state,action,weight', 'a,0,s,on,0', 'b,0,s,off,0'),
    },
    '--horizon',
    '1',
  );
  const fit = methodOf(outcome);
  expect(fit.rhoSquared).toBeNull();
  expect(fit.reasons?.rhoSquared).toMatch(/no decisions of positive weight/);
});

test('without a choice there is nothing to explain', async () => {
  const outcome = await fitTables(
    {
      transitions: lines('state,action,next_state', 's,on,s'),
      features: lines('state,action,effort', 's,on,1'),
      trajectories: lines('trajectory,step,state,action', 'a,0,s,on'),
    },
    '--discount',
    '0.5',
    '--fix',
    'effort=1',
  );
  const fit = methodOf(outcome);
  expect(fit).toMatchObject({ equalProbabilityLogLikelihood: 0, rhoSquared: null });
  expect(fit.reasons?.rhoSquared).toMatch(/one choice/);
});
