/** Demand for engines: the shipped recordings, in the long run, against a dense solution. */

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { simulateTrajectories } from '../../../src/evaluation/prediction/simulateTrajectories.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { predictWhatIf } from '../../../src/study/reopened/predictWhatIf.ts';
import { reopen } from '../../../src/study/reopened/reopen.ts';
import { revealed, temporaryFolder } from '../../support/commandLine.ts';
import { solveDense } from '../../support/denseLinearAlgebra.ts';

test('bus-engine: replacements a year of 37 buses fall as engines get dearer, with intervals', async () => {
  const out = join(temporaryFolder(), 'bus');
  expect((await revealed('run', 'bus-engine', '--out', out)).code).toBe(0);
  const reopened = await reopen(out);
  const { result } = await predictWhatIf(reopened, {
    ...{ steps: 12, agents: 37, seed: 0, draws: 60 },
    sweep: { name: 'replacement cost', low: 4, high: 13, count: 4 },
  });
  const of = (name: string) => result.quantities.find((quantity) => quantity.name === name);
  const share = of('long-run share of action: replace')?.value ?? Number.NaN;

  // Sums to 1 and stays as it is under the policy that the run itself kept: 90 dense equations.
  const { mdp } = reopened.problem.world;
  const { policy } = reopened.arrays;
  const n = mdp.stateCount;
  const rows = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => (i === n - 1 || i === j ? 1 : 0)),
  );
  for (let s = 0; s < n; s++)
    for (let p = mdp.pairStart[s]; p < mdp.pairStart[s + 1]; p++)
      for (let k = mdp.transitionStart[p]; k < mdp.transitionStart[p + 1]; k++)
        if (mdp.nextState[k] < n - 1) rows[mdp.nextState[k]][s] -= policy[p] * mdp.probability[k];
  const solved =
    solveDense(
      rows,
      Array.from({ length: n }, (_, i) => [i === n - 1 ? 1 : 0]),
    ) ?? [];
  const dense = solved.reduce((sum, [x], s) => sum + x * policy[2 * s + 1], 0);
  expect(Math.abs(share / dense - 1)).toBeLessThan(1e-8);
  expect(of('long-run count of: replace')?.value).toBeCloseTo(12 * 37 * dense, 6);

  // And it is what happens: one bus, 90,000 months.
  const { problem, theta } = reopened;
  const { trajectories } = simulateTrajectories(problem, theta, createRng(1, 'draw'), {
    ...{ trajectories: 1, steps: 90_000 },
  });
  const replaced = trajectories.pair.filter((pair) => pair >= 0 && pair % 2 === 1).length;
  expect(Math.abs(replaced / 90_000 - dense)).toBeLessThan(4 * Math.sqrt(dense / 90_000));

  const demand = (result.sweep?.points ?? []).map(({ quantities }) =>
    quantities.find(({ name }) => name === 'long-run count of: replace'),
  );
  expect(result.sweep?.shown).toBe('long-run count of: replace');
  demand.forEach((point, i) => {
    const [low, high] = point?.interval ?? [Number.NaN, Number.NaN];
    expect(low).toBeLessThan(point?.value ?? Number.NaN);
    expect(high).toBeGreaterThan(point?.value ?? Number.NaN);
    if (i > 0) expect(point?.value).toBeLessThan(demand[i - 1]?.value ?? Number.NaN);
  });
  // The dynamics are known only as well as they were estimated, and that is said.
  expect(result.notes.join()).toMatch(/dynamics were estimated first/);
}, 120_000);
