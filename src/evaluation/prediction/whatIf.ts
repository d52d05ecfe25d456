/**
 * What would the same people do in another world? Their reward is kept, apart from what is set by
 * hand; their plans are made anew.
 *
 * A parameter that is set is known: it has no uncertainty. The others keep the covariance that they
 * have with everything else unknown (the marginal one): setting a parameter is to change the world,
 * not to learn something about the estimates. (Had it been learnt, the fit should be repeated with
 * that parameter fixed.)
 */

import { normalQuantile } from '../../numeric/normal.ts';
import type { Rng } from '../../numeric/rng.ts';
import type { Predictor } from './predictor.ts';
import {
  type Estimates,
  type PredictionSetting,
  type Prepared,
  prepare,
} from './preparedSetting.ts';
import type { PredictionSize } from './quantitySections.ts';
import {
  type DeltaErrors,
  type DrawnIntervals,
  deltaErrors,
  drawnIntervals,
  type Ends,
  principalAxes,
} from './quantityUncertainty.ts';
import type { Quantity } from './whatIfResult.ts';

export interface WhatIfOptions {
  readonly size: PredictionSize;
  readonly level: number;
  /** How many parameters to draw; chosen by the size of the problem if absent. */
  readonly draws?: number | undefined;
  readonly rng: Rng;
  readonly onProgress?: (share: number) => void;
}

export interface WhatIf {
  readonly quantities: Quantity[];
  /** Why the changed world has no prediction; null where it has. */
  readonly impossible: string | null;
  readonly draws: DrawnIntervals | null;
  readonly inexactness: number | null;
}

/** Predicts in both settings, with intervals for each and for their difference. */
export function whatIf(
  baseline: PredictionSetting,
  changed: PredictionSetting,
  estimates: Estimates,
  { size, level, draws: wanted, rng, onProgress }: WhatIfOptions,
): WhatIf {
  const { covariance } = estimates;
  const before = prepare(baseline, estimates, size);
  const same = changed === baseline;
  const after = same ? before : prepare(changed, estimates, size);
  const predict = (theta: Float64Array) => {
    const found = before.at(theta);
    return { baseline: found, changed: same ? found : after.at(theta) };
  };
  const places = commonPlaces(before.names, after.names);
  const common = places.flatMap(({ b, c }) => (b >= 0 && c >= 0 ? [[b, c] as const] : []));

  let delta: DeltaErrors | null = null;
  let drawn: DrawnIntervals | null = null;
  if (typeof covariance !== 'string') {
    const axes = principalAxes(covariance);
    const zero = () => new Float64Array(0);
    if (axes.length === 0)
      delta = {
        baseline: before.point?.map(() => 0) ?? zero(),
        changed: after.point?.map(() => 0) ?? zero(),
        difference: new Float64Array(common.length),
        inexactness: 0,
      };
    else delta = deltaErrors(predict, estimates.theta, axes, common);
    const draws = wanted ?? usualDraws([before, ...(same ? [] : [after])]);
    drawn = drawnIntervals(predict, estimates.theta, axes, common, { draws, level, rng }, (done) =>
      onProgress?.(done / draws),
    );
  }
  const commonPlace = new Map(common.map(([b, c], n) => [`${b} ${c}`, n]));
  const z = normalQuantile((1 + level) / 2);
  const noErrors = typeof covariance === 'string' ? covariance : null;
  const quantities = places.map(({ name, kind, b, c }): Quantity => {
    const old = side(before, b, delta?.baseline ?? null, drawn?.baseline ?? null, z, noErrors);
    const now = side(after, c, delta?.changed ?? null, drawn?.changed ?? null, z, noErrors);
    const n = commonPlace.get(`${b} ${c}`) ?? -1;
    const exists = old.value !== null && now.value !== null;
    const gap = exists ? (now.value ?? 0) - (old.value ?? 0) : null;
    const gapError = exists && n >= 0 ? (delta?.difference?.[n] ?? null) : null;
    const gapDrawn = exists && n >= 0 ? endsAt(drawn?.difference ?? null, n) : null;
    const missing =
      old.value === null ? `baseline: ${old.reasons.value}` : `changed: ${now.reasons.value}`;
    const gapReasons = withoutNulls({
      value: exists ? null : missing,
      interval: gapError === null ? (exists ? (now.reasons.interval ?? NEAR) : missing) : null,
      drawn: gapDrawn === null ? (exists ? (now.reasons.drawn ?? TOO_FEW) : missing) : null,
    });
    const oldReasons = withoutNulls({
      value: old.reasons.value ?? null,
      interval: old.reasons.interval ?? null,
    });
    return {
      name,
      kind,
      value: now.value,
      interval: now.interval,
      standardError: now.standardError,
      drawn: now.drawn,
      baseline: {
        value: old.value,
        interval: old.interval,
        ...(oldReasons ? { reasons: oldReasons } : {}),
      },
      difference: {
        value: gap,
        interval: gap === null || gapError === null ? null : around(gap, z * gapError),
        drawn: gapDrawn,
        ...(gapReasons ? { reasons: gapReasons } : {}),
      },
      ...(Object.keys(now.reasons).length > 0 ? { reasons: now.reasons } : {}),
    };
  });
  return {
    quantities,
    impossible: after.impossible ?? before.impossible,
    draws: drawn,
    inexactness: delta?.inexactness ?? null,
  };
}

