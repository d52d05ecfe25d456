/**
 * The referee is an independent program: the same model on the same 10,000 training trips of fold 0,
 * maximised with scipy.
 */

import { expect, test } from 'vitest';
import { cellsOf } from '../../src/evaluation/resultFile.ts';
import { loadStudy } from '../../src/study/loadStudy.ts';
import { runStudy } from '../../src/study/runStudy.ts';
import { hasSharedData } from '../support/sharedData.ts';

const REFERENCE = {
  length: -0.310236,
  'left turn': -0.944859,
  'right turn': -0.992874,
  'U-turn': -1.736876,
  'link constant': -0.305386,
};

test.skipIf(!hasSharedData('shanghai_taxi'))(
  'shanghai finds the reward that an independent program found on fold 0',
  async () => {
    const { study } = await loadStudy('shanghai');
    expect(study.cells).toHaveLength(5);
    const cells = study.cells?.slice(0, 1) ?? [];
    const { result } = await runStudy({ ...study, cells });
    const [{ data, methods }] = cellsOf(result);
    expect(data).toMatchObject({
      trajectories: 10_000,
      decisions: 184_821,
      states: 714,
      goals: 608,
    });
    expect(data).toMatchObject({ cutOff: 0, empty: 0 });
    for (const { stop, heldOut } of Object.values(methods)) {
      expect(stop).toBe('converged');
      expect(heldOut).toMatchObject({ trajectories: 4_893, decisions: 91_112 });
    }
    const fit = methods['causal-entropy'];
    const estimates = Object.fromEntries(fit.parameters.map((p) => [p.name, p.estimate]));
    expect(Object.keys(estimates)).toEqual(Object.keys(REFERENCE));
    // The reference is known to six and seven decimals.
    for (const [name, value] of Object.entries(REFERENCE))
      expect(Math.abs((estimates[name] ?? Number.NaN) - value)).toBeLessThan(1e-6);
    const perTrip = (fit.logLikelihood ?? Number.NaN) / data.trajectories;
    expect(Math.abs(perTrip - -4.8358026)).toBeLessThan(1e-7);
  },
);
