/**
 * Dynamics of a continuous world, linear in features of state and action, from transitions.
 *
 *   s′ = s + Wᵀ φ(s, a) + ε,   ε ~ N(0, Σ)
 *   W  = argmin Σ_i ‖ s′_i − s_i − Wᵀ φ_i ‖² + λ ‖W‖²,   Σ = mean of the products left over
 *
 * φ is [s; a; 1] unless it is given; a discrete action enters as one indicator for each but the first.
 * What is fitted is the change of the state, so that the penalty pulls towards staying. The reward is
 * given, or fitted on the same features. When a task ends is given, or it never does: an end is a set of
 * states, which no linear function draws.
 *
 * Reference: Hastie, Tibshirani & Friedman (2009), The elements of statistical learning, §3.2 and 3.4.
 */

import { z } from 'zod';
import { checkIndex, checkPoint } from '../../environments/episode.ts';
import type { Action } from '../../environments/simulator.ts';
import { choleskySolver } from '../../numeric/choleskySolver.ts';
import type { Rng } from '../../numeric/rng.ts';
import { standardNormal } from '../../numeric/standardNormal.ts';
import type { SeenTransition } from './seenTransitions.ts';
import type { StepModel } from './stepModel.ts';

export const LinearDynamicsOptions = z.strictObject({
  ridge: z.number().min(0).default(1e-6).describe('λ, added to the sums of squares of features'),
});
/** What a caller may write. */
export type LinearDynamicsOptions = z.input<typeof LinearDynamicsOptions>;

/** What is known of the world besides its transitions. */
export interface KnownOfWorld<A extends Action> {
  readonly actions: StepModel<A>['actions'];
  /** φ(s, a), always of one length; [s; a; 1] where absent. */
  readonly features?: (state: ArrayLike<number>, action: A) => ArrayLike<number>;
  /** What a step pays; fitted where absent. */
  readonly reward?: (state: ArrayLike<number>, action: A, next: ArrayLike<number>) => number;
  /** Whether the task is over in a state; never where absent. */
  readonly terminated?: (state: ArrayLike<number>) => boolean;
}

export interface LinearDynamics<A extends Action> {
  /** [features × stateSize] W, row-major. */
  readonly weights: Float64Array;
  /** [features] of the reward; null where it was given. */
  readonly rewardWeights: Float64Array | null;
  /** [stateSize × stateSize] Σ. */
  readonly covariance: Float64Array;
  /** A model to imagine in: the expected change, or with an `rng` one with its noise. */
  model(rng?: Rng): StepModel<A>;
}

/**
 * @throws RangeError where there are no transitions, they do not match, or without ridge they do not
 *   determine W
 */
export function linearDynamics<A extends Action>(
  transitions: readonly SeenTransition<A>[],
  known: KnownOfWorld<A>,
  options: LinearDynamicsOptions = {},
): LinearDynamics<A> {
  const { ridge } = LinearDynamicsOptions.parse(options);
  if (transitions.length === 0)
    throw new RangeError('Cannot learn dynamics: there are no transitions');
  const size = transitions[0].state.length;
  const features = known.features ?? plainFeatures<A>(known.actions);
  const rows = transitions.map(({ state, action, next }, i) => {
    checkAction(known.actions, action);
    if (state.length !== size || next.length !== size)
      throw new RangeError(
        `Cannot learn dynamics: transition ${i} must have states of ${size} numbers, got ${state.length} and ${next.length}`,
      );
    return features(state, action);
  });
  const regress = leastSquares(rows, ridge);
  const width = rows[0].length;
  const weights = new Float64Array(width * size);
  for (let j = 0; j < size; j++) {
    const column = regress(transitions.map(({ state, next }) => next[j] - state[j]));
    for (let k = 0; k < width; k++) weights[k * size + j] = column[k];
  }
  const rewardWeights = known.reward ? null : regress(transitions.map(({ reward }) => reward));
  const covariance = productsLeft();
  return { weights, rewardWeights, covariance, model };

  function productsLeft(): Float64Array {
    const products = new Float64Array(size * size);
    const left = new Float64Array(size);
    transitions.forEach(({ state, next }, i) => {
      for (let j = 0; j < size; j++) left[j] = state[j] - next[j];
      addChange(rows[i], weights, left);
      for (let j = 0; j < size; j++)
        for (let k = 0; k < size; k++)
          products[j * size + k] += (left[j] * left[k]) / transitions.length;
    });
    return products;
  }

  function model(rng?: Rng): StepModel<A> {
    const { reward } = known;
    const factor = lowerFactor(covariance, size);
    const before = new Float64Array(size);
    let terminated = false;
    return {
      actions: known.actions,
      stateSize: size,
      get terminated() {
        return terminated;
      },
      step(state, action) {
        checkAction(known.actions, action);
        if (state.length !== size)
          throw new RangeError(`Cannot step: a state has ${size} numbers, got ${state.length}`);
        const seen = features(state, action);
        before.set(state);
        addChange(seen, weights, state);
        if (rng) addNoise(factor, rng, state);
        terminated = known.terminated?.(state) ?? false;
        if (reward) return reward(before, action, state);
        let sum = 0;
        if (rewardWeights) for (let k = 0; k < width; k++) sum += rewardWeights[k] * seen[k];
        return sum;
      },
    };
  }
}

