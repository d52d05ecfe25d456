/**
 * The parameters as the optimiser sees them: fixed ones taken out, the others in units in which
 * their features have unit spread and temperature is 1, so that one tolerance fits all.
 */

import { nearestName } from '../demonstrations/nearestName.ts';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import { ownValue } from '../features/ownValue.ts';
import type { Mdp } from '../mdp/mdp.ts';
import type { FitOptions } from './algorithm.ts';

export interface ParameterSpace {
  readonly names: readonly string[];
  /** Indices of the parameters that are free. */
  readonly free: Int32Array;
  /** [free] spread of each free parameter's feature, in units of τ; x = θ · spread. */
  readonly spread: Float64Array;
  /** [size] θ with the fixed values filled in and the start elsewhere. */
  readonly start: Float64Array;
  /** Whether the caller chose a start. */
  readonly startGiven: boolean;
  /** [size] lowest and highest θ. */
  readonly bounds: readonly (readonly [low: number, high: number])[];
  /** [free] the same in units of x. */
  readonly lower: Float64Array<ArrayBuffer>;
  readonly upper: Float64Array<ArrayBuffer>;
}

export function parameterSpace(
  mdp: Mdp,
  features: FeatureMatrix,
  temperature: number,
  options: FitOptions,
): ParameterSpace {
  const spread = (k: number): number => featureSpread(mdp, features, k);
  return parametersIn(features.names, spread, temperature, options);
}

/** @param spreadOf of the feature of a parameter, in the units in which it is recorded */
export function parametersIn(
  names: readonly string[],
  spreadOf: (k: number) => number,
  temperature: number,
  options: Pick<FitOptions, 'start' | 'fix' | 'bounds'>,
): ParameterSpace {
  const { start = {}, fix = {}, bounds = {} } = options;
  for (const [what, given] of Object.entries({ start, fix, bounds }))
    for (const name of Object.keys(given))
      if (!names.includes(name))
        throw new RangeError(unknownName(what === 'bounds' ? 'bound' : what, name, names));
  for (const [name, [low, high]] of Object.entries(bounds)) {
    if (!(low < high))
      throw new RangeError(
        `Cannot bound "${name}": ${low} is not below ${high}` +
          (low === high ? '; to hold it at a value, fix it' : ''),
      );
    const value = ownValue(fix, name) ?? ownValue(start, name);
    if (value !== undefined && (value < low || value > high))
      throw new RangeError(`Cannot start "${name}" at ${value}: its bounds are ${low} to ${high}`);
  }

  const free = Int32Array.from(names.keys()).filter((k) => ownValue(fix, names[k]) === undefined);
  const spread = Float64Array.from(free, (k) => spreadOf(k) / temperature);
  const ends = names.map(
    (name) => ownValue(bounds, name) ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  );
  const theta = Float64Array.from(
    names,
    (name, k) =>
      ownValue(fix, name) ?? ownValue(start, name) ?? Math.min(Math.max(0, ends[k][0]), ends[k][1]),
  );
  return {
    names,
    free,
    spread,
    start: theta,
    startGiven: Object.keys(start).length > 0,
    bounds: ends as readonly (readonly [number, number])[],
    lower: Float64Array.from(free, (k, i) => ends[k][0] * spread[i]),
    upper: Float64Array.from(free, (k, i) => ends[k][1] * spread[i]),
  };
}

/** So many names are listed where one is not known. */
const MOST_NAMES = 12;

function unknownName(action: string, name: string, names: readonly string[]): string {
  const near = nearestName(name, names);
  const listed = names.slice(0, MOST_NAMES).map((n) => `"${n}"`);
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return (
    `Cannot ${action} "${name}": the parameters are ${listed.join(', ')}${more}` +
    (near === null ? '' : `; did you mean "${near}"?`)
  );
}

/** Standard deviation of a feature over the pairs of the world; its size where it never varies. */
function featureSpread(mdp: Mdp, { names, per, values }: FeatureMatrix, k: number): number {
  const width = names.length;
  const { stateCount, pairStart } = mdp;
  const each = (visit: (x: number) => void): void => {
    for (let s = 0; s < stateCount; s++)
      for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++)
        visit(values[(per === 'pair' ? pair : s) * width + k]);
  };
  let largest = 0;
  each((x) => {
    largest = Math.max(largest, Math.abs(x));
  });
  if (largest === 0) return 1;
  // Squares of extreme sizes are beyond numbers.
  const unit = largest > 1e150 || largest < 1e-150 ? largest : 1;
  let count = 0;
  let mean = 0;
  let squares = 0;
  each((value) => {
    const x = value / unit;
    count++;
    const difference = x - mean;
    mean += difference / count;
    squares += difference * (x - mean);
  });
  const deviation = unit * Math.sqrt(squares / count);
  return deviation > 1e-12 * largest ? deviation : largest;
}
