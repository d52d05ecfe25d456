/**
 * The roads of central Shanghai as a world, and what drivers see of them; see `shanghaiTaxi`.
 *
 * A state is a directed link; a pair is a turn into a next link, which leads from one crossing on.
 */

import { z } from 'zod';
import { graphWorld } from '../../environments/graphWorld.ts';
import type { FeatureMatrix } from '../../features/featureMatrix.ts';
import type { Layout } from '../../mdp/layout.ts';
import type { World } from '../../mdp/world.ts';
import { openTable, type Table, type TableFile } from '../tables/readTable.ts';
import { Decimal, Id, NonNegative, StepNumber } from '../tables/tableCells.ts';
import { quoted, TableError } from '../tables/tableError.ts';
import { dataFile } from './dataHome.ts';

/** A crossing, in degrees north and east. */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** A stretch of road in one direction. */
export interface Link {
  readonly from: Place;
  readonly to: Place;
  readonly roadClass: string;
  /** In metres. */
  readonly length: number;
}

export interface ShanghaiRoads {
  readonly world: World;
  /** Per pair: length, left turn, right turn, U-turn, link constant, and any road classes. */
  readonly features: FeatureMatrix;
  /** [states] */
  readonly links: readonly Link[];
  /** The state of a link that a table names; throws a TableError where there is none. */
  stateOf(link: string, table: Table): number;
  readonly files: readonly TableFile[];
}

const FEATURES = ['length', 'left turn', 'right turn', 'U-turn', 'link constant'];
const LEFT = 6;
const RIGHT = 2;
const BACK = 4;
const BASE_CLASS = 'residential';
const CLASSES = [
  'primary',
  'secondary',
  'tertiary',
  'unclassified',
  BASE_CLASS,
  'living_street',
] as const;
const SEEN_CLASSES = CLASSES.filter((roadClass) => roadClass !== BASE_CLASS);

const Node = z.object({ node_id: Id, lat: Decimal, lon: Decimal });
const Edge = z.object({
  edge_id: Id,
  from_node: Id,
  to_node: Id,
  road_class: z.literal(CLASSES, `must be one of ${CLASSES.join(', ')}`),
  length_m: NonNegative,
});
const Turn = z.object({
  from_edge: Id,
  to_edge: Id,
  direction_code: StepNumber.refine((code) => code < 8, 'must be a direction from 0 to 7'),
});

/** Reads crossings, links and turns. */
export async function shanghaiRoads(roadClasses: boolean): Promise<ShanghaiRoads> {
  const places = await readPlaces();
  const network = await readLinks(places.byName);
  const { world, features, file } = await readTurns(network, roadClasses);
  const { links, stateOf } = network;
  return { world, features, links, stateOf, files: [places.file, network.file, file] };
}

/** Opens a table of the data set, which must have the columns of `schema`. */
export function openShanghai(file: string, schema: z.ZodObject): Promise<Table> {
  const required = Object.keys(schema.shape);
  return openTable(dataFile('shanghai_taxi', file), { required, optional: [], further: 'ignored' });
}

async function readPlaces() {
  const table = await openShanghai('nodes.csv', Node);
  const byName = new Map<string, Place>();
  for await (const { values } of table.rows(Node))
    byName.set(values.node_id, { latitude: values.lat, longitude: values.lon });
  return { byName, file: table.summary() };
}

interface Network {
  readonly names: readonly string[];
  readonly links: readonly Link[];
  /** The state of a link that a table names; throws a TableError where there is none. */
  stateOf(link: string, table: Table): number;
  readonly file: TableFile;
}

async function readLinks(places: ReadonlyMap<string, Place>): Promise<Network> {
  const table = await openShanghai('edges.csv', Edge);
  const states = new Map<string, number>();
  const links: Link[] = [];
  for await (const { line, values } of table.rows(Edge)) {
    const { edge_id: name, from_node, to_node, road_class: roadClass, length_m: length } = values;
    const [from, to] = [from_node, to_node].map((node) => {
      const place = places.get(node);
      if (!place) throw new TableError(table.name, line, `there is no node ${quoted(node)}`);
      return place;
    });
    if (states.has(name))
      throw new TableError(table.name, line, `link ${quoted(name)} is there twice`);
    states.set(name, links.length);
    links.push({ from, to, roadClass, length });
  }
  return {
    names: [...states.keys()],
    links,
    stateOf: (link, { name, line }) => {
      const state = states.get(link);
      if (state === undefined) throw new TableError(name, line(), `there is no link "${link}"`);
      return state;
    },
    file: table.summary(),
  };
}

/** Reads the turns, in any order; pairs of a state ascend in the link they lead to. */
async function readTurns({ names, links, stateOf }: Network, roadClasses: boolean) {
  const table = await openShanghai('transitions.csv', Turn);
  const turns: { from: number; to: number; code: number }[] = [];
  for await (const { values } of table.rows(Turn))
    turns.push({
      from: stateOf(values.from_edge, table),
      to: stateOf(values.to_edge, table),
      code: values.direction_code,
    });
  turns.sort((a, b) => a.from - b.from || a.to - b.to);

  const edgeStart = new Int32Array(names.length + 1);
  turns.forEach(({ from, to }, edge) => {
    const before = turns[edge - 1];
    if (before?.from === from && before.to === to) {
      const turn = `${names[from]} to ${names[to]}`;
      throw new TableError(table.name, null, `the turn from ${turn} is there twice`);
    }
    edgeStart[from + 1]++;
  });
  for (let s = 0; s < names.length; s++) edgeStart[s + 1] += edgeStart[s];
  const classes = roadClasses ? SEEN_CLASSES : [];
  const rows = turns.flatMap(({ to, code }) => [
    links[to].length / 100,
    code === LEFT ? 1 : 0,
    code === RIGHT ? 1 : 0,
    code === BACK ? 1 : 0,
    1,
    ...classes.map((roadClass) => (links[to].roadClass === roadClass ? 1 : 0)),
  ]);
  const features: FeatureMatrix = {
    names: [...FEATURES, ...classes.map((roadClass) => roadClass.replace('_', ' '))],
    per: 'pair',
    values: Float64Array.from(rows),
  };
  const target = Int32Array.from(turns, ({ to }) => to);
  const world = { ...graphWorld(names, edgeStart, target), layout: layoutOf(links) };
  return { world, features, file: table.summary() };
}

/** Where links lie on a plane map, in degrees of latitude; north is up. */
function layoutOf(links: readonly Link[]): Layout {
  const middle = links.reduce((sum, { from }) => sum + from.latitude, 0) / links.length;
  const shrink = Math.cos((middle * Math.PI) / 180);
  const ends = links.flatMap(({ from, to }) => [
    shrink * from.longitude,
    -from.latitude,
    shrink * to.longitude,
    -to.latitude,
  ]);
  return { kind: 'segments', position: Float64Array.from(ends) };
}
