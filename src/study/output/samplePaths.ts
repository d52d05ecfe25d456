/**
 * A few recorded ways from short to long, and beside each the one that a fitted reward makes most
 * likely between the same ends: what a fit is about, to be looked at.
 */

import type { Problem } from '../../algorithms/problem.ts';
import { isDeterministic } from '../../mdp/mdp.ts';
import type { Trajectories } from '../../mdp/trajectories.ts';
import { mostLikelyRoutes } from '../../planning/mostLikelyRoutes.ts';

type Arrays = Readonly<Record<string, Float64Array>>;

/** How many ways are kept. */
const WAYS = 6;

/**
 * Adds `path-start` [ways + 1] and `path-state`, the states of one way after another: under `world`
 * as recorded, and for every method with a reward as it makes them most likely. Only where goals are
 * reached by certain moves and states are known to lie somewhere.
 *
 * @param recorded whose ways are shown: those held out, where there are any
 */
export function withSamplePaths(
  { world: { mdp }, goals, time }: Problem,
  recorded: Trajectories,
  arrays: Readonly<Record<string, Arrays>>,
): Readonly<Record<string, Arrays>> {
  if (!arrays.world || goals.length === 0 || time.kind !== 'undiscounted' || !isDeterministic(mdp))
    return arrays;
  const { rowStart, state, goal } = recorded;
  const shown = fromShortToLong(recorded);
  const all: Record<string, Arrays> = {
    ...arrays,
    world: {
      ...arrays.world,
      ...flat(shown.map((i) => [...state.subarray(rowStart[i], rowStart[i + 1])])),
    },
  };
  for (const [method, kept] of Object.entries(arrays)) {
    const { reward } = kept;
    if (method === 'world' || !reward || reward.length !== mdp.pairCount) continue;
    const ways = shown.map((i) => {
      const { pair } = mostLikelyRoutes(mdp, goals[goal[i]], reward);
      const way = [state[rowStart[i]]];
      for (let next = pair[way[0]]; next >= 0; next = pair[way[way.length - 1]])
        way.push(mdp.nextState[next]);
      return way;
    });
    all[method] = { ...kept, ...flat(ways) };
  }
  return all;
}

/** Which trajectories with a move stand in the middle of each sixth, ordered by length. */
function fromShortToLong({ count, rowStart }: Trajectories): number[] {
  const length = (i: number): number => rowStart[i + 1] - rowStart[i];
  const moving = Array.from({ length: count }, (_, i) => i).filter((i) => length(i) > 1);
  moving.sort((a, b) => length(a) - length(b) || a - b);
  const ways = Math.min(WAYS, moving.length);
  return Array.from(
    { length: ways },
    (_, k) => moving[Math.floor(((k + 0.5) * moving.length) / ways)],
  );
}

function flat(ways: readonly (readonly number[])[]): Arrays {
  const start = new Float64Array(ways.length + 1);
  ways.forEach((way, k) => {
    start[k + 1] = start[k] + way.length;
  });
  return { 'path-start': start, 'path-state': Float64Array.from(ways.flat()) };
}
