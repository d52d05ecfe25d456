/** Some of the features, in the order asked for. */

import type { FeatureMatrix } from './featureMatrix.ts';

/** Returns a matrix of the named columns; throws a RangeError for a name that is not there. */
export function selectFeatures(features: FeatureMatrix, wanted: readonly string[]): FeatureMatrix {
  const { names, per, values } = features;
  const column = wanted.map((name, i) => {
    const at = names.indexOf(name);
    if (at < 0)
      throw new RangeError(
        `Cannot select feature "${name}": the features are ${names.map((n) => `"${n}"`).join(', ')}`,
      );
    if (wanted.indexOf(name) !== i)
      throw new RangeError(`Cannot select feature "${name}" twice: name it once`);
    return at;
  });
  const rows = names.length === 0 ? 0 : values.length / names.length;
  const selected = new Float64Array(rows * column.length);
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < column.length; k++)
      selected[row * column.length + k] = values[row * names.length + column[k]];
  return { names: [...wanted], per, values: selected };
}
