/**
 * The soft Bellman equation of one dense task, and how its solution moves with θ.
 *
 *   Q(s, a) = θ · f(s, a) + c(s, a) + γ Σₛ′ p(s′ | s, a) V(s′),   V(s) = τ log Σₐ exp(Q(s, a) / τ)
 *
 * Differentiating twice (forward sensitivities, rather than the adjoint that the program uses):
 *
 *   ∂V(s)  = Σₐ π(a | s) ∂Q(s, a),                        ∂Q(s, a)  = f(s, a) + γ Σ p ∂V(s′)
 *   ∂²V(s) = Σₐ π(a | s) ∂²Q(s, a) + Covₐ(∂Q, ∂Q) / τ,    ∂²Q(s, a) = γ Σ p ∂²V(s′)
 *
 * A finite horizon runs these backwards. Otherwise they are linear in ∂V and ∂²V with one matrix
 * I − γP_π, solved by Gaussian elimination; V itself is the limit of soft value iteration, reached
 * by Newton steps and accepted only when a sweep leaves it in place.
 */

import { type Matrix, solveDense } from './denseLinearAlgebra.ts';
import type { DenseProblem } from './denseProblem.ts';
import type { DenseMove, DenseTask } from './denseWorld.ts';

/** V and its derivatives; states that are dead hold V = −∞ and derivatives 0. */
interface DenseValue {
  /** [states] */
  readonly value: readonly number[];
  /** [states][features] */
  readonly gradient: Matrix;
  /** [states][features²], row by row */
  readonly curvature: Matrix;
}

/** log π and its derivatives, per state and move. */
interface DensePolicy {
  /** [states][moves] */
  readonly logPolicy: Matrix;
  /** [states][moves][features] */
  readonly gradient: readonly Matrix[];
  /** [states][moves][features²] */
  readonly curvature: readonly Matrix[];
}

/** The plan of one task: `at[t]` at decision t; the last entry serves all later decisions. */
export interface DensePlan {
  readonly at: readonly { readonly value: DenseValue; readonly policy: DensePolicy }[];
}

type Model = Pick<DenseProblem, 'discount' | 'horizon' | 'temperature'>;

/** Returns the soft-optimal plan at θ, or null where no finite value exists. */
export function solveTask(
  task: DenseTask,
  theta: readonly number[],
  model: Model,
): DensePlan | null {
  if (model.horizon === null) {
    const value = fixedPoint(task, theta, model);
    const solution = value && withSensitivities(task, theta, model, value);
    return solution && { at: [backup(task, theta, model, solution)] };
  }
  const at: { value: DenseValue; policy: DensePolicy }[] = [];
  const zeros = (width: number): Matrix => task.moves.map(() => new Array(width).fill(0));
  let next: DenseValue = {
    value: task.moves.map(() => 0),
    gradient: zeros(theta.length),
    curvature: zeros(theta.length ** 2),
  };
  for (let time = model.horizon - 1; time >= 0; time--) {
    const stage = backup(task, theta, model, next);
    at.unshift(stage);
    next = stage.value;
  }
  return { at };
}

/** Returns T V, the right-hand side of the soft Bellman equation. */
export function bellman(
  task: DenseTask,
  theta: readonly number[],
  model: Model,
  value: readonly number[],
): number[] {
  return task.moves.map((moves, state) => {
    if (!task.alive[state]) return Number.NEGATIVE_INFINITY;
    if (moves.length === 0) return 0;
    return logSumExp(actionValues(moves, theta, model, value), model.temperature);
  });
}

function actionValues(
  moves: readonly DenseMove[],
  theta: readonly number[],
  { discount }: Model,
  value: readonly number[],
): number[] {
  return moves.map(
    ({ features, constant, successors }) =>
      features.reduce((sum, feature, k) => sum + feature * theta[k], constant) +
      discount * successors.reduce((sum, next) => sum + next.probability * value[next.state], 0),
  );
}

function logSumExp(values: readonly number[], temperature: number): number {
  const top = Math.max(...values);
  const mass = values.reduce((sum, value) => sum + Math.exp((value - top) / temperature), 0);
  return top + temperature * Math.log(mass);
}

/**
 * V = T V by V ← V + (I − γP_π)⁻¹(T V − V) from the value of the uniform policy. That value is
 * finite (every move of a living state stays among living states, so the uniform policy arrives)
 * and below T V; T is convex and monotone, so the steps climb to the solution, or for ever if
 * there is none.
 */
function fixedPoint(task: DenseTask, theta: readonly number[], model: Model): number[] | null {
  const zero = task.moves.map(() => 0);
  const uniform = task.moves.map((moves) => moves.map(() => 1 / moves.length));
  const gain = task.moves.map((moves) =>
    moves.length === 0
      ? 0
      : actionValues(moves, theta, model, zero).reduce((sum, r) => sum + r / moves.length, 0) +
        model.temperature * Math.log(moves.length),
  );
  const start = evaluate(
    task,
    uniform,
    model,
    gain.map((r) => [r]),
  );
  if (!start) return null;
  let value = start.map((row, state) => (task.alive[state] ? row[0] : Number.NEGATIVE_INFINITY));
  let best = Number.POSITIVE_INFINITY;
  for (let step = 0; step < 400; step++) {
    const swept = bellman(task, theta, model, value);
    const residual = swept.map((v, state) => (task.alive[state] ? v - value[state] : 0));
    const size = Math.max(...value.map((v) => (Number.isFinite(v) ? Math.abs(v) : 0)), 1);
    const largest = Math.max(...residual.map(Math.abs));
    if (!(size < 1e7) || Number.isNaN(largest)) return null;
    // Close to rounding the residual stops shrinking: then, and not before, it is as good as it gets.
    if (largest <= 1e-12 * size && largest >= best / 2) return value;
    best = Math.min(best, largest);
    const policy = policyOf(task, theta, model, value);
    const rise = evaluate(
      task,
      policy,
      model,
      residual.map((r) => [r]),
    );
    if (!rise) return null;
    value = value.map((v, state) => v + rise[state][0]);
  }
  return null;
}

