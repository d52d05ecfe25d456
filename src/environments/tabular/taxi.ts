/**
 * Taxi: fetch a passenger at one of four ranks of a walled 5 × 5 grid and set them down at another.
 *
 * A step costs 1, fetching or setting down in the wrong place 10, arriving pays 20 and ends the task.
 * State ((row · 5 + column) · 5 + passenger) · 4 + destination, passenger 4 being in the taxi, as in
 * Gymnasium's Taxi; one more state, the last, is the end.
 *
 * Reference: Dietterich (2000), Journal of Artificial Intelligence Research 13, section 3.1.
 */

import { type TabularTask, tabularTask } from '../tabularTask.ts';

const SIZE = 5;
const IN_TAXI = 4;
const RANKS = [
  [0, 0],
  [0, 4],
  [4, 0],
  [4, 3],
] as const;
const RANK_NAMES = ['red', 'green', 'yellow', 'blue'];
/** Walls stand east of these cells (row, column). */
const WALLS = new Set(['0,1', '1,1', '3,0', '4,0', '3,2', '4,2']);
const ACTIONS = ['south', 'north', 'east', 'west', 'pick up', 'set down'];
const STATES = SIZE * SIZE * 5 * 4;
const TIME_LIMIT = 200;

export function taxi(): TabularTask {
  const cells = Array.from({ length: STATES }, (_, s) => decode(s));
  const isStart = cells.map(({ passenger, to }) => passenger < IN_TAXI && passenger !== to);
  const starts = isStart.filter(Boolean).length;
  return tabularTask({
    stateNames: [
      ...cells.map(
        ({ row, column, passenger, to }) =>
          `${column},${row} ${passenger === IN_TAXI ? 'taxi' : RANK_NAMES[passenger]} to ${RANK_NAMES[to]}`,
      ),
      'arrived',
    ],
    actionNames: ACTIONS,
    actionsOf: (s) => (s === STATES ? [] : [0, 1, 2, 3, 4, 5]),
    outcomes: (s, action) => [{ ...move(s, action), probability: 1 }],
    initial: Float64Array.from([...isStart, false], (start) => (start ? 1 / starts : 0)),
    timeLimit: TIME_LIMIT,
  });
}

function decode(state: number) {
  const cell = Math.floor(state / 20);
  return {
    row: Math.floor(cell / SIZE),
    column: cell % SIZE,
    passenger: Math.floor(state / 4) % 5,
    to: state % 4,
  };
}

function move(state: number, action: number): { to: number; reward: number } {
  const { row, column, passenger, to } = decode(state);
  const at = (r: number, c: number, p: number) => ((r * SIZE + c) * 5 + p) * 4 + to;
  const rank = RANKS.findIndex(([r, c]) => r === row && c === column);
  if (action === 0) return { to: at(Math.min(row + 1, SIZE - 1), column, passenger), reward: -1 };
  if (action === 1) return { to: at(Math.max(row - 1, 0), column, passenger), reward: -1 };
  if (action === 2) {
    const blocked = column === SIZE - 1 || WALLS.has(`${row},${column}`);
    return { to: at(row, blocked ? column : column + 1, passenger), reward: -1 };
  }
  if (action === 3) {
    const blocked = column === 0 || WALLS.has(`${row},${column - 1}`);
    return { to: at(row, blocked ? column : column - 1, passenger), reward: -1 };
  }
  if (action === 4) {
    const fetched = passenger < IN_TAXI && passenger === rank;
    return fetched ? { to: at(row, column, IN_TAXI), reward: -1 } : { to: state, reward: -10 };
  }
  if (passenger !== IN_TAXI || rank < 0) return { to: state, reward: -10 };
  return rank === to ? { to: STATES, reward: 20 } : { to: at(row, column, rank), reward: -1 };
}
