/**
 * Gradients of the values of a finite horizon, by one backward pass that keeps what trajectories
 * come to at each time and forgets the rest.
 */

import type { FeatureMatrix } from '../features/featureMatrix.ts';
import type { Mdp } from '../mdp/mdp.ts';
import type { Moments } from './criterion.ts';
import { backUpGradient } from './finiteGradient.ts';
import type { FiniteHorizon } from './finiteHorizon.ts';
import { unknownState, type ValueGradients } from './valueGradients.ts';

/** @param planner after planning; its values are read when asked for, so plan nothing else before */
export function finiteValueGradients(
  mdp: Mdp,
  moments: Moments,
  planner: FiniteHorizon,
  discount: number,
  features: FeatureMatrix,
): ValueGradients {
  const { stateCount } = mdp;
  const { horizon, value } = planner;
  const width = features.names.length;
  const needed = neededStates(mdp, moments, horizon);
  const kept = new Map<number, Float64Array>();
  const gradient = Array.from({ length: width }, () => new Float64Array(stateCount));
  for (let t = horizon - 1; t >= 0; t--) {
    const policy = planner.policyAt(t);
    for (let k = 0; k < width; k++) backUpGradient(mdp, features, k, policy, discount, gradient[k]);
    for (const s of needed[t])
      kept.set(
        t * stateCount + s,
        Float64Array.from(gradient, (one) => one[s]),
      );
  }
  return {
    at(task, time, state, out) {
      if (time === horizon) {
        out.fill(0);
        return 0;
      }
      const found = kept.get(time * stateCount + state);
      if (!found) throw unknownState(task, time, state);
      out.set(found);
      return value[time * stateCount + state];
    },
  };
}

/** Per time: states of decisions, what may follow them, and states that carry weight (starts). */
function neededStates(
  { pairStart, transitionStart, nextState }: Mdp,
  { tasks }: Moments,
  horizon: number,
): Set<number>[] {
  const needed = Array.from({ length: horizon }, () => new Set<number>());
  for (const { state, time, decisions } of tasks) {
    state.forEach((s, i) => {
      needed[time[i]].add(s);
    });
    decisions.state.forEach((s, i) => {
      const t = decisions.time[i];
      needed[t].add(s);
      if (t + 1 === horizon) return;
      const end = transitionStart[pairStart[s + 1]];
      for (let k = transitionStart[pairStart[s]]; k < end; k++) needed[t + 1].add(nextState[k]);
    });
  }
  return needed;
}
