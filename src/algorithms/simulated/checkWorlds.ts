/** Refuses worlds that cannot be stepped through, and worlds that are one and the same. */

import type { AnySimulator } from '../../environments/simulators.ts';

/**
 * @param worlds as a problem makes them
 * @throws RangeError saying what the first of them lacks, or that two are one
 */
export function checkWorlds(worlds: readonly AnySimulator[]): void {
  for (const world of worlds) {
    const problem = wrongWith(world);
    if (problem !== null) throw new RangeError(`Cannot simulate: ${problem}`);
  }
  if (new Set(worlds).size < worlds.length)
    throw new RangeError(
      'Cannot simulate: several worlds are stepped side by side; wanted a new one at every call, got the same one again',
    );
}

function wrongWith(world: AnySimulator): string | null {
  if (typeof world !== 'object' || world === null)
    return `wanted a simulator, got ${String(world)}`;
  const { actions, observation, state, timeLimit } = world;
  for (const name of ['reset', 'startAt', 'step'] as const)
    if (typeof world[name] !== 'function')
      return `a simulator has a method ${name}, got ${typeof world[name]}`;
  for (const [name, numbers] of Object.entries({ observation, state }))
    if (!(numbers?.length >= 1))
      return `${name} must be a list of one number or more, got ${numbers === undefined ? 'none' : 'an empty one'}`;
  if (!(timeLimit >= 1)) return `the time limit must be at least 1, got ${timeLimit}`;
  if (actions?.kind === 'discrete')
    return Number.isInteger(actions.count) && actions.count >= 1
      ? null
      : `actions must be 1 or more, got ${actions.count}`;
  if (actions?.kind !== 'box')
    return 'actions must be { kind: "discrete", count } or { kind: "box", low, high }';
  const { low, high } = actions;
  const isBox =
    low?.length >= 1 &&
    low.length === high?.length &&
    low.every((least, j) => Number.isFinite(least) && Number.isFinite(high[j]) && least < high[j]);
  return isBox
    ? null
    : `the box of actions must have finite ends, low below high, got [${low?.join(', ')}] to [${high?.join(', ')}]`;
}
