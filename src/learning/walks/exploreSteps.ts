/**
 * Walks through a simulator to learn its dynamics where they matter: from states where people were,
 * by the soft policy of the values so far and now and then at random. Afterwards every choice of
 * every state that was met has been tried a few times, so that none is judged unseen.
 */

import type { Rng } from '../../numeric/rng.ts';
import { LayeredWalk, type SteppedWorld } from './layeredWalk.ts';
import { softChoice } from './softChoice.ts';
import type { StepMemory } from './stepMemory.ts';

/** Outcomes that every choice has at least. */
const LEAST = 10;

export interface ExploreOptions {
  /** τ > 0 */
  readonly temperature: number;
  /** Probability of a choice at random. */
  readonly curiosity: number;
  /** Steps after which an episode is left. */
  readonly episodeLength: number;
  /** Begins an episode where dynamics are to be known. */
  readonly begin: (walk: LayeredWalk, rng: Rng) => void;
  /** Draws starts and choices, and what comes of them. */
  readonly acting: Rng;
  readonly chance: Rng;
}

/**
 * Returns a function that takes at least `steps` steps, in whole episodes, and remembers each.
 *
 * @param memory of steps in the same world; overwritten
 */
export function createExplorer(
  world: SteppedWorld,
  memory: StepMemory,
  { temperature, curiosity, episodeLength, begin, acting, chance }: ExploreOptions,
): (actionValue: Float64Array, steps: number) => number {
  const { pairStart, layers } = world;
  const stateCount = pairStart.length - 1;
  const pairCount = pairStart[stateCount];
  const walk = new LayeredWalk(world, chance);
  const met = new Uint8Array(stateCount);
  const { outcomes } = memory;

  const take = (pair: number): void => {
    walk.step(pair);
    memory.remember(pair % pairCount, walk.state);
  };

  /** Tries what has been tried too seldom, and what is met thereby; returns the steps. */
  const fillGaps = (): number => {
    let steps = 0;
    const waiting = [...met.keys()].filter((s) => met[s] === 1);
    for (let s = waiting.pop(); s !== undefined; s = waiting.pop()) {
      const layer = openLayer(s);
      if (layer < 0) continue;
      for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++)
        while (outcomes[pair] < LEAST) {
          walk.startAt(layer, s);
          take(layer * pairCount + pair);
          steps++;
          if (met[walk.state] === 1) continue;
          met[walk.state] = 1;
          waiting.push(walk.state);
        }
    }
    return steps;
  };

  return (actionValue, steps) => {
    let taken = 0;
    while (taken < steps) {
      begin(walk, acting);
      met[walk.state] = 1;
      let length = 0;
      for (; length < episodeLength && !walk.isOver; length++) {
        const { first, end } = walk;
        take(
          acting() < curiosity
            ? first + Math.floor(acting() * (end - first))
            : softChoice(actionValue, first, end, temperature, acting()),
        );
        met[walk.state] = 1;
      }
      // a start where nothing can be chosen is no step, but must not be drawn for ever
      taken += Math.max(length, 1);
    }
    return taken + fillGaps();
  };

  /** A layer in which a state is not the end; −1 where it ends all. */
  function openLayer(state: number): number {
    for (let layer = 0; layer < layers.count; layer++)
      if (!layers.endsAt(layer, state)) return layer;
    return -1;
  }
}
