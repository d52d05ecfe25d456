/** Problems that a log alone shows: pushes of a point on a line, and a tabular one. */

import type { OfflineProblem } from '../../src/algorithms/offline/offlineProblem.ts';
import type { Problem } from '../../src/algorithms/problem.ts';
import type { Episodes } from '../../src/demonstrations/sources/episodes.ts';
import { stepFeatures } from '../../src/features/stepFeatures.ts';
import { indicatorBasis, polynomialBasis } from '../../src/learning/offline/stateBasis.ts';
import { createRng } from '../../src/numeric/rng.ts';

/** Pushes of a point on a line, over beyond 1; some episodes stop before. */
export function pushes(seed: number): Episodes {
  const rng = createRng(seed, 'pushes');
  const observations: number[] = [];
  const actions: number[] = [];
  const stepStart = [0];
  const ends: Episodes['ends'][number][] = [];
  for (let e = 0; e < 12; e++) {
    let x = 2 * rng() - 1;
    observations.push(x);
    for (let t = 0; t < 15 && x <= 1; t++) {
      const action = rng() < (x > 0 ? 0.3 : 0.6) ? 1 : 0;
      x = 0.95 * x + (action - 0.5) * 0.6 + 0.1 * (rng() - 0.5);
      actions.push(action);
      observations.push(x);
    }
    stepStart.push(actions.length);
    ends.push(x > 1 ? 'terminated' : 'cut-off');
  }
  return {
    layout: {
      observations: { kind: 'box', names: ['x'] },
      actions: { kind: 'discrete' },
      hasRewards: false,
    },
    count: 12,
    names: ends.map((_, e) => `e${e}`),
    stepStart: Int32Array.from(stepStart),
    observationStart: Int32Array.from(stepStart, (first, e) => first + e),
    observationWidth: 1,
    observations: Float64Array.from(observations),
    actionWidth: 1,
    actions: Float64Array.from(actions),
    rewards: null,
    ends,
  };
}

export const onLineFeatures = {
  alive: () => 1,
  'x²': (x: ArrayLike<number>) => x[0] * x[0],
  right: (_: ArrayLike<number>, action: ArrayLike<number>) => action[0],
};

export const onLine: OfflineProblem = {
  demonstrations: pushes(1),
  others: pushes(2),
  actionCount: 2,
  features: stepFeatures(onLineFeatures),
  basis: (log) => polynomialBasis(log, 3),
  discount: 0.9,
  temperature: 0.7,
};

/**
 * A tabular problem as its log alone shows it: what is seen is the number of the state. All states
 * that are no ends offer as many actions.
 */
export function logOf({ world, trajectories, features, time, ...rest }: Problem): OfflineProblem {
  const { rowStart, state, pair, count } = trajectories;
  const { pairStart, stateCount } = world.mdp;
  const rows = [...state.keys()].filter((row) => pair[row] >= 0);
  const offered = (s: number): number => pairStart[s + 1] - pairStart[s];
  const width = features.names.length;
  return {
    demonstrations: {
      ...onLine.demonstrations,
      count,
      names: trajectories.names,
      stepStart: Int32Array.from(rowStart, (row, i) => row - i),
      observationStart: rowStart,
      observations: Float64Array.from(state),
      actions: Float64Array.from(rows, (row) => pair[row] - pairStart[state[row]]),
      ends: trajectories.names.map((_, i) =>
        offered(state[rowStart[i + 1] - 1]) === 0 ? 'terminated' : 'cut-off',
      ),
    },
    actionCount: offered(state[0]),
    features: {
      names: features.names,
      write(seen, action, _, out, start = 0) {
        const from = (pairStart[seen[0]] + action[0]) * width;
        out.set(features.values.subarray(from, from + width), start);
      },
    },
    basis: () => indicatorBasis(stateCount),
    discount: time.kind === 'discounted' ? time.discount : 0,
    temperature: rest.temperature,
  };
}
