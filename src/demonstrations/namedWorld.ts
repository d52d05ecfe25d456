/** A world that other tables speak of by name: what its names mean, and what it holds. */

import type { World } from '../mdp/world.ts';
import { bisect } from './bisect.ts';
import { suggestion } from './tables/nameIndex.ts';
import type { TableFile } from './tables/readTable.ts';
import { quoted, quotedList, TableError } from './tables/tableError.ts';

/** A world with what other tables need to speak of it by name. */
export interface NamedWorld {
  readonly world: World;
  readonly stateNumber: ReadonlyMap<string, number>;
  readonly actionNumber: ReadonlyMap<string, number>;
  /** Whether moves are named by their next state. */
  readonly movesAreStates: boolean;
  /** Whether a transition was listed with probability 0, and so is not in the world. */
  readonly isImpossible: (state: number, action: number, nextState: number) => boolean;
  readonly file: TableFile;
  readonly warnings: readonly string[];
}

/** Returns the pair of a state and an action, by bisection; −1 where the state does not offer it. */
export function findPair({ mdp, pairAction }: World, state: number, action: number): number {
  return bisect(pairAction, mdp.pairStart[state], mdp.pairStart[state + 1], action);
}

/** Returns the transition of a pair to a next state, by bisection; −1 where there is none. */
export function findTransition({ mdp }: World, pair: number, nextState: number): number {
  const { transitionStart } = mdp;
  return bisect(mdp.nextState, transitionStart[pair], transitionStart[pair + 1], nextState);
}

/** Returns the number of a state that another table names; throws a TableError if there is none. */
export function knownState(
  named: NamedWorld,
  state: string,
  table: { readonly name: string },
  line: number,
): number {
  const number = named.stateNumber.get(state);
  if (number !== undefined) return number;
  throw new TableError(
    table.name,
    line,
    `state ${quoted(state)} is not in ${named.file.name}${suggestion(state, named.world.stateNames)}`,
  );
}

/** Returns the names of the actions that a state offers. */
export function actionsOf({ world }: NamedWorld, state: number): string[] {
  const { pairStart } = world.mdp;
  const offered = world.pairAction.subarray(pairStart[state], pairStart[state + 1]);
  return Array.from(offered, (action) => world.actionNames[action]);
}

/** Returns the error of a recorded action that its state does not offer. */
export function unavailable(
  named: NamedWorld,
  table: { readonly name: string },
  line: number,
  state: number,
  action: string,
): TableError {
  const where = `in state ${quoted(named.world.stateNames[state])}`;
  const offered = actionsOf(named, state);
  return new TableError(
    table.name,
    line,
    offered.length === 0
      ? `action ${quoted(action)} is not available ${where}, which has no actions in ${named.file.name}; leave the action of the last row empty, or add its transitions`
      : `action ${quoted(action)} is not available ${where}${suggestion(action, offered)}; available: ${quotedList(offered)}`,
  );
}
