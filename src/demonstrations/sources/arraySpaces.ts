/** What arrays of observations or actions are made of. */

import type { EpisodeSpace } from './episodes.ts';
import { ArrayError, type NumberArray } from './npyArray.ts';

/**
 * Returns the space of an array [rows × …]: one whole number per row is the number of a state or
 * action; anything else is coordinates.
 */
export function spaceOf(
  { shape, kind }: Pick<NumberArray, 'shape' | 'kind'>,
  prefix: string,
): EpisodeSpace {
  if (shape.length === 0) throw new ArrayError('is a single number, wanted one row per step');
  const width = shape.slice(1).reduce((product, size) => product * size, 1);
  if (width === 0) throw new ArrayError(`has rows without numbers (shape ${shape.join(' × ')})`);
  return kind !== 'float' && width === 1
    ? { kind: 'discrete' }
    : { kind: 'box', names: Array.from({ length: width }, (_, i) => `${prefix}_${i}`) };
}

/** Returns the columns of several arrays side by side: coordinates, whatever each one is. */
export function joinedSpace(spaces: readonly (readonly [string, EpisodeSpace])[]): EpisodeSpace {
  return {
    kind: 'box',
    names: spaces.flatMap(([name, space]) => (space.kind === 'discrete' ? [name] : space.names)),
  };
}
