/** Walks through recorded behaviour, one decision after another. */

import type { Trajectories } from '../mdp/trajectories.ts';

/** Calls back for every row where something was decided, a stop by an exit included. */
export function eachDecision(
  { count, rowStart, pair, stopped }: Trajectories,
  visit: (trajectory: number, row: number) => void,
): void {
  for (let i = 0; i < count; i++)
    for (let row = rowStart[i]; row < rowStart[i + 1]; row++)
      if (pair[row] >= 0 || stopped[i]) visit(i, row);
}
