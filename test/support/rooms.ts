/** Three rooms in a ring, each left forwards (`go`), backwards (`jump`) or not at all (`stay`). */

import { lines, type TableTexts } from './commandLine.ts';
import { seededRandom } from './seededRandom.ts';

/** Of a room and what is done there, a number: a feature, or how often it is done. */
export type OfMove = (room: string, move: string) => number;

export interface RoomsOptions {
  readonly trajectories?: number;
  readonly decisions?: number;
  readonly weight?: number;
  readonly seed?: number;
}

const ROOMS = ['a', 'b', 'c'];
const STEPS: Readonly<Record<string, number>> = { go: 1, stay: 0, jump: 2 };

/** Where a move leads. */
export function roomAfter(room: string, move: string): string {
  return ROOMS[(ROOMS.indexOf(room) + STEPS[move]) % ROOMS.length];
}

export const go: OfMove = (_, move) => (move === 'go' ? 1 : 0);
export const jump: OfMove = (_, move) => (move === 'jump' ? 1 : 0);

/** Draws behaviour with the given frequencies, whatever the features are. */
export function rooms(
  features: Readonly<Record<string, OfMove>>,
  frequency: OfMove,
  { trajectories = 40, decisions = 8, weight = 1, seed = 5 }: RoomsOptions = {},
): TableTexts {
  const moves = Object.keys(STEPS);
  const pairs = ROOMS.flatMap((room) => moves.map((move) => [room, move] as const));
  const random = seededRandom(seed);
  const rows: string[] = [];
  for (let i = 0; i < trajectories; i++) {
    let room = ROOMS[i % ROOMS.length];
    for (let t = 0; t < decisions; t++) {
      const move = moves[random.index(moves.map((m) => frequency(room, m)))];
      rows.push(`x${i},${t},${room},${move},${weight}`);
      room = roomAfter(room, move);
    }
  }
  const names = Object.keys(features);
  return {
    transitions: lines(
      'state,action,next_state',
      ...pairs.map(([room, move]) => `${room},${move},${roomAfter(room, move)}`),
    ),
    features: lines(
      `state,action,${names.join(',')}`,
      ...pairs.map((pair) => [...pair, ...names.map((name) => features[name](...pair))].join(',')),
    ),
    trajectories: lines('trajectory,step,state,action,weight', ...rows),
  };
}
