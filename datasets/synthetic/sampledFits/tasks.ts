/** Slippery ice and a windy grid, and what a reward may see in them: where a move is likely to end. */

import { environments, type FeatureMatrix, type TabularTask } from 'revealed';

const HOLES = [5, 7, 11, 12];
const ICE_GOAL = 15;
const WIDTH = 10;

export const iceTask = taskOf('frozen-lake', {});
export const iceFeatures = tabulate(iceTask, ['hole', 'goal'], (to) => [
  HOLES.includes(to) ? 1 : 0,
  to === ICE_GOAL ? 1 : 0,
]);

export const windTask = taskOf('windy-grid', { height: 10, stochastic: true, timeLimit: 200 });
/** A step, mud (every third diagonal of cells), and ending to the left of the middle. */
export const windFeatures = tabulate(windTask, ['step', 'mud', 'west'], (to) => [
  1,
  ((to % WIDTH) + Math.floor(to / WIDTH)) % 3 === 0 ? 1 : 0,
  to % WIDTH < WIDTH / 2 ? 1 : 0,
]);

function taskOf(name: 'frozen-lake' | 'windy-grid', options: object): TabularTask {
  const { task } = environments[name].build(options);
  if (!task) throw new TypeError(`Cannot demonstrate: ${name} comes with no task`);
  return task;
}

/** Features of the state reached, by their expectation. */
function tabulate(
  { world: { mdp } }: TabularTask,
  names: readonly string[],
  seen: (to: number) => readonly number[],
): FeatureMatrix {
  const values = new Float64Array(mdp.pairCount * names.length);
  for (let pair = 0; pair < mdp.pairCount; pair++)
    for (let k = mdp.transitionStart[pair]; k < mdp.transitionStart[pair + 1]; k++)
      seen(mdp.nextState[k]).forEach((x, i) => {
        values[pair * names.length + i] += mdp.probability[k] * x;
      });
  return { names, per: 'pair', values };
}
