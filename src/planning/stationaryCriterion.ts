/**
 * The criterion of stationary problems, discounted or heading for goals, by exact planning: one
 * soft plan, one adjoint solve and, for the curvature, one tangent solve per feature and goal.
 *
 *   gradV_k  = (I − γ P_π)⁻¹ Σₐ π f_k,   gradQ_k = f_k + γ P gradV_k
 *   ∂² value = 1/τ² Σₛ D(s) Cov_{a ~ π(·|s)}(gradQ)
 *
 * A choice to stop has no gradient and takes part in the covariance as a zero. The curvature follows
 * from differentiating V = τ log Σ exp(Q/τ) twice; D is the adjoint that the gradient already has.
 */

import type { FeatureMatrix } from '../features/featureMatrix.ts';
import type { Goal } from '../mdp/goal.ts';
import type { Mdp } from '../mdp/mdp.ts';
import { addCovariance } from './choiceCovariance.ts';
import type { Criterion, Moments, TaskMoments } from './criterion.ts';
import { shortestPathGuess } from './shortestPathGuess.ts';
import type { SoftPlanner } from './softPlanner.ts';
import { SoftPolicyIteration } from './softPolicyIteration.ts';
import { type StationaryTask, stationaryTask } from './stationaryTask.ts';
import { unknownState } from './valueGradients.ts';

export interface StationaryCriterionOptions {
  /** γ, 0 ≤ γ ≤ 1; 1 needs goals. */
  readonly discount: number;
  /** τ > 0 */
  readonly temperature: number;
}

/** One goal with its planner and everything allocated for it. */
interface TaskPlan {
  readonly task: StationaryTask;
  readonly planner: SoftPlanner;
  readonly reward: Float64Array;
  readonly c: Float64Array;
  /** [task states] minus the decisions taken there. */
  readonly decisions: Float64Array;
  /** D, kept from evaluation to evaluation as the next first guess. */
  readonly adjoint: Float64Array;
  /** gradV_k per feature, likewise. */
  readonly tangents: Float64Array[];
}

/** Tangent solves relative to their right-hand side: enough for Newton steps to converge fast. */
const TANGENT_ACCURACY = 1e-8;
/** The same for gradients that are asked for by themselves, of which differences are taken. */
const GRADIENT_ACCURACY = 1e-11;

