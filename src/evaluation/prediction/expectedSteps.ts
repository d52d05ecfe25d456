/**
 * What people do over the next N periods, undiscounted, where the future is discounted or finite:
 *
 *   D₀ = start,  D_{t+1}(s′) = Σ D_t(s) π_t(a | s) p(s′ | s, a)
 *
 * A state without choices is stayed in; a goal, or an exit, is left for good.
 */

import type { Problem } from '../../algorithms/problem.ts';
import type { Mdp } from '../../mdp/mdp.ts';
import { createFiniteHorizon } from '../../planning/finiteHorizon.ts';
import { SoftPolicyIteration } from '../../planning/softPolicyIteration.ts';
import { stationaryTask } from '../../planning/stationaryTask.ts';
import type { WeightedStarts } from './recordedStarts.ts';

export interface StepTotals {
  /** Σ weight · V(start) */
  value: number;
  /** [states] periods begun in each. */
  readonly visits: Float64Array;
  /** [pairs] decisions */
  readonly flow: Float64Array;
  /** [N × pairs] decisions by period; empty where they are not wanted. */
  readonly flowAt: Float64Array;
  /** [pairs] π of the first period; of those without goals. */
  readonly policy: Float64Array;
}

/** Overwrites the totals with those under a reward [pairs]; false where planning failed. */
export type ExpectedSteps = (reward: Float64Array, totals: StepTotals) => boolean;

export function expectedSteps(
  problem: Problem,
  starts: readonly WeightedStarts[],
  steps: number,
): ExpectedSteps {
  const { world, time } = problem;
  const tasks =
    time.kind === 'finite'
      ? starts.map((task) => finiteSteps(world.mdp, time, problem.temperature, task, steps))
      : starts.map((task) => discountedSteps(problem, task, steps));
  return (reward, totals) => {
    totals.value = 0;
    totals.visits.fill(0);
    totals.flow.fill(0);
    totals.flowAt.fill(0);
    return tasks.every((task) => task(reward, totals));
  };
}

function finiteSteps(
  mdp: Mdp,
  time: { readonly horizon: number; readonly discount: number },
  temperature: number,
  { state, weight }: WeightedStarts,
  steps: number,
): ExpectedSteps {
  const planner = createFiniteHorizon(mdp, time.horizon, time.discount, temperature);
  return (reward, totals) => {
    planner.plan(reward);
    let value = 0;
    const begin = new Float64Array(mdp.stateCount);
    state.forEach((s, i) => {
      begin[s] += weight[i];
      value += weight[i] * planner.value[s];
    });
    totals.value += value;
    totals.policy.set(planner.policyAt(0));
    push(mdp, begin, steps, (t) => planner.policyAt(t), null, totals);
    return Number.isFinite(value);
  };
}

function discountedSteps(
  { world: { mdp }, time, goals, temperature }: Problem,
  { goal, state, weight }: WeightedStarts,
  steps: number,
): ExpectedSteps {
  const discount = time.kind === 'discounted' ? time.discount : 1;
  const heading = goals[goal] ?? null;
  const task = stationaryTask(mdp, heading, state, discount);
  const { stop, worldPair, worldState, taskState } = task;
  const planner = new SoftPolicyIteration({ mdp: task.mdp, stop, discount, temperature });
  const taskReward = new Float64Array(worldPair.length);
  const leaves = new Uint8Array(worldState.length);
  for (const s of heading?.stopState ?? []) leaves[taskState[s]] = 1;
  return (reward, totals) => {
    for (let p = 0; p < taskReward.length; p++) taskReward[p] = reward[worldPair[p]];
    if (planner.plan(taskReward) !== 'converged') return false;
    const begin = new Float64Array(worldState.length);
    state.forEach((s, i) => {
      begin[taskState[s]] += weight[i];
      totals.value += weight[i] * planner.value[taskState[s]];
    });
    if (!heading)
      for (let p = 0; p < worldPair.length; p++) totals.policy[worldPair[p]] = planner.policy[p];
    push(task.mdp, begin, steps, () => planner.policy, { worldState, worldPair, leaves }, totals);
    return true;
  };
}

/** @param within numbers of the world, and which states end a task; null: the world itself */
function push(
  { stateCount, pairStart, transitionStart, nextState, probability }: Mdp,
  begin: Float64Array,
  steps: number,
  policyAt: (t: number) => Float64Array,
  within: {
    readonly worldState: Int32Array;
    readonly worldPair: Int32Array;
    readonly leaves: Uint8Array;
  } | null,
  totals: StepTotals,
): void {
  let here = begin;
  let next: Float64Array = new Float64Array(stateCount);
  const { visits, flow, flowAt } = totals;
  for (let t = 0; t < steps; t++) {
    const policy = policyAt(t);
    next.fill(0);
    for (let s = 0; s < stateCount; s++) {
      const mass = here[s];
      if (mass === 0) continue;
      visits[within ? within.worldState[s] : s] += mass;
      if (pairStart[s] === pairStart[s + 1] && within?.leaves[s] !== 1) next[s] += mass;
      for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
        const moved = mass * policy[pair];
        const place = within ? within.worldPair[pair] : pair;
        flow[place] += moved;
        if (flowAt.length > 0) flowAt[t * flow.length + place] += moved;
        for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
          next[nextState[k]] += moved * probability[k];
      }
    }
    [here, next] = [next, here];
  }
}
