/**
 * Synthetic road networks for route choice, deterministic, with the features of a link-based
 * choice model.
 *
 * - `roadGrid`: a square of crossings joined by two-way streets of random length, some missing. A
 *   state is a directed link, a pair a turn into the next link.
 * - `cellGrid`: a square of cells joined to their neighbours by edges of random length. One
 *   feature, so that the reward −β · length becomes infeasible below one critical β.
 */

import { z } from 'zod';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import type { World } from '../mdp/world.ts';
import type { Rng } from '../numeric/rng.ts';
import { graphWorld } from './graphWorld.ts';

/** A graph to travel on, and what a traveller sees of each move. */
export interface RoadNetwork {
  readonly world: World;
  /** Per pair. */
  readonly features: FeatureMatrix;
}

export const RoadGridOptions = z.strictObject({
  size: z.int().min(2).default(20).describe('Crossings along each side'),
  drop: z.number().min(0).lt(1).default(0.1).describe('Share of streets that are missing'),
});
export type RoadGridOptions = z.input<typeof RoadGridOptions>;

export const CellGridOptions = z.strictObject({
  size: z.int().min(2).default(32).describe('Cells along each side'),
});
export type CellGridOptions = z.input<typeof CellGridOptions>;

/** East, north, west, south: a turn of +1 is to the left, of 2 back. */
const DX = [1, 0, -1, 0];
const DY = [0, 1, 0, -1];
const LEFT = 1;
const BACK = 2;

interface Links {
  readonly count: number;
  /** [crossings × 4] the link that leaves a crossing in each direction; −1 where there is none. */
  readonly leaving: Int32Array;
  /** [links] */
  readonly tail: Int32Array;
  readonly head: Int32Array;
  readonly direction: Int32Array;
  readonly length: Float64Array;
}

/**
 * Draws a road grid; lengths are uniform on [0.5, 1.5). A state is named 'tail>head' by its
 * crossings. Every link can be followed by a U-turn, so none is a dead end, but dropped streets
 * may cut the grid in parts.
 */
export function roadGrid(options: RoadGridOptions, rng: Rng): RoadNetwork {
  const { size, drop } = RoadGridOptions.parse(options);
  const links = drawLinks(size, drop, rng);
  const { count, leaving, tail, head, direction, length } = links;

  const edgeStart = new Int32Array(count + 1);
  for (let link = 0; link < count; link++) {
    let turns = 0;
    for (let d = 0; d < 4; d++) if (leaving[head[link] * 4 + d] >= 0) turns++;
    edgeStart[link + 1] = edgeStart[link] + turns;
  }
  const edgeTarget = new Int32Array(edgeStart[count]);
  const names = ['length', 'left turn', 'link constant', 'U-turn'];
  const values = new Float64Array(edgeTarget.length * names.length);
  for (let link = 0, edge = 0; link < count; link++) {
    for (let d = 0; d < 4; d++) {
      const next = leaving[head[link] * 4 + d];
      if (next < 0) continue;
      const turn = (d - direction[link] + 4) % 4;
      edgeTarget[edge] = next;
      values[edge * 4] = length[next];
      values[edge * 4 + 1] = turn === LEFT ? 1 : 0;
      values[edge * 4 + 2] = 1;
      values[edge * 4 + 3] = turn === BACK ? 1 : 0;
      edge++;
    }
  }
  const stateNames = Array.from({ length: count }, (_, link) => `${tail[link]}>${head[link]}`);
  return {
    world: graphWorld(stateNames, edgeStart, edgeTarget),
    features: { names, per: 'pair', values },
  };
}

/** Draws a cell grid; lengths are uniform on [0.5, 1.5), one per direction of each edge. */
export function cellGrid(options: CellGridOptions, rng: Rng): RoadNetwork {
  const { size } = CellGridOptions.parse(options);
  const edgeStart = new Int32Array(size * size + 1);
  const edgeTarget = new Int32Array(4 * size * (size - 1));
  const values = new Float64Array(edgeTarget.length);
  let edge = 0;
  for (let y = 0, s = 0; y < size; y++) {
    for (let x = 0; x < size; x++, s++) {
      for (let d = 0; d < 4; d++) {
        const nx = x + DX[d];
        const ny = y + DY[d];
        if (nx < 0 || ny < 0 || nx >= size || ny >= size) continue;
        edgeTarget[edge] = ny * size + nx;
        values[edge++] = 0.5 + rng();
      }
      edgeStart[s + 1] = edge;
    }
  }
  const stateNames = Array.from(
    { length: size * size },
    (_, s) => `${s % size},${Math.floor(s / size)}`,
  );
  return {
    world: graphWorld(stateNames, edgeStart, edgeTarget),
    features: { names: ['length'], per: 'pair', values },
  };
}

function drawLinks(size: number, drop: number, rng: Rng): Links {
  const most = 4 * size * (size - 1);
  const leaving = new Int32Array(size * size * 4).fill(-1);
  const tail = new Int32Array(most);
  const head = new Int32Array(most);
  const direction = new Int32Array(most);
  const length = new Float64Array(most);
  let count = 0;
  const add = (from: number, to: number, d: number, long: number) => {
    leaving[from * 4 + d] = count;
    tail[count] = from;
    head[count] = to;
    direction[count] = d;
    length[count++] = long;
  };
  for (let y = 0, from = 0; y < size; y++) {
    for (let x = 0; x < size; x++, from++) {
      for (let d = 0; d < 2; d++) {
        const nx = x + DX[d];
        const ny = y + DY[d];
        if (nx >= size || ny >= size) continue;
        const long = 0.5 + rng();
        if (rng() < drop) continue;
        const to = ny * size + nx;
        add(from, to, d, long);
        add(to, from, d + BACK, long);
      }
    }
  }
  return { count, leaving, tail, head, direction, length };
}
