/** A policy that was trained, in a folder of its own: ready to act, not to learn on. */

import { z } from 'zod';
import type { Action, Simulator } from '../../environments/simulator.ts';
import { loadCheckpoint, saveCheckpoint } from '../../networks/checkpoint.ts';
import type { Engine } from '../../networks/network.ts';
import type { Player, PolicyArrays } from './controlLearner.ts';
import { type ControlForm, type ControlMethodName, controlMethods } from './controlMethods.ts';

const KIND = 'trained-policy';

const State = z.strictObject({
  method: z.enum(Object.keys(controlMethods) as [ControlMethodName]),
  options: z.record(z.string(), z.unknown()),
  world: z.unknown(),
  step: z.int().nonnegative(),
});

/** What is kept of it. */
export interface TrainedPolicy {
  readonly method: ControlMethodName;
  /** As they were given to the method's `learner`. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Plain JSON: where it was trained. */
  readonly world: unknown;
  /** Steps in the world after which it was taken. */
  readonly step: number;
  readonly policy: PolicyArrays;
}

export function saveTrainedPolicy(folder: string, { policy, ...state }: TrainedPolicy): void {
  saveCheckpoint(folder, { kind: KIND, state, arrays: policy });
}

/**
 * Reads a policy and has it play in so many worlds at once, without chance.
 *
 * @throws SyntaxError where the folder holds none
 * @throws RangeError, TypeError where it was trained in worlds of another kind or width
 */
export function loadTrainedPolicy<A extends Action>(
  engine: Engine,
  folder: string,
  createSimulator: () => Simulator<A>,
  rows = 1,
): Player<A> {
  const { state, arrays } = loadCheckpoint(folder, KIND);
  const { method, options } = State.parse(state);
  const { kind } = createSimulator().actions;
  const form = controlMethods[method][kind] as ControlForm<A> | null;
  if (form === null)
    throw new TypeError(`Cannot play: a policy of ${method} was trained for other actions`);
  const player = form.learner(engine, createSimulator, options).player(engine, rows);
  player.take(arrays);
  return player;
}