/** [s; a; 1]. */
function plainFeatures<A extends Action>(
  actions: StepModel<A>['actions'],
): (state: ArrayLike<number>, action: A) => ArrayLike<number> {
  const extra = actions.kind === 'discrete' ? actions.count - 1 : actions.low.length;
  return (state, action) => {
    const row = new Float64Array(state.length + extra + 1);
    row.set(state);
    if (typeof action !== 'number') row.set(action, state.length);
    else if (action > 0) row[state.length + action - 1] = 1;
    row[row.length - 1] = 1;
    return row;
  };
}

/** Factors Φᵀ Φ + λ I; returns what gives the best weights [features] for targets [rows]. */
function leastSquares(
  rows: readonly ArrayLike<number>[],
  ridge: number,
): (target: readonly number[]) => Float64Array {
  const size = rows[0].length;
  const normal = new Float64Array(size * size);
  rows.forEach((row, i) => {
    if (row.length !== size)
      throw new RangeError(
        `Cannot learn dynamics: features must always be ${size} numbers, got ${row.length} for transition ${i}`,
      );
    for (let j = 0; j < size; j++)
      for (let k = 0; k <= j; k++) normal[j * size + k] += row[j] * row[k];
  });
  for (let j = 0; j < size; j++) normal[j * size + j] += ridge;
  const solve = choleskySolver(normal, size);
  if (!solve)
    throw new RangeError(
      'Cannot learn dynamics: the transitions do not determine the weights of the features; add ridge, transitions, or leave features out',
    );
  return (target) => {
    const weights = new Float64Array(size);
    rows.forEach((row, i) => {
      for (let k = 0; k < size; k++) weights[k] += row[k] * target[i];
    });
    solve(weights);
    return weights;
  };
}

/** Adds Wᵀ φ to `out` [size]. */
function addChange(features: ArrayLike<number>, weights: Float64Array, out: Float64Array): void {
  const size = out.length;
  for (let k = 0; k < features.length; k++) {
    const x = features[k];
    if (x !== 0) for (let j = 0; j < size; j++) out[j] += x * weights[k * size + j];
  }
}

/** Adds a draw of N(0, L Lᵀ) to `state`. */
function addNoise(factor: Float64Array, rng: Rng, state: Float64Array): void {
  const size = state.length;
  for (let k = 0; k < size; k++) {
    const z = standardNormal(rng);
    for (let j = k; j < size; j++) state[j] += factor[j * size + k] * z;
  }
}

/** L with L Lᵀ = `matrix`, which may be singular: what does not vary has a column of zeros. */
function lowerFactor(matrix: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    let pivot = matrix[j * size + j];
    for (let k = 0; k < j; k++) pivot -= factor[j * size + k] ** 2;
    if (!(pivot > 1e-12 * matrix[j * size + j])) continue;
    const root = Math.sqrt(pivot);
    for (let i = j; i < size; i++) {
      let sum = matrix[i * size + j];
      for (let k = 0; k < j; k++) sum -= factor[i * size + k] * factor[j * size + k];
      factor[i * size + j] = sum / root;
    }
  }
  return factor;
}

function checkAction<A extends Action>(actions: StepModel<A>['actions'], action: A): void {
  if (actions.kind === 'discrete') checkIndex(action as number, actions.count);
  else checkPoint(action as Float64Array, actions.low.length);
}
