/** From the description of an experiment to the problem that methods solve. */

import type { Problem } from '../algorithms/problem.ts';
import { nearestName } from '../demonstrations/nearestName.ts';
import { checkSplit, type Split } from '../demonstrations/splits.ts';
import { checkShortestBy, STEPS } from '../evaluation/comparison/shortestRoutes.ts';
import { countCutOff } from '../evaluation/dataSummary.ts';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import { ownValue } from '../features/ownValue.ts';
import { tabulateFeatures } from '../features/tabulateFeatures.ts';
import type { TimeStructure } from '../mdp/timeStructure.ts';
import { selectTrajectories, type Trajectories } from '../mdp/trajectories.ts';
import type { World } from '../mdp/world.ts';
import { type PreparedChange, prepareChange } from './run/changedWorld.ts';
import { specificationsOf } from './specifications.ts';
import type { Experiment, FirstStage, Recordings } from './study.ts';

export interface PreparedExperiment {
  /** With the trajectories used to fit. */
  readonly problem: Problem;
  /** The trajectories that are held out, or null. */
  readonly heldOut: Trajectories | null;
  /** How they were parted, where not by a fold. */
  readonly split: Split | null;
  readonly recordings: Recordings;
  readonly warnings: readonly string[];
  /** Whether standard errors shall count in how the dynamics were estimated. */
  readonly firstStageUncertainty: boolean;
  /** The same problem, had the first stage come to something else; null if the world is given. */
  readonly problemWith: ((firstStage: FirstStage) => Problem) | null;
  /** Whether whole trips are predicted too. */
  readonly wholeTrips: boolean;
  /** What shortest paths are shortest by: a feature, or `steps`. */
  readonly shortestBy: string;
  /** [features] the reward that people really have; null where it is not known. */
  readonly trueTheta: Float64Array | null;
  /** What is predicted in another world; null where nothing is. */
  readonly changed: PreparedChange | null;
}

/** Reads the recordings, builds the world and the features, and splits off what is held out. */
export async function prepareExperiment(experiment: Experiment): Promise<PreparedExperiment> {
  const recordings = await experiment.data();
  const { world, features } = buildWorld(experiment, recordings);
  const goals = recordings.goals ?? [];
  const time = timeStructure(experiment, goals.length > 0);
  const all = recordings.trajectories;
  const { fit, test } = partTrajectories(all, experiment);
  const problem: Problem = {
    world,
    time,
    goals,
    features,
    trajectories: fit,
    initial: recordings.initial ?? null,
    temperature: experiment.temperature ?? 1,
  };
  const changedWorld = await experiment.changed?.(recordings, world);
  const changed = changedWorld ? prepareChange(problem, all, changedWorld) : null;
  if (all.times) refuseOfCounts(experiment, time);
  const predictsTrips = experiment.wholeTrips ?? isQuick(problem);
  const { split } = experiment;
  const trueTheta = trueThetaOf(features.names, experiment.trueReward);
  if (changed && !changed.recorded && !trueTheta)
    throw new RangeError(
      'Cannot test in the changed world: nothing was recorded there, and nothing says what people really want; give --test-trajectories, or --true-reward name=value,…',
    );
  return {
    problem,
    heldOut: test,
    split: experiment.split ?? null,
    recordings,
    warnings: [
      ...(recordings.warnings ?? []),
      ...matchingWarnings(experiment, problem),
      ...(changed?.warnings ?? []),
      ...(predictsTrips || experiment.wholeTrips === false || !split
        ? []
        : [tripsLeftOut(problem)]),
    ],
    wholeTrips: predictsTrips,
    shortestBy: checkShortestBy(problem, experiment.shortestBy ?? STEPS),
    trueTheta,
    changed,
    firstStageUncertainty: countsFirstStage(experiment, recordings),
    problemWith:
      typeof experiment.world === 'function'
        ? (firstStage) => ({
            ...problem,
            ...buildWorld(experiment, { ...recordings, firstStage }),
          })
        : null,
  };
}

/** Methods that need no more than how often each decision was made. */
const OF_COUNTS: readonly string[] = [
  'causal-entropy',
  'causal-entropy-loop',
  'behavior-cloning',
  'behavior-cloning-features',
  'behavior-cloning-per-goal',
];

/** Throws where something is asked of counts that only trajectories can tell. */
function refuseOfCounts(experiment: Experiment, time: TimeStructure): void {
  const refuse = (what: string): never => {
    throw new RangeError(
      `Cannot ${what} counts: they do not say which decisions belong to one trajectory, nor when; give trajectories`,
    );
  };
  if (time.kind === 'finite') refuse('fit a finite horizon to');
  const objectives = [experiment, ...specificationsOf(experiment)].map(({ fit }) => fit?.objective);
  if (objectives.includes('feature-matching')) refuse('match features of');
  for (const { method } of specificationsOf(experiment))
    if (!OF_COUNTS.includes(method)) refuse(`fit ${method} to`);
  if (experiment.split) refuse('compare what methods predict of');
}

/** Throws where the data do not say how sure their first stage is, and it is asked for. */
function countsFirstStage(
  { firstStageUncertainty = false }: Experiment,
  { firstStage }: Recordings,
): boolean {
  if (firstStageUncertainty && !firstStage?.sampling)
    throw new RangeError(
      `Cannot count the first stage in: the data bring ${firstStage ? 'a firstStage without its "sampling"' : 'no "firstStage"'}; leave out firstStageUncertainty`,
    );
  return firstStageUncertainty;
}

