/**
 * Positions of a trip matched to roads by a hidden Markov model: where on which link it was at each,
 * and what it drove between.
 *
 *   p(z | x)  ∝ exp(−|z − x|² / 2σ²)          z a position, x the nearest point of a link
 *   p(x′ | x) ∝ exp(−|d(x, x′) − |z − z′|| / β)   d: metres to drive from x to x′
 *
 * The likeliest sequence of points is found by Viterbi. A position less than 2σ from the last one
 * kept says little but noise, and is passed over (the last one is kept). Where the next position is
 * behind the last one on the same link, by no more than 3σ, the trip is taken to have stood still. A
 * trip breaks where a position is near no link, or nothing leads on within the detour allowed; its
 * pieces are matched one by one.
 *
 * Reference: P. Newson, J. Krumm (2009), Hidden Markov map matching through noise and sparseness,
 * ACM SIGSPATIAL GIS, 336–343; eqs. 1 and 2.
 */

import { z } from 'zod';
import { type TrellisEdges, viterbi } from '../../numeric/viterbi.ts';
import { type LinkRoutes, linkRoutes } from './linkRoutes.ts';
import { type LinkPoint, nearbyLinks } from './nearbyLinks.ts';
import type { RoadNetwork } from './roadNetwork.ts';

export const MatchOptions = z.strictObject({
  sigma: z.number().positive().default(10).describe('Noise σ of positions, in metres'),
  beta: z
    .number()
    .positive()
    .default(20)
    .describe('How far driving and straight distance differ, β in metres'),
  radius: z
    .number()
    .positive()
    .optional()
    .describe(
      'Links within so many metres of a position may be meant; 5 σ, at least 50, if absent',
    ),
  detour: z
    .number()
    .positive()
    .default(2000)
    .describe('Metres that driving from one position to the next may be longer than straight on'),
});
export type MatchOptions = z.input<typeof MatchOptions>;

/** Part of a trip that is matched without a break. */
export interface MatchedPiece {
  /** Every link driven, in order, those without a position included. */
  readonly links: readonly number[];
  /** [positions used] number of each position in the trip, ascending. */
  readonly positions: readonly number[];
  /** [positions used] where it was. */
  readonly points: readonly LinkPoint[];
  /** [positions used − 1] metres driven from each to the next. */
  readonly driven: readonly number[];
}

export interface TripBreak {
  /** Number of the position that could not be reached, or has no link nearby. */
  readonly position: number;
  readonly reason: 'no link nearby' | 'no way on';
}

export interface MatchedTrip {
  readonly pieces: readonly MatchedPiece[];
  readonly breaks: readonly TripBreak[];
}

/** How far behind the last one a position on the same link may be by noise, in σ. */
const BACKWARDS = 3;
/** Positions nearer to the last one than this are passed over, in σ. */
const TOO_NEAR = 2;

/**
 * Returns what matches trips, one after another; what it learned of the network serves them all.
 * A trip is [positions × 2] x and y in metres on the plane of the network, in the order of time.
 */
export function tripMatcher(
  network: RoadNetwork,
  options: MatchOptions = {},
): (positions: Float64Array) => MatchedTrip {
  const { sigma, beta, detour, ...given } = MatchOptions.parse(options);
  const nearby = nearbyLinks(network, given.radius ?? Math.max(5 * sigma, 50));
  const routes = linkRoutes(network);
  const model = { network, routes, sigma, beta, detour };
  return (positions) => {
    if (positions.length % 2 !== 0 || positions.some((x) => !Number.isFinite(x)))
      throw new RangeError(
        'Cannot match a trip: wanted x and y of every position, finite numbers in metres',
      );
    const breaks: TripBreak[] = [];
    const pieces: MatchedPiece[] = [];
    let run: Stage[] = [];
    const finishRun = (): void => {
      pieces.push(...matchRun(run, model, breaks));
      run = [];
    };
    for (const position of apart(positions, TOO_NEAR * sigma)) {
      const [x, y] = [positions[2 * position], positions[2 * position + 1]];
      const candidates = nearby(x, y);
      if (candidates.length === 0) {
        breaks.push({ position, reason: 'no link nearby' });
        finishRun();
      } else run.push({ position, x, y, candidates });
    }
    finishRun();
    breaks.sort((a, b) => a.position - b.position);
    return { pieces, breaks };
  };
}

