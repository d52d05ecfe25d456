/** Where the files of a data set lie: beside the project, or in the folder REVEALED_DATA. */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's own data sets; src/ and dist/ lie equally deep. */
export const DATASETS: string = fileURLToPath(new URL('../../../datasets', import.meta.url));

/**
 * Returns the path of a file of a data set: the project's own copy if there is one, else the one
 * in `$REVEALED_DATA/<dataset>/`. Throws if neither exists.
 */
export function dataFile(dataset: string, file: string): string {
  const found = findDataFile(dataset, file);
  if (found !== null) return found;
  const places = placesOf(dataset, file);
  throw new Error(
    `Cannot find ${file} of data set "${dataset}": ` +
      (places.length > 1
        ? `neither ${places.join(' nor ')} exists`
        : `${places[0]} does not exist, and REVEALED_DATA is not set`) +
      `; set REVEALED_DATA=… to the folder that holds ${dataset}/${file}`,
  );
}

/** The same, or null if neither exists. */
export function findDataFile(dataset: string, file: string): string | null {
  return placesOf(dataset, file).find((place) => existsSync(place)) ?? null;
}

function placesOf(dataset: string, file: string): string[] {
  const home = process.env.REVEALED_DATA;
  const own = join(DATASETS, dataset, file);
  return home ? [own, resolve(home, dataset, file)] : [own];
}
