/**
 * Ways of people across three street scenes as episodes of `Walk`: where the destination lies, how one
 * moves, and the accelerations that lead along the recorded positions.
 *
 *   v₀ = (p₁ − p₀) / Δt,  aₜ = (vₜ₊₁ − vₜ) / Δt;  an episode begins at p₁, its axis leads from p₁ to the
 *   last position, and it ends where one is first within reach of that
 *
 * Where somebody is last seen is taken for where they wanted to go: true of people who cross the scene,
 * and known only afterwards. Those of whom it is no good guess are left out and counted: who stands, who
 * is seen too near to where they end, or not at every moment; also who does what `Walk` cannot.
 */

import { z } from 'zod';
import {
  WALK_FASTEST,
  WALK_SECONDS,
  WALK_TIME_LIMIT,
  WalkOptions,
} from '../../environments/walk.ts';
import type { Episode, EpisodeFile } from '../sources/episodes.ts';
import { dataFile } from './dataHome.ts';
import {
  FRAMES_PER_ROW,
  PEDESTRIAN_SCENES,
  type PedestrianTrack,
  readPedestrianTracks,
} from './pedestrianTracks.ts';

export const PedestrianWalksOptions = z.strictObject({
  scenes: z
    .array(z.literal(PEDESTRIAN_SCENES))
    .nonempty()
    .default([...PEDESTRIAN_SCENES])
    .describe('Whose people'),
  slowest: z.number().min(0).default(0.1).describe('Who is ever slower stands, m/s'),
  nearest: z.number().positive().default(4).describe('Metres from beginning to end, at least'),
  timeLimit: z.int().positive().default(WALK_TIME_LIMIT).describe('Steps of the world, at most'),
  ...WalkOptions.shape,
});
/** What a caller may write; every field optional. */
export type PedestrianWalksOptions = z.input<typeof PedestrianWalksOptions>;

type Options = z.output<typeof PedestrianWalksOptions>;

/** Opens the tracks as episodes, in the order in which people appear, scene by scene. */
export async function pedestrianWalks(given: PedestrianWalksOptions = {}): Promise<EpisodeFile> {
  const options = PedestrianWalksOptions.parse(given);
  const { tracks, file } = await readPedestrianTracks();
  const people = tracks.filter(({ scene }) => options.scenes.includes(scene));
  const episodes: Episode[] = [];
  const left = new Map<string, number>();
  for (const track of people) {
    const walk = walkOf(track, options);
    if (typeof walk === 'string') left.set(walk, (left.get(walk) ?? 0) + 1);
    else episodes.push(walk);
  }
  return {
    name: file.name,
    files: [dataFile('pedestrians', 'tracks.csv')],
    layout: {
      observations: { kind: 'box', names: ['ahead', 'aside', 'speed ahead', 'speed aside'] },
      actions: { kind: 'box', names: ['acceleration ahead', 'acceleration aside'] },
      hasRewards: false,
    },
    warnings: leftOutWords(left, people.length),
    async *read() {
      yield* episodes;
    },
  };
}

function leftOutWords(left: ReadonlyMap<string, number>, people: number): string[] {
  const count = [...left.values()].reduce((sum, n) => sum + n, 0);
  if (count === 0) return [];
  const reasons = [...left].map(([why, n]) => `${n} ${why}`).join(', ');
  return [`${count} of ${people} people are left out: ${reasons}`];
}

/** An episode, or why there is none. */
function walkOf(track: PedestrianTrack, options: Options): Episode | string {
  const { positions, firstFrame, lastFrame, scene, person } = track;
  const { slowest, nearest, timeLimit, reach, push } = options;
  const rows = positions.length / 2;
  if (rows < 3 || lastFrame - firstFrame !== (rows - 1) * FRAMES_PER_ROW)
    return 'not seen at every moment, or at fewer than three';
  const inFrame = towardsEnd(positions);
  const near = Math.max(nearest, reach);
  if (!(inFrame[2] >= near)) return `begin within ${near} m of where they end`;
  let last = 1;
  while (last < rows - 1 && !(Math.hypot(inFrame[2 * last], inFrame[2 * last + 1]) < reach)) last++;
  const steps = last - 1;
  const observations = new Float64Array(4 * last);
  let least = Infinity;
  let most = 0;
  for (let row = 0; row < last; row++) {
    const [before, at] = [2 * row, 2 * (row + 1)];
    const forward = (inFrame[before] - inFrame[at]) / WALK_SECONDS;
    const sideways = (inFrame[at + 1] - inFrame[before + 1]) / WALK_SECONDS;
    observations.set([inFrame[at], inFrame[at + 1], forward, sideways], 4 * row);
    const speed = Math.hypot(forward, sideways);
    least = Math.min(least, speed);
    most = Math.max(most, speed);
  }
  if (least < slowest) return `stand: ever slower than ${slowest} m/s`;
  if (steps > timeLimit) return `walk for more than ${timeLimit} steps`;
  const actions = Float64Array.from({ length: 2 * steps }, (_, i) => {
    const speed = 4 * (i >> 1) + 2 + (i & 1);
    return (observations[speed + 4] - observations[speed]) / WALK_SECONDS;
  });
  if (most > WALK_FASTEST || actions.some((a) => Math.abs(a) > push))
    return `accelerate beyond ${push} m/s² or run faster than ${WALK_FASTEST} m/s`;
  return {
    name: `${scene} ${person}`,
    steps,
    observations,
    actions,
    rewards: null,
    end: 'terminated',
  };
}

/** [rows × 2] how far ahead the last position lies on the axis that begins at the second, and how far left of it one is. */
function towardsEnd(positions: Float64Array): Float64Array {
  const [endX, endY] = positions.subarray(positions.length - 2);
  const length = Math.hypot(endX - positions[2], endY - positions[3]) || 1;
  const [alongX, alongY] = [(endX - positions[2]) / length, (endY - positions[3]) / length];
  const out = new Float64Array(positions.length);
  for (let i = 0; i < positions.length; i += 2) {
    const [x, y] = [endX - positions[i], endY - positions[i + 1]];
    out[i] = alongX * x + alongY * y;
    out[i + 1] = alongY * x - alongX * y;
  }
  return out;
}
