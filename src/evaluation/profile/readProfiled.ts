/**
 * Plain tables read for a look, however faulty: what can be read is, and what cannot is told. Whether
 * a fit would take them is asked of the same strict reading that a fit uses.
 */

import { type LooseMoves, looseMoves, moveFaults } from '../../demonstrations/looseMoves.ts';
import type { NamedWorld } from '../../demonstrations/namedWorld.ts';
import { seenWorld } from '../../demonstrations/seenWorld.ts';
import { type ExitsTable, readExits } from '../../demonstrations/tables/exitsTable.ts';
import { readFeatures } from '../../demonstrations/tables/featuresTable.ts';
import { readInitial } from '../../demonstrations/tables/initialTable.ts';
import {
  type LooseRecording,
  readLooseRecording,
} from '../../demonstrations/tables/looseRecording.ts';
import { numbersOf } from '../../demonstrations/tables/nameIndex.ts';
import { readPlaces } from '../../demonstrations/tables/placesTable.ts';
import { readBehavior } from '../../demonstrations/tables/plainTables.ts';
import type { TableFile } from '../../demonstrations/tables/table.ts';
import { TableError } from '../../demonstrations/tables/tableError.ts';
import { readTracks } from '../../demonstrations/tables/tracksTable.ts';
import { readTransitions } from '../../demonstrations/tables/transitionsTable.ts';
import { layoutOfNames } from '../../environments/layoutOfNames.ts';
import type { Goal } from '../../mdp/goal.ts';
import type { TimeStructure } from '../../mdp/timeStructure.ts';
import type { World } from '../../mdp/world.ts';
import type { Profiled } from './profiled.ts';

/** Paths of the tables; all but the first may be absent. */
export interface ProfiledFiles {
  readonly trajectories: string;
  readonly transitions?: string | undefined;
  readonly features?: string | undefined;
  readonly exits?: string | undefined;
  readonly initial?: string | undefined;
  readonly missingFeatures?: 'error' | 'zero' | undefined;
  /** What a pipeline writes beside them: whose tracks, and where states lie. */
  readonly tracks?: string | undefined;
  readonly states?: string | undefined;
}

/** What was read, and of which files. */
export interface ProfileSource {
  /** Null where the trajectories could not be read. */
  readonly data: Profiled | null;
  readonly files: readonly TableFile[];
  readonly warnings: readonly string[];
  /** Why tables cannot be read. */
  readonly unreadable: readonly string[];
}

/** @param look how far ahead people look; null where that was not said */
export async function readProfiled(
  files: ProfiledFiles,
  look: TimeStructure | null,
): Promise<ProfileSource> {
  const unreadable: string[] = [];
  const read: { readonly file: TableFile; readonly warnings?: readonly string[] }[] = [];
  /** What was read, or null where there is no such table or it is faulty, which is then told. */
  const tried = async <Table extends (typeof read)[number]>(
    path: string | undefined,
    reader: (path: string) => Promise<Table>,
  ): Promise<Table | null> => {
    if (path === undefined) return null;
    const outcome = await tableOrMessage(() => reader(path));
    if (typeof outcome === 'string') {
      unreadable.push(outcome);
      return null;
    }
    read.push(outcome);
    return outcome;
  };

  const named = await tried(files.transitions, readTransitions);
  const recording = await tried(files.trajectories, (path) => readLooseRecording(path, named));
  // The other tables speak of the world by name: without it they cannot be judged.
  const ifNamed = (path: string | undefined) => (named ? path : undefined);
  const exits = await tried(ifNamed(files.exits), (path) => readExits(path, named!));
  const features = await tried(ifNamed(files.features), (path) =>
    readFeatures(path, named!, files.missingFeatures ?? 'error'),
  );
  await tried(ifNamed(files.initial), (path) => readInitial(path, named!));
  const about = () => ({
    files: read.map(({ file }) => file),
    warnings: read.flatMap(({ warnings }) => warnings ?? []),
    unreadable,
  });
  if (!recording) return { data: null, ...about() };

  const world = named?.world ?? seenWorld(recording);
  const moves = named ? looseMoves(world, recording) : movesAsSeen(world, recording);
  const tracks =
    files.tracks === undefined ? null : await tableOrMessage(() => readTracks(files.tracks!));
  const judgesGoals = files.exits === undefined || exits !== null;
  const { goals, goal } = judgesGoals
    ? goalsOf(recording, world, exits)
    : { goals: [], goal: new Int32Array(recording.names.length).fill(-1) };
  const { names, rowStart, state, weight, folds, persons } = recording;
  const time = look ?? (recording.goals ? ({ kind: 'undiscounted' } as const) : null);
  const data: Profiled = {
    world,
    isGiven: named !== null,
    layout: layoutOfNames(world) ?? (await placesOf(files.states, world)),
    recording,
    moves,
    trajectories: {
      count: names.length,
      rowStart,
      state,
      pair: moves.pair,
      goal,
      weight,
      stopped: stoppedOf(recording, goals, goal),
      names,
      folds,
      ...(persons ? { persons } : {}),
    },
    goals,
    judgesGoals,
    time,
    features: features?.features ?? null,
    tracks: tracks === null || typeof tracks === 'string' ? null : tracks,
    refusal: named && (await refusalOf(files, named, time)),
  };
  return { data, ...about() };
}

