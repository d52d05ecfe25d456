import { expect, test } from 'vitest';
import { finish } from '../../../src/algorithms/algorithm.ts';
import { causalEntropy } from '../../../src/algorithms/causalEntropy.ts';
import { causalEntropyLog } from '../../../src/algorithms/sampled/causalEntropyLog.ts';
import { fitBySampling } from '../../../src/algorithms/sampled/causalEntropySampled.ts';
import { loggedProblem } from '../../../src/algorithms/sampled/loggedProblem.ts';
import { fittedQIteration } from '../../../src/learning/values/fittedQIteration.ts';
import { SoftPolicyIteration } from '../../../src/planning/softPolicyIteration.ts';
import { terminalStop } from '../../../src/planning/softValueIteration.ts';
import { rewardAt } from '../../../src/rewards/linearReward.ts';
import { expectClose } from '../../support/closeness.ts';
import { gridProblem } from '../../support/gridProblem.ts';

const discount = 0.7;
const problem = gridProblem({ kind: 'discounted', discount }, 150);

test('causalEntropyLog plans where soft fitted Q-iteration on its log ends', () => {
  const { problem: logged, dynamics } = loggedProblem(problem, 'error');
  const { mdp } = logged.world;
  const reward = rewardAt(problem, problem.theta);
  const { state, pair, rowStart, count } = problem.trajectories;
  const rows: number[] = [];
  for (let i = 0; i < count; i++)
    for (let row = rowStart[i]; row + 1 < rowStart[i + 1]; row++) rows.push(row);
  const { pairCount, pairStart } = problem.world.mdp;
  const steps = fittedQIteration(
    {
      featureCount: pairCount,
      features: Float64Array.from({ length: pairCount ** 2 }, (_, i) =>
        i % (pairCount + 1) === 0 ? 1 : 0,
      ),
      taken: Int32Array.from(rows, (row) => pair[row]),
      reward: Float64Array.from(rows, (row) => reward[pair[row]]),
      nextFirst: Int32Array.from(rows, (row) => pairStart[state[row + 1]]),
      nextEnd: Int32Array.from(rows, (row) => pairStart[state[row + 1] + 1]),
      terminated: new Uint8Array(rows.length),
    },
    { discount, temperature: 1, ridge: 0, tolerance: 1e-11 },
  );
  let next = steps.next();
  while (!next.done) next = steps.next();
  expect(next.value.stop).toBe('converged');
  expect(dynamics.recorded.every((n) => n > 0)).toBe(true);
  const planner = new SoftPolicyIteration({
    mdp,
    discount,
    temperature: 1,
    stop: terminalStop(mdp),
  });
  planner.plan(reward);
  const exact = reward.map((paid, p) => {
    let ahead = 0;
    for (let k = mdp.transitionStart[p]; k < mdp.transitionStart[p + 1]; k++)
      ahead += mdp.probability[k] * planner.value[mdp.nextState[k]];
    return paid + discount * ahead;
  });
  expectClose([...next.value.actionValue], [...exact], 1e-8);
});

test('causalEntropyLog reads no probability of the table, and is near the fit that does', () => {
  const exact = finish(causalEntropy.fit(problem, {}));
  const fit = finish(causalEntropyLog.fit(problem, {}));
  const { mdp } = problem.world;
  const others = { ...mdp, probability: mdp.probability.map(() => 1 / 3) };
  const fooled = finish(
    causalEntropyLog.fit({ ...problem, world: { ...problem.world, mdp: others } }, {}),
  );
  expect(fooled.parameters).toEqual(fit.parameters);
  expect(fit.stop).toBe('converged');
  expect(fit.details.log).toMatchObject({ unseenChoices: 0, outcomes: 3000 });
  const decisions = 3000;
  const shortfall = ((exact.logLikelihood ?? 0) - (fit.logLikelihood ?? 0)) / decisions;
  expect(shortfall).toBeGreaterThan(0);
  expect(shortfall).toBeLessThan(0.01);
  // the loop with the planner of the log is the same fit
  const loop = finish(
    fitBySampling(loggedProblem(problem, 'error').problem, { sampling: { planner: 'exact' } }),
  );
  expect(loop.stop).toBe('converged');
  expectClose(
    loop.parameters.map(({ estimate }) => estimate),
    fit.parameters.map(({ estimate }) => estimate),
    1e-7,
  );
});

test('loggedDynamics names choices without an outcome, or pools them by action', () => {
  const thin = gridProblem({ kind: 'discounted', discount }, 3);
  expect(() => finish(causalEntropyLog.fit(thin, {}))).toThrow(
    /Cannot tell from the log what becomes of \d+ choices: ".*" in ".*" and \d+ more; --unseen pooled/,
  );
  const { dynamics, problem: logged } = loggedProblem(thin, 'pooled');
  expect(dynamics.unseen.length).toBeGreaterThan(0);
  const { transitionStart, probability } = logged.world.mdp;
  for (let pair = 0; pair < logged.world.mdp.pairCount; pair++) {
    const shares = probability.subarray(transitionStart[pair], transitionStart[pair + 1]);
    expect(shares.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
  }
  const fit = finish(causalEntropyLog.fit(thin, { sampling: { unseen: 'pooled' } }));
  expect(fit.details.log).toMatchObject({ unseenChoices: dynamics.unseen.length });
});
