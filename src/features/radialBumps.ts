/**
 * Smooth features of a square grid: Gaussian bumps at random places and of random widths.
 *
 *   f_j(x, y) = exp(−((x − x_j)² + (y − y_j)²) / (2 w_j²)),   w_j = width · size · U(0.5, 1.5)
 */

import { z } from 'zod';
import type { Rng } from '../numeric/rng.ts';
import type { FeatureMatrix } from './featureMatrix.ts';

export const RadialBumpsOptions = z.strictObject({
  size: z.int().positive().describe('Cells along each side of the grid'),
  count: z.int().positive().default(10).describe('How many bumps, one feature each'),
  width: z.number().positive().default(0.12).describe('Mean width of a bump, in sides of the grid'),
});
export type RadialBumpsOptions = z.input<typeof RadialBumpsOptions>;

/** Draws bumps on a size × size grid whose state y · size + x is the cell (x, y); per state. */
export function radialBumps(options: RadialBumpsOptions, rng: Rng): FeatureMatrix {
  const { size, count, width } = RadialBumpsOptions.parse(options);
  const values = new Float64Array(size * size * count);
  for (let j = 0; j < count; j++) {
    const cx = rng() * size;
    const cy = rng() * size;
    const w = width * size * (0.5 + rng());
    for (let y = 0, s = 0; y < size; y++) {
      for (let x = 0; x < size; x++, s++) {
        values[s * count + j] = Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * w * w));
      }
    }
  }
  const names = Array.from({ length: count }, (_, j) => `bump ${j + 1}`);
  return { names, per: 'state', values };
}
