/**
 * Soft Q-learning of a reward that changes from call to call, in a world that is only stepped through:
 *
 *   Q(s, a) ← Q(s, a) + α [ r(s, a) + γ τ log Σ exp(Q(s′, ·) / τ) − Q(s, a) ]
 *   α(n) = max(floor, (1 + n / h)^(−ω)),   n visits of the pair, h steps that a value looks ahead
 *
 * It acts by its own soft policy, now and then at random, from states where people were. Steps are
 * cheap and are used once, with the reward of now: nothing is replayed with a reward of before. An
 * episode that is only left after so many steps keeps the worth of the state reached.
 *
 * Reference: Haarnoja et al. (2017), ICML, eq. 3; step sizes: Even-Dar & Mansour (2003), JMLR 5.
 */

import { createRng, type Rng, type RngState, restoreRng } from '../../numeric/rng.ts';
import { softValue } from '../values/nextValue.ts';
import { moveTowards } from '../values/temporalDifference.ts';
import { LayeredWalk, type SteppedWorld } from './layeredWalk.ts';
import { softChoice } from './softChoice.ts';

/** ω: above 1/2 noise dies out, below 1 values that were wrong at first are forgotten. */
const FORGETTING = 0.7;
/** Farther than this looking ahead no longer slows the shrinking of steps. */
const LONGEST = 100;

export interface SoftQLearnerOptions {
  /** γ, 0 ≤ γ < 1, or 1 where layers end */
  readonly discount: number;
  /** τ > 0 */
  readonly temperature: number;
  /** Probability of a choice at random. */
  readonly curiosity: number;
  /** How many steps ahead a value looks, about: the longer, the slower steps shrink. */
  readonly lookAhead: number;
  /** Steps after which an episode is left. */
  readonly episodeLength: number;
  readonly seed: number;
  /** Begins an episode where learning is wanted. */
  readonly begin: (walk: LayeredWalk, rng: Rng) => void;
}

export interface SoftQState {
  readonly actionValue: readonly number[];
  readonly visits: readonly number[];
  readonly acting: RngState;
  readonly chance: RngState;
}

/** Whoever learns action values of a reward that changes, from steps that it takes. */
export interface StepLearner {
  /**
   * [layers × pairs] Q, or anything that differs from it by the same within a state: what policies
   * are made of. Overwritten as learning goes on.
   */
  readonly actionValue: Float64Array;
  /**
   * Takes at least `steps` steps, in whole episodes, and learns from each. Returns how many.
   *
   * @param reward [pairs of the world]
   * @param floor smallest step size α
   */
  learn(reward: Float64Array, steps: number, floor: number): number;
  /** Plain JSON; given back as `resume`, learning goes on bit for bit. */
  state(): unknown;
}

export interface SoftQLearner extends StepLearner {
  /** [layers × pairs] how often each was tried. */
  readonly visits: Float64Array;
  state(): SoftQState;
}

/** Builds a learner, or one that goes on from what `state` of another gave. */
export type CreateLearner = (
  world: SteppedWorld,
  options: SoftQLearnerOptions,
  resume?: unknown,
) => StepLearner;

export function createSoftQLearner(
  world: SteppedWorld,
  { discount, temperature, curiosity, lookAhead, episodeLength, seed, begin }: SoftQLearnerOptions,
  saved?: unknown,
): SoftQLearner {
  const resume = saved as SoftQState | undefined;
  const { pairStart, layers } = world;
  const pairCount = pairStart[pairStart.length - 1];
  const size = layers.count * pairCount;
  const actionValue = resume ? Float64Array.from(resume.actionValue) : new Float64Array(size);
  const visits = resume ? Float64Array.from(resume.visits) : new Float64Array(size);
  const acting = resume ? restoreRng(resume.acting) : createRng(seed, 'acting');
  const chance = resume ? restoreRng(resume.chance) : createRng(seed, 'outcomes');
  const walk = new LayeredWalk(world, chance);
  const pace = 1 / Math.min(lookAhead, LONGEST);

  return {
    actionValue,
    visits,
    learn(reward, steps, floor) {
      let taken = 0;
      while (taken < steps) {
        begin(walk, acting);
        let length = 0;
        for (; length < episodeLength && !walk.isOver; length++) {
          const { first, end } = walk;
          const pair =
            acting() < curiosity
              ? first + Math.floor(acting() * (end - first))
              : softChoice(actionValue, first, end, temperature, acting());
          walk.step(pair);
          const ahead = softValue(actionValue, walk.first, walk.end, temperature, 'one');
          const target = reward[pair % pairCount] + discount * ahead;
          const share = Math.max(floor, (1 + visits[pair]++ * pace) ** -FORGETTING);
          moveTowards(actionValue, pair, target, share);
        }
        // a start where nothing can be chosen is no step, but must not be drawn for ever
        taken += Math.max(length, 1);
      }
      return taken;
    },
    state: () => ({
      actionValue: [...actionValue],
      visits: [...visits],
      acting: acting.state(),
      chance: chance.state(),
    }),
  };
}