/** The world of an experiment, and what its reward may look at. */
export function buildWorld(
  { world: given, features }: Pick<Experiment, 'world' | 'features'>,
  recordings: Recordings,
): { world: World; features: FeatureMatrix } {
  const world = typeof given === 'function' ? given(recordings) : given;
  return {
    world,
    features:
      typeof features === 'function'
        ? features(recordings, world)
        : tabulateFeatures(world, features),
  };
}

/** Goals times choices up to which whole trips are predicted without being asked for. */
const QUICK = 2e6;

function isQuick({ world, goals }: Problem): boolean {
  return Math.max(1, goals.length) * world.mdp.pairCount <= QUICK;
}

function tripsLeftOut({ world, goals }: Problem): string {
  return `what whole trips look like (routes, features, visits) is left out, as it takes long for ${goals.length} goals in a world of ${world.mdp.pairCount} choices; --whole-trips always works it out`;
}

/** [features] a reward by feature; those that are not named are 0. */
function trueThetaOf(
  names: readonly string[],
  reward: Experiment['trueReward'],
): Float64Array | null {
  if (!reward) return null;
  for (const name of Object.keys(reward)) {
    if (names.includes(name)) continue;
    const near = nearestName(name, names);
    throw new RangeError(
      `Cannot take a true reward of "${name}": the features are ${names.map((n) => `"${n}"`).join(', ')}${near === null ? '' : `; did you mean "${near}"?`}`,
    );
  }
  return Float64Array.from(names, (name) => ownValue(reward, name) ?? 0);
}

/** The time structure that discount, horizon and goals imply. */
export function timeStructure(
  { discount, horizon }: { readonly discount?: number; readonly horizon?: number },
  hasGoals: boolean,
): TimeStructure {
  if (horizon !== undefined) {
    if (hasGoals)
      throw new RangeError(
        'Cannot combine a horizon with goals: it is not defined; leave out --horizon, or the column "goal"',
      );
    if (!Number.isInteger(horizon) || horizon < 1)
      throw new RangeError(`Cannot plan: the horizon must be a whole number ≥ 1, got ${horizon}`);
    const gamma = discount ?? 1;
    if (!(gamma > 0 && gamma <= 1))
      throw new RangeError(
        `Cannot plan: with a horizon the discount must be in (0, 1], got ${gamma}`,
      );
    return { kind: 'finite', horizon, discount: gamma };
  }
  if (discount !== undefined && discount !== 1) {
    if (!(discount >= 0 && discount < 1))
      throw new RangeError(`Cannot plan: the discount must be in [0, 1], got ${discount}`);
    return { kind: 'discounted', discount };
  }
  if (!hasGoals)
    throw new RangeError(
      discount === 1
        ? 'Cannot plan for ever with discount 1: without goals the values are infinite; give a --discount below 1, a --horizon, or a column "goal" in the trajectories'
        : 'Cannot tell how far ahead people look: give --discount (below 1), --horizon, or a column "goal" in the trajectories',
    );
  return { kind: 'undiscounted' };
}

function partTrajectories(
  all: Trajectories,
  { holdOut, split }: Experiment,
): { fit: Trajectories; test: Trajectories | null } {
  if (split) {
    checkSplit(split, all);
    return {
      fit: selectTrajectories(all, (i) => split.isTrain[i] === 1),
      test: selectTrajectories(all, (i) => split.isTest[i] === 1),
    };
  }
  if (holdOut === undefined) return { fit: all, test: null };
  const { folds } = all;
  if (!folds)
    throw new RangeError(
      `Cannot hold out fold "${holdOut}": the trajectories have no column "fold"`,
    );
  if (!folds.includes(holdOut))
    throw new RangeError(
      `Cannot hold out fold "${holdOut}": the folds are ${[...new Set(folds)].sort().join(', ')}`,
    );
  const test = selectTrajectories(all, (i) => folds[i] === holdOut);
  const fit = selectTrajectories(all, (i) => folds[i] !== holdOut);
  if (fit.count === 0)
    throw new RangeError(`Cannot hold out fold "${holdOut}": all trajectories are in it`);
  return { fit, test };
}

/** What to know where features are matched, by choice or because a method does nothing else. */
function matchingWarnings(experiment: Experiment, problem: Problem): string[] {
  const asked = specificationsOf(experiment);
  const matching = asked.some(({ fit }) => fit.objective === 'feature-matching');
  if (!matching && !asked.some(({ method }) => method === 'causal-entropy-loop')) return [];
  const who = matching ? 'feature matching' : 'causal-entropy-loop matches features, and';
  const { time, trajectories } = problem;
  if (time.kind === 'discounted')
    return trajectories.count === 0
      ? []
      : [
          `${who} takes a discounted sum over an endless future from recordings that end: it is biased by what was cut off; the likelihood is not`,
        ];
  const cut = countCutOff(problem);
  if (cut === 0) return [];
  return [
    `${who} takes every trajectory as complete, but ${cut} of ${trajectories.count} are cut off: it is biased; the likelihood is not`,
  ];
}
