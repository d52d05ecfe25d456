/**
 * Where a file is that a result was made of. A result names it from its own folder, so that both can
 * be moved together; a result moved alone finds it beside itself or where the program runs. Whether
 * what is found there is still the same is for the reader to check.
 */

import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';

/**
 * Returns the place of a file; throws a RangeError where there is none.
 *
 * @param directory of the result
 * @param path from there
 */
export function recordedFile(directory: string, path: string): string {
  const name = basename(path);
  const places = [resolve(directory, path), resolve(directory, name), resolve(name)];
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new RangeError(
    `${name}: there is no such file at ${places[0]}, and the result in ${resolve(directory)} was made of it; put it back there or beside the result, or run this in its folder`,
  );
}
