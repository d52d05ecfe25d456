/** Profiles of one fit: what `revealed profile <result>` does. */

import { finish } from '../../algorithms/algorithm.ts';
import type { Information } from '../../algorithms/information.ts';
import { type LikelihoodModel, likelihoodModel } from '../../algorithms/likelihoodModel.ts';
import type { Problem } from '../../algorithms/problem.ts';
import { nearestName } from '../../demonstrations/nearestName.ts';
import { type CurveOf, curveWords } from '../../evaluation/inference/curveWords.ts';
import { waldInterval } from '../../evaluation/inference/parameterInference.ts';
import { profileCurve } from '../../evaluation/inference/profileCurve.ts';
import type { Profile } from '../../evaluation/inference/profileEnd.ts';
import type {
  CurveProfile,
  ParameterProfile,
  ProfileFile,
} from '../../evaluation/inference/profileFile.ts';
import { profileInterval } from '../../evaluation/inference/profileLikelihood.ts';
import { standardErrors } from '../../evaluation/inference/standardErrors.ts';
import { discountOf } from '../../mdp/timeStructure.ts';
import { chiSquareQuantile } from '../../numeric/chiSquare.ts';
import { timeStructure } from '../experiment.ts';
import { version } from '../version.ts';
import type { FittedLikelihood } from './fittedLikelihood.ts';

/** Told what is being looked at. */
export type ProfileObserver = (what: string) => void;

/** @throws RangeError where there is no likelihood to look at */
export function profileHeading(
  { reopened, fit, model, noModel }: FittedLikelihood,
  result: string,
  level: number,
): ProfileFile {
  if (!model || fit.logLikelihood === null)
    throw new RangeError(`Cannot profile "${reopened.specification.name}": ${noModel}`);
  return {
    format: 1,
    revealed: version,
    result,
    cell: reopened.cell.name,
    method: reopened.specification.name,
    level,
    threshold: chiSquareQuantile(level, 1),
    logLikelihood: fit.logLikelihood,
  };
}

/** @param asked names of parameters; all that were estimated where absent */
export function profileParameters(
  { names, theta, fit, model, options }: FittedLikelihood,
  asked: readonly string[] | undefined,
  level: number,
  observer: ProfileObserver = () => {},
): ParameterProfile[] {
  for (const name of asked ?? [])
    if (!names.includes(name)) {
      const near = nearestName(name, names);
      throw new RangeError(
        `Cannot profile "${name}": the parameters are ${names.map((n) => `"${n}"`).join(', ')}` +
          (near === null ? '' : `; did you mean "${near}"?`),
      );
    }
  const information = fit.information as Information;
  const inference = standardErrors(information, names.length);
  const maximum = { theta, logLikelihood: fit.logLikelihood as number };
  return (asked ?? names).map((name): ParameterProfile => {
    const k = names.indexOf(name);
    const { estimate, held } = fit.parameters[k];
    const none = (why: string): ParameterProfile => ({
      name,
      estimate,
      low: null,
      high: null,
      wald: null,
      points: [],
      reasons: { low: why, high: why, wald: why },
    });
    if (held === 'fixed') return none('the value was given, not estimated');
    const flat = fit.unidentified.find(({ direction }) => Object.hasOwn(direction, name));
    if (flat) return none(`not identified: ${flat.words}`);
    observer(name);
    const error = information.free.includes(k) ? inference.of(k).errors.hessian : null;
    const { low, high, points } = profileInterval(
      model as LikelihoodModel,
      options,
      maximum,
      k,
      error ?? (Math.abs(estimate) || 1),
      level,
    );
    const reasons: Record<string, string> = {};
    if (low.reason !== null) reasons.low = low.reason;
    if (high.reason !== null) reasons.high = high.reason;
    if (error === null)
      reasons.wald =
        held === 'at-bound'
          ? 'the estimate is stopped by a bound'
          : 'there is no standard error by the curvature';
    return {
      name,
      estimate,
      low: low.value,
      high: high.value,
      wald: error === null ? null : waldInterval(estimate, error, level),
      points: [...points],
      ...(Object.keys(reasons).length > 0 ? { reasons } : {}),
    };
  });
}

