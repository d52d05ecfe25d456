/**
 * GPS trips of private cars in Borlänge, Sweden, on its road network, for route choice.
 *
 * A state is a directed link; a pair is a turn into a next link. What a driver sees of a turn with
 * signed angle φ (negative to the left, empty in the file counts as 0):
 *
 *   travel time of the link entered, in minutes
 *   left turn = [φ < −0.5236 and not a U-turn]      link constant = 1      U-turn = [|φ| > 3.1]
 *
 * A trip begins on a link and ends by an exit, worth 0, to a destination outside the network.
 *
 * Reference: M. Fosgerau, E. Frejinger, A. Karlström (2013), Transportation Research B 56, 70–80.
 */

import { z } from 'zod';
import { graphWorld } from '../../environments/graphWorld.ts';
import type { FeatureMatrix } from '../../features/featureMatrix.ts';
import type { Goal } from '../../mdp/goal.ts';
import type { Trajectories } from '../../mdp/trajectories.ts';
import type { World } from '../../mdp/world.ts';
import { findPair } from '../namedWorld.ts';
import { openTable, type Table, type TableFile } from '../tables/readTable.ts';
import { Decimal, NonNegative, StepNumber } from '../tables/tableCells.ts';
import { TableError } from '../tables/tableError.ts';
import { dataFile } from './dataHome.ts';

export interface Borlange {
  readonly world: World;
  /** Per pair: travel time, left turn, link constant, U-turn. */
  readonly features: FeatureMatrix;
  /** The destinations that a trip has, by exits. */
  readonly goals: readonly Goal[];
  readonly trajectories: Trajectories;
  readonly files: readonly TableFile[];
}

const LEFT_BELOW = -0.5236;
const BACK_ABOVE = 3.1;
const FEATURES = ['travel time', 'left turn', 'link constant', 'U-turn'];

const Link = z.object({ link_id: z.string() });
const Turn = z.object({
  from_link: z.string(),
  to_link: z.string(),
  travel_time_min: NonNegative,
  turn_angle_rad: z
    .string()
    .transform((text) => (text === '' ? '0' : text))
    .pipe(Decimal),
});
const Exit = z.object({ destination_id: z.string(), from_link: z.string() });
const Step = z.object({
  trip_id: z.string(),
  destination_id: z.string(),
  step: StepNumber,
  link_id: z.string(),
});

/** Reads the network, and all trips on it. */
export async function borlange(): Promise<Borlange> {
  const links = await readLinks();
  const network = await readNetwork(links);
  const trips = await readTrips(links, network.world);
  const exits = await readExits(links, trips.destinations);
  const { rowStart, state, goal } = trips.trajectories;
  const atExit = (g: number, trip: number) =>
    exits.goals[g].stopState.includes(state[rowStart[trip + 1] - 1]);
  return {
    world: network.world,
    features: network.features,
    goals: exits.goals,
    trajectories: {
      ...trips.trajectories,
      stopped: Uint8Array.from(goal, (g, trip) => Number(atExit(g, trip))),
    },
    files: [links.file, network.file, trips.file, exits.file],
  };
}

function open(file: string, schema: z.ZodObject): Promise<Table> {
  const required = Object.keys(schema.shape);
  return openTable(dataFile('borlange', file), { required, optional: [], further: 'ignored' });
}

interface Links {
  readonly names: readonly string[];
  /** The state of a link that a table names; throws a TableError where there is none. */
  stateOf(link: string, table: Table): number;
  readonly file: TableFile;
}

async function readLinks(): Promise<Links> {
  const table = await open('links.csv', Link);
  const states = new Map<string, number>();
  for await (const { values } of table.rows(Link)) states.set(values.link_id, states.size);
  return {
    names: [...states.keys()],
    stateOf: (link, { name, line }) => {
      const state = states.get(link);
      if (state === undefined) throw new TableError(name, line(), `there is no link "${link}"`);
      return state;
    },
    file: table.summary(),
  };
}

