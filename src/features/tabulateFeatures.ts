/** Features written as functions of names, turned into numbers per pair. */

import type { World } from '../mdp/world.ts';
import type { FeatureMatrix } from './featureMatrix.ts';

/**
 * A feature of a state, an action taken there or the transition that follows. One that looks at the
 * next state enters by its expectation.
 */
export type FeatureFunction = (state: string, action: string, nextState: string) => number;

/** Features by name, in the order in which they are reported. */
export type FeatureFunctions = Readonly<Record<string, FeatureFunction>>;

/** Returns one row per pair of the world. A value that is not a finite number is an error. */
export function tabulateFeatures(world: World, functions: FeatureFunctions): FeatureMatrix {
  const { mdp, stateNames, actionNames, pairAction } = world;
  const names = Object.keys(functions);
  if (names.length === 0) throw new RangeError('Cannot tabulate features: there are none');
  const values = new Float64Array(mdp.pairCount * names.length);
  for (let s = 0; s < mdp.stateCount; s++)
    for (let pair = mdp.pairStart[s]; pair < mdp.pairStart[s + 1]; pair++) {
      const action = actionNames[pairAction[pair]];
      names.forEach((name, k) => {
        const feature = functions[name];
        let sum = 0;
        for (let t = mdp.transitionStart[pair]; t < mdp.transitionStart[pair + 1]; t++)
          sum += mdp.probability[t] * feature(stateNames[s], action, stateNames[mdp.nextState[t]]);
        if (!Number.isFinite(sum))
          throw new RangeError(
            `Cannot tabulate feature "${name}": wanted a finite number in state "${stateNames[s]}" ` +
              `for action "${action}", got ${sum}`,
          );
        values[pair * names.length + k] = sum;
      });
    }
  return { names, per: 'pair', values };
}
