import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { discountOf } from '../../src/mdp/timeStructure.ts';
import { selectTrajectories } from '../../src/mdp/trajectories.ts';
import { featureMatchingMoments, likelihoodMoments } from '../../src/planning/moments.ts';
import { distribution } from '../support/arbitraryMdp.ts';
import {
  arbitraryProblem,
  type DrawnProblem,
  finiteKinds,
  stationaryKinds,
} from '../support/arbitraryProblem.ts';
import { expectClose } from '../support/closeness.ts';

const kinds = [...stationaryKinds, ...finiteKinds];

/** Weighted number of times each pair was chosen, the t-th decision counted γᵗ. */
function pairCounts({ world, trajectories }: DrawnProblem, discount: number): Float64Array {
  const { count, rowStart, pair, weight } = trajectories;
  const counts = new Float64Array(world.mdp.pairCount);
  for (let i = 0; i < count; i++)
    for (let row = rowStart[i]; row < rowStart[i + 1]; row++)
      if (pair[row] >= 0) counts[pair[row]] += weight[i] * discount ** (row - rowStart[i]);
  return counts;
}

function decides({ trajectories }: DrawnProblem, i: number): boolean {
  return trajectories.pair[trajectories.rowStart[i]] >= 0 || trajectories.stopped[i] === 1;
}

describe.each(kinds)('%s', (kind) => {
  test('likelihoodMoments weigh values by (γ − 1) per decision, −1 per stop', () => {
    fc.assert(
      fc.property(arbitraryProblem(kind), (problem) => {
        const { world, goals, trajectories, time } = problem;
        const { counts, tasks, stopReward } = likelihoodMoments(
          world.mdp,
          goals,
          trajectories,
          time,
        );
        expectClose(counts, pairCounts(problem, 1), 1e-12);
        let wanted = 0;
        let wantedStops = 0;
        for (let i = 0; i < trajectories.count; i++) {
          const last = trajectories.rowStart[i + 1] - 1;
          for (let row = trajectories.rowStart[i]; row <= last; row++) {
            if (trajectories.pair[row] < 0) continue;
            const t = row - trajectories.rowStart[i];
            // what is reached by the last decision of a finite horizon is worth nothing
            const isLast = time.kind === 'finite' && t === time.horizon - 1;
            wanted += trajectories.weight[i] * ((isLast ? 0 : discountOf(time)) - 1);
          }
          if (!trajectories.stopped[i]) continue;
          wanted -= trajectories.weight[i];
          const goal = goals[trajectories.goal[i]];
          const exit = goal.stopState.indexOf(trajectories.state[last]);
          wantedStops += trajectories.weight[i] * goal.stopReward[exit];
        }
        const total = tasks.flatMap(({ weight }) => [...weight]).reduce((sum, c) => sum + c, 0);
        expect(total).toBeCloseTo(wanted, 9);
        expect(stopReward).toBeCloseTo(wantedStops, 12);
      }),
      { seed: 1, numRuns: 25 },
    );
  });

  test('featureMatchingMoments weigh the starts, and count the t-th decision γᵗ', () => {
    fc.assert(
      fc.property(arbitraryProblem(kind), (problem) => {
        const { world, goals, trajectories, time, seed } = problem;
        const initial = distribution(seed, world.mdp.stateCount);
        for (const start of [null, initial]) {
          const { counts, tasks } = featureMatchingMoments(
            world.mdp,
            goals,
            trajectories,
            time,
            start,
          );
          expectClose(counts, pairCounts(problem, discountOf(time)), 1e-12);
          const starts = new Float64Array(world.mdp.stateCount);
          for (const { state, weight, time: when } of tasks)
            state.forEach((s, i) => {
              expect(when[i]).toBe(0);
              starts[s] += weight[i];
            });
          const wanted = new Float64Array(world.mdp.stateCount);
          trajectories.weight.forEach((weight, i) => {
            if (!decides(problem, i)) return;
            if (!start) wanted[trajectories.state[trajectories.rowStart[i]]] -= weight;
            start?.forEach((p, s) => {
              wanted[s] -= weight * p;
            });
          });
          expectClose(starts, wanted, 1e-12);
        }
      }),
      { seed: 2, numRuns: 25 },
    );
  });

  test('moments are those of the trajectories that decide something', () => {
    fc.assert(
      fc.property(arbitraryProblem(kind), (problem) => {
        const { world, goals, trajectories, time } = problem;
        const deciding = selectTrajectories(trajectories, (i) => decides(problem, i));
        for (const momentsOf of [
          likelihoodMoments,
          (...args: Parameters<typeof likelihoodMoments>) => featureMatchingMoments(...args, null),
        ])
          expect(momentsOf(world.mdp, goals, trajectories, time)).toEqual(
            momentsOf(world.mdp, goals, deciding, time),
          );
      }),
      { seed: 3, numRuns: 25 },
    );
  });
});