/** Reads the turns, in any order; pairs of a state ascend in the link they lead to. */
async function readNetwork(links: Links) {
  const table = await open('transitions.csv', Turn);
  const turns: { from: number; to: number; time: number; angle: number }[] = [];
  for await (const { values } of table.rows(Turn)) {
    turns.push({
      from: links.stateOf(values.from_link, table),
      to: links.stateOf(values.to_link, table),
      time: values.travel_time_min,
      angle: values.turn_angle_rad,
    });
  }
  turns.sort((a, b) => a.from - b.from || a.to - b.to);

  const edgeStart = new Int32Array(links.names.length + 1);
  const values = new Float64Array(turns.length * FEATURES.length);
  turns.forEach(({ from, to, time, angle }, edge) => {
    const before = turns[edge - 1];
    if (before?.from === from && before.to === to) {
      const turn = `${links.names[from]} to ${links.names[to]}`;
      throw new TableError(table.name, null, `the turn from ${turn} is there twice`);
    }
    edgeStart[from + 1]++;
    const back = Math.abs(angle) > BACK_ABOVE;
    values[edge * 4] = time;
    values[edge * 4 + 1] = angle < LEFT_BELOW && !back ? 1 : 0;
    values[edge * 4 + 2] = 1;
    values[edge * 4 + 3] = back ? 1 : 0;
  });
  for (let s = 0; s < links.names.length; s++) edgeStart[s + 1] += edgeStart[s];
  const world = graphWorld(
    links.names,
    edgeStart,
    Int32Array.from(turns, ({ to }) => to),
  );
  const features: FeatureMatrix = { names: FEATURES, per: 'pair', values };
  return { world, features, file: table.summary() };
}

/** Reads the trips; goals are numbered as their destinations first occur. */
async function readTrips(links: Links, world: World) {
  const table = await open('trips.csv', Step);
  const goalOf = new Map<string, number>();
  const names: string[] = [];
  const goal: number[] = [];
  const rowStart: number[] = [];
  const state: number[] = [];
  const pair: number[] = [];
  for await (const { line, values } of table.rows(Step)) {
    const { trip_id: trip, destination_id: destination } = values;
    if (!goalOf.has(destination)) goalOf.set(destination, goalOf.size);
    const heading = goalOf.get(destination) ?? -1;
    if (names.at(-1) !== trip) {
      names.push(trip);
      goal.push(heading);
      rowStart.push(state.length);
    }
    const row = state.length;
    const step = row - rowStart[names.length - 1];
    if (values.step !== step || goal[names.length - 1] !== heading) {
      const problem = `trip ${trip} must go on with step ${step} and keep its destination`;
      throw new TableError(table.name, line, problem);
    }
    const link = links.stateOf(values.link_id, table);
    if (step > 0) {
      pair[row - 1] = findPair(world, state[row - 1], link);
      if (pair[row - 1] < 0) {
        const turn = `${links.names[state[row - 1]]} to ${values.link_id}`;
        throw new TableError(table.name, line, `there is no turn from ${turn}`);
      }
    }
    state.push(link);
    pair.push(-1);
  }
  rowStart.push(state.length);
  const trajectories: Omit<Trajectories, 'stopped'> = {
    count: names.length,
    rowStart: Int32Array.from(rowStart),
    state: Int32Array.from(state),
    pair: Int32Array.from(pair),
    goal: Int32Array.from(goal),
    weight: new Float64Array(names.length).fill(1),
    names,
    folds: null,
  };
  return { trajectories, destinations: [...goalOf.keys()], file: table.summary() };
}

/** Reads the exits of the destinations that occur. */
async function readExits(links: Links, destinations: readonly string[]) {
  const table = await open('destinations.csv', Exit);
  const exitsOf = new Map(destinations.map((name) => [name, new Set<number>()]));
  for await (const { values } of table.rows(Exit)) {
    const exit = links.stateOf(values.from_link, table);
    exitsOf.get(values.destination_id)?.add(exit);
  }
  const goals = Array.from(exitsOf, ([name, exits]): Goal => {
    const stopState = Int32Array.from(exits).sort();
    return { name, absorbing: false, stopState, stopReward: new Float64Array(stopState.length) };
  });
  return { goals, file: table.summary() };
}
