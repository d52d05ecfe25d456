/**
 * What a fit expects of trajectories that it was not fitted to, as flat arrays that are kept beside
 * it: so a comparison can be made of fits that ran long ago, or on another thread.
 */

import type { Fit } from '../../algorithms/algorithm.ts';
import { hasArrived } from '../../algorithms/algorithm.ts';
import type { Behavior } from '../../algorithms/behavior.ts';
import type { Problem } from '../../algorithms/problem.ts';
import { expectedOutcomes } from '../../evaluation/comparison/expectedOutcomes.ts';
import { type HeldOutChoices, scoreChoices } from '../../evaluation/comparison/heldOutChoices.ts';
import { type Outcomes, outcomeNames } from '../../evaluation/comparison/outcomes.ts';
import type { PreparedExperiment } from '../experiment.ts';
import { type FullSpecification, specifiedProblem } from '../specifications.ts';

/** Where trajectories were predicted: in the world of the fit, or in the changed one. */
export type Where = 'heldOut' | 'changed';

type Arrays = Readonly<Record<string, Float64Array>>;

const choiceNames = [
  'logProbability',
  'brier',
  'confidence',
  'hit',
] as const satisfies (keyof HeldOutChoices)[];

/** Works out what a fit of the specification expects, at home and in the changed world. */
export function heldOutArrays(
  prepared: PreparedExperiment,
  specification: FullSpecification,
  fit: Fit,
): Arrays {
  const { problem, heldOut, changed } = prepared;
  const arrays: Record<string, Float64Array> = {};
  if (heldOut && heldOut.count > 0) {
    const test = { ...problem, trajectories: heldOut };
    keep(arrays, 'heldOut', scoreChoices(fit, test), choiceNames);
    const behavior = prepared.wholeTrips ? behaviorOf(fit, specification, test) : null;
    if (behavior)
      keep(arrays, 'heldOut', expectedOutcomes(test, behavior, prepared.trueTheta), outcomeNames);
  }
  const there = changed && behaviorOf(fit, specification, changed.problem);
  if (changed && there) {
    const choices = (visit: Parameters<Behavior['choices']>[0]): boolean => there.choices(visit);
    const predicted = changed.recorded
      ? scoreChoices({ predictChoices: (_, visit) => choices(visit) }, changed.problem)
      : null;
    keep(arrays, 'changed', predicted, choiceNames);
    if (prepared.wholeTrips || !changed.recorded)
      keep(
        arrays,
        'changed',
        expectedOutcomes(changed.problem, there, prepared.trueTheta),
        outcomeNames,
      );
  }
  return arrays;
}

function behaviorOf(
  { stop, behaviorIn }: Fit,
  specification: FullSpecification,
  problem: Problem,
): Behavior | null {
  return hasArrived(stop) && behaviorIn
    ? behaviorIn(specifiedProblem(problem, specification))
    : null;
}

function keep<Part extends object>(
  arrays: Record<string, Float64Array>,
  where: Where,
  part: Part | null,
  names: readonly (keyof Part & string)[],
): void {
  if (!part) return;
  for (const name of names) arrays[nameOf(where, name)] = part[name] as Float64Array;
}

/** What was kept of the choices; null where the fit could not say. */
export function keptChoices(arrays: Arrays, where: Where): HeldOutChoices | null {
  return kept(arrays, where, choiceNames);
}

/** What was kept of whole trips; null where that was not worked out. */
export function keptOutcomes(arrays: Arrays, where: Where): Outcomes | null {
  return kept(arrays, where, outcomeNames);
}

function kept<Name extends string>(
  arrays: Arrays,
  where: Where,
  names: readonly Name[],
): Record<Name, Float64Array> | null {
  if (!(nameOf(where, names[0]) in arrays)) return null;
  const found = names.map((name) => [name, arrays[nameOf(where, name)]] as const);
  return Object.fromEntries(found) as Record<Name, Float64Array>;
}

function nameOf(where: Where, name: string): string {
  return `${where}${name[0].toUpperCase()}${name.slice(1)}`;
}