export function createStationaryCriterion(
  mdp: Mdp,
  goals: readonly Goal[],
  moments: Moments,
  { discount, temperature }: StationaryCriterionOptions,
): Criterion {
  const plans = moments.tasks.map((taskMoments): TaskPlan => {
    const goal = goals[taskMoments.goal] ?? null;
    const task = stationaryTask(mdp, goal, taskMoments.visited, discount);
    const problem = { mdp: task.mdp, stop: task.stop, discount, temperature };
    const guess = discount === 1 ? shortestPathGuess(task) : null;
    const onTask = ({ state, weight }: TaskMoments['decisions'], sign: number): Float64Array => {
      const dense = new Float64Array(task.mdp.stateCount);
      state.forEach((s, i) => {
        if (task.taskState[s] >= 0) dense[task.taskState[s]] += sign * weight[i];
      });
      return dense;
    };
    return {
      task,
      planner: new SoftPolicyIteration(problem, guess ? { firstGuess: guess } : {}),
      reward: new Float64Array(task.mdp.pairCount),
      c: onTask(taskMoments, 1),
      decisions: onTask(taskMoments.decisions, -1),
      adjoint: new Float64Array(task.mdp.stateCount),
      tangents: [],
    };
  });

  return {
    evaluate(reward, surplus) {
      let value = moments.stopReward;
      for (let pair = 0; pair < mdp.pairCount; pair++) {
        // 0 · ∞ would be NaN; a pair that nobody took adds nothing whatever it is worth.
        if (moments.counts[pair] !== 0) value += moments.counts[pair] * reward[pair];
        surplus[pair] = moments.counts[pair];
      }
      for (const { task, planner, reward: taskReward, c, adjoint } of plans) {
        const { worldPair } = task;
        for (let p = 0; p < worldPair.length; p++) taskReward[p] = reward[worldPair[p]];
        if (planner.plan(taskReward) !== 'converged') return Number.NEGATIVE_INFINITY;
        for (let s = 0; s < c.length; s++) value += c[s] * planner.value[s];
        planner.solveTransposed(c, adjoint);
        addExpectedPairs(task.mdp, adjoint, planner.policy, worldPair, surplus);
      }
      for (let pair = 0; pair < mdp.pairCount; pair++) surplus[pair] /= temperature;
      return value / temperature;
    },

    curvature(features, out) {
      covariances(features, ({ adjoint }) => adjoint, out);
    },

    expectedCurvature(features, out) {
      covariances(features, ({ decisions }) => decisions, out);
    },

    forget() {
      for (const { planner, adjoint, tangents } of plans) {
        planner.forget();
        adjoint.fill(0);
        tangents.length = 0;
      }
    },

    valueGradients(features) {
      for (const plan of plans)
        solveTangents(plan, taskFeatures(features, plan.task), discount, GRADIENT_ACCURACY);
      return {
        at(index, time, state, out) {
          const { task, planner, tangents } = plans[index];
          const s = task.taskState[state];
          if (s < 0) throw unknownState(index, time, state);
          for (let k = 0; k < out.length; k++) out[k] = tangents[k][s];
          return planner.value[s];
        },
      };
    },
  };

  function covariances(
    features: FeatureMatrix,
    weightOf: (plan: TaskPlan) => Float64Array,
    out: Float64Array,
  ): void {
    out.fill(0);
    for (const plan of plans) {
      const { task, planner } = plan;
      const rows = taskFeatures(features, task);
      solveTangents(plan, rows, discount, TANGENT_ACCURACY);
      addCovariance(task.mdp, rows, plan.tangents, planner.policy, weightOf(plan), discount, out);
    }
    const scale = 1 / (temperature * temperature);
    for (let i = 0; i < out.length; i++) out[i] *= scale;
  }
}

/** Adds D(s) π(a | s) to the surplus of the world's pairs. */
function addExpectedPairs(
  { stateCount, pairStart }: Mdp,
  adjoint: Float64Array,
  policy: Float64Array,
  worldPair: Int32Array,
  surplus: Float64Array,
): void {
  for (let s = 0; s < stateCount; s++) {
    const visits = adjoint[s];
    if (visits === 0) continue;
    for (let p = pairStart[s]; p < pairStart[s + 1]; p++)
      surplus[worldPair[p]] += visits * policy[p];
  }
}

/** The rows of the world's features that belong to a task's pairs (or states). */
function taskFeatures({ names, per, values }: FeatureMatrix, task: StationaryTask): FeatureMatrix {
  const rows = per === 'pair' ? task.worldPair : task.worldState;
  const width = names.length;
  const taskValues = new Float64Array(rows.length * width);
  for (let i = 0; i < rows.length; i++)
    for (let k = 0; k < width; k++) taskValues[i * width + k] = values[rows[i] * width + k];
  return { names, per, values: taskValues };
}

function solveTangents(
  { task, planner, tangents }: TaskPlan,
  { names, per, values }: FeatureMatrix,
  discount: number,
  accuracy: number,
): void {
  const { stateCount, pairStart } = task.mdp;
  const { policy } = planner;
  const width = names.length;
  const expected = new Float64Array(stateCount);
  for (let k = 0; k < width; k++) {
    for (let s = 0; s < stateCount; s++) {
      let sum = 0;
      for (let p = pairStart[s]; p < pairStart[s + 1]; p++)
        sum += policy[p] * values[(per === 'pair' ? p : s) * width + k];
      expected[s] = sum;
    }
    tangents[k] ??= new Float64Array(stateCount);
    if (discount === 0) tangents[k].set(expected);
    else planner.solve(expected, tangents[k], accuracy);
  }
}
