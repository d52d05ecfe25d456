/** Episodes of the cart-pole that somebody plays, recorded as the expert's are. */

import { CartPole, createRng, type Episodes } from 'revealed';

/** Writes the number of an action. */
export type Act = (observation: Float64Array, out: Float64Array) => void;

/** Begins where `seed` says. */
export function playedEpisodes(act: Act, count: number, seed: number, timeLimit = 500): Episodes {
  const starts = createRng(seed, 'starts of play');
  const world = new CartPole(timeLimit);
  const action = new Float64Array(1);
  const observations: number[] = [];
  const actions: number[] = [];
  const stepStart = [0];
  const ends: Episodes['ends'][number][] = [];
  for (let e = 0; e < count; e++) {
    world.reset(starts);
    observations.push(...world.observation);
    while (!world.terminated && !world.truncated) {
      act(world.observation, action);
      world.step(action[0]);
      actions.push(action[0]);
      observations.push(...world.observation);
    }
    stepStart.push(actions.length);
    ends.push(world.terminated ? 'terminated' : 'truncated');
  }
  return {
    layout: {
      observations: { kind: 'box', names: ['x', 'ẋ', 'θ', 'θ̇'] },
      actions: { kind: 'discrete' },
      hasRewards: false,
    },
    count,
    names: ends.map((_, e) => `play ${e}`),
    stepStart: Int32Array.from(stepStart),
    observationStart: Int32Array.from(stepStart, (first, e) => first + e),
    observationWidth: 4,
    observations: Float64Array.from(observations),
    actionWidth: 1,
    actions: Float64Array.from(actions),
    rewards: null,
    ends,
  };
}

/** Pushes left or right by chance: about 22 steps an episode. */
export function randomPlay(count: number, seed: number): Episodes {
  const rng = createRng(seed, 'random play');
  return playedEpisodes(
    (_, out) => {
      out[0] = rng() < 0.5 ? 0 : 1;
    },
    count,
    seed,
  );
}
