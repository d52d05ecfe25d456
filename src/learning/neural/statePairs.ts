/** Observations and actions side by side, as critics of continuous actions take them. */

import type { Pass } from '../../networks/network.ts';

/** Writes pairs [rows × (observationSize + actionSize)]. */
export function writePairs(
  { inputs, rows }: Pass,
  observation: Float32Array,
  action: Float32Array,
  observationSize: number,
  actionSize: number,
): void {
  const width = observationSize + actionSize;
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < observationSize; j++)
      inputs[row * width + j] = observation[row * observationSize + j];
    for (let j = 0; j < actionSize; j++)
      inputs[row * width + observationSize + j] = action[row * actionSize + j];
  }
}

/**
 * Writes one observation beside many actions, from a row on.
 *
 * @param action number `j` of the action of a candidate
 */
export function writeCandidates(
  { inputs }: Pass,
  row: number,
  count: number,
  observation: ArrayLike<number>,
  actionSize: number,
  action: (candidate: number, j: number) => number,
): void {
  const width = observation.length + actionSize;
  for (let k = 0; k < count; k++) {
    const from = (row + k) * width;
    inputs.set(observation, from);
    for (let j = 0; j < actionSize; j++) inputs[from + observation.length + j] = action(k, j);
  }
}
