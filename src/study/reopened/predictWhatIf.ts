/** What `revealed what-if <result>` works out: a fit in its own world and in a changed one. */

import { resolve } from 'node:path';
import { hasArrived } from '../../algorithms/algorithm.ts';
import type { Problem } from '../../algorithms/problem.ts';
import type { PredictionSetting } from '../../evaluation/prediction/preparedSetting.ts';
import { recordedStarts, usualLength } from '../../evaluation/prediction/recordedStarts.ts';
import { whatIf } from '../../evaluation/prediction/whatIf.ts';
import type { SweepPoint, WhatIfResult } from '../../evaluation/prediction/whatIfResult.ts';
import { ownValue } from '../../features/ownValue.ts';
import { discountOf } from '../../mdp/timeStructure.ts';
import { createRng } from '../../numeric/rng.ts';
import { Source } from '../source.ts';
import { version } from '../version.ts';
import {
  checkParameters,
  type ErrorKind,
  estimatesOfPeople,
  problemOfPeople,
} from './fittedPeople.ts';
import { changeWorld, type WorldChanges } from './predictedWorld.ts';
import type { ReopenedFit } from './reopen.ts';

export interface WhatIfQuestion extends WorldChanges {
  readonly set?: Readonly<Record<string, number>> | undefined;
  /** Periods; as many decisions as people were watched for, on average, if absent. */
  readonly steps?: number | undefined;
  readonly agents?: number | undefined;
  readonly sweep?:
    | { readonly name: string; readonly low: number; readonly high: number; readonly count: number }
    | undefined;
  /** Which quantity of a sweep is shown. */
  readonly quantity?: string | undefined;
  readonly draws?: number | undefined;
  readonly level?: number | undefined;
  readonly errors?: ErrorKind | undefined;
  readonly seed: number;
}

/** The named stream of the draws. */
const STREAM = 'what-if';

export interface WhatIfAnswer {
  readonly result: WhatIfResult;
  /** Why the changed world has no prediction; null where it has. */
  readonly impossible: string | null;
}

/** @param onProgress is told the share that is done */
export async function predictWhatIf(
  reopened: ReopenedFit,
  asked: WhatIfQuestion,
  onProgress: (share: number) => void = () => {},
): Promise<WhatIfAnswer> {
  const { level = 0.95, set = {}, agents = 1, sweep, seed } = asked;
  const problem = problemOfPeople(reopened);
  checkParameters(problem.features.names, { ...set, ...(sweep ? { [sweep.name]: 0 } : {}) });
  const steps = stepsOf(problem, asked.steps);
  const { estimates, errors } = estimatesOfPeople(reopened, asked.errors);
  const starts = recordedStarts(problem);
  const baseline: PredictionSetting = { problem, starts, set: {} };
  const world = await changeWorld(problem, starts, reopened.experiment, {
    ...asked,
    fittedFeatures: featuresTableOf(reopened),
  });
  if (world.problem.time.kind === 'undiscounted' && problem.time.kind !== 'undiscounted')
    throw new RangeError('Cannot predict: a discount of 1 needs goals from the start');
  const isChanged = world.changes.length > 0 || Object.keys(set).length > 0;
  const changed = isChanged ? { ...world, set } : baseline;
  const size = { steps, agents };
  const points = sweep ? valuesOf(sweep) : [];
  const rounds = points.length + 1;
  const question = (round: number) => ({
    size,
    level,
    draws: asked.draws,
    rng: createRng(seed, STREAM),
    onProgress: (share: number) => onProgress((round + share) / rounds),
  });
  const found = whatIf(baseline, changed, estimates, question(0));
  let impossible = found.impossible;
  const swept = points.map((value, i): SweepPoint => {
    const setting = { ...changed, set: { ...set, [sweep?.name ?? '']: value } };
    const at = whatIf(setting, setting, estimates, question(i + 1));
    if (at.impossible !== null) impossible ??= `at ${sweep?.name} = ${value}: ${at.impossible}`;
    const kept = at.quantities.filter(({ kind }) => kind === 'whole' || kind === 'action');
    return {
      value,
      quantities: kept.map(({ baseline: _, difference: __, ...quantity }) => quantity),
    };
  });
  const trips = world.problem.time.kind === 'undiscounted';
  const result: WhatIfResult = {
    format: 1,
    revealed: version,
    study: reopened.result.study,
    cell: reopened.cell.name,
    method: reopened.specification.name,
    seed,
    baseline: settingOf(problem, estimates.theta, {}, []),
    changed: settingOf(world.problem, estimates.theta, set, world.changes),
    per: trips
      ? { steps: null, agents, reasons: { steps: 'trips last until they arrive' } }
      : { steps, agents },
    uncertainty: {
      level,
      errors,
      draws: found.draws?.draws ?? 0,
      infeasibleDraws: found.draws?.infeasible ?? { baseline: 0, changed: 0 },
      stream: STREAM,
      inexactness: found.inexactness,
      ...(errors === null ? { reasons: { errors: estimates.covariance as string } } : {}),
    },
    notes: notesOf(reopened, problem),
    quantities: found.quantities,
    ...(sweep
      ? {
          sweep: {
            parameter: sweep.name,
            shown: asked.quantity ?? shownOf(swept),
            points: swept,
          },
        }
      : {}),
  };
  if (asked.quantity !== undefined) checkQuantity(asked.quantity, swept);
  return { result, impossible };
}

