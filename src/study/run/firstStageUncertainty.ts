/** Standard errors of an experiment's fit that count in how its dynamics were estimated. */

import type { Fit } from '../../algorithms/algorithm.ts';
import {
  type FirstStageKind,
  firstStageCovariances,
} from '../../evaluation/inference/firstStageErrors.ts';
import type { Inference } from '../../evaluation/inference/standardErrors.ts';
import type { PreparedExperiment } from '../experiment.ts';
import { type FullSpecification, specifiedProblem } from '../specifications.ts';

/** [parameters × parameters] by kind, or why there is none. */
export type FirstStageErrors = Readonly<Record<FirstStageKind, Float64Array | string>> | string;

/** Returns the covariances, or why there are none of any kind. */
export function firstStageErrors(
  { recordings, problem, problemWith }: PreparedExperiment,
  specification: FullSpecification,
  fit: Fit,
  inference: Inference | null,
): FirstStageErrors {
  const sampling = recordings.firstStage?.sampling;
  if (!sampling) return 'the data bring no first stage';
  if (!problemWith) return 'the world was given, and does not follow from the first stage';
  if (specification.method !== 'causal-entropy')
    return 'only causal entropy plans with the dynamics';
  if (specification.fit.objective === 'feature-matching')
    return 'features were matched: there is no likelihood to put the two stages together';
  const inverse = inference?.covariance.hessian;
  if (!(inverse instanceof Float64Array)) return inverse ?? 'nothing was inferred';
  const number = new Map(recordings.trajectories.names.map((name, i) => [name, i]));
  const pairs = problem.world.mdp.pairCount;
  return firstStageCovariances({
    sampling,
    problemAt: (free) => {
      const moved = problemWith(sampling.at(free));
      if (moved.world.mdp.pairCount !== pairs)
        throw new RangeError(
          `Cannot count the first stage in: moving its estimates a little changed the world from ${pairs} to ${moved.world.mdp.pairCount} moves`,
        );
      return specifiedProblem(moved, specification);
    },
    seenAs: Int32Array.from(problem.trajectories.names, (name) => number.get(name) ?? 0),
    theta: Float64Array.from(fit.parameters, ({ estimate }) => estimate),
    inverse,
  });
}
