/**
 * Objectworld: a grid strewn with objects of two colours, inner and outer. What a cell is worth is a
 * nonlinear function of how near objects are: 1 within three steps of outer colour 0 and two of outer
 * colour 1, −1 within three steps of outer colour 0 only, else 0. All other colours mislead.
 *
 * Reference: Levine, Popović & Koltun (2011), Nonlinear inverse reinforcement learning with Gaussian
 * processes, NIPS, section 6.1.
 */

import { z } from 'zod';
import type { FeatureMatrix } from '../../features/featureMatrix.ts';
import { createRng } from '../../numeric/rng.ts';
import { slipGrid } from '../gridworld.ts';
import type { TabularTask } from '../tabularTask.ts';

export const ObjectWorldOptions = z.strictObject({
  size: z.int().min(2).default(32).describe('Cells along each side'),
  objects: z.int().min(1).default(50).describe('Number of objects'),
  colors: z.int().min(2).default(2).describe('Number of colours'),
  slip: z.number().min(0).max(1).default(0.3).describe('Probability of a random move'),
  seed: z.union([z.int(), z.string()]).default(0).describe('Seed of where the objects are'),
});
export type ObjectWorldOptions = z.input<typeof ObjectWorldOptions>;

export interface ObjectWorld {
  readonly task: TabularTask;
  /** Distance to the nearest object of each inner and outer colour, in cells. */
  readonly features: FeatureMatrix;
}

/** @throws RangeError where there are more objects than cells */
export function objectWorld(options: ObjectWorldOptions = {}): ObjectWorld {
  const { size, objects, colors, slip, seed } = ObjectWorldOptions.parse(options);
  const cells = size * size;
  if (objects > cells)
    throw new RangeError(`Cannot place ${objects} objects in a grid of ${cells} cells`);
  const rng = createRng(seed, 'object-world');
  const draw = (n: number): number => Math.floor(rng() * n);
  const places = new Map<number, { inner: number; outer: number }>();
  while (places.size < objects) {
    const cell = draw(cells);
    if (!places.has(cell)) places.set(cell, { inner: draw(colors), outer: draw(colors) });
  }
  const names = ['inner', 'outer'].flatMap((part) =>
    Array.from({ length: colors }, (_, c) => `${part} colour ${c}`),
  );
  const values = new Float64Array(cells * names.length).fill(2 * size);
  for (let cell = 0; cell < cells; cell++)
    for (const [place, { inner, outer }] of places) {
      const dx = (cell % size) - (place % size);
      const dy = Math.floor(cell / size) - Math.floor(place / size);
      const distance = Math.hypot(dx, dy);
      for (const column of [inner, colors + outer]) {
        const at = cell * names.length + column;
        values[at] = Math.min(values[at], distance);
      }
    }
  const world = slipGrid({ size, slip });
  const { mdp } = world;
  const reward = new Float64Array(mdp.pairCount);
  const outcomeReward = new Float64Array(mdp.nextState.length);
  for (let s = 0; s < cells; s++) {
    const near0 = values[s * names.length + colors] <= 3;
    const near1 = values[s * names.length + colors + 1] <= 2;
    const worth = near0 ? (near1 ? 1 : -1) : 0;
    const [first, end] = [mdp.pairStart[s], mdp.pairStart[s + 1]];
    reward.fill(worth, first, end);
    outcomeReward.fill(worth, mdp.transitionStart[first], mdp.transitionStart[end]);
  }
  const outcomes = {
    start: mdp.transitionStart,
    to: mdp.nextState,
    probability: mdp.probability,
    reward: outcomeReward,
  };
  const initial = new Float64Array(cells).fill(1 / cells);
  return {
    task: { world, outcomes, reward, initial, timeLimit: Infinity },
    features: { names, per: 'state', values },
  };
}
