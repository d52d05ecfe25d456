/** Rules by which states are made of points, by the name that a saved discretiser carries. */

import { restoreBins } from './axisBins.ts';
import type { Discretizer, SavedDiscretizer } from './discretizer.ts';
import { restoreGrid } from './gridCells.ts';
import { restoreHexagons } from './hexCells.ts';
import { restoreKMeans } from './kMeansCells.ts';
import { restoreTiles } from './tileCoding.ts';

const restorers: Readonly<Record<string, (saved: SavedDiscretizer) => Discretizer>> = {
  grid: restoreGrid,
  bins: restoreBins,
  tiles: restoreTiles,
  'k-means': restoreKMeans,
  hexagons: restoreHexagons,
};

/** Makes the discretiser again that was saved; throws where it is not one, or broken. */
export function restoreDiscretizer(saved: SavedDiscretizer): Discretizer {
  if (!Object.hasOwn(restorers, saved.rule))
    throw new RangeError(
      `Cannot restore a discretiser: its rule must be one of ${Object.keys(restorers).join(', ')}, got "${saved.rule}"`,
    );
  return restorers[saved.rule](saved);
}
