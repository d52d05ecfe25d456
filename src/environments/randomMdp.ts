/**
 * Random decision processes without structure (Garnet): every pair leads to `successors` distinct
 * states, drawn uniformly, with probabilities uniform on the simplex.
 *
 * Reference: T. Archibald, K. McKinnon, L. Thomas (1995), J. Operational Research Society 46,
 * 354–361.
 */

import { z } from 'zod';
import type { Mdp } from '../mdp/mdp.ts';
import type { World } from '../mdp/world.ts';
import type { Rng } from '../numeric/rng.ts';

export const RandomMdpOptions = z.strictObject({
  states: z.int().positive().default(100).describe('How many states'),
  actions: z.int().positive().default(4).describe('How many actions every state offers'),
  successors: z.int().positive().default(3).describe('How many next states every pair has'),
});
export type RandomMdpOptions = z.input<typeof RandomMdpOptions>;

/**
 * Draws the dynamics; transitions of a pair are ascending in the next state.
 *
 * @throws RangeError where there are fewer states than successors
 */
export function randomMdp(options: RandomMdpOptions, rng: Rng): Mdp {
  const { states, actions, successors } = RandomMdpOptions.parse(options);
  if (successors > states) {
    throw new RangeError(
      `Cannot draw a random process: successors must be at most ${states} (the states), got ${successors}`,
    );
  }
  const pairCount = states * actions;
  const nextState = new Int32Array(pairCount * successors);
  const probability = new Float64Array(pairCount * successors);
  for (let start = 0; start < nextState.length; start += successors) {
    drawSubset(states, rng, nextState.subarray(start, start + successors));
    drawSimplex(rng, probability.subarray(start, start + successors));
  }
  return {
    stateCount: states,
    pairCount,
    pairStart: Int32Array.from({ length: states + 1 }, (_, s) => s * actions),
    transitionStart: Int32Array.from({ length: pairCount + 1 }, (_, pair) => pair * successors),
    nextState,
    probability,
  };
}

/** Draws a random process and names its states and actions by number. */
export function randomWorld(options: RandomMdpOptions, rng: Rng): World {
  const { actions } = RandomMdpOptions.parse(options);
  const mdp = randomMdp(options, rng);
  return {
    mdp,
    stateNames: Array.from({ length: mdp.stateCount }, (_, s) => String(s)),
    actionNames: Array.from({ length: actions }, (_, a) => String(a)),
    pairAction: Int32Array.from({ length: mdp.pairCount }, (_, pair) => pair % actions),
  };
}

/** Overwrites `out` with as many distinct members of 0 … n−1, uniformly chosen, ascending (Floyd). */
function drawSubset(n: number, rng: Rng, out: Int32Array): void {
  const size = out.length;
  for (let count = 0; count < size; count++) {
    const top = n - size + count;
    const drawn = Math.floor(rng() * (top + 1));
    const chosen = out.subarray(0, count).includes(drawn) ? top : drawn;
    let at = count;
    while (at > 0 && out[at - 1] > chosen) {
      out[at] = out[at - 1];
      at--;
    }
    out[at] = chosen;
  }
}

/** Overwrites `out` with a uniform draw from the simplex: normalised exponentials. */
function drawSimplex(rng: Rng, out: Float64Array): void {
  let total = 0;
  for (let i = 0; i < out.length; i++) {
    // the draw 0 would give weight 0, and probabilities of a world are positive
    out[i] = Math.max(-Math.log1p(-rng()), Number.EPSILON);
    total += out[i];
  }
  for (let i = 0; i < out.length; i++) out[i] /= total;
}