/** In a world of what was seen, an action whose outcome nobody recorded is no fault. */
function movesAsSeen(world: World, recording: LooseRecording): LooseMoves {
  const { pair, fault } = looseMoves(world, recording);
  const unavailable = moveFaults.indexOf('unavailable action');
  return { pair, fault: fault.map((kind) => (kind === unavailable ? 0 : kind)) };
}

/** What a function returns, or what is wrong with a table if it says so. */
async function tableOrMessage<T extends object>(read: () => Promise<T>): Promise<T | string> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof TableError) return error.message;
    throw error;
  }
}

/** Why a fit refuses what was recorded; null where it does not. */
async function refusalOf(
  files: ProfiledFiles,
  named: NamedWorld,
  time: TimeStructure | null,
): Promise<string | null> {
  // Where nothing says how far ahead people look, a discount asks least of the tables.
  const asked = time ?? ({ kind: 'discounted', discount: 0.9 } as const);
  const { trajectories, exits } = files;
  const outcome = await tableOrMessage(() => readBehavior({ trajectories, exits }, named, asked));
  return typeof outcome === 'string' ? outcome : null;
}

/** The goals there are, sorted by name, and [trajectories] which of them each has; −1 for none. */
function goalsOf(
  recording: LooseRecording,
  world: World,
  exits: ExitsTable | null,
): { goals: Goal[]; goal: Int32Array } {
  const { goals: wanted } = recording;
  if (!wanted) return { goals: [], goal: new Int32Array(recording.names.length).fill(-1) };
  const stateNumber = numbersOf(world.stateNames);
  const goals: Goal[] = [];
  const number = new Map<string, number>();
  for (const name of [...new Set(wanted)].sort()) {
    const goal = exits ? exits.goals.get(name) : goalState(name, stateNumber);
    if (goal) number.set(name, goals.push(goal) - 1);
  }
  return { goals, goal: Int32Array.from(wanted, (name) => number.get(name) ?? -1) };
}

function goalState(name: string, stateNumber: ReadonlyMap<string, number>): Goal | undefined {
  const state = stateNumber.get(name);
  return state === undefined
    ? undefined
    : { name, absorbing: true, stopState: Int32Array.of(state), stopReward: Float64Array.of(0) };
}

/** [trajectories] 1 where the last row is left by an exit to the goal. */
function stoppedOf(
  recording: LooseRecording,
  goals: readonly Goal[],
  goal: Int32Array,
): Uint8Array {
  const { rowStart, state, action } = recording;
  return Uint8Array.from(goal, (g, i) => {
    const last = rowStart[i + 1] - 1;
    const acts = action !== null && action[last] >= 0;
    return g >= 0 && !goals[g].absorbing && !acts && goals[g].stopState.includes(state[last])
      ? 1
      : 0;
  });
}

async function placesOf(path: string | undefined, world: World) {
  if (path === undefined) return null;
  const places = await tableOrMessage(async () => ({
    layout: await readPlaces(path, world.stateNames),
  }));
  return typeof places === 'string' ? null : places.layout;
}
