/**
 * Regenerative optimal stopping: a machine wears, and each period is kept or replaced.
 *
 *   keep:     x′ = min(x + j, bins − 1)
 *   replace:  x′ = min(0 + j, bins − 1)        j ~ increments
 *
 * A state is a bin of accumulated use. Pair 2x keeps and pair 2x + 1 replaces, in every bin.
 *
 * Reference: J. Rust (1987), Econometrica 55, 999–1033, section 4.
 */

import { z } from 'zod';
import type { World } from '../mdp/world.ts';

export const ReplacementOptions = z.strictObject({
  bins: z.int().positive().default(90).describe('How many bins of accumulated use'),
  increments: z
    .array(z.number().nonnegative())
    .refine((p) => Math.abs(p.reduce((sum, q) => sum + q, 0) - 1) <= 1e-9, {
      message: 'must sum to 1 within 1e-9',
    })
    .default([0.3919, 0.5953, 0.0128])
    .describe('Probability of moving up 0, 1, 2, … bins in a period'),
});
export type ReplacementOptions = z.input<typeof ReplacementOptions>;

/** Index into the action names of a replacement world. */
const KEEP = 0;
const REPLACE = 1;

/** Returns the pair of a replacement world that keeps or replaces in `bin`. */
export function replacementPair(bin: number, replace: boolean): number {
  return 2 * bin + (replace ? REPLACE : KEEP);
}

/** Builds the world of keeping or replacing; states are named by their bin, from '0'. */
export function replacementWorld(options: ReplacementOptions = {}): World {
  const { bins, increments } = ReplacementOptions.parse(options);
  const pairCount = 2 * bins;
  const pairStart = Int32Array.from({ length: bins + 1 }, (_, s) => 2 * s);
  const transitionStart = new Int32Array(pairCount + 1);
  const nextState: number[] = [];
  const probability: number[] = [];
  for (let pair = 0; pair < pairCount; pair++) {
    const from = pair % 2 === REPLACE ? 0 : pair >> 1;
    increments.forEach((p, j) => {
      if (p === 0) return;
      const to = Math.min(from + j, bins - 1);
      const last = nextState.length - 1;
      if (last >= transitionStart[pair] && nextState[last] === to) {
        probability[last] += p;
      } else {
        nextState.push(to);
        probability.push(p);
      }
    });
    transitionStart[pair + 1] = nextState.length;
  }
  return {
    mdp: {
      stateCount: bins,
      pairCount,
      pairStart,
      transitionStart,
      nextState: Int32Array.from(nextState),
      probability: Float64Array.from(probability),
    },
    stateNames: Array.from({ length: bins }, (_, bin) => String(bin)),
    actionNames: ['keep', 'replace'],
    pairAction: Int32Array.from({ length: pairCount }, (_, pair) => pair % 2),
  };
}
