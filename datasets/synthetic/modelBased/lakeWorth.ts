/** A lake, what is best on it, and what the apprentice of a search may see of it. */

import {
  evaluatePolicy,
  type FeatureMatrix,
  frozenLake,
  frozenLakeMaps,
  type TabularTask,
  valueIteration,
} from 'revealed';

export const DISCOUNT = 0.99;
const AROUND = [
  [-1, 0],
  [0, 1],
  [1, 0],
  [0, -1],
] as const;

export interface Lake {
  readonly task: TabularTask;
  /** What a policy [pairs] is worth from the start, exactly, as a share of the optimum. */
  readonly share: (policy: Float64Array) => number;
  /** 44 features: for each action a constant, the place, and holes and edges on four sides. */
  readonly seen: FeatureMatrix;
}

export function lakeOf(map: keyof typeof frozenLakeMaps): Lake {
  const task = frozenLake({ map });
  const { mdp } = task.world;
  const best = valueIteration(mdp, task.reward, { discount: DISCOUNT }).value[0];
  return {
    task,
    share: (policy) => evaluatePolicy(mdp, task.reward, policy, { discount: DISCOUNT })[0] / best,
    seen: seenFrom(frozenLakeMaps[map], task),
  };
}

function seenFrom(rows: readonly string[], { world }: TabularTask): FeatureMatrix {
  const { stateCount, pairStart } = world.mdp;
  const size = rows.length;
  const kinds = ['one', 'x', 'y'];
  const sides = ['left', 'down', 'right', 'up'];
  kinds.push(...sides.map((side) => `hole ${side}`), ...sides.map((side) => `edge ${side}`));
  const values: number[] = [];
  for (let s = 0; s < stateCount; s++) {
    const [x, y] = [s % size, Math.floor(s / size)];
    const beside = AROUND.map(([dx, dy]) => rows[y + dy]?.[x + dx] ?? '#');
    const sight = [
      1,
      x / size,
      y / size,
      ...beside.map((cell) => (cell === 'H' ? 1 : 0)),
      ...beside.map((cell) => (cell === '#' ? 1 : 0)),
    ];
    for (let a = 0; a < pairStart[s + 1] - pairStart[s]; a++)
      for (let b = 0; b < sides.length; b++) values.push(...sight.map((v) => (a === b ? v : 0)));
  }
  return {
    names: sides.flatMap((side) => kinds.map((kind) => `${side}: ${kind}`)),
    per: 'pair',
    values: Float64Array.from(values),
  };
}
