/**
 * Plain tables into everything a fit needs: a world, its features, and recorded behaviour, checked
 * against each other. What passes here is trusted from here on.
 */

import type { FeatureMatrix } from '../../features/featureMatrix.ts';
import type { Goal } from '../../mdp/goal.ts';
import type { TimeStructure } from '../../mdp/timeStructure.ts';
import type { Trajectories } from '../../mdp/trajectories.ts';
import type { World } from '../../mdp/world.ts';
import type { NamedWorld } from '../namedWorld.ts';
import { recordedGoals, refuseDeadEnds } from '../recordedGoals.ts';
import { recordedMoves } from '../recordedMoves.ts';
import { readExits } from './exitsTable.ts';
import { type ForeignRows, readFeatures } from './featuresTable.ts';
import { readInitial } from './initialTable.ts';
import type { TableFile } from './readTable.ts';
import { quoted, TableError } from './tableError.ts';
import { type Recording, readTrajectories } from './trajectoriesTable.ts';
import { readTransitions } from './transitionsTable.ts';

/** Paths of the tables: .csv or .tsv, packed with gzip (.gz) or not. */
export interface PlainTableFiles {
  readonly transitions: string;
  readonly features: string;
  readonly trajectories: string;
  /** Makes goals destinations outside the graph, entered from the states listed here. */
  readonly exits?: string | undefined;
  /** Start distribution. */
  readonly initial?: string | undefined;
  /** What a pair of the world without a row of features is: an error (default), or all zeros. */
  readonly missingFeatures?: 'error' | 'zero' | undefined;
  /** Which tables were written for another version of the world: what it lacks is left out. */
  readonly foreign?: readonly ('features' | 'exits')[] | undefined;
}

/** States, actions, goals and trajectories are sorted by name: the order of rows changes nothing. */
export interface PlainTables {
  readonly world: World;
  readonly features: FeatureMatrix;
  readonly trajectories: Trajectories;
  /** Every goal that some trajectory has; none where there is no column `goal`. */
  readonly goals: readonly Goal[];
  /** [states] start distribution, or null where none was given. */
  readonly initial: Float64Array | null;
  readonly files: readonly TableFile[];
  /** What a user should know though nothing is wrong. */
  readonly warnings: readonly string[];
}

/** Reads and checks all tables; throws a TableError that names file and line where one is wrong. */
export async function loadPlainTables(
  files: PlainTableFiles,
  time: TimeStructure,
): Promise<PlainTables> {
  const named = await readTransitions(files.transitions);
  const { recording, exits, pairs, towards } = await readBehavior(files, named, time);
  const features = await readFeaturesOf(files, named);
  const initial = files.initial === undefined ? null : await readInitial(files.initial, named);

  const tables = [named, features, recording, exits, initial].filter((table) => table !== null);
  const { names, rowStart, state, weight, folds, persons, times } = recording;
  return {
    world: named.world,
    features: features.features,
    trajectories: {
      count: names.length,
      rowStart,
      state,
      pair: pairs,
      goal: towards.goal,
      weight,
      stopped: towards.stopped,
      names,
      folds,
      ...(persons ? { persons } : {}),
      ...(times ? { times } : {}),
    },
    goals: towards.goals,
    initial: initial?.initial ?? null,
    files: tables.map(({ file }) => file),
    warnings: tables.flatMap(({ warnings }) => warnings),
  };
}

/** What was recorded, checked against a world that is read already: who did what, heading where. */
export async function readBehavior(
  files: Pick<PlainTableFiles, 'trajectories' | 'exits' | 'foreign'>,
  named: NamedWorld,
  time: TimeStructure,
) {
  const recording = await readTrajectories(files.trajectories, named);
  checkTimeStructure(recording, time, files.exits !== undefined);
  const exits =
    files.exits === undefined
      ? null
      : await readExits(files.exits, named, foreignRows(files, 'exits'));
  const pairs = recordedMoves(named, recording);
  if (time.kind === 'finite') checkHorizon(recording, pairs, time.horizon);
  const towards = recordedGoals(named, recording, pairs, exits);
  if (time.kind === 'undiscounted') refuseDeadEnds(named, recording, pairs, towards);
  return { recording, exits, pairs, towards };
}

/** Reads the tables of a world without behaviour; exits become goals, and without them there are none. */
export async function loadWorldTables(
  files: Omit<PlainTableFiles, 'trajectories' | 'initial'>,
): Promise<
  Pick<PlainTables, 'world' | 'features' | 'files' | 'warnings'> & { exits: readonly Goal[] }
> {
  const named = await readTransitions(files.transitions);
  const exits =
    files.exits === undefined
      ? null
      : await readExits(files.exits, named, foreignRows(files, 'exits'));
  const features = await readFeaturesOf(files, named);
  const tables = [named, features, exits].filter((table) => table !== null);
  return {
    world: named.world,
    features: features.features,
    exits: [...(exits?.goals.values() ?? [])],
    files: tables.map(({ file }) => file),
    warnings: tables.flatMap(({ warnings }) => warnings),
  };
}

function readFeaturesOf(
  files: Pick<PlainTableFiles, 'features' | 'missingFeatures' | 'foreign'>,
  named: NamedWorld,
): ReturnType<typeof readFeatures> {
  return readFeatures(
    files.features,
    named,
    files.missingFeatures ?? 'error',
    foreignRows(files, 'features'),
  );
}

function foreignRows(
  { foreign }: Pick<PlainTableFiles, 'foreign'>,
  table: 'features' | 'exits',
): ForeignRows {
  return foreign?.includes(table) ? 'ignore' : 'error';
}

function checkTimeStructure({ goals, file }: Recording, time: TimeStructure, hasExits: boolean) {
  const refuse = (problem: string): never => {
    throw new TableError(file.name, 1, problem);
  };
  if (goals !== null && time.kind === 'finite')
    refuse('column "goal" cannot be combined with a horizon; drop --horizon or the column');
  if (goals === null && time.kind === 'undiscounted')
    refuse(
      'column "goal" is missing, and without discount or horizon the task never ends; add the column, --discount below 1 or --horizon',
    );
  if (goals === null && hasExits)
    refuse('column "goal" is missing, which exits lead to; add the column or drop --exits');
}

function checkHorizon(
  { names, rowStart, line, file }: Recording,
  pairs: Int32Array,
  horizon: number,
): void {
  for (let i = 0; i < names.length; i++) {
    const beyond = rowStart[i] + horizon;
    if (beyond >= rowStart[i + 1] || pairs[beyond] < 0) continue;
    throw new TableError(
      file.name,
      line[beyond],
      `trajectory ${quoted(names[i])} has more decisions than the horizon of ${horizon}; use a longer --horizon, or split it`,
    );
  }
}
