/**
 * What an agent's play comes to under the reward of the world itself, which no fit is shown: one
 * episode in each of several worlds, stepped together with one forward pass a step.
 */

import { goesOn, paid } from '../../environments/boundedEpisodes.ts';
import type { Simulator } from '../../environments/simulator.ts';
import type { AnySimulator } from '../../environments/simulators.ts';
import type { Rng } from '../../numeric/rng.ts';
import type { SoftAgent } from './softAgent.ts';

/**
 * Returns the sum of rewards of each episode [worlds].
 *
 * @param worlds all alike, each begun; left where their episodes ended
 * @param draws what the policy draws its actions by; null: the likeliest, or mean, ones
 */
export function agentReturns(
  agent: Pick<SoftAgent, 'act' | 'actionSize'>,
  worlds: readonly AnySimulator[],
  draws: Rng | null,
): Float64Array {
  const returns = new Float64Array(worlds.length);
  const size = worlds[0].observation.length;
  const width = agent.actionSize;
  const observations = new Float64Array(worlds.length * size);
  const acted = new Float64Array(worlds.length * width);
  let steps = 0;
  let going = worlds.map((_, i) => i);
  while (going.length > 0) {
    going.forEach((i, row) => {
      observations.set(worlds[i].observation, row * size);
    });
    agent.act(observations, going.length, draws, acted);
    going.forEach((i, row) => {
      returns[i] += paid(stepAs(worlds[i], acted.subarray(row * width, (row + 1) * width)));
    });
    steps++;
    going = going.filter((i) => goesOn(worlds[i], steps));
  }
  return returns;
}

/**
 * Takes an action as agents write it: its number, or its coordinates in [−1, 1]; returns what it paid.
 *
 * @param action coordinates are overwritten by those of the world's own box
 */
export function stepAs(world: AnySimulator, action: Float64Array): number {
  const { actions } = world;
  if (actions.kind === 'discrete') return (world as Simulator<number>).step(action[0]);
  const { low, high } = actions;
  for (let j = 0; j < action.length; j++)
    action[j] = low[j] + 0.5 * (action[j] + 1) * (high[j] - low[j]);
  return (world as Simulator<Float64Array>).step(action);
}