/** Where the features of a fit to tables lie; undefined for a study. */
function featuresTableOf({ result, directory }: ReopenedFit): string | undefined {
  const file = Source.safeParse(result.source).data?.tables?.features;
  return file === undefined ? undefined : resolve(directory, file);
}

function stepsOf(problem: Problem, asked: number | undefined): number {
  const { time } = problem;
  if (asked === undefined) return time.kind === 'finite' ? time.horizon : usualLength(problem);
  if (time.kind === 'finite' && asked > time.horizon)
    throw new RangeError(
      `Cannot predict ${asked} periods: the horizon of the fit is ${time.horizon}; give fewer --steps`,
    );
  return asked;
}

function valuesOf({ low, high, count }: NonNullable<WhatIfQuestion['sweep']>): number[] {
  if (!(Number.isInteger(count) && count >= 2 && high > low))
    throw new RangeError(
      `Cannot sweep: wanted low:high:count with low below high and at least 2 values, got ${low}:${high}:${count}`,
    );
  return Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
}

function settingOf(
  { time, temperature, features, world }: Problem,
  theta: Float64Array,
  set: Readonly<Record<string, number>>,
  changes: readonly string[],
): WhatIfResult['baseline'] {
  return {
    parameters: Object.fromEntries(
      features.names.map((name, k) => [name, ownValue(set, name) ?? theta[k]]),
    ),
    set: Object.keys(set),
    time: time.kind,
    discount: discountOf(time),
    ...(time.kind === 'finite' ? { horizon: time.horizon } : {}),
    temperature,
    states: world.mdp.stateCount,
    pairs: world.mdp.pairCount,
    changes: [...changes],
  };
}

/** What a reader should know of the numbers though nothing is wrong with them. */
function notesOf(
  { method, specification, cell }: ReopenedFit,
  { time, initial }: Problem,
): string[] {
  const notes: string[] = [];
  if (!hasArrived(method.stop))
    notes.push(
      `"${specification.name}" did not converge (${method.stop}): take its predictions with care`,
    );
  if (cell.model.l2 > 0)
    notes.push('a penalty pulled the estimates towards 0, which the intervals do not allow for');
  if (method.firstStage)
    notes.push(
      'the dynamics were estimated first and count as known: their uncertainty is not in the intervals',
    );
  notes.push(
    time.kind === 'undiscounted'
      ? 'trips are the recorded origins and destinations, by weight'
      : initial
        ? 'people start as the start distribution says'
        : 'people start where the recorded ones did, by weight',
  );
  return notes;
}

/** The quantity of an action that a sweep moves most, in proportion; in the long run where there is one. */
function shownOf(points: readonly SweepPoint[]): string {
  const spread = (name: string): number => {
    const values = points.flatMap(({ quantities }) => {
      const value = quantities.find((quantity) => quantity.name === name)?.value;
      return value === null || value === undefined ? [] : [Math.abs(value)];
    });
    const largest = Math.max(...values);
    return values.length > 0 && largest > 0 ? 1 - Math.min(...values) / largest : 0;
  };
  const names = points[0].quantities.map(({ name }) => name);
  const [chosen] = ['long-run count of: ', 'moves per trip', 'count of: ']
    .map((beginning) => names.filter((name) => name.startsWith(beginning)))
    .filter((found) => found.length > 0);
  return (chosen ?? names).reduce((a, b) => (spread(b) > spread(a) ? b : a));
}

function checkQuantity(name: string, [first]: readonly SweepPoint[]): void {
  const names = first?.quantities.map((quantity) => quantity.name) ?? [];
  if (!names.includes(name))
    throw new RangeError(
      `Cannot show "${name}": a sweep has ${names.map((n) => `"${n}"`).join(', ')}`,
    );
}
