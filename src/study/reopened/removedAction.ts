/** A world without an action: a closed road, a choice that is no longer on offer. */

import { suggestion } from '../../demonstrations/tables/nameIndex.ts';
import { quoted } from '../../demonstrations/tables/tableError.ts';
import type { FeatureMatrix } from '../../features/featureMatrix.ts';
import { type Mdp, statesOfPairs } from '../../mdp/mdp.ts';
import type { World } from '../../mdp/world.ts';

/**
 * Takes an action away, everywhere or in one state. Throws a RangeError where there is none.
 *
 * @param text `action` or `action@state`
 * @param mustAct whether a state without actions would end the task as if that were nothing
 */
export function withoutAction(
  world: World,
  features: FeatureMatrix,
  text: string,
  mustAct: boolean,
): { world: World; features: FeatureMatrix; words: string } {
  const { mdp, stateNames, actionNames, pairAction } = world;
  const at = text.lastIndexOf('@');
  const whole = actionNames.includes(text) || at < 0;
  const action = whole ? text : text.slice(0, at);
  const state = whole ? null : text.slice(at + 1);
  const refuse = (what: string): never => {
    throw new RangeError(`Cannot remove ${quoted(text)}: ${what}`);
  };
  const a = actionNames.indexOf(action);
  if (a < 0) refuse(`there is no action ${quoted(action)}${suggestion(action, actionNames)}`);
  const s = state === null ? -1 : stateNames.indexOf(state);
  if (state !== null && s < 0)
    refuse(`there is no state ${quoted(state)}${suggestion(state, stateNames)}`);
  const stateOfPair = statesOfPairs(mdp);
  const goes = pairAction.map((of, pair) =>
    of === a && (s < 0 || stateOfPair[pair] === s) ? 1 : 0,
  );
  const count = goes.reduce((sum, x) => sum + x, 0);
  if (count === 0)
    refuse(state === null ? 'no state offers it' : `state ${quoted(state)} does not offer it`);
  const kept = Int32Array.from(goes.keys()).filter((pair) => goes[pair] === 0);
  const result = restricted(mdp, kept);
  if (mustAct)
    for (let i = 0; i < mdp.stateCount; i++)
      if (
        mdp.pairStart[i] < mdp.pairStart[i + 1] &&
        result.pairStart[i] === result.pairStart[i + 1]
      )
        refuse(`state ${quoted(stateNames[i])} would have no action left; give it another one`);
  const width = features.names.length;
  return {
    world: { ...world, mdp: result, pairAction: kept.map((pair) => pairAction[pair]) },
    features:
      features.per === 'state'
        ? features
        : {
            ...features,
            values: Float64Array.from(
              { length: kept.length * width },
              (_, i) => features.values[kept[Math.floor(i / width)] * width + (i % width)],
            ),
          },
    words: `without ${quoted(action)}${state === null ? ` (in ${count} state${count === 1 ? '' : 's'})` : ` in ${quoted(state)}`}`,
  };
}

/** The same states with some of the pairs. */
function restricted(mdp: Mdp, kept: Int32Array): Mdp {
  const stateOfPair = statesOfPairs(mdp);
  const pairStart = new Int32Array(mdp.stateCount + 1);
  const transitionStart = new Int32Array(kept.length + 1);
  const nextState: number[] = [];
  const probability: number[] = [];
  kept.forEach((pair, i) => {
    pairStart[stateOfPair[pair] + 1]++;
    for (let k = mdp.transitionStart[pair]; k < mdp.transitionStart[pair + 1]; k++) {
      nextState.push(mdp.nextState[k]);
      probability.push(mdp.probability[k]);
    }
    transitionStart[i + 1] = nextState.length;
  });
  for (let s = 0; s < mdp.stateCount; s++) pairStart[s + 1] += pairStart[s];
  return {
    stateCount: mdp.stateCount,
    pairCount: kept.length,
    pairStart,
    transitionStart,
    nextState: Int32Array.from(nextState),
    probability: Float64Array.from(probability),
  };
}
