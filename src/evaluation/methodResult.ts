/** Puts a fit into the words of the result file: what exists as numbers, the rest with its reason. */

import type { Fit, ParameterEstimate } from '../algorithms/algorithm.ts';
import type { Problem } from '../algorithms/problem.ts';
import { type FirstStageKind, firstStageKinds } from './inference/firstStageErrors.ts';
import { fitMeasures } from './inference/fitMeasures.ts';
import { parameterInference, shareInference } from './inference/parameterInference.ts';
import type { Inference } from './inference/standardErrors.ts';
import type { MethodResult, ParameterResult } from './resultFile.ts';

/** What the runner knows beside the fit. */
export interface MethodContext {
  readonly seconds: number;
  readonly heldOut: MethodResult['heldOut'];
  readonly firstStage: MethodResult['firstStage'] | undefined;
  /** Covariances with the first stage in them by kind, or why there are none; null if not asked. */
  readonly withFirstStage: Readonly<Record<FirstStageKind, Float64Array | string>> | string | null;
  /** What the method is, where the result knows it by another name; else null. */
  readonly specification: { readonly method: string; readonly features: string[] } | null;
  /** Whether a penalty was subtracted from the likelihood. */
  readonly penalised: boolean;
  /** Of the fit's information; null where it left none. */
  readonly inference: Inference | null;
}

export function methodResult(fit: Fit, problem: Problem, context: MethodContext): MethodResult {
  const { seconds, heldOut, firstStage, specification, penalised } = context;
  const { objective, posteriorLogLikelihood = fit.logLikelihood } = fit.details;
  const matched = objective === 'feature-matching' || posteriorLogLikelihood !== fit.logLikelihood;
  const { reasons: noMeasures, ...measures } = fitMeasures(problem, fit, penalised || matched);
  const reasons: Record<string, string> = { ...noMeasures };
  const logLikelihood = finiteOrNull(fit.logLikelihood);
  const gradientNorm = finiteOrNull(fit.gradientNorm);
  if (logLikelihood === null)
    reasons.logLikelihood = fit.stopReason ?? 'the likelihood of the decisions is zero';
  if (logLikelihood === null && firstStage) reasons.fullLogLikelihood = reasons.logLikelihood;
  if (gradientNorm === null) reasons.gradientNorm = fit.stopReason ?? 'this method has no gradient';
  if (fit.details.dual === null)
    reasons.dual = fit.stopReason ?? 'the dual is infinite where the fit stopped';
  if (fit.details.nullLogLikelihood === null)
    reasons.nullLogLikelihood =
      'with every free parameter at 0 moving about for ever would pay: there is no finite value';
  if (fit.details.spectralRadius === null)
    reasons.spectralRadius = 'it is beyond the range of numbers';
  if (fit.details.feasibleStart === null)
    reasons.feasibleStart =
      'no θ was found at which every goal has a finite value: no reward of these features is feasible, or the bounds leave none';
  if (!heldOut) reasons.heldOut = 'no fold was held out';
  return {
    ...specification,
    stop: fit.stop,
    ...(fit.stopReason === null ? {} : { stopReason: fit.stopReason }),
    logLikelihood,
    gradientNorm,
    evaluations: fit.evaluations,
    seconds,
    parameters: fit.parameters.map((parameter, k) => parameterResult(parameter, k, fit, context)),
    heldOut,
    ...(fit.information?.persons == null ? {} : { clusteredBy: 'person' as const }),
    ...measures,
    ...fit.details,
    ...(fit.unidentified.length > 0 ? { unidentified: [...fit.unidentified] } : {}),
    ...(fit.unbounded.length > 0 ? { unbounded: [...fit.unbounded] } : {}),
    ...(firstStage
      ? {
          firstStage,
          fullLogLikelihood:
            logLikelihood === null ? null : logLikelihood + firstStage.logLikelihood,
        }
      : {}),
    reasons,
  };
}

function parameterResult(
  { name, estimate, held, isShare, unsure }: ParameterEstimate,
  k: number,
  fit: Fit,
  { inference, withFirstStage, penalised }: MethodContext,
): ParameterResult {
  const reasons: Record<string, string> = {};
  if (!Number.isFinite(estimate))
    reasons.estimate = fit.stopReason ?? 'no finite estimate was found';
  const none = whyNoStandardError(name, held, fit) ?? unsure ?? null;
  const found = none === null && inference ? inference.of(k) : null;
  if (!found) reasons.standardErrors = none ?? 'nothing was inferred';
  const sureness =
    found && !penalised ? (isShare ? shareInference : parameterInference)(estimate, found) : null;
  if (!sureness) {
    const why = found ? PENALISED : reasons.standardErrors;
    Object.assign(reasons, { intervals: why, z: why, p: why });
  }
  return {
    name,
    estimate: finiteOrNull(estimate),
    standardErrors: found && { ...found.errors, reasons: { ...found.reasons } },
    intervals: null,
    z: null,
    p: null,
    ...sureness,
    ...(withFirstStage === null
      ? {}
      : withFirstStageOf(withFirstStage, none, k, fit.parameters.length, reasons)),
    ...(held ? { held } : {}),
    reasons,
  };
}

const PENALISED =
  'a penalty pulls the estimate towards 0: what is built around it does not cover the truth as often as it says';

/** The standard errors with the first stage in them; writes why there are none into `reasons`. */
function withFirstStageOf(
  covariances: NonNullable<MethodContext['withFirstStage']>,
  none: string | null,
  k: number,
  parameterCount: number,
  reasons: Record<string, string>,
): Pick<ParameterResult, 'standardErrorsWithFirstStage'> {
  if (none !== null || typeof covariances === 'string') {
    reasons.standardErrorsWithFirstStage = none ?? String(covariances);
    return { standardErrorsWithFirstStage: null };
  }
  const errors: Record<string, number | null> = {};
  const why: Record<string, string> = {};
  for (const kind of firstStageKinds) {
    const covariance = covariances[kind];
    const variance = typeof covariance === 'string' ? null : covariance[k * (parameterCount + 1)];
    errors[kind] = variance !== null && variance > 0 ? Math.sqrt(variance) : null;
    if (errors[kind] === null)
      why[kind] = typeof covariance === 'string' ? covariance : 'its variance is not positive';
  }
  const found = errors as Record<FirstStageKind, number | null>;
  return { standardErrorsWithFirstStage: { ...found, reasons: why } };
}

/** Why a parameter has no standard error of any kind; null where it may have some. */
function whyNoStandardError(
  name: string,
  held: ParameterEstimate['held'],
  fit: Fit,
): string | null {
  if (held === 'fixed') return 'the value was given, not estimated';
  if (fit.unbounded.includes(name)) return 'the estimate runs to infinity';
  if (fit.stop === 'matched-within-error')
    return 'a fit from samples has errors of its own: see "sampling" in the result';
  if (fit.stop === 'stopped-early')
    return 'the network beside it was stopped before an optimum, as held-out trajectories were told best there';
  if (fit.stop !== 'converged') return `the fit did not converge: ${fit.stopReason ?? fit.stop}`;
  if (held === 'at-bound') return 'the estimate is stopped by a bound';
  const flat = fit.unidentified.find(({ direction }) => Object.hasOwn(direction, name));
  if (flat) return `not identified: ${flat.words}`;
  if (!fit.information)
    return 'second derivatives are not finite here, or not taken of so many parameters';
  return null;
}

function finiteOrNull(x: number | null): number | null {
  return x !== null && Number.isFinite(x) ? x : null;
}
