/**
 * What a policy gets in a world: whole episodes from starts that are given, stepped together, and the
 * rewards that the world pays in them.
 */

import { checkBounded, goesOn, paid } from '../../environments/boundedEpisodes.ts';
import type { Simulator } from '../../environments/simulator.ts';
import type { AnySimulator } from '../../environments/simulators.ts';
import type { Rng } from '../../numeric/rng.ts';
import type { ActingPolicy } from './actingPolicy.ts';

/** How a policy plays: as it draws, or as it thinks best. */
export type Playing = 'greedy' | 'sampled';

export interface PlayedEpisodes {
  /** [episodes] sum of rewards. */
  readonly returns: Float64Array;
  /** [episodes] */
  readonly steps: Int32Array;
}

/** Chance for each purpose: equal streams, equal episodes. */
export interface PlayStreams {
  /** Where episodes begin whose start is null. */
  readonly starts: Rng;
  readonly choices: Rng;
}

/**
 * @param worlds as many as there are starts, all alike
 * @param starts states; null: as the world begins
 * @throws RangeError where nothing bounds an episode, or a step pays what is no number
 */
export function playEpisodes(
  policy: ActingPolicy,
  worlds: readonly AnySimulator[],
  starts: readonly (ArrayLike<number> | null)[],
  playing: Playing,
  streams: PlayStreams,
): PlayedEpisodes {
  const count = starts.length;
  if (count === 0) return { returns: new Float64Array(0), steps: new Int32Array(0) };
  checkBounded(worlds[0], 'Cannot play an episode');
  const [{ actions, observation }] = worlds;
  starts.forEach((start, i) => {
    if (start) worlds[i].startAt(start);
    else worlds[i].reset(streams.starts);
  });
  const size = observation.length;
  const actionSize = actions.kind === 'discrete' ? 1 : actions.low.length;
  const observations = new Float64Array(count * size);
  const moves = new Float64Array(count * actionSize);
  const returns = new Float64Array(count);
  const steps = new Int32Array(count);
  const rng = playing === 'sampled' ? streams.choices : null;
  let going = starts.map((_, i) => i);
  while (going.length > 0) {
    for (const i of going) observations.set(worlds[i].observation, i * size);
    policy.act(observations, count, rng, moves);
    for (const i of going) {
      returns[i] += stepIn(worlds[i], moves, i * actionSize, actionSize);
      steps[i]++;
    }
    going = going.filter((i) => goesOn(worlds[i], steps[i]));
  }
  return { returns, steps };
}

function stepIn(world: AnySimulator, moves: Float64Array, from: number, size: number): number {
  return paid(
    world.actions.kind === 'discrete'
      ? (world as Simulator<number>).step(moves[from])
      : (world as Simulator<Float64Array>).step(moves.slice(from, from + size)),
  );
}
