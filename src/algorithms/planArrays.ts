/** The plan behind a fitted reward, as flat arrays to keep beside the result. */

import { createFiniteHorizon } from '../planning/finiteHorizon.ts';
import { SoftPolicyIteration } from '../planning/softPolicyIteration.ts';
import { terminalStop } from '../planning/softValueIteration.ts';
import type { Problem } from './problem.ts';

/** Time-indexed plans beyond so many numbers are left out. */
const LARGEST = 1e7;

/**
 * Returns `value` and `policy`: [states] and [pairs] of an endless discounted plan, [T × states] and
 * [T × pairs] of a finite one. Nothing where there are goals, each of which has a plan of its own.
 */
export function planArrays(
  { world, time, goals, temperature }: Problem,
  reward: Float64Array,
): Record<string, Float64Array> {
  const { mdp } = world;
  if (goals.length > 0 || time.kind === 'undiscounted') return {};
  if (time.kind === 'discounted') {
    const stop = terminalStop(mdp);
    const planner = new SoftPolicyIteration({ mdp, discount: time.discount, temperature, stop });
    planner.plan(reward);
    return { value: planner.value, policy: planner.policy };
  }
  if (time.horizon * mdp.pairCount > LARGEST) return {};
  const planner = createFiniteHorizon(mdp, time.horizon, time.discount, temperature);
  planner.plan(reward);
  const policy = new Float64Array(time.horizon * mdp.pairCount);
  for (let t = 0; t < time.horizon; t++) policy.set(planner.policyAt(t), t * mdp.pairCount);
  return { value: planner.value.slice(0, time.horizon * mdp.stateCount), policy };
}
