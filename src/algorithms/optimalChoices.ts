/**
 * The demonstrations seen by somebody who expects optimal choices: of every decision how many options
 * there were, how many of them were optimal under a reward, and whether one of those was taken.
 *
 *   Q(s, a) = r(s, a) + γ Σₛ′ p(s′ | s, a) V(s′),   V(s) = max( maxₐ Q(s, a), stop(s) )
 *
 * Options are those of the soft model too: pairs from which the goal is still reached for certain, and
 * stopping where that is an option. Equals are all optimal.
 */

import type { Mdp } from '../mdp/mdp.ts';
import { taskSupport } from '../mdp/reachability.ts';
import { discountOf } from '../mdp/timeStructure.ts';
import type { Trajectories } from '../mdp/trajectories.ts';
import { mostLikelyRoutes } from '../planning/mostLikelyRoutes.ts';
import { policyIteration } from '../planning/policyIteration.ts';
import { exitsOfGoals } from './choiceSituations.ts';
import type { Problem } from './problem.ts';

export interface OptimalChoices {
  /** [decisions] the trajectory of each. */
  readonly trajectory: Int32Array;
  /** [decisions] how many options there were. */
  readonly options: Int32Array;
  /** Judges every decision by `reward` [pairs]. */
  judge(reward: Float64Array): JudgedChoices;
}

export interface JudgedChoices {
  /** [decisions] how many options were optimal, at least 1. */
  readonly optimal: Int32Array;
  /** [decisions] 1 where an optimal one was taken. */
  readonly hit: Uint8Array;
}

/** Differences up to this share of 1 + |best| are none. */
const TIE = 1e-9;

/** @throws RangeError for a finite horizon, a discount with goals, and goals in a world of chance */
export function optimalChoices(problem: Problem): OptimalChoices {
  const { world, goals, trajectories, time } = problem;
  const { mdp } = world;
  const discount = discountOf(time);
  if (time.kind === 'finite' || (time.kind === 'discounted' && goals.length > 0))
    throw new RangeError(
      `Cannot expect optimal choices: wanted goals or a discount, got ${time.kind === 'finite' ? 'a finite horizon' : 'both'}`,
    );
  const decisions = decisionsByGoal(trajectories);
  const exits = exitsOfGoals(goals);
  const options = new Int32Array(decisions.state.length);
  for (const [goal, own] of decisions.ofGoal) {
    const allowed = goal < 0 ? null : taskSupport(mdp, goals[goal]).allowed;
    for (const d of own)
      options[d] = countOptions(
        mdp,
        allowed,
        exits[goal]?.has(decisions.state[d]),
        decisions.state[d],
      );
  }
  const valuesFor = createHardValues(problem);

  return {
    trajectory: decisions.trajectory,
    options,
    judge(reward) {
      const optimal = new Int32Array(options.length);
      const hit = new Uint8Array(options.length);
      const valueTowards = valuesFor(reward);
      for (const [goal, own] of decisions.ofGoal) {
        const value = valueTowards(goal);
        for (const d of own) {
          const s = decisions.state[d];
          const worth = (pair: number): number => actionValue(mdp, reward, value, discount, pair);
          const stop = exits[goal]?.get(s) ?? Number.NEGATIVE_INFINITY;
          let best = stop;
          for (let p = mdp.pairStart[s]; p < mdp.pairStart[s + 1]; p++)
            best = Math.max(best, worth(p));
          const least = best - TIE * (1 + Math.abs(best));
          if (stop >= least) optimal[d]++;
          for (let p = mdp.pairStart[s]; p < mdp.pairStart[s + 1]; p++)
            if (worth(p) >= least) optimal[d]++;
          const taken = decisions.pair[d];
          hit[d] = (taken < 0 ? stop : worth(taken)) >= least ? 1 : 0;
        }
      }
      return { optimal, hit };
    },
  };
}

interface Decisions {
  /** [decisions] */
  readonly trajectory: Int32Array;
  /** [decisions] */
  readonly state: Int32Array;
  /** [decisions] the pair taken; −1 for stopping. */
  readonly pair: Int32Array;
  /** The decisions under each goal; −1 for none. */
  readonly ofGoal: ReadonlyMap<number, readonly number[]>;
}

function decisionsByGoal({ count, rowStart, state, pair, goal, stopped }: Trajectories): Decisions {
  const trajectory: number[] = [];
  const rows: number[] = [];
  const ofGoal = new Map<number, number[]>();
  for (let i = 0; i < count; i++)
    for (let row = rowStart[i]; row < rowStart[i + 1]; row++) {
      if (pair[row] < 0 && !stopped[i]) continue;
      const own = ofGoal.get(goal[i]) ?? [];
      own.push(rows.length);
      ofGoal.set(goal[i], own);
      rows.push(row);
      trajectory.push(i);
    }
  return {
    trajectory: Int32Array.from(trajectory),
    state: Int32Array.from(rows, (row) => state[row]),
    pair: Int32Array.from(rows, (row) => pair[row]),
    ofGoal,
  };
}

function countOptions(
  { pairStart }: Mdp,
  allowed: Uint8Array | null,
  mayStop: boolean | undefined,
  s: number,
): number {
  let options = mayStop ? 1 : 0;
  for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++)
    options += allowed ? allowed[pair] : 1;
  return options;
}

/** Returns, for a reward and then for a goal, [states] V. */
function createHardValues({
  world,
  goals,
  time,
}: Problem): (reward: Float64Array) => (goal: number) => Float64Array {
  const { mdp } = world;
  if (time.kind !== 'undiscounted')
    return (reward) => {
      const { value } = policyIteration(mdp, reward, { discount: discountOf(time) });
      return () => value;
    };
  // best values of other rewards fall along much the same order
  const orders = new Map<number, Int32Array>();
  return (reward) => (goal) => {
    const { value } = mostLikelyRoutes(mdp, goals[goal], reward, orders.get(goal));
    if (!orders.has(goal)) orders.set(goal, fallingOrder(value));
    return value;
  };
}

function fallingOrder(value: Float64Array): Int32Array {
  const order = Int32Array.from(value, (_, s) => s);
  // written so that two of −Infinity are equal
  return order.sort((a, b) => (value[a] > value[b] ? -1 : value[a] < value[b] ? 1 : 0));
}

function actionValue(
  { transitionStart, nextState, probability }: Mdp,
  reward: Float64Array,
  value: Float64Array,
  discount: number,
  pair: number,
): number {
  let ahead = 0;
  for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
    ahead += probability[k] * value[nextState[k]];
  return reward[pair] + (discount === 0 ? 0 : discount * ahead);
}
