/**
 * Greedy choices that arrive: where several actions are equally good, one that leads to the end.
 *
 * Without a discount to be greedy is not enough: going round in circles for nothing, or waiting at a
 * wall, can look as good as going on, and never ends. Among the best actions of every state
 *
 *   B(s) = { a : Q(s, a) ≥ maxₐ Q − ε }
 *
 * only those are kept from which an end is reached for certain by kept ones (almost-sure reachability),
 * and of them the one on the shortest way is taken. Where V is finite and optimal, what is chosen so is
 * worth V. States from which the best actions do not end for certain keep the first best and are told.
 *
 * References: Bertsekas & Tsitsiklis (1991), Mathematics of Operations Research 16 (proper policies);
 * Baier & Katoen (2008), Principles of Model Checking, alg. 45.
 */

import { type Mdp, statesOfPairs } from '../mdp/mdp.ts';
import { predecessors } from '../mdp/reachability.ts';
import { terminalStop } from './softValueIteration.ts';

export interface ProperGreedyPolicy {
  /** [states] the pair to take; −1 where ending at once is as good as any. */
  readonly greedy: Int32Array;
  /** [states] 1 where taking them ends for certain. */
  readonly ends: Uint8Array;
}

/**
 * @param actionValue [pairs] Q
 * @param stop [states] reward of ending at once, −Infinity where impossible; where it is absent, only
 *   states without pairs end
 * @param tie differences up to this share of 1 + |best| are none
 */
export function properGreedyPolicy(
  mdp: Mdp,
  actionValue: Float64Array,
  stop: Float64Array = terminalStop(mdp),
  tie = 1e-9,
): ProperGreedyPolicy {
  const { stateCount, pairCount, pairStart } = mdp;
  if (actionValue.length !== pairCount)
    throw new RangeError(
      `Cannot choose: action values must have ${pairCount} entries (one per pair), got ${actionValue.length}`,
    );
  const kept = new Uint8Array(pairCount);
  const greedy = new Int32Array(stateCount).fill(-1);
  const isEnd = new Uint8Array(stateCount);
  for (let s = 0; s < stateCount; s++) {
    let best = stop[s];
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++)
      if (actionValue[pair] > best) {
        best = actionValue[pair];
        greedy[s] = pair;
      }
    const least = best - tie * (1 + Math.abs(best));
    if (stop[s] > Number.NEGATIVE_INFINITY && stop[s] >= least) {
      isEnd[s] = 1;
      greedy[s] = -1;
    } else
      for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++)
        if (actionValue[pair] >= least) kept[pair] = 1;
  }
  const way = certainWay(mdp, kept, isEnd);
  const ends = isEnd.slice();
  way.forEach((pair, s) => {
    if (pair < 0) return;
    greedy[s] = pair;
    ends[s] = 1;
  });
  return { greedy, ends };
}

/** [states] the kept pair that leads nearest to an end without ever missing it; −1 where none does. */
function certainWay(mdp: Mdp, kept: Uint8Array, isEnd: Uint8Array): Int32Array {
  const { stateCount, pairCount, transitionStart, nextState } = mdp;
  const stateOfPair = statesOfPairs(mdp);
  const incoming = predecessors(mdp);
  for (;;) {
    const way = new Int32Array(stateCount).fill(-1);
    const found = [...isEnd.keys()].filter((s) => isEnd[s] === 1);
    for (let head = 0; head < found.length; head++)
      for (let k = incoming.start[found[head]]; k < incoming.start[found[head] + 1]; k++) {
        const pair = incoming.pair[k];
        const s = stateOfPair[pair];
        if (kept[pair] === 0 || isEnd[s] === 1 || way[s] >= 0) continue;
        way[s] = pair;
        found.push(s);
      }
    let dropped = false;
    for (let pair = 0; pair < pairCount; pair++) {
      if (kept[pair] === 0) continue;
      for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
        if (isEnd[nextState[k]] === 0 && way[nextState[k]] < 0) kept[pair] = 0;
      if (kept[pair] === 0) dropped = true;
    }
    if (!dropped) return way;
  }
}
