/** The people of a fitted model, ready to be predicted: their problem, their estimates, how sure those are. */

import type { Problem } from '../../algorithms/problem.ts';
import { nearestName } from '../../demonstrations/nearestName.ts';
import { quoted, quotedList } from '../../demonstrations/tables/tableError.ts';
import type { Estimates } from '../../evaluation/prediction/preparedSetting.ts';
import { principalAxes } from '../../evaluation/prediction/quantityUncertainty.ts';
import type { ReopenedFit } from './reopen.ts';

export type ErrorKind = 'hessian' | 'sandwich';

/**
 * The problem under which a fit's policy is soft-optimal. Cloning that sees features is a logit on
 * them: somebody who looks no step ahead.
 */
export function problemOfPeople({ problem, specification }: ReopenedFit): Problem {
  if (specification.method !== 'behavior-cloning-features') return problem;
  if (problem.goals.length > 0)
    throw new RangeError(
      `Cannot predict with "${specification.name}": it has no plan that leads to a goal; choose a causal-entropy fit with --method`,
    );
  return { ...problem, time: { kind: 'discounted', discount: 0 } };
}

/**
 * The estimates with a covariance.
 *
 * @param wanted absent: the sandwich where there is one, as it allows for what goes on within a
 *   trajectory; else the inverse curvature
 */
export function estimatesOfPeople(
  reopened: ReopenedFit,
  wanted: ErrorKind | undefined,
): { readonly estimates: Estimates; readonly errors: ErrorKind | null } {
  const { theta, method, arrays } = reopened;
  const unidentified = method.unidentified ?? [];
  const kinds: readonly ErrorKind[] = wanted ? [wanted] : ['sandwich', 'hessian'];
  for (const kind of kinds) {
    const covariance = covarianceOf(arrays, kind, theta.length);
    if (covariance && spansAll(covariance, covarianceOf(arrays, 'hessian', theta.length)))
      return { estimates: { theta, covariance, unidentified }, errors: kind };
  }
  const covariance = covarianceOf(arrays, kinds[0], theta.length)
    ? `the ${kinds[0]} covariance has fewer directions than there are parameters: too few trajectories`
    : whyNone(reopened, kinds);
  return { estimates: { theta, covariance, unidentified }, errors: null };
}

function whyNone(
  { arrays, method, specification }: ReopenedFit,
  kinds: readonly ErrorKind[],
): string {
  if (Object.keys(arrays).length === 0)
    return 'the result was written without arrays; run the fit with --out';
  const said = method.parameters.flatMap(({ standardErrors, reasons }) => [
    ...kinds.map((kind) => standardErrors?.reasons?.[kind]),
    reasons?.standardErrors,
  ]);
  const why = said.find((words) => words !== undefined) ?? method.stopReason ?? method.stop;
  return `"${specification.name}" has no covariance (${kinds.join(', ')}): ${why}`;
}

function covarianceOf(
  arrays: ReopenedFit['arrays'],
  kind: ErrorKind,
  size: number,
): Float64Array | null {
  const covariance = arrays[`covariance-${kind}`];
  const isWhole = covariance?.length === size ** 2 && covariance.every(Number.isFinite);
  return isWhole ? covariance : null;
}

/**
 * Whether a covariance has as many directions as the curvature lets expect. The scores of fewer
 * trajectories than parameters do not, and would call the directions they lack certain.
 */
function spansAll(covariance: Float64Array, byCurvature: Float64Array | null): boolean {
  return (
    byCurvature === null || principalAxes(covariance).length >= principalAxes(byCurvature).length
  );
}

/** Throws a RangeError where a parameter that is to be set does not exist. */
export function checkParameters(
  names: readonly string[],
  set: Readonly<Record<string, number>>,
): void {
  for (const name of Object.keys(set)) {
    if (names.includes(name)) continue;
    const near = nearestName(name, names);
    throw new RangeError(
      `Cannot set ${quoted(name)}: the parameters are ${quotedList(names)}${near === null ? '' : `; did you mean ${quoted(near)}?`}`,
    );
  }
}
