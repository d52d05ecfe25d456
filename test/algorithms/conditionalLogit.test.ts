import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Fit, finish } from '../../src/algorithms/algorithm.ts';
import { causalEntropy } from '../../src/algorithms/causalEntropy.ts';
import { conditionalLogit } from '../../src/algorithms/conditionalLogit.ts';
import { linearReward } from '../../src/rewards/linearReward.ts';
import {
  arbitraryProblem,
  type DrawnProblem,
  finiteKinds,
  stationaryKinds,
} from '../support/arbitraryProblem.ts';
import { expectClose } from '../support/closeness.ts';
import { gridProblem } from '../support/gridProblem.ts';

function estimates({ parameters }: Fit): number[] {
  return parameters.map(({ estimate }) => estimate);
}

/** Σ w log softmax of the utilities θ·f / τ and, where there is an exit, of its reward. */
function logitLikelihood(problem: DrawnProblem, theta: readonly number[]): number {
  const { world, goals, features, trajectories, temperature } = problem;
  const { mdp } = world;
  const utility = new Float64Array(mdp.pairCount);
  linearReward(mdp, features).evaluate(Float64Array.from(theta), utility);
  let sum = 0;
  for (let i = 0; i < trajectories.count; i++)
    for (let row = trajectories.rowStart[i]; row < trajectories.rowStart[i + 1]; row++) {
      const s = trajectories.state[row];
      const pair = trajectories.pair[row];
      if (pair < 0 && !trajectories.stopped[i]) continue;
      const options = [...utility.subarray(mdp.pairStart[s], mdp.pairStart[s + 1])];
      const goal = goals[trajectories.goal[i]];
      const exit = goal && !goal.absorbing ? goal.stopState.indexOf(s) : -1;
      if (exit >= 0) options.push(goal.stopReward[exit]);
      const chosen = pair >= 0 ? utility[pair] : goal.stopReward[exit];
      const total = options.reduce((t, u) => t + Math.exp((u - chosen) / temperature), 0);
      sum -= trajectories.weight[i] * Math.log(total);
    }
  return sum;
}

describe.each([...stationaryKinds, ...finiteKinds])('%s', (kind) => {
  test('conditionalLogit reports the likelihood of its choices, above that of its start', () => {
    fc.assert(
      fc.property(arbitraryProblem(kind), (problem) => {
        const found = finish(conditionalLogit.fit(problem, { l2: 0.1 }));
        const theta = estimates(found);
        const reached = found.logLikelihood ?? Number.NaN;
        expectClose([reached], [logitLikelihood(problem, theta)], 1e-9);
        expectClose([found.predict(problem.trajectories) ?? Number.NaN], [reached], 1e-9);
        const penalty = 0.05 * theta.reduce((sum, t) => sum + t * t, 0);
        const before = logitLikelihood(
          problem,
          theta.map(() => 0),
        );
        expect(reached - penalty).toBeGreaterThanOrEqual(before - 1e-9);
      }),
      { seed: 1, numRuns: 15 },
    );
  });
});

test('conditionalLogit is causal entropy that does not look ahead', () => {
  fc.assert(
    fc.property(arbitraryProblem('discounted'), (drawn) => {
      const problem: DrawnProblem = { ...drawn, time: { kind: 'discounted', discount: 0 } };
      const logit = finish(conditionalLogit.fit(problem, { l2: 0.1 }));
      const entropy = finish(causalEntropy.fit(problem, { l2: 0.1 }));
      expect(logit.stop).toBe('converged');
      expect(entropy.stop).toBe('converged');
      expectClose(estimates(logit), estimates(entropy), 1e-6);
      expectClose([logit.logLikelihood ?? 0], [entropy.logLikelihood ?? 1], 1e-9);
    }),
    { seed: 2, numRuns: 25 },
  );
});

test('conditionalLogit on a grid is the same fit, without a penalty', () => {
  const problem = gridProblem({ kind: 'discounted', discount: 0 });
  const logit = finish(conditionalLogit.fit(problem, {}));
  const entropy = finish(causalEntropy.fit(problem, {}));
  // what a state is like does not matter to a choice without a future: x and y are not identified
  const unidentified = ({ unidentified: directions }: Fit) =>
    directions.map(({ direction }) => JSON.stringify(direction)).sort();
  expect(unidentified(logit)).toEqual(['{"x":1}', '{"y":1}']);
  expect(unidentified(entropy)).toEqual(unidentified(logit));
  expectClose([logit.parameters[2].estimate], [entropy.parameters[2].estimate], 1e-7);
  expectClose([logit.logLikelihood ?? 0], [entropy.logLikelihood ?? 1], 1e-10);
});
