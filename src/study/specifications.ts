/** Which fits an experiment asks for: methods by name, and methods under names of their own. */

import type { Problem } from '../algorithms/problem.ts';
import { type MethodName, methodNames } from '../algorithms/registry.ts';
import { suggestion } from '../demonstrations/tables/nameIndex.ts';
import { selectFeatures } from '../features/selectFeatures.ts';
import type { Experiment, Specification } from './study.ts';

const DEFAULT_METHODS: readonly MethodName[] = ['causal-entropy', 'behavior-cloning'];

/** What to run, with everything filled in but the features, which are all where none are named. */
export interface FullSpecification extends Specification {
  readonly fit: NonNullable<Specification['fit']>;
}

/** Returns the experiment's fits in order; throws a RangeError where two have one name. */
export function specificationsOf({ methods, fit = {} }: Experiment): FullSpecification[] {
  const names = new Set<string>();
  return (methods ?? DEFAULT_METHODS).map((asked): FullSpecification => {
    const full =
      typeof asked === 'string'
        ? { name: asked, method: asked, fit }
        : { ...asked, fit: { ...fit, ...asked.fit } };
    if (!(methodNames as readonly string[]).includes(full.method))
      throw new RangeError(
        `Cannot run "${full.method}": the methods are ${methodNames.join(', ')}${suggestion(full.method, methodNames)}`,
      );
    if (names.has(full.name))
      throw new RangeError(
        `Cannot run "${full.name}" twice: give each specification a name of its own`,
      );
    names.add(full.name);
    return full;
  });
}

/** The problem as a specification sees it. */
export function specifiedProblem(problem: Problem, { features }: FullSpecification): Problem {
  return features ? { ...problem, features: selectFeatures(problem.features, features) } : problem;
}
