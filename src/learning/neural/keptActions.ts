/**
 * Actions as they are kept and learned from: of discrete ones the index, of a box numbers in (−1, 1)
 * that are stretched to it.
 */

import type { Action, BoxActions, DiscreteActions } from '../../environments/simulator.ts';
import type { Rng } from '../../numeric/rng.ts';
import { stretchTo } from './boxPolicy.ts';

export interface KeptActions<A extends Action = Action> {
  /** Numbers that are kept of an action. */
  readonly size: number;
  /** Writes an action [size], each alike. */
  draw(rng: Rng, out: Float64Array): void;
  /** As the world takes it; the numbers of a box are overwritten by the next call. */
  inWorld(kept: Float64Array): A;
  /** Plain JSON. */
  readonly settings: unknown;
}

/** @throws RangeError where a side of a box is not finite or has no length */
export function keptActions<A extends Action>(
  actions: DiscreteActions | BoxActions,
): KeptActions<A> {
  // What the world's actions are decides what `A` is.
  return (actions.kind === 'discrete' ? indices(actions) : stretched(actions)) as KeptActions<
    number | Float64Array
  > as KeptActions<A>;
}

function indices({ count }: DiscreteActions): KeptActions<number> {
  return {
    size: 1,
    draw(rng, out) {
      out[0] = Math.floor(rng() * count);
    },
    inWorld: (kept) => kept[0],
    settings: { count },
  };
}

function stretched(box: BoxActions): KeptActions<Float64Array> {
  const { low, high } = box;
  const size = low.length;
  const action = new Float64Array(size);
  const stretch = stretchTo(box);
  return {
    size,
    draw(rng, out) {
      for (let i = 0; i < size; i++) out[i] = 2 * rng() - 1;
    },
    inWorld(kept) {
      action.set(kept);
      stretch(action);
      return action;
    },
    settings: { low: [...low], high: [...high] },
  };
}
