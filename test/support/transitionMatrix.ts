import type { Mdp } from '../../src/mdp/mdp.ts';

/** Returns [pairs][states] the dynamics as a dense matrix, after checking that they are well formed. */
export function transitionMatrix(mdp: Mdp): Float64Array[] {
  const { stateCount, pairCount, pairStart, transitionStart, nextState, probability } = mdp;
  if (pairStart.length !== stateCount + 1 || pairStart[stateCount] !== pairCount)
    throw new RangeError('pairStart does not cover the pairs');
  if (transitionStart.length !== pairCount + 1 || transitionStart[pairCount] !== nextState.length)
    throw new RangeError('transitionStart does not cover the transitions');
  if (probability.length !== nextState.length)
    throw new RangeError('every transition needs a probability');
  return Array.from({ length: pairCount }, (_, pair) => {
    const row = new Float64Array(stateCount);
    let sum = 0;
    for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++) {
      if (!(probability[k] > 0)) throw new RangeError(`transition ${k} is not positive`);
      if (k > transitionStart[pair] && nextState[k] <= nextState[k - 1])
        throw new RangeError(`next states of pair ${pair} do not ascend`);
      row[nextState[k]] += probability[k];
      sum += probability[k];
    }
    if (Math.abs(sum - 1) > 1e-12) throw new RangeError(`pair ${pair} sums to ${sum}`);
    return row;
  });
}
