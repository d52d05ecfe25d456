/** Puts a fit into the words of the result file: what exists as numbers, the rest with its reason. */

import type { Fit, ParameterEstimate } from '../algorithms/algorithm.ts';
import type { MethodResult, ParameterResult } from './resultFile.ts';

/** What the runner knows beside the fit. */
export interface MethodContext {
  readonly seconds: number;
  readonly heldOut: MethodResult['heldOut'];
  readonly firstStage: MethodResult['firstStage'] | undefined;
}

export function methodResult(
  fit: Fit,
  { seconds, heldOut, firstStage }: MethodContext,
): MethodResult {
  const reasons: Record<string, string> = {};
  const logLikelihood = finiteOrNull(fit.logLikelihood);
  const gradientNorm = finiteOrNull(fit.gradientNorm);
  if (logLikelihood === null)
    reasons.logLikelihood = fit.stopReason ?? 'the likelihood of the decisions is zero';
  if (logLikelihood === null && firstStage) reasons.fullLogLikelihood = reasons.logLikelihood;
  if (gradientNorm === null) reasons.gradientNorm = fit.stopReason ?? 'this method has no gradient';
  if (fit.details.dual === null)
    reasons.dual = fit.stopReason ?? 'the dual is infinite where the fit stopped';
  if (fit.details.spectralRadius === null)
    reasons.spectralRadius = 'it is beyond the range of numbers';
  if (fit.details.feasibleStart === null)
    reasons.feasibleStart =
      'no θ was found at which every goal has a finite value: no reward of these features is feasible, or the bounds leave none';
  if (!heldOut) reasons.heldOut = 'no fold was held out';
  return {
    stop: fit.stop,
    ...(fit.stopReason === null ? {} : { stopReason: fit.stopReason }),
    logLikelihood,
    gradientNorm,
    evaluations: fit.evaluations,
    seconds,
    parameters: fit.parameters.map((parameter) => parameterResult(parameter, fit)),
    heldOut,
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

function parameterResult({ name, estimate, held }: ParameterEstimate, fit: Fit): ParameterResult {
  const reasons: Record<string, string> = { standardErrors: whyNoStandardError(name, held, fit) };
  if (!Number.isFinite(estimate))
    reasons.estimate = fit.stopReason ?? 'no finite estimate was found';
  return {
    name,
    estimate: finiteOrNull(estimate),
    standardErrors: null,
    ...(held ? { held } : {}),
    reasons,
  };
}

function whyNoStandardError(name: string, held: ParameterEstimate['held'], fit: Fit): string {
  if (held === 'fixed') return 'the value was given, not estimated';
  if (held === 'at-bound') return 'the estimate is stopped by a bound';
  if (fit.unbounded.includes(name)) return 'the estimate runs to infinity';
  const flat = fit.unidentified.find(({ direction }) => Object.hasOwn(direction, name));
  if (flat) return `not identified: ${flat.words}`;
  return 'this version does not compute standard errors';
}

function finiteOrNull(x: number | null): number | null {
  return x !== null && Number.isFinite(x) ? x : null;
}
