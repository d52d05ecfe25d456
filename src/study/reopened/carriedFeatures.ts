/** The features that a reward was fitted to, in a world whose moves changed. */

import { z } from 'zod';
import type { Problem } from '../../algorithms/problem.ts';
import { findPair, type NamedWorld } from '../../demonstrations/namedWorld.ts';
import { numbersOf } from '../../demonstrations/tables/nameIndex.ts';
import { openTable } from '../../demonstrations/tables/readTable.ts';
import { quotedList } from '../../demonstrations/tables/tableError.ts';
import type { FeatureMatrix } from '../../features/featureMatrix.ts';
import { selectFeatures } from '../../features/selectFeatures.ts';
import { tabulateFeatures } from '../../features/tabulateFeatures.ts';
import { statesOfPairs } from '../../mdp/mdp.ts';
import type { World } from '../../mdp/world.ts';
import type { Experiment } from '../study.ts';

/**
 * The features of the fit in another world: functions are asked again, numbers go by the names of
 * state and action. What a table says of next states cannot be carried where these changed.
 */
export async function carriedFeatures(
  { world: before, features }: Problem,
  { world: after, file }: NamedWorld,
  experiment: Experiment,
  fittedFeatures: string | undefined,
): Promise<FeatureMatrix> {
  if (typeof experiment.features !== 'function')
    return selectFeatures(tabulateFeatures(after, experiment.features), features.names);
  if (fittedFeatures !== undefined) {
    const columns = {
      required: ['state'],
      optional: ['action', 'next_state'],
      further: 'data',
    } as const;
    const table = await openTable(fittedFeatures, columns);
    // One row is enough to have the file closed again.
    for await (const _ of table.rows(z.object({}))) break;
    if (table.columns.includes('next_state') && table.columns.includes('action'))
      throw new RangeError(
        `Cannot carry the features over to ${file.name}: ${table.name} lists them by next state; give their new values with --features`,
      );
  }
  const width = features.names.length;
  const oldState = numbersOf(before.stateNames);
  const oldAction = numbersOf(before.actionNames);
  const perState = features.per === 'state';
  const stateOfPair = statesOfPairs(after.mdp);
  const rows = perState ? after.mdp.stateCount : after.mdp.pairCount;
  const values = new Float64Array(rows * width);
  const absent: string[] = [];
  for (let row = 0; row < rows; row++) {
    const s = perState ? row : stateOfPair[row];
    const offers = after.mdp.pairStart[s] < after.mdp.pairStart[s + 1];
    const state = oldState.get(after.stateNames[s]) ?? -1;
    const name = perState ? '' : after.actionNames[after.pairAction[row]];
    const from = perState
      ? state
      : state < 0
        ? -1
        : findPairUnordered(before, state, oldAction.get(name) ?? -1);
    if (from >= 0)
      values.set(features.values.subarray(from * width, (from + 1) * width), row * width);
    else if (offers) absent.push(perState ? after.stateNames[s] : `${name}@${after.stateNames[s]}`);
  }
  if (absent.length > 0)
    throw new RangeError(
      `Cannot predict: ${file.name} has ${absent.length} ${perState ? 'states' : 'actions'} whose features are not known (${quotedList(absent)}); give them with --features`,
    );
  return { ...features, values };
}

/** The pair of a state and an action; actions of a world that no table described may be in any order. */
function findPairUnordered(world: World, state: number, action: number): number {
  const found = findPair(world, state, action);
  if (found >= 0) return found;
  const { pairStart } = world.mdp;
  for (let pair = pairStart[state]; pair < pairStart[state + 1]; pair++)
    if (world.pairAction[pair] === action) return pair;
  return -1;
}
