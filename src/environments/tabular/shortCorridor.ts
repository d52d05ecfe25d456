/**
 * The short corridor: three cells to the goal, and in the middle one left is right. To an agent that
 * cannot tell the cells apart no fixed action is good, but a coin is.
 *
 * Reference: Sutton & Barto (2018), example 13.1; every step costs 1, the last one too.
 */

import { type TabularTask, tabularTask } from '../tabularTask.ts';

const GOAL = 3;

export function shortCorridor(): TabularTask {
  return tabularTask({
    stateNames: ['first', 'reversed', 'third', 'goal'],
    actionNames: ['left', 'right'],
    actionsOf: (s) => (s === GOAL ? [] : [0, 1]),
    outcomes: (s, action) => {
      const forward = (action === 1) !== (s === 1);
      return [{ to: Math.max(0, s + (forward ? 1 : -1)), probability: 1, reward: -1 }];
    },
    initial: 0,
  });
}
