/**
 * Expected flows of trips to goals where moves are deterministic and nothing is discounted, through
 * one factorisation I − M for all goals.
 *
 *   (I − M) z = b,   (I − Mᵀ) w = start / z,   visits D(s) = z(s) w(s),   flow(s → s′) = w(s) m z(s′)
 *
 * since P_π = diag(1/z) M diag(z). An absorbing goal g needs M without the moves out of it, which is
 * a change of one row: w′ = w − (w_g / x_g) (x − e_g) with (I − Mᵀ) x = e_g. Where numbers leave
 * their range, or what arrives is not what set out, the goal is left to another engine.
 */

import type { Goal } from '../mdp/goal.ts';
import type { Mdp } from '../mdp/mdp.ts';
import { createFactors, factorize, solveLu, solveLuTransposed } from '../numeric/sparseLu.ts';
import type { Moments } from './criterion.ts';
import { createGoalMatrices } from './goalMatrices.ts';
import { fillMoveWeights } from './moveWeights.ts';

/** What trips add up to, all goals together; every engine adds its own. */
export interface TripTotals {
  /** Σ weight · V(start) */
  value: number;
  /** Rewards of exits taken. */
  stopReward: number;
  /** [states] arrivals, the start and the goal included. */
  readonly visits: Float64Array;
  /** [pairs] */
  readonly flow: Float64Array;
}

export interface RouteFlows {
  /** Takes a reward [pairs]; false where nothing can be solved for it. */
  refresh(reward: Float64Array): boolean;
  /** Adds the trips of one task to the totals. Returns false, having added nothing, where it cannot. */
  add(task: number, weight: Float64Array, totals: TripTotals): boolean;
}

/** A state whose z is smaller than this is not trusted. */
const SMALLEST = 1e-250;
/** Share of the trips that may be missing where they arrive. */
const TOLERANCE = 1e-9;

/** @param moments tasks with the starts of their trips as `state` and `visited` */
export function createRouteFlows(
  mdp: Mdp,
  goals: readonly Goal[],
  moments: Moments,
  temperature: number,
): RouteFlows {
  const { moves, pattern } = createGoalMatrices(mdp, goals, moments, temperature);
  const { rowOfState, state: stateOfRow, pair: pairs, pairState, pairWeight } = moves;
  const size = stateOfRow.length;
  const factors = createFactors(pattern);
  const m = new Float64Array(moves.column.length);
  const b = new Float64Array(size);
  const z = new Float64Array(size);
  const w = new Float64Array(size);
  const x = new Float64Array(size);
  const visits = new Float64Array(size);
  const flow = new Float64Array(pairs.length);
  const from = pairState.map((s) => rowOfState[s]);
  const to = pairs.map((pair) => rowOfState[mdp.nextState[mdp.transitionStart[pair]]]);

  return {
    refresh(reward) {
      fillMoveWeights(moves, reward, temperature, null, m);
      return !m.includes(Number.POSITIVE_INFINITY) && factorize(factors, m) < 0;
    },

    add(index, weight, totals) {
      const task = moments.tasks[index];
      const { absorbing, stopState, stopReward } = goals[task.goal];
      if (absorbing && stopState.length !== 1) return false;
      const level = stopReward.reduce((a, r) => Math.max(a, r), Number.NEGATIVE_INFINITY);
      b.fill(0);
      stopState.forEach((s, i) => {
        const row = rowOfState[s];
        if (row >= 0) b[row] = Math.exp((stopReward[i] - level) / temperature);
      });
      solveLu(factors, b, z);
      const goal = absorbing ? rowOfState[stopState[0]] : -1;
      const scale = absorbing ? z[goal] : 1;
      if (!(scale >= SMALLEST) || !Number.isFinite(scale)) return false;
      if (absorbing) for (let row = 0; row < size; row++) z[row] /= scale;

      x.fill(0);
      let value = 0;
      let trips = 0;
      for (let i = 0; i < task.state.length; i++) {
        const row = rowOfState[task.state[i]];
        if (row < 0 || !(z[row] >= SMALLEST) || !Number.isFinite(z[row])) return false;
        x[row] += weight[i] / z[row];
        value += weight[i] * (level + temperature * Math.log(z[row]));
        trips += weight[i];
      }
      solveLuTransposed(factors, x, w);
      if (absorbing) {
        x.fill(0);
        x[goal] = 1;
        solveLuTransposed(factors, x, x);
        const share = w[goal] / x[goal];
        x[goal] -= 1;
        for (let row = 0; row < size; row++) w[row] = Math.max(0, w[row] - share * x[row]);
      }
      for (let row = 0; row < size; row++) visits[row] = w[row] * z[row];
      let moved = 0;
      for (let i = 0; i < pairs.length; i++) {
        flow[i] = from[i] === goal ? 0 : w[from[i]] * pairWeight[i] * z[to[i]];
        moved += flow[i];
      }
      let stops = 0;
      let paid = 0;
      stopState.forEach((s, i) => {
        const row = rowOfState[s];
        if (row < 0) return;
        const share = absorbing ? visits[row] : w[row] * b[row];
        stops += share;
        paid += share * stopReward[i];
      });
      // All that set out arrive, and every arrival is a start or a move.
      const arrivals = visits.reduce((sum, n) => sum + n, 0);
      if (!(Math.abs(stops - trips) <= TOLERANCE * trips)) return false;
      if (!(Math.abs(trips + moved - arrivals) <= TOLERANCE * arrivals)) return false;
      totals.value += value;
      totals.stopReward += paid;
      for (let row = 0; row < size; row++) totals.visits[stateOfRow[row]] += visits[row];
      for (let i = 0; i < pairs.length; i++) totals.flow[pairs[i]] += flow[i];
      return true;
    },
  };
}
