/** A network beside the linear reward, in the exact loop. */

import { describe, expect, test } from 'vitest';
import { finish } from '../../../src/algorithms/algorithm.ts';
import { causalEntropy } from '../../../src/algorithms/causalEntropy.ts';
import { conditionalLogit } from '../../../src/algorithms/conditionalLogit.ts';
import { logLikelihoodOf } from '../../../src/algorithms/logLikelihoodAt.ts';
import { causalEntropyNetwork } from '../../../src/algorithms/network/causalEntropyNetwork.ts';
import { cloningNetwork } from '../../../src/algorithms/network/cloningNetwork.ts';
import type { Problem } from '../../../src/algorithms/problem.ts';
import type { TimeStructure } from '../../../src/mdp/timeStructure.ts';
import { gridProblem } from '../../support/gridProblem.ts';

const times: TimeStructure[] = [
  { kind: 'discounted', discount: 0.9 },
  { kind: 'finite', horizon: 8, discount: 1 },
  { kind: 'undiscounted' },
];

/** Demonstrations of a reward in x², told as x alone: no line says where the middle is best. */
function bent(count: number): Problem {
  const { theta: _, ...problem } = gridProblem({ kind: 'discounted', discount: 0.8 }, count);
  const { mdp } = problem.world;
  // stay where x is in the middle columns, move else: bent in x
  const { rowStart, state, pair } = problem.trajectories;
  const values = new Float64Array(mdp.stateCount);
  for (let s = 0; s < mdp.stateCount; s++) values[s] = s % 4;
  const kept = pair.map((p, row) =>
    p < 0 ? p : mdp.pairStart[state[row]] + ((state[row] % 4) % 3 === 0 ? (row * 7) % 4 : 4),
  );
  return {
    ...problem,
    features: { names: ['x'], per: 'state', values },
    trajectories: { ...problem.trajectories, rowStart, pair: kept },
  };
}

describe.each(times)('$kind', (time) => {
  test('what it says of itself is the exact likelihood of its reward', () => {
    const problem = gridProblem(time, 30);
    const fit = finish(causalEntropyNetwork.fit(problem, { network: { hidden: [6] } }));
    expect(fit.logLikelihood).toBeCloseTo(logLikelihoodOf(problem, fit.arrays.reward) ?? 0, 6);
    expect(fit.predict(problem.trajectories)).toBeCloseTo(fit.logLikelihood ?? 0, 6);
    let sum = 0;
    fit.predictChoices(problem.trajectories, (_row, logs, chosen) => {
      sum += logs[chosen];
    });
    expect(sum).toBeCloseTo(fit.logLikelihood ?? 0, 5);
    const there = fit.behaviorIn?.({ ...problem, features: { ...problem.features } });
    there?.reward?.forEach((r, pair) => {
      expect(r).toBeCloseTo(fit.arrays.reward[pair], 4);
    });
    expect(fit.information).toBeNull();
  });
});

describe('causal-entropy-network', () => {
  test('tells a reward that is not linear in the features, where the linear one cannot', () => {
    const [problem, others] = [bent(60), bent(20)];
    const linear = finish(causalEntropy.fit(problem, {}));
    const fit = finish(causalEntropyNetwork.fit(problem, {}));
    expect(fit.stop).toBe('stopped-early');
    const [alone, beside] = [linear, fit].map(({ predict }) => predict(others.trajectories) ?? 0);
    const decisions = others.trajectories.pair.filter((pair) => pair >= 0).length;
    expect((beside - alone) / decisions).toBeGreaterThan(0.02);
    // outer columns are worth less than inner ones
    const { pairStart } = problem.world.mdp;
    const worth = [0, 1, 2, 3].map((s) => fit.arrays.reward[pairStart[s]]);
    expect(Math.min(worth[1], worth[2])).toBeGreaterThan(Math.max(worth[0], worth[3]));
  });

  test('does not call a search early that ran out of iterations while it still rose', () => {
    const cut = finish(
      causalEntropyNetwork.fit(bent(60), { network: { maxIterations: 6, patience: 50 } }),
    );
    expect(cut.stop).toBe('max-iterations');
    expect(cut.stopReason).toMatch(/had not settled when the iterations ran out/);
  });

  test('stays the linear fit where that is the truth, or nearly', () => {
    const problem = gridProblem({ kind: 'discounted', discount: 0.9 }, 60);
    const linear = finish(causalEntropy.fit(problem, {}));
    const fit = finish(causalEntropyNetwork.fit(problem, {}));
    const decisions = problem.trajectories.pair.filter((pair) => pair >= 0).length;
    const gain = ((fit.logLikelihood ?? 0) - (linear.logLikelihood ?? 0)) / decisions;
    expect(gain).toBeGreaterThan(-1e-9);
    expect(gain).toBeLessThan(0.01);
    fit.parameters.forEach(({ estimate }, k) => {
      expect(Math.abs(estimate - linear.parameters[k].estimate)).toBeLessThan(0.3);
    });
  });

  test('the same seed gives the same bits, another others', () => {
    const fitOf = (seed: number) =>
      finish(causalEntropyNetwork.fit(bent(20), { seed, network: { hidden: [5], patience: 3 } }));
    expect(fitOf(4).arrays).toEqual(fitOf(4).arrays);
    expect(fitOf(5).arrays.network).not.toEqual(fitOf(4).arrays.network);
  });

  test('a coefficient that is fixed stays, and matching features is refused', () => {
    const problem = gridProblem({ kind: 'discounted', discount: 0.9 }, 30);
    const options = { fix: { x: -1 }, network: { hidden: [4], maxIterations: 10 } };
    const fit = finish(causalEntropyNetwork.fit(problem, options));
    expect(fit.parameters[0]).toMatchObject({ name: 'x', estimate: -1, held: 'fixed' });
    expect(() =>
      finish(causalEntropyNetwork.fit(problem, { objective: 'feature-matching' })),
    ).toThrow(/Cannot fit a network by feature matching/);
  });
});

test('behavior-cloning-network tells choices that are not linear in the features', () => {
  const problem = bent(60);
  const { mdp } = problem.world;
  // of the pair: x where one stays
  const values = new Float64Array(mdp.pairCount * 2);
  for (let s = 0; s < mdp.stateCount; s++) values.set([s % 4, 1], 2 * (mdp.pairStart[s] + 4));
  const seen: Problem = { ...problem, features: { names: ['x', 'stay'], per: 'pair', values } };
  const l2 = { l2: 0.1 };
  const linear = finish(conditionalLogit.fit(seen, l2));
  const fit = finish(cloningNetwork.fit(seen, l2));
  expect(fit.logLikelihood).toBeGreaterThan((linear.logLikelihood ?? 0) + 50);
  expect(fit.predict(seen.trajectories)).toBeCloseTo(fit.logLikelihood ?? 0, 6);
});
