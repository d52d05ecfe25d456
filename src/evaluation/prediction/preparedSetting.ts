/** A world with its people, ready to be asked what they do at any θ. */

import type { Problem } from '../../algorithms/problem.ts';
import { ownValue } from '../../features/ownValue.ts';
import { taskSupport } from '../../mdp/reachability.ts';
import { createPredictor, type Predictor } from './predictor.ts';
import type { PredictionSize } from './quantitySections.ts';
import type { WeightedStarts } from './recordedStarts.ts';

/** A world with its people. */
export interface PredictionSetting {
  readonly problem: Problem;
  readonly starts: readonly WeightedStarts[];
  /** Parameters held at a value, by name. */
  readonly set: Readonly<Record<string, number>>;
}

/** What is known of the estimates. */
export interface Estimates {
  /** [features] */
  readonly theta: Float64Array;
  /** [features × features], or why there is none. */
  readonly covariance: Float64Array | string;
  /** Directions of θ that the data say nothing about, by parameter. */
  readonly unidentified: readonly {
    readonly direction: Readonly<Record<string, number>>;
    readonly words: string;
  }[];
}

/** One setting, ready to be asked. */
export interface Prepared extends Pick<Predictor, 'names' | 'cost'> {
  readonly at: (theta: Float64Array) => Float64Array | null;
  /** At the estimates. */
  readonly point: Float64Array | null;
  readonly impossible: string | null;
  /** [quantities] words of the open direction that a quantity depends on. */
  readonly open: ReadonlyMap<number, string>;
}

/** Finds out what can be predicted, and which quantities the data leave open. */
export function prepare(
  { problem, starts, set }: PredictionSetting,
  { theta, unidentified }: Estimates,
  size: PredictionSize,
): Prepared {
  const stranded = strandedStarts(problem, starts);
  const { names } = problem.features;
  const settled = names.flatMap((name, k) => {
    const value = ownValue(set, name);
    return value === undefined ? [] : [[k, value] as const];
  });
  const predictor = createPredictor(problem, stranded === null ? starts : [], size);
  const at = (given: Float64Array): Float64Array | null => {
    if (stranded !== null) return null;
    const point = given.slice();
    for (const [k, value] of settled) point[k] = value;
    return predictor.evaluate(point);
  };
  const point = at(theta);
  const open = new Map<number, string>();
  if (point)
    for (const { direction, words } of unidentified) {
      const shift = (sign: number) =>
        at(
          theta.map(
            (x, k) => x + sign * 0.1 * (1 + Math.abs(x)) * (ownValue(direction, names[k]) ?? 0),
          ),
        );
      const [left, right] = [shift(-1), shift(1)];
      point.forEach((x, i) => {
        const gap = left && right ? Math.abs(right[i] - left[i]) : Number.POSITIVE_INFINITY;
        const second = left && right ? Math.abs(right[i] + left[i] - 2 * x) : 0;
        if (!(gap + second <= 1e-6 * (1 + Math.abs(x)))) open.set(i, words);
      });
    }
  const infinite =
    point === null
      ? `the reward has no finite value here: ${problem.time.kind === 'undiscounted' ? 'moving about for ever would pay more than arriving' : 'planning did not converge'}`
      : null;
  return {
    names: predictor.names,
    cost: predictor.cost,
    at,
    point,
    impossible: stranded ?? infinite,
    open,
  };
}

/** Says which trips cannot reach their goal; null where all can. */
function strandedStarts(
  { world, goals, time }: Problem,
  starts: readonly WeightedStarts[],
): string | null {
  if (time.kind !== 'undiscounted') return null;
  const found: string[] = [];
  let share = 0;
  for (const { goal, state, weight } of starts) {
    const { live } = taskSupport(world.mdp, goals[goal]);
    state.forEach((s, i) => {
      if (live[s]) return;
      share += weight[i];
      found.push(`from "${world.stateNames[s]}" to "${goals[goal].name}"`);
    });
  }
  if (found.length === 0) return null;
  const percent = `${(100 * share).toPrecision(3)} % of the trips`;
  return `${percent} cannot reach their goal any more (${found.slice(0, 3).join(', ')}${found.length > 3 ? ', …' : ''})`;
}
