/** An MDP with the names people gave its states and actions. */

import type { Layout } from './layout.ts';
import type { Mdp } from './mdp.ts';

export interface World {
  readonly mdp: Mdp;
  /** [states] */
  readonly stateNames: readonly string[];
  /** [actions] distinct action names; where a move is named by its next state, those names. */
  readonly actionNames: readonly string[];
  /** [pairs] index into `actionNames`. */
  readonly pairAction: Int32Array;
  /** Where states lie, if that is known. */
  readonly layout?: Layout;
}
