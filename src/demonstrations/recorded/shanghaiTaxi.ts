/**
 * Taxi trips on the roads of central Shanghai, for route choice.
 *
 * A state is a directed link; a pair is a turn into a next link. What a driver sees of a turn:
 *
 *   length of the link entered, in 100 m      link constant = 1
 *   left = [code 6]    right = [code 2]    U-turn = [code 4]      (the diagonals are none of them)
 *
 * and, if wanted, the class of the road entered, residential streets being the base. A trip begins
 * on a link and ends on arrival at the link it is heading for.
 *
 * Reference: Z. Zhao, Y. Liang (2023), Transportation Research Part C 149, 104079.
 */

import { z } from 'zod';
import type { FeatureMatrix } from '../../features/featureMatrix.ts';
import type { Goal } from '../../mdp/goal.ts';
import type { Trajectories } from '../../mdp/trajectories.ts';
import type { World } from '../../mdp/world.ts';
import { findPair } from '../namedWorld.ts';
import type { TableFile } from '../tables/readTable.ts';
import { Id } from '../tables/tableCells.ts';
import { quoted, TableError } from '../tables/tableError.ts';
import { type Link, openShanghai, type ShanghaiRoads, shanghaiRoads } from './shanghaiRoads.ts';
import {
  readShanghaiSubsets,
  SHANGHAI_FOLDS,
  SHANGHAI_TRAIN_SIZES,
  ShanghaiFold,
} from './shanghaiSubsets.ts';

export const ShanghaiTaxiOptions = z
  .strictObject({
    fold: z
      .int()
      .min(0)
      .max(SHANGHAI_FOLDS - 1)
      .optional()
      .describe('The published fold to test on; all trips, by fold, where absent'),
    trainSize: z
      .literal(SHANGHAI_TRAIN_SIZES)
      .optional()
      .describe('Train on the published subset of this size; all other folds where absent'),
    roadClasses: z.boolean().default(false).describe('Whether drivers see the class of a road'),
  })
  .refine(({ fold, trainSize }) => trainSize === undefined || fold !== undefined, {
    path: ['trainSize'],
    error: 'a training subset belongs to a fold: give "fold" too',
  });
export type ShanghaiTaxiOptions = z.input<typeof ShanghaiTaxiOptions>;

export interface ShanghaiTaxi {
  readonly world: World;
  /** Per pair: length, left turn, right turn, U-turn, link constant, and any road classes. */
  readonly features: FeatureMatrix;
  /** Every link that some trip of the data set ends on. */
  readonly goals: readonly Goal[];
  /** Of one fold: `train` and `test`; else all trips, `0` … `4` as published. */
  readonly trajectories: Trajectories;
  /** [states] where the links lie. */
  readonly links: readonly Link[];
  readonly files: readonly TableFile[];
}

const Trip = z.object({
  trip_id: Id,
  test_fold: ShanghaiFold,
  edge_path: Id,
});

/** Reads the network, and the trips of the published cross-validation that are asked for. */
export async function shanghaiTaxi(options: ShanghaiTaxiOptions = {}): Promise<ShanghaiTaxi> {
  const { fold, trainSize, roadClasses } = ShanghaiTaxiOptions.parse(options);
  const roads = await shanghaiRoads(roadClasses);
  const { world, features, links } = roads;
  const trips = await readTrips(roads);
  const files = [...roads.files, trips.file];
  let foldOf: (trip: RecordedTrip) => string | null = (trip) => `${trip.fold}`;
  if (fold !== undefined && trainSize === undefined)
    foldOf = (trip) => (trip.fold === fold ? 'test' : 'train');
  if (fold !== undefined && trainSize !== undefined) {
    const { subsets, file } = await readShanghaiSubsets(
      trainSize,
      new Map(trips.all.map((trip) => [trip.name, trip.fold])),
    );
    foldOf = (trip) =>
      trip.fold === fold ? 'test' : subsets[fold].has(trip.name) ? 'train' : null;
    files.push(file);
  }
  const goals = goalsOf(trips.all, world.stateNames);
  return {
    world,
    features,
    goals,
    trajectories: trajectoriesOf(trips.all, goals, foldOf),
    links,
    files,
  };
}

interface RecordedTrip {
  readonly name: string;
  /** The fold that tests on it. */
  readonly fold: number;
  /** The links passed, first and last included. */
  readonly state: readonly number[];
  /** The turns between them. */
  readonly pair: readonly number[];
}

async function readTrips({ world, stateOf }: ShanghaiRoads) {
  const table = await openShanghai('trips.csv', Trip);
  const all: RecordedTrip[] = [];
  const names = new Set<string>();
  for await (const { line, values } of table.rows(Trip)) {
    const { trip_id: name, test_fold: fold, edge_path } = values;
    if (names.has(name))
      throw new TableError(table.name, line, `trip ${quoted(name)} is there twice`);
    names.add(name);
    const path = edge_path.split(' ');
    const state = path.map((link) => stateOf(link, table));
    const pair = state.slice(1).map((to, step) => {
      const turn = findPair(world, state[step], to);
      if (turn >= 0) return turn;
      const missing = `${path[step]} to ${path[step + 1]}`;
      throw new TableError(table.name, line, `there is no turn from ${missing}`);
    });
    const end = state[pair.length];
    if (state.indexOf(end) < pair.length)
      throw new TableError(
        table.name,
        line,
        `trip ${name} passes link ${path[pair.length]}, where it ends, before its end`,
      );
    all.push({ name, fold, state, pair });
  }
  return { all, file: table.summary() };
}

/** Returns a goal for every link that some trip ends on, in the order of the links. */
function goalsOf(trips: readonly RecordedTrip[], names: readonly string[]): Goal[] {
  const ends = new Set(trips.map(({ state }) => state[state.length - 1]));
  return Array.from(Int32Array.from(ends).sort(), (state) => ({
    name: names[state],
    absorbing: true,
    stopState: Int32Array.of(state),
    stopReward: new Float64Array(1),
  }));
}

/** @param foldOf the fold that a trip is put in, or null for one that is left out */
function trajectoriesOf(
  all: readonly RecordedTrip[],
  goals: readonly Goal[],
  foldOf: (trip: RecordedTrip) => string | null,
): Trajectories {
  const folds = all.map(foldOf);
  const isKept = (i: number) => folds[i] !== null;
  const trips = all.filter((_, i) => isKept(i));
  const goalOf = new Map(goals.map(({ stopState }, goal) => [stopState[0], goal]));
  const rowStart = new Int32Array(trips.length + 1);
  trips.forEach(({ state }, i) => {
    rowStart[i + 1] = rowStart[i] + state.length;
  });
  const state = new Int32Array(rowStart[trips.length]);
  const pair = new Int32Array(rowStart[trips.length]).fill(-1);
  trips.forEach((trip, i) => {
    state.set(trip.state, rowStart[i]);
    pair.set(trip.pair, rowStart[i]);
  });
  return {
    count: trips.length,
    rowStart,
    state,
    pair,
    goal: Int32Array.from(trips, (trip) => goalOf.get(trip.state[trip.state.length - 1]) ?? -1),
    weight: new Float64Array(trips.length).fill(1),
    stopped: new Uint8Array(trips.length),
    names: trips.map(({ name }) => name),
    folds: folds.filter((fold) => fold !== null),
  };
}
