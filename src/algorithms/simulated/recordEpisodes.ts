/** Episodes of an agent, recorded as demonstrations are: for a fit whose truth is known. */

import type { EpisodeSpace, Episodes } from '../../demonstrations/sources/episodes.ts';
import { checkBounded, goesOn } from '../../environments/boundedEpisodes.ts';
import type { AnySimulator } from '../../environments/simulators.ts';
import type { Rng } from '../../numeric/rng.ts';
import { stepAs } from './agentReturns.ts';
import type { SoftAgent } from './softAgent.ts';

export interface RecordedEpisodes {
  readonly count: number;
  /** Draw where episodes begin, and what is done; null: the likeliest action (numbered), the mean one. */
  readonly starts: Rng;
  readonly draws: Rng | null;
}

/**
 * Plays episodes to their ends, one after the other; actions are written as the world writes them, and
 * rewards are the world's own.
 *
 * @throws RangeError where nothing bounds an episode
 */
export function recordEpisodes(
  { act, actionSize }: Pick<SoftAgent, 'act' | 'actionSize'>,
  world: AnySimulator,
  { count, starts, draws }: RecordedEpisodes,
): Episodes {
  checkBounded(world, 'Cannot record episodes');
  const width = world.observation.length;
  const observations: number[] = [];
  const actions: number[] = [];
  const rewards: number[] = [];
  const [stepStart, observationStart] = [new Int32Array(count + 1), new Int32Array(count + 1)];
  const ends: Episodes['ends'][number][] = [];
  const action = new Float64Array(actionSize);
  for (let e = 0; e < count; e++) {
    world.reset(starts);
    observations.push(...world.observation);
    while (goesOn(world, rewards.length - stepStart[e])) {
      act(Float64Array.from(world.observation), 1, draws, action);
      rewards.push(stepAs(world, action));
      actions.push(...action);
      observations.push(...world.observation);
    }
    stepStart[e + 1] = rewards.length;
    observationStart[e + 1] = observations.length / width;
    ends.push(world.terminated ? 'terminated' : 'truncated');
  }
  const box = (what: string, size: number): EpisodeSpace => ({
    kind: 'box',
    names: Array.from({ length: size }, (_, j) => `${what}_${j}`),
  });
  return {
    layout: {
      observations: box('observation', width),
      actions: world.actions.kind === 'discrete' ? { kind: 'discrete' } : box('action', actionSize),
      hasRewards: true,
    },
    count,
    names: Array.from({ length: count }, (_, e) => `episode ${e}`),
    stepStart,
    observationStart,
    observationWidth: width,
    observations: Float64Array.from(observations),
    actionWidth: actionSize,
    actions: Float64Array.from(actions),
    rewards: Float64Array.from(rewards),
    ends,
  };
}
