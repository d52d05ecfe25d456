/**
 * A first guess of soft values for undiscounted goals: the value of the best path (hard value), by
 * label correction from the goal outwards (Bellman 1958; queue order of Moore 1959).
 *
 * Soft values lie above it by at most what detours add, and weights relative to it stay near 1
 * where weights relative to nothing, exp(V/τ), underflow.
 */

import type { StationaryTask } from './stationaryTask.ts';

/**
 * Returns a guess for tasks whose moves are deterministic, else null. Where a loop pays (no best
 * path exists) the guess stays at what was found when the loop was noticed.
 */
export function shortestPathGuess({
  mdp,
  stop,
}: StationaryTask): ((reward: Float64Array, value: Float64Array) => void) | null {
  const { stateCount, pairCount, pairStart, nextState, probability } = mdp;
  if (nextState.length !== pairCount || !probability.every((p) => p === 1)) return null;

  const start = new Int32Array(stateCount + 1);
  for (const to of nextState) start[to + 1]++;
  for (let s = 0; s < stateCount; s++) start[s + 1] += start[s];
  const incoming = new Int32Array(pairCount);
  const from = new Int32Array(pairCount);
  const free = start.slice(0, stateCount);
  for (let s = 0; s < stateCount; s++)
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
      const place = free[nextState[pair]]++;
      incoming[place] = pair;
      from[place] = s;
    }

  return (reward, value) => {
    value.set(stop);
    const queued = new Uint8Array(stateCount);
    const queue = new Int32Array(stateCount + 1);
    let head = 0;
    let tail = 0;
    const push = (s: number): void => {
      if (queued[s]) return;
      queued[s] = 1;
      queue[tail] = s;
      tail = tail === stateCount ? 0 : tail + 1;
    };
    for (let s = 0; s < stateCount; s++) if (stop[s] > Number.NEGATIVE_INFINITY) push(s);
    let budget = 50 * (stateCount + 100);
    while (head !== tail && budget-- > 0) {
      const to = queue[head];
      head = head === stateCount ? 0 : head + 1;
      queued[to] = 0;
      for (let k = start[to]; k < start[to + 1]; k++) {
        const candidate = reward[incoming[k]] + value[to];
        const s = from[k];
        if (candidate > value[s] + 1e-12) {
          value[s] = candidate;
          push(s);
        }
      }
    }
    // States that nothing was found for (impossible rewards) must not carry −∞ into the kernels.
    for (let s = 0; s < stateCount; s++) if (!Number.isFinite(value[s])) value[s] = 0;
  };
}
