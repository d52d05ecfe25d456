/** The problems that benchmarks share: a slippery grid, and people wandering on it. */

import type { Problem } from '../algorithms/problem.ts';
import { slipGrid } from '../environments/gridworld.ts';
import { radialBumps } from '../features/radialBumps.ts';
import type { Mdp } from '../mdp/mdp.ts';
import type { Trajectories } from '../mdp/trajectories.ts';
import type { World } from '../mdp/world.ts';
import { createRng, type Rng, sampleIndex } from '../numeric/rng.ts';
import type { SoftBellman } from '../planning/softBellman.ts';
import { SoftPolicyIteration } from '../planning/softPolicyIteration.ts';
import { terminalStop } from '../planning/softValueIteration.ts';
import { linearReward } from '../rewards/linearReward.ts';

export interface RewardedGrid {
  readonly problem: SoftBellman;
  /** [pairs] minus a number drawn per state from [0, 1). */
  readonly reward: Float64Array;
}

/** A slip grid of size × size states, τ = 1, with a random reward per state. */
export function rewardedGrid(size: number, discount: number, seed: number): RewardedGrid {
  const { mdp } = slipGrid({ size });
  const rng = createRng(seed, 'bench reward');
  const reward = new Float64Array(mdp.pairCount);
  for (let s = 0; s < mdp.stateCount; s++)
    reward.fill(-rng(), mdp.pairStart[s], mdp.pairStart[s + 1]);
  return { problem: { mdp, discount, temperature: 1, stop: terminalStop(mdp) }, reward };
}

export interface WanderersOptions {
  readonly size: number;
  readonly features: number;
  readonly count: number;
  readonly discount: number;
  readonly seed: number;
}

/**
 * People with a reward of radial bumps, weights uniform on [−1, 1), on a slip grid: they start in
 * one of fifty states and after each step go on with probability γ.
 */
export function wanderers({ size, features, count, discount, seed }: WanderersOptions): Problem {
  const world = slipGrid({ size });
  const { mdp } = world;
  const bumps = radialBumps({ size, count: features }, createRng(seed, 'bench bumps'));
  const rng = createRng(seed, 'bench wanderers');
  const theta = Float64Array.from({ length: features }, () => 2 * rng() - 1);
  const reward = new Float64Array(mdp.pairCount);
  linearReward(mdp, bumps).evaluate(theta, reward);
  const planner = new SoftPolicyIteration({
    mdp,
    discount,
    temperature: 1,
    stop: terminalStop(mdp),
  });
  planner.plan(reward);
  const starts = Array.from({ length: 50 }, () => Math.floor(rng() * mdp.stateCount));
  return {
    world,
    time: { kind: 'discounted', discount },
    goals: [],
    features: bumps,
    trajectories: wander(world, planner.policy, starts, count, discount, rng),
    initial: null,
    temperature: 1,
  };
}

function wander(
  { mdp }: World,
  policy: Float64Array,
  starts: readonly number[],
  count: number,
  discount: number,
  rng: Rng,
): Trajectories {
  const rowStart = new Int32Array(count + 1);
  const state: number[] = [];
  const pair: number[] = [];
  for (let i = 0; i < count; i++) {
    let s = starts[Math.floor(rng() * starts.length)];
    do {
      const chosen = sampleIndex(policy, rng, mdp.pairStart[s], mdp.pairStart[s + 1]);
      state.push(s);
      pair.push(chosen);
      s = successor(mdp, chosen, rng);
    } while (rng() < discount);
    state.push(s);
    pair.push(-1);
    rowStart[i + 1] = state.length;
  }
  return {
    count,
    rowStart,
    state: Int32Array.from(state),
    pair: Int32Array.from(pair),
    goal: new Int32Array(count).fill(-1),
    weight: new Float64Array(count).fill(1),
    stopped: new Uint8Array(count),
    names: Array.from({ length: count }, (_, i) => String(i)),
    folds: null,
  };
}

function successor({ transitionStart, nextState, probability }: Mdp, pair: number, rng: Rng) {
  return nextState[sampleIndex(probability, rng, transitionStart[pair], transitionStart[pair + 1])];
}