/** A position with the points that may be meant. */
interface Stage {
  readonly position: number;
  readonly x: number;
  readonly y: number;
  readonly candidates: readonly LinkPoint[];
}

interface Model {
  readonly network: RoadNetwork;
  readonly routes: LinkRoutes;
  readonly sigma: number;
  readonly beta: number;
  readonly detour: number;
}

/** Numbers of the positions that are so far from the last one kept; the first and the last always. */
function apart(positions: Float64Array, least: number): number[] {
  const count = positions.length / 2;
  const kept: number[] = [];
  for (let i = 0; i < count; i++) {
    const last = kept.at(-1);
    if (last !== undefined) {
      const away = Math.hypot(
        positions[2 * i] - positions[2 * last],
        positions[2 * i + 1] - positions[2 * last + 1],
      );
      if (away < least && i < count - 1) continue;
    }
    kept.push(i);
  }
  return kept;
}

/** Matches positions that all have candidates; where nothing leads on, the later part comes first. */
function matchRun(run: readonly Stage[], model: Model, breaks: TripBreak[]): MatchedPiece[] {
  const pieces: MatchedPiece[] = [];
  let end = run.length;
  const layers = run.slice(1).map((next, t) => layerBetween(run[t], next, model));
  while (end > 0) {
    const best = viterbi({
      layerCount: end - 1,
      layer: (t) => layers[t],
      lastCount: run[end - 1].candidates.length,
      deadEnds: 'spoil',
    });
    const first = best.stage;
    const start = largest(
      run[first].candidates.map(
        (candidate, s) => best.ahead[s] - candidate.distance ** 2 / (2 * model.sigma ** 2),
      ),
    );
    pieces.unshift(pieceOf(run.slice(first, end), best.follow(start).states, model));
    if (first > 0) breaks.push({ position: run[first].position, reason: 'no way on' });
    end = first;
  }
  return pieces;
}

/** Edges from the candidates of one position to those of the next, with what their noise says. */
function layerBetween(from: Stage, to: Stage, model: Model): TrellisEdges {
  const straight = Math.hypot(to.x - from.x, to.y - from.y);
  const start = new Int32Array(from.candidates.length + 1);
  const target: number[] = [];
  const weight: number[] = [];
  from.candidates.forEach((a, i) => {
    to.candidates.forEach((b, j) => {
      const metres = driven(a, b, straight, model);
      if (metres === Number.POSITIVE_INFINITY) return;
      target.push(j);
      weight.push(
        -Math.abs(metres - straight) / model.beta - b.distance ** 2 / (2 * model.sigma ** 2),
      );
    });
    start[i + 1] = target.length;
  });
  return { start, to: Int32Array.from(target), weight: Float64Array.from(weight) };
}

/** Metres to drive from one point to the next; Infinity where that is too much of a detour. */
function driven(
  a: LinkPoint,
  b: LinkPoint,
  straight: number,
  { network, routes, sigma, detour }: Model,
): number {
  if (isOnwards(a, b, sigma)) return Math.max(0, b.offset - a.offset);
  const most = straight + detour;
  const ends = network.length[a.link] - a.offset + b.offset;
  const metres = ends + routes.distance(a.link, b.link, most);
  return metres <= most ? metres : Number.POSITIVE_INFINITY;
}

/** Whether both are on one link, the second not behind the first but by noise. */
function isOnwards(a: LinkPoint, b: LinkPoint, sigma: number): boolean {
  return a.link === b.link && b.offset >= a.offset - BACKWARDS * sigma;
}

function pieceOf(run: readonly Stage[], states: readonly number[], model: Model): MatchedPiece {
  const points = run.map(({ candidates }, t) => candidates[states[t]]);
  const links = [points[0].link];
  const metres: number[] = [];
  points.slice(1).forEach((b, t) => {
    const a = points[t];
    const straight = Math.hypot(run[t + 1].x - run[t].x, run[t + 1].y - run[t].y);
    metres.push(driven(a, b, straight, model));
    if (isOnwards(a, b, model.sigma)) return;
    links.push(...model.routes.between(a.link, b.link, straight + model.detour), b.link);
  });
  return { links, positions: run.map(({ position }) => position), points, driven: metres };
}

function largest(values: readonly number[]): number {
  return values.reduce((best, value, i) => (value > values[best] ? i : best), 0);
}
