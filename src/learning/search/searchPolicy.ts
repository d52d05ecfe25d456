/** Acting everywhere as a search from there says: one search for each state. */

import type { TabularTask } from '../../environments/tabularTask.ts';
import { createRng } from '../../numeric/rng.ts';
import { type SearchGuidance, type UctOptions, uctSearch } from './uctSearch.ts';

export interface SearchedPolicy {
  /** [pairs] 1 for the pair that the search of its state chose. */
  readonly policy: Float64Array;
  /** [pairs] how often the search of its state tried each. */
  readonly visits: Float64Array;
  /** [pairs] what the search of its state found each to be worth; 0 where one was never tried. */
  readonly actionValue: Float64Array;
  /** [states] what the search of a state found it to be worth; 0 without actions. */
  readonly value: Float64Array;
}

/**
 * Searches from every state that offers an action, each on its own, and yields the number of states done.
 *
 * @param seed each state draws from a stream of its own
 */
export function* searchPolicy(
  task: TabularTask,
  options: UctOptions,
  seed: number | string,
  guidance: SearchGuidance = {},
): Generator<number, SearchedPolicy> {
  const { stateCount, pairCount, pairStart } = task.world.mdp;
  const policy = new Float64Array(pairCount);
  const visits = new Float64Array(pairCount);
  const actionValue = new Float64Array(pairCount);
  const value = new Float64Array(stateCount);
  for (let s = 0; s < stateCount; s++) {
    if (pairStart[s] < pairStart[s + 1]) {
      const found = uctSearch(task, s, options, createRng(seed, `search from ${s}`), guidance);
      policy[found.best] = 1;
      visits.set(found.visits, pairStart[s]);
      actionValue.set(found.actionValue, pairStart[s]);
      value[s] = found.value;
    }
    yield s + 1;
  }
  return { policy, visits, actionValue, value };
}