const NEAR = 'a standard error away the reward has no finite value';
const TOO_FEW = 'too few draws have a finite value';

interface SideOfQuantity {
  readonly value: number | null;
  readonly standardError: number | null;
  readonly interval: [number, number] | null;
  readonly drawn: [number, number] | null;
  readonly reasons: Record<string, string>;
}

function side(
  prepared: Prepared,
  place: number,
  errors: Float64Array | null,
  ends: Ends | null,
  z: number,
  noErrors: string | null,
): SideOfQuantity {
  const nothing = (why: string): SideOfQuantity => ({
    value: null,
    standardError: null,
    interval: null,
    drawn: null,
    reasons: { value: why, standardError: why, interval: why, drawn: why },
  });
  if (prepared.impossible !== null) return nothing(prepared.impossible);
  if (place < 0) return nothing('there is no such thing in this world');
  const open = prepared.open.get(place);
  if (open !== undefined) return nothing(`it depends on what the data leave open: ${open}`);
  const value = prepared.point?.[place] ?? Number.NaN;
  if (!Number.isFinite(value)) return nothing('it could not be solved for');
  const error = errors?.[place] ?? Number.NaN;
  const hasError = Number.isFinite(error);
  const drawn = endsAt(ends, place);
  const reasons: Record<string, string> = {};
  if (!hasError) reasons.standardError = reasons.interval = noErrors ?? NEAR;
  if (drawn === null) reasons.drawn = noErrors ?? TOO_FEW;
  return {
    value,
    standardError: hasError ? error : null,
    interval: hasError ? around(value, z * error) : null,
    drawn,
    reasons,
  };
}

function around(value: number, margin: number): [number, number] {
  return [value - margin, value + margin];
}

function endsAt(ends: Ends | null, i: number): [number, number] | null {
  if (!ends) return null;
  const [low, high] = [ends.low[i], ends.high[i]];
  return Number.isFinite(low) && Number.isFinite(high) ? [low, high] : null;
}

function withoutNulls(given: Record<string, string | null>): Record<string, string> | null {
  const kept = Object.entries(given).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  return kept.length > 0 ? Object.fromEntries(kept) : null;
}

/** Quantities of both worlds by name: those of the changed one first, then what vanished. */
function commonPlaces(before: Predictor['names'], after: Predictor['names']) {
  const old = new Map(before.map(({ name }, i) => [name, i]));
  const now = new Set(after.map(({ name }) => name));
  return [
    ...after.map(({ name, kind }, c) => ({ name, kind, b: old.get(name) ?? -1, c })),
    ...before.flatMap(({ name, kind }, b) => (now.has(name) ? [] : [{ name, kind, b, c: -1 }])),
  ];
}

/** A thousand draws where they are cheap in time and memory; a hundred at least. */
function usualDraws(settings: readonly Prepared[]): number {
  const cost = settings.reduce((sum, setting) => sum + setting.cost, 0);
  const quantities = settings.reduce((sum, { names }) => sum + names.length, 0);
  const affordable = Math.floor(Math.min(3e9 / cost, 2e7 / quantities));
  return Math.min(1000, Math.max(100, affordable - (affordable % 2)));
}
