import fc from 'fast-check';
import { expect, test } from 'vitest';
import { discountOf } from '../../src/mdp/timeStructure.ts';
import { occupancy } from '../../src/planning/occupancy.ts';
import { SoftPolicyIteration } from '../../src/planning/softPolicyIteration.ts';
import { softValueIteration, terminalStop } from '../../src/planning/softValueIteration.ts';
import { stationaryTask } from '../../src/planning/stationaryTask.ts';
import { arbitraryTask, distribution } from '../support/arbitraryMdp.ts';
import { arbitraryProblem } from '../support/arbitraryProblem.ts';
import { expectClose } from '../support/closeness.ts';

test('occupancy has total mass 1 / (1 − γ)', () => {
  fc.assert(
    fc.property(
      arbitraryTask({ terminals: false }, [0, 0.5, 0.98]),
      ({ mdp, reward, discount, temperature, seed }) => {
        const { policy } = softValueIteration(mdp, reward, { discount, temperature });
        const start = distribution(seed, mdp.stateCount);
        const mass = occupancy(mdp, policy, start, { discount }).reduce((sum, d) => sum + d, 0);
        expect(mass * (1 - discount)).toBeCloseTo(1, 10);
      },
    ),
    { seed: 1, numRuns: 40 },
  );
});

test('occupancy equals the transposed solve, pair by pair', () => {
  fc.assert(
    fc.property(arbitraryTask(), ({ mdp, reward, discount, temperature, seed }) => {
      const bellman = { mdp, discount, temperature, stop: terminalStop(mdp) };
      const planner = new SoftPolicyIteration(bellman);
      planner.plan(reward);
      const start = distribution(seed, mdp.stateCount);
      const visits = new Float64Array(mdp.stateCount);
      planner.solveTransposed(start, visits);
      const wanted = planner.policy.slice();
      for (let s = 0; s < mdp.stateCount; s++)
        for (let pair = mdp.pairStart[s]; pair < mdp.pairStart[s + 1]; pair++)
          wanted[pair] *= visits[s];
      expectClose(occupancy(mdp, planner.policy, start, { discount }), wanted, 1e-9);
    }),
    { seed: 2, numRuns: 40 },
  );
});

test('occupancy balances what flows into a state with what flows out', () => {
  fc.assert(
    fc.property(arbitraryTask(), ({ mdp, reward, discount, temperature, seed }) => {
      const { policy } = softValueIteration(mdp, reward, { discount, temperature });
      const start = distribution(seed, mdp.stateCount);
      const visits = occupancy(mdp, policy, start, { discount });
      const arriving = start.slice();
      visits.forEach((flow, pair) => {
        for (let k = mdp.transitionStart[pair]; k < mdp.transitionStart[pair + 1]; k++)
          arriving[mdp.nextState[k]] += discount * flow * mdp.probability[k];
      });
      const leaving = arriving.map((_, s) =>
        visits.subarray(mdp.pairStart[s], mdp.pairStart[s + 1]).reduce((sum, d) => sum + d, 0),
      );
      const ends = terminalStop(mdp);
      expectClose(
        leaving,
        arriving.map((a, s) => (ends[s] === 0 ? 0 : a)),
        1e-10,
      );
    }),
    { seed: 3, numRuns: 40 },
  );
});

test('occupancy without discounting ends exactly once per trajectory', () => {
  fc.assert(
    fc.property(arbitraryProblem('noisy exits'), (problem) => {
      const { world, goals, trajectories, time, temperature } = problem;
      const goal = goals[trajectories.goal[0]];
      const visited = trajectories.state.subarray(0, 1);
      const task = stationaryTask(world.mdp, goal, visited, discountOf(time));
      const reward = new Float64Array(task.mdp.pairCount).fill(-2 * temperature);
      const options = { discount: 1, temperature };
      const { policy } = softValueIteration(task.mdp, reward, options, task.stop);
      const start = distribution(problem.seed, task.mdp.stateCount);
      const visits = occupancy(task.mdp, policy, start, { discount: 1 });
      const arriving = start.slice();
      visits.forEach((flow, pair) => {
        for (let k = task.mdp.transitionStart[pair]; k < task.mdp.transitionStart[pair + 1]; k++)
          arriving[task.mdp.nextState[k]] += flow * task.mdp.probability[k];
      });
      const stops = arriving.map(
        (a, s) =>
          a *
          (1 -
            policy
              .subarray(task.mdp.pairStart[s], task.mdp.pairStart[s + 1])
              .reduce((sum, p) => sum + p, 0)),
      );
      expect(stops.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);
    }),
    { seed: 4, numRuns: 40 },
  );
});