function policyOf(
  task: DenseTask,
  theta: readonly number[],
  model: Model,
  value: readonly number[],
): Matrix {
  return task.moves.map((moves) => {
    if (moves.length === 0) return [];
    const q = actionValues(moves, theta, model, value);
    const v = logSumExp(q, model.temperature);
    return q.map((each) => Math.exp((each - v) / model.temperature));
  });
}

/** Solves (I − γP_π) X = B. */
function evaluate(task: DenseTask, policy: Matrix, { discount }: Model, b: Matrix): Matrix | null {
  const matrix = task.moves.map((moves, state) => {
    const row = task.moves.map((_, other) => (other === state ? 1 : 0));
    moves.forEach((move, index) => {
      for (const next of move.successors) {
        row[next.state] -= discount * policy[state][index] * next.probability;
      }
    });
    return row;
  });
  return solveDense(matrix, b);
}

function withSensitivities(
  task: DenseTask,
  theta: readonly number[],
  model: Model,
  value: readonly number[],
): DenseValue | null {
  const policy = policyOf(task, theta, model, value);
  const size = theta.length;
  const gain = task.moves.map((moves, state) =>
    theta.map((_, k) => moves.reduce((sum, m, a) => sum + policy[state][a] * m.features[k], 0)),
  );
  const solved = evaluate(
    task,
    policy,
    model,
    gain.map((row) => [...row, 1]),
  );
  // The last column is the expected number of decisions left. Where M has spectral radius 1
  // exactly, rounding stops the climb of V at about 30, and only this column shows it.
  if (!solved?.every((row) => row[size] > 0 && row[size] < 1e9)) return null;
  const gradient = solved.map((row) => row.slice(0, size));
  const spread = task.moves.map((moves, state) => {
    const rows = moves.map((move) => moveGradient(move, gradient, model));
    return covariance(rows, policy[state], gradient[state]).map((c) => c / model.temperature);
  });
  const curvature = size === 0 ? spread : evaluate(task, policy, model, spread)!;
  return { value, gradient, curvature };
}

/** ∂Q(s, a) = f(s, a) + γ Σ p ∂V(s′). */
function moveGradient(move: DenseMove, gradient: Matrix, { discount }: Model): number[] {
  return move.features.map((feature, k) =>
    move.successors.reduce(
      (sum, next) => sum + discount * next.probability * gradient[next.state][k],
      feature,
    ),
  );
}

/** Σₐ π(a) xₐ xₐᵀ − x̄ x̄ᵀ, row by row. */
function covariance(rows: Matrix, policy: readonly number[], mean: readonly number[]): number[] {
  return mean.flatMap((_, k) =>
    mean.map((_, l) =>
      rows.reduce((sum, x, a) => sum + policy[a] * (x[k] - mean[k]) * (x[l] - mean[l]), 0),
    ),
  );
}

/** One backward step with all derivatives: from V(s′) to V(s) and log π(a | s). */
function backup(
  task: DenseTask,
  theta: readonly number[],
  model: Model,
  next: DenseValue,
): { value: DenseValue; policy: DensePolicy } {
  const value = bellman(task, theta, model, next.value);
  const policy = policyOf(task, theta, model, next.value);
  const stage = task.moves.map((moves, state) => {
    const q = actionValues(moves, theta, model, next.value);
    const dQ = moves.map((move) => moveGradient(move, next.gradient, model));
    const dV = theta.map((_, k) => dQ.reduce((sum, row, a) => sum + policy[state][a] * row[k], 0));
    const d2Q = moves.map((move) => moveCurvature(move, next.curvature, model, theta.length));
    const d2V = covariance(dQ, policy[state], dV).map((spread, kl) =>
      d2Q.reduce((sum, row, a) => sum + policy[state][a] * row[kl], spread / model.temperature),
    );
    return {
      dV,
      d2V,
      logPolicy: q.map((each) => (each - value[state]) / model.temperature),
      gradient: dQ.map((row) => row.map((x, k) => (x - dV[k]) / model.temperature)),
      curvature: d2Q.map((row) => row.map((x, kl) => (x - d2V[kl]) / model.temperature)),
    };
  });
  return {
    value: { value, gradient: stage.map((s) => s.dV), curvature: stage.map((s) => s.d2V) },
    policy: {
      logPolicy: stage.map((s) => s.logPolicy),
      gradient: stage.map((s) => s.gradient),
      curvature: stage.map((s) => s.curvature),
    },
  };
}

/** ∂²Q(s, a) = γ Σ p ∂²V(s′), row by row. */
function moveCurvature(
  move: DenseMove,
  curvature: Matrix,
  { discount }: Model,
  size: number,
): number[] {
  return Array.from({ length: size ** 2 }, (_, kl) =>
    move.successors.reduce(
      (sum, next) => sum + discount * next.probability * curvature[next.state][kl],
      0,
    ),
  );
}
