/** What an episode drawn from a task's outcomes returns. */

import type { TabularTask } from '../../environments/tabularTask.ts';
import { type Rng, sampleIndex } from '../../numeric/rng.ts';

/**
 * Returns Σ γᵗ r_t of one episode from a state.
 *
 * @param policy [pairs] how to act; all actions alike where null
 * @param depth longest episode, in steps
 */
export function playedReturn(
  { world, outcomes }: TabularTask,
  from: number,
  policy: Float64Array | null,
  { depth, discount }: { readonly depth: number; readonly discount: number },
  rng: Rng,
): number {
  const { pairStart } = world.mdp;
  const { start, to, probability, reward } = outcomes;
  let s = from;
  let sum = 0;
  let weight = 1;
  for (let step = 0; step < depth && pairStart[s] < pairStart[s + 1]; step++) {
    const [first, end] = [pairStart[s], pairStart[s + 1]];
    const pair = policy
      ? sampleIndex(policy, rng, first, end)
      : first + Math.floor(rng() * (end - first));
    const outcome = sampleIndex(probability, rng, start[pair], start[pair + 1]);
    sum += weight * reward[outcome];
    weight *= discount;
    s = to[outcome];
  }
  return sum;
}
