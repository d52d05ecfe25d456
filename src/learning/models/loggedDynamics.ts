/**
 * Dynamics as a log shows them: every outcome as often as it was recorded,
 *
 *   p̂(s′ | s, a) = N(s, a, s′) / N(s, a)
 *
 * Fitted Q-iteration on the log, with one indicator per pair, regresses r + γ V(s′) on the pair it
 * followed; that is the mean over p̂, so its fixed point is the exact plan in these dynamics.
 *
 * Of a choice that the log never shows nothing is known. Where it can matter it is an error, or taken
 * to turn out as the same action did elsewhere (`pooled`); states that the log never shows cannot be
 * come to, and stay where they are.
 */

import type { Mdp } from '../../mdp/mdp.ts';
import type { Trajectories } from '../../mdp/trajectories.ts';
import type { World } from '../../mdp/world.ts';
import { outcomeShares } from './outcomeShares.ts';

export interface LoggedDynamics {
  readonly mdp: Mdp;
  /** [pairs] outcomes recorded of each. */
  readonly recorded: Float64Array;
  /** Pairs of states of the log that it has no outcome of. */
  readonly unseen: readonly number[];
}

/** So many choices are named where they have no outcome. */
const MOST_NAMED = 5;

/**
 * @param logs recorded in this world; only their moves count, not their weights
 * @param isOver [states] 1 where nothing follows: choices there need no outcome
 * @throws RangeError where a choice that matters has no outcome, and none can be pooled
 */
export function loggedDynamics(
  world: World,
  logs: readonly Trajectories[],
  isOver: Uint8Array,
  whenUnseen: 'error' | 'pooled',
): LoggedDynamics {
  const { mdp, pairAction } = world;
  const { stateCount, pairCount, pairStart } = mdp;
  const outcomes = Array.from({ length: pairCount }, () => new Map<number, number>());
  const ofAction = world.actionNames.map(() => new Map<number, number>());
  const recorded = new Float64Array(pairCount);
  const shown = new Uint8Array(stateCount);
  for (const { count, rowStart, state, pair } of logs)
    for (let i = 0; i < count; i++)
      for (let row = rowStart[i]; row < rowStart[i + 1]; row++) {
        shown[state[row]] = 1;
        if (pair[row] < 0 || row + 1 === rowStart[i + 1]) continue;
        const to = state[row + 1];
        recorded[pair[row]]++;
        addOne(outcomes[pair[row]], to);
        addOne(ofAction[pairAction[pair[row]]], to);
      }

  const unseen: number[] = [];
  for (let s = 0; s < stateCount; s++)
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
      if (recorded[pair] > 0) continue;
      if (!shown[s] || isOver[s]) addOne(outcomes[pair], s);
      else {
        unseen.push(pair);
        outcomes[pair] = ofAction[pairAction[pair]];
      }
    }
  const hopeless = unseen.filter((pair) => whenUnseen === 'error' || outcomes[pair].size === 0);
  if (hopeless.length > 0) throw unseenChoices(world, hopeless, whenUnseen);
  return { mdp: { ...mdp, ...outcomeShares(outcomes) }, recorded, unseen };
}

function addOne(counts: Map<number, number>, to: number): void {
  counts.set(to, (counts.get(to) ?? 0) + 1);
}

function unseenChoices(
  { mdp, stateNames, actionNames, pairAction }: World,
  pairs: readonly number[],
  whenUnseen: 'error' | 'pooled',
): RangeError {
  const stateOf = (pair: number): number => {
    let s = 0;
    while (mdp.pairStart[s + 1] <= pair) s++;
    return s;
  };
  const names = pairs
    .slice(0, MOST_NAMED)
    .map((pair) => `"${actionNames[pairAction[pair]]}" in "${stateNames[stateOf(pair)]}"`);
  const more = pairs.length > MOST_NAMED ? ` and ${pairs.length - MOST_NAMED} more` : '';
  const remedy =
    whenUnseen === 'error'
      ? '--unseen pooled takes them to turn out as that action did elsewhere'
      : 'that action was never taken anywhere: leave it out of the transitions';
  return new RangeError(
    `Cannot tell from the log what becomes of ${pairs.length} ${pairs.length === 1 ? 'choice' : 'choices'}: ${names.join(', ')}${more}; ${remedy}`,
  );
}
