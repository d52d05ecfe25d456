/**
 * Choices among actions of a single state, again and again: a conditional logit, whose likelihood is
 * known in closed form, as a problem of the program.
 */

import type { Problem } from '../../src/algorithms/problem.ts';
import { type Rng, sampleIndex } from '../../src/numeric/rng.ts';

/**
 * @param rows [actions][features] what each action shows
 * @param trajectories the actions taken, trajectory by trajectory
 */
export function choiceProblem(
  names: readonly string[],
  rows: readonly (readonly number[])[],
  trajectories: readonly (readonly number[])[],
  weight: readonly number[] = trajectories.map(() => 1),
): Problem {
  const actions = rows.length;
  const pair = trajectories.flat();
  const rowStart = [0];
  for (const taken of trajectories) rowStart.push(rowStart[rowStart.length - 1] + taken.length);
  return {
    world: {
      mdp: {
        stateCount: 1,
        pairCount: actions,
        pairStart: Int32Array.of(0, actions),
        transitionStart: Int32Array.from({ length: actions + 1 }, (_, i) => i),
        nextState: new Int32Array(actions),
        probability: new Float64Array(actions).fill(1),
      },
      stateNames: ['s'],
      actionNames: rows.map((_, a) => `a${a}`),
      pairAction: Int32Array.from({ length: actions }, (_, a) => a),
    },
    time: { kind: 'discounted', discount: 0.5 },
    goals: [],
    features: { names, per: 'pair', values: Float64Array.from(rows.flat()) },
    trajectories: {
      count: trajectories.length,
      rowStart: Int32Array.from(rowStart),
      state: new Int32Array(pair.length),
      pair: Int32Array.from(pair),
      goal: new Int32Array(trajectories.length).fill(-1),
      weight: Float64Array.from(weight),
      stopped: new Uint8Array(trajectories.length),
      names: trajectories.map((_, i) => `t${i}`),
      folds: null,
    },
    initial: null,
    temperature: 1,
  };
}

/** Draws choices from the logit with these parameters. */
export function drawChoices(
  rows: readonly (readonly number[])[],
  theta: readonly number[],
  trajectories: number,
  length: number,
  rng: Rng,
): number[][] {
  const odds = rows.map((row) => Math.exp(row.reduce((sum, f, k) => sum + f * theta[k], 0)));
  return Array.from({ length: trajectories }, () =>
    Array.from({ length }, () => sampleIndex(odds, rng)),
  );
}

/** One action that pays θ and one that pays nothing; each trajectory says how often each was taken. */
export function goOrWait(
  counts: readonly (readonly [go: number, wait: number])[],
  weight?: readonly number[],
): Problem {
  const taken = counts.map(([go, wait]) => [
    ...new Array<number>(go).fill(0),
    ...new Array<number>(wait).fill(1),
  ]);
  return choiceProblem(['go'], [[1], [0]], taken, weight);
}
