/** People who are all alike are not told apart, and nothing is said of how sure that would be. */

import { expect, test } from 'vitest';
import { fitTables, lines, methodOf, type TableTexts } from '../support/commandLine.ts';

/** Everybody walks the same round, so that one reward explains them best. */
const TABLES: TableTexts = {
  transitions: lines('state,action,next_state', 'a,stay,a', 'a,go,b', 'b,stay,b', 'b,go,a'),
  features: lines('state,action,effort,place', 'a,stay,0,1', 'a,go,1,0', 'b,stay,0,0', 'b,go,1,0'),
  trajectories: lines(
    'trajectory,step,state,action',
    ...Array.from({ length: 12 }, (_, i) =>
      ['a,stay', 'a,stay', 'a,go', 'b,stay', 'b,go', 'a,stay'].map(
        (done, step) => `t${i},${step},${done}`,
      ),
    ).flat(),
  ),
};

test('latent classes that coincide have estimates, and reasons instead of errors', async () => {
  const flags = ['--methods', 'latent-classes', '--skip-class-check', '--restarts', '2'];
  const outcome = await fitTables(TABLES, '--discount', '0.9', ...flags);
  const { parameters, unidentified = [], stop } = methodOf(outcome, 'latent-classes');
  expect([outcome.code, stop]).toEqual([1, 'converged']);
  expect(parameters.map(({ name }) => name)).toContain('share of class 2');
  for (const { standardErrors, intervals, reasons } of parameters) {
    expect([standardErrors, intervals]).toEqual([null, null]);
    expect(reasons?.standardErrors).toMatch(/want the same|not identified/);
  }
  const shares = ['share of class 1', 'share of class 2'];
  const ofShares = unidentified.filter(({ direction }) => shares.some((name) => name in direction));
  expect(ofShares.length).toBeGreaterThan(0);
  for (const { direction } of ofShares)
    expect(Object.keys(direction)).toEqual(expect.arrayContaining(shares));
});