/** A range of values: `low:high:count`. */
export interface Range {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** The likelihood as a function of the discount or the temperature. */
export function profileOf(
  of: CurveOf,
  fitted: FittedLikelihood,
  { low, high, count }: Range,
  level: number,
  observer: ProfileObserver = () => {},
): CurveProfile {
  const { problem, names, options, reopened, theta } = fitted;
  const { method } = reopened.specification;
  if (of === 'discount' && method === 'behavior-cloning-features')
    throw new RangeError(`Cannot profile the discount of "${method}": it does not look ahead`);
  checkRange(of, { low, high, count }, problem);
  const fittedAt = of === 'discount' ? discountOf(problem.time) : problem.temperature;
  const values = Array.from({ length: count }, (_, i) =>
    i === count - 1 ? high : low + ((high - low) * i) / (count - 1),
  );
  const tried = new Map<number, LikelihoodModel>();
  const profile: Profile = (value, from) => {
    observer(`${of} ${Number(value.toPrecision(8))}`);
    const model = tried.get(value) ?? likelihoodModel(at(of, problem, value), method);
    const start = from && Object.fromEntries(names.map((name, k) => [name, from[k]]));
    const found = finish(
      model.maximize({ ...options, ...(start ? { start: free(start, options) } : {}) }),
    );
    if (found.stop === 'infeasible') return { kind: 'infeasible' };
    if (found.stop !== 'converged' || found.value === null || !found.theta)
      return { kind: 'failed', why: found.stopReason ?? found.stop };
    return { kind: 'fitted', logLikelihood: found.value, theta: found.theta };
  };
  const curve = profileCurve(profile, values, level, of, theta);
  const { maximum } = curve;
  const reasons: Record<string, string> = {};
  if (curve.low.reason !== null) reasons.low = curve.low.reason;
  if (curve.high.reason !== null) reasons.high = curve.high.reason;
  if (!maximum)
    reasons.maximum = curve.flat
      ? `every ${of} is as likely as any other`
      : 'nothing could be fitted';
  return {
    of,
    fitted: fittedAt,
    points: curve.points.map((point) => ({
      value: point.value,
      logLikelihood: point.logLikelihood,
      parameters:
        point.theta &&
        names.map((name, k) => ({ name, estimate: (point.theta as Float64Array)[k] })),
      ...(point.reason === null
        ? {}
        : { reasons: { logLikelihood: point.reason, parameters: point.reason } }),
    })),
    maximum:
      maximum && maximum.logLikelihood !== null
        ? { value: maximum.value, logLikelihood: maximum.logLikelihood }
        : null,
    low: curve.low.value,
    high: curve.high.value,
    range: curve.range,
    words: curveWords(of, curve, level),
    ...(Object.keys(reasons).length > 0 ? { reasons } : {}),
  };
}

function at(of: CurveOf, problem: Problem, value: number): Problem {
  if (of === 'temperature') return { ...problem, temperature: value };
  const { time, goals } = problem;
  const horizon = time.kind === 'finite' ? { horizon: time.horizon } : {};
  return { ...problem, time: timeStructure({ discount: value, ...horizon }, goals.length > 0) };
}

function checkRange(of: CurveOf, { low, high, count }: Range, { time, goals }: Problem): void {
  const wanted = (what: string): never => {
    throw new RangeError(
      `Cannot profile the ${of}: wanted low:high:count with ${what}, got ${low}:${high}:${count}`,
    );
  };
  if (!(low < high)) wanted('low below high');
  if (!(Number.isInteger(count) && count >= 3)) wanted('a whole count of at least 3');
  if (of === 'temperature' && !(low > 0)) wanted('temperatures above 0');
  if (of !== 'discount') return;
  if (low < 0 || high > 1) wanted('discounts in [0, 1]');
  if (time.kind === 'finite' && low === 0) wanted('discounts above 0 under a horizon');
  if (high === 1 && time.kind !== 'finite' && goals.length === 0)
    wanted('discounts below 1, as people look ahead for ever');
}

/** A start without the parameters that are held anyway. */
function free(
  start: Readonly<Record<string, number>>,
  { fix }: FittedLikelihood['options'],
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(start).filter(([name]) => !(fix && Object.hasOwn(fix, name))),
  );
}
