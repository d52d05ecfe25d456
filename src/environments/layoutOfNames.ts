/**
 * Reads off the names of states where they lie, if the names are made so and the moves agree.
 *
 *   `3,4` or `(3, 4)`   column 3, row 4
 *   `B7`                row B, column 7
 *   `0`, `1.5`, …       along a line, in worlds of up to three actions
 *
 * Names alone prove nothing: cells are believed only where every move leads to a neighbour, which
 * house numbers or identifiers do not do by chance.
 */

import type { Layout } from '../mdp/layout.ts';
import type { World } from '../mdp/world.ts';

const POINT = /^\(?\s*(-?\d{1,6})\s*[,;:_ ]\s*(-?\d{1,6})\s*\)?$/;
const FIELD = /^([A-Za-z])(\d{1,4})$/;
const NUMBER = /^-?\d+(\.\d+)?$/;
/** A line of more actions than these is no line but a numbered list. */
const MOST_ACTIONS = 3;

/** Returns null where the names say nothing. */
export function layoutOfNames(world: World): Layout | null {
  const { stateNames, actionNames } = world;
  if (stateNames.length < 2) return null;
  if (actionNames.length <= MOST_ACTIONS && stateNames.every((name) => NUMBER.test(name))) {
    const position = Float64Array.from(stateNames, Number);
    return new Set(position).size === position.length ? { kind: 'line', position } : null;
  }
  const position = new Float64Array(2 * stateNames.length);
  for (const [s, name] of stateNames.entries()) {
    const at = placeOf(name);
    if (at === null) return null;
    position.set(at, 2 * s);
  }
  return isNeighbourly(world, position) ? { kind: 'cells', position } : null;
}

function placeOf(name: string): readonly [x: number, y: number] | null {
  const point = POINT.exec(name);
  if (point) return [Number(point[1]), Number(point[2])];
  const field = FIELD.exec(name);
  return field && [Number(field[2]), field[1].toUpperCase().charCodeAt(0) - 'A'.charCodeAt(0)];
}

/** Whether no two states share a place and every move ends in it or beside it. */
function isNeighbourly({ mdp }: World, position: Float64Array): boolean {
  const places = new Set<string>();
  for (let s = 0; s < mdp.stateCount; s++) places.add(`${position[2 * s]},${position[2 * s + 1]}`);
  if (places.size < mdp.stateCount) return false;
  for (let s = 0; s < mdp.stateCount; s++) {
    const first = mdp.transitionStart[mdp.pairStart[s]];
    const end = mdp.transitionStart[mdp.pairStart[s + 1]];
    for (let k = first; k < end; k++) {
      const next = mdp.nextState[k];
      if (Math.abs(position[2 * next] - position[2 * s]) > 1) return false;
      if (Math.abs(position[2 * next + 1] - position[2 * s + 1]) > 1) return false;
    }
  }
  return true;
}
