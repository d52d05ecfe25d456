/** Transitions drawn at random, for updates that are checked against their equations. */

import {
  type TransitionBatch,
  transitionBatch,
} from '../../../src/learning/neural/transitionBuffer.ts';
import { createRng } from '../../../src/numeric/rng.ts';

export function randomBatch(
  rows: number,
  observationSize: number,
  actionCount: number,
  seed = 0,
): TransitionBatch {
  const batch = transitionBatch(rows, { observationSize, actionSize: 1 });
  const rng = createRng(seed, 'batch');
  for (const array of [batch.observation, batch.nextObservation])
    for (let i = 0; i < array.length; i++) array[i] = 2 * rng() - 1;
  for (let i = 0; i < rows; i++) {
    batch.action[i] = Math.floor(rng() * actionCount);
    batch.reward[i] = 4 * rng() - 2;
    batch.terminated[i] = rng() < 0.3 ? 1 : 0;
  }
  return batch;
}

/** The numbers of one row of a flat array. */
export function rowOf(array: Float32Array, row: number, width: number): number[] {
  return Array.from(array.subarray(row * width, (row + 1) * width));
}

/** Each state's observation in a tiny world: 1 at its own place. */
export function everyStep(world: TinyWorld): TransitionBatch {
  const { states, actions } = world;
  const rows = states * actions;
  const batch = transitionBatch(rows, { observationSize: states, actionSize: 1 });
  for (let i = 0; i < rows; i++) {
    const [s, a] = [Math.floor(i / actions), i % actions];
    const { to, reward, ends } = world.step(s, a);
    batch.observation[i * states + s] = 1;
    batch.nextObservation[i * states + to] = 1;
    batch.action[i] = a;
    batch.reward[i] = reward;
    batch.terminated[i] = ends ? 1 : 0;
  }
  return batch;
}

interface TinyWorld {
  readonly states: number;
  readonly actions: number;
  step(
    s: number,
    a: number,
  ): { readonly to: number; readonly reward: number; readonly ends: boolean };
}

/** Three states, three actions, rewards of mixed sign, and one way out. */
export const tinyWorld: TinyWorld = {
  states: 3,
  actions: 3,
  step: (s, a) => ({
    to: (s + a) % 3,
    reward: [0.3, -0.2, 0.5, 0.1, 0.4, -0.6, -0.1, 0.2, 0][3 * s + a],
    ends: s === 2 && a === 0,
  }),
};

/** [states × actions] fixed point of Q = r + γ W(Q), by sweeps. */
export function exactQ(
  { states, actions, step }: TinyWorld,
  discount: number,
  worth: (q: readonly number[]) => number,
): number[][] {
  let q: number[][] = Array.from({ length: states }, () => new Array<number>(actions).fill(0));
  for (let sweep = 0; sweep < 2_000; sweep++)
    q = q.map((row, s) =>
      row.map((_, a) => {
        const { to, reward, ends } = step(s, a);
        return reward + (ends ? 0 : discount * worth(q[to]));
      }),
    );
  return q;
}
