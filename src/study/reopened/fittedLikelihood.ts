/** A reopened fit as a likelihood that can be asked about: its maximum, and all that is around it. */

import { type Fit, type FitOptions, finish } from '../../algorithms/algorithm.ts';
import { fitEngine } from '../../algorithms/fitEngine.ts';
import { type LikelihoodModel, likelihoodModel } from '../../algorithms/likelihoodModel.ts';
import type { Problem } from '../../algorithms/problem.ts';
import { algorithms } from '../../algorithms/registry.ts';
import type { TestedFit } from '../../evaluation/inference/testFile.ts';
import { minimizers } from '../../optimizers/registry.ts';
import type { ReopenedFit } from './reopen.ts';

export interface FittedLikelihood {
  readonly reopened: ReopenedFit;
  readonly problem: Problem;
  readonly theta: Float64Array;
  readonly names: readonly string[];
  /** What was held and bounded. */
  readonly options: Pick<FitOptions, 'fix' | 'bounds'>;
  /** The fit once more, from its estimates. */
  readonly fit: Fit;
  /** Null where no likelihood was maximised, with the reason. */
  readonly model: LikelihoodModel | null;
  readonly noModel: string;
}

/** @throws RangeError where the fit did not converge */
export async function fittedLikelihood(reopened: ReopenedFit): Promise<FittedLikelihood> {
  const { specification, method, problem, theta } = reopened;
  const { name } = specification;
  const fitAs = specification.method;
  if (method.stop !== 'converged')
    throw new RangeError(
      `Cannot look into "${name}": the fit did not converge (${method.stop}${method.stopReason === undefined ? '' : `: ${method.stopReason}`}), and all of this is about a maximum`,
    );
  const { optimizer, start: _, ...settings } = specification.fit;
  const { names } = problem.features;
  const isLoop = fitAs === 'causal-entropy-loop';
  const minimizer = optimizer && isLoop ? await minimizers[optimizer]() : undefined;
  const algorithm = await algorithms[fitAs]();
  const engine = await fitEngine(algorithm, settings);
  const fit = finish(
    algorithm.fit(problem, {
      ...settings,
      start: Object.fromEntries(names.map((parameter, k) => [parameter, theta[k]])),
      ...(minimizer ? { optimizer: minimizer } : {}),
      ...(engine ? { engine } : {}),
    }),
  );
  if (fit.stop !== 'converged' || !fit.information)
    throw new RangeError(
      `Cannot look into "${name}": fitted again from its own estimates it did not converge with a curvature (${fit.stopReason ?? fit.stop})`,
    );
  const noModel =
    fitAs !== 'causal-entropy' && fitAs !== 'behavior-cloning-features'
      ? `"${fitAs}" maximises no likelihood of parameters`
      : settings.objective === 'feature-matching' && fitAs === 'causal-entropy'
        ? 'features were matched, and their dual is no likelihood of decisions'
        : (settings.l2 ?? 0) > 0
          ? 'a penalty was subtracted from the likelihood, so its maximum is somewhere else'
          : '';
  const { fix, bounds } = settings;
  return {
    reopened,
    problem,
    theta: Float64Array.from(fit.parameters, ({ estimate }) => estimate),
    names,
    options: { ...(fix ? { fix } : {}), ...(bounds ? { bounds } : {}) },
    fit,
    model: noModel === '' ? likelihoodModel(problem, fitAs) : null,
    noModel,
  };
}

/** The fit as a test names it. */
export function testedFit({ reopened, fit }: FittedLikelihood, result: string): TestedFit {
  const { cell, specification } = reopened;
  return {
    result,
    cell: cell.name,
    method: specification.name,
    logLikelihood: fit.logLikelihood,
    freeParameters: fit.freedom,
    parameters: fit.parameters.map(({ name, estimate }) => ({ name, estimate })),
    ...(fit.logLikelihood === null
      ? { reasons: { logLikelihood: 'there is no likelihood of the decisions' } }
      : {}),
  };
}
