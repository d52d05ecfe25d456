import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { finish } from '../../src/algorithms/algorithm.ts';
import { behaviorCloning, behaviorCloningPerGoal } from '../../src/algorithms/behaviorCloning.ts';
import { selectTrajectories } from '../../src/mdp/trajectories.ts';
import {
  arbitraryProblem,
  type DrawnProblem,
  finiteKinds,
  stationaryKinds,
} from '../support/arbitraryProblem.ts';
import { expectClose } from '../support/closeness.ts';
import { gridProblem } from '../support/gridProblem.ts';

/** Weighted counts of what was chosen (−1: stop), by state, or by goal and state. */
function choiceCounts(
  { trajectories }: DrawnProblem,
  perGoal: boolean,
): Map<string, Map<number, number>> {
  const table = new Map<string, Map<number, number>>();
  for (let i = 0; i < trajectories.count; i++)
    for (let row = trajectories.rowStart[i]; row < trajectories.rowStart[i + 1]; row++) {
      const pair = trajectories.pair[row];
      if (pair < 0 && !trajectories.stopped[i]) continue;
      const key = `${perGoal ? trajectories.goal[i] : ''}/${trajectories.state[row]}`;
      const counts = table.get(key) ?? new Map<number, number>();
      table.set(key, counts);
      counts.set(pair, (counts.get(pair) ?? 0) + trajectories.weight[i]);
    }
  return table;
}

describe.each([...stationaryKinds, ...finiteKinds])('%s', (kind) => {
  test.each([behaviorCloning, behaviorCloningPerGoal])(
    '$name has the likelihood of the counts, Σ n log(n / N)',
    (algorithm) => {
      fc.assert(
        fc.property(arbitraryProblem(kind), (problem) => {
          const perGoal = algorithm === behaviorCloningPerGoal;
          let wanted = 0;
          for (const counts of choiceCounts(problem, perGoal).values()) {
            const total = [...counts.values()].reduce((sum, n) => sum + n, 0);
            for (const n of counts.values()) wanted += n * Math.log(n / total);
          }
          const found = finish(algorithm.fit(problem, {}));
          expectClose([found.logLikelihood ?? Number.NaN], [wanted], 1e-10);
          // smoothing can only lower the likelihood of what was counted
          expect(found.predict(problem.trajectories)).toBeLessThanOrEqual(wanted + 1e-9);
        }),
        { seed: 1, numRuns: 25 },
      );
    },
  );
});

test('behaviorCloning predicts with (n + α) / (N + α · options), uniform where it saw nothing', () => {
  fc.assert(
    fc.property(arbitraryProblem('discounted'), (problem) => {
      const { mdp } = problem.world;
      const { arrays, details, predict } = finish(behaviorCloning.fit(problem, {}));
      const alpha = details.smoothing as number;
      const counts = choiceCounts(problem, false);
      const policy = new Float64Array(mdp.pairCount);
      for (let s = 0; s < mdp.stateCount; s++) {
        const options = mdp.pairStart[s + 1] - mdp.pairStart[s];
        const seen = counts.get(`/${s}`);
        const total = [...(seen?.values() ?? [])].reduce((sum, n) => sum + n, 0);
        for (let pair = mdp.pairStart[s]; pair < mdp.pairStart[s + 1]; pair++)
          policy[pair] = ((seen?.get(pair) ?? 0) + alpha) / (total + alpha * options);
      }
      expectClose(arrays.policy, policy, 1e-12);
      const { trajectories } = problem;
      let wanted = 0;
      for (let i = 0; i < trajectories.count; i++)
        for (let row = trajectories.rowStart[i]; row < trajectories.rowStart[i + 1]; row++)
          if (trajectories.pair[row] >= 0)
            wanted += trajectories.weight[i] * Math.log(policy[trajectories.pair[row]]);
      expectClose([predict(trajectories) ?? Number.NaN], [wanted], 1e-10);
    }),
    { seed: 2, numRuns: 25 },
  );
});

test('behaviorCloning smooths by what predicts best, and by the seed alone', () => {
  const problem = gridProblem({ kind: 'discounted', discount: 0.9 }, 60);
  const others = gridProblem({ kind: 'discounted', discount: 0.9 }, 200).trajectories;
  const unseen = selectTrajectories(others, (i) => i >= 60);
  const found = finish(behaviorCloning.fit(problem, { seed: 3 }));
  const again = finish(behaviorCloning.fit(problem, { seed: 3 }));
  expect(again.details).toEqual(found.details);
  // choosing uniformly among the five moves is what endless smoothing would predict
  let decisions = 0;
  for (const pair of unseen.pair) if (pair >= 0) decisions++;
  expect(found.predict(unseen)).toBeGreaterThan(-decisions * Math.log(5));
});
