/** A checkpoint that several owners write to: each its arrays, with its name before theirs. */

import type { Checkpoint } from './checkpoint.ts';

type Arrays = Checkpoint['arrays'];

/** Arrays as their owner's, whose name has no space. */
export function ownedBy(owner: string, arrays: Arrays): Arrays {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => [`${owner} ${name}`, array]),
  );
}

/** The part of a checkpoint that an owner wrote. */
export function partOf(owner: string, { kind, state, arrays }: Checkpoint): Checkpoint {
  const start = `${owner} `;
  const own = Object.entries(arrays).filter(([name]) => name.startsWith(start));
  return {
    kind,
    state,
    arrays: Object.fromEntries(own.map(([name, array]) => [name.slice(start.length), array])),
  };
}
