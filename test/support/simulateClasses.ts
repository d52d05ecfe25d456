/**
 * Trajectories of several classes of people with known rewards, drawn from plans made by nothing but
 * soft value iteration.
 */

import type { FeatureMatrix } from '../../src/features/featureMatrix.ts';
import type { Goal } from '../../src/mdp/goal.ts';
import type { Mdp } from '../../src/mdp/mdp.ts';
import type { Trajectories } from '../../src/mdp/trajectories.ts';
import { rewardOf } from './randomRoutes.ts';
import type { SeededRandom } from './seededRandom.ts';

export interface TrueClasses {
  readonly theta: readonly (readonly number[])[];
  readonly share: readonly number[];
}

export interface SimulationSettings {
  readonly mdp: Mdp;
  readonly features: FeatureMatrix;
  /** Empty where nobody heads anywhere; absorbing ones otherwise. */
  readonly goals: readonly Goal[];
  readonly discount: number;
  readonly count: number;
  /** Decisions after which nobody watches any more. */
  readonly patience: number;
  /** Folds dealt in turn; none where absent. */
  readonly folds?: number;
}

/** Returns trajectories and [count] the class that each was drawn from. */
export function simulateClasses(
  { mdp, features, goals, discount, count, patience, folds }: SimulationSettings,
  { theta, share }: TrueClasses,
  random: SeededRandom,
): { trajectories: Trajectories; classOf: Int32Array } {
  const known = new Map<string, { reward: Float64Array; value: Float64Array }>();
  const planOf = (k: number, goal: number) => {
    const key = `${k}/${goal}`;
    const reward = rewardOf(mdp, features, Float64Array.from(theta[k]));
    const plan = known.get(key) ?? {
      reward,
      value: softValues(mdp, goals[goal] ?? null, reward, discount),
    };
    known.set(key, plan);
    return plan;
  };
  const rowStart = [0];
  const state: number[] = [];
  const pair: number[] = [];
  const goalOf: number[] = [];
  const classOf = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const k = random.index([...share]);
    const goal = goals.length > 0 ? random.integer(0, goals.length - 1) : -1;
    const { reward, value } = planOf(k, goal);
    const isGoal = (s: number): boolean => goals[goal]?.stopState.includes(s) ?? false;
    classOf[i] = k;
    goalOf.push(goal);
    let s = random.integer(0, mdp.stateCount - 1);
    while (isGoal(s) || value[s] === Number.NEGATIVE_INFINITY)
      s = random.integer(0, mdp.stateCount - 1);
    for (let t = 0; t < patience && !isGoal(s); t++) {
      const options: number[] = [];
      for (let p = mdp.pairStart[s]; p < mdp.pairStart[s + 1]; p++) {
        let next = 0;
        for (let n = mdp.transitionStart[p]; n < mdp.transitionStart[p + 1]; n++)
          next += mdp.probability[n] * value[mdp.nextState[n]];
        options.push(Math.exp(reward[p] + discount * next - value[s]));
      }
      const p = mdp.pairStart[s] + random.index(options);
      state.push(s);
      pair.push(p);
      const first = mdp.transitionStart[p];
      const chances = [...mdp.probability.subarray(first, mdp.transitionStart[p + 1])];
      s = mdp.nextState[first + random.index(chances)];
    }
    state.push(s);
    pair.push(-1);
    rowStart.push(state.length);
  }
  return {
    classOf,
    trajectories: {
      count,
      rowStart: Int32Array.from(rowStart),
      state: Int32Array.from(state),
      pair: Int32Array.from(pair),
      goal: Int32Array.from(goalOf),
      weight: new Float64Array(count).fill(1),
      stopped: new Uint8Array(count),
      names: goalOf.map((_, i) => `trip ${i}`),
      folds: folds ? goalOf.map((_, i) => String(i % folds)) : null,
    },
  };
}

function softValues(
  mdp: Mdp,
  goal: Goal | null,
  reward: Float64Array,
  discount: number,
): Float64Array {
  const value = new Float64Array(mdp.stateCount).fill(goal ? Number.NEGATIVE_INFINITY : 0);
  for (const s of goal?.stopState ?? []) value[s] = 0;
  for (let sweep = 0; sweep < 20_000; sweep++) {
    let change = 0;
    for (let s = 0; s < mdp.stateCount; s++) {
      if (goal?.stopState.includes(s)) continue;
      let largest = Number.NEGATIVE_INFINITY;
      const worth: number[] = [];
      for (let p = mdp.pairStart[s]; p < mdp.pairStart[s + 1]; p++) {
        let next = 0;
        for (let n = mdp.transitionStart[p]; n < mdp.transitionStart[p + 1]; n++)
          next += mdp.probability[n] * value[mdp.nextState[n]];
        worth.push(reward[p] + discount * next);
        largest = Math.max(largest, worth[worth.length - 1]);
      }
      if (largest === Number.NEGATIVE_INFINITY) continue;
      const next = largest + Math.log(worth.reduce((sum, q) => sum + Math.exp(q - largest), 0));
      change = Math.max(change, Math.abs(next - value[s]));
      value[s] = next;
    }
    if (change < 1e-11) return value;
  }
  throw new RangeError('Cannot simulate: the values do not settle');
}
