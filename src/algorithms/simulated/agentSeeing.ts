/** An agent that is shown something else than what was observed: the same in other numbers. */

import { type TransitionBatch, transitionBatch } from '../../learning/neural/transitionBuffer.ts';
import type { SoftAgent } from './softAgent.ts';

export interface Shown {
  /** Numbers that the agent sees. */
  readonly observationSize: number;
  /** Writes [rows × observationSize] what it is shown for rows that were observed. */
  readonly write: (
    observed: ArrayLike<number>,
    out: Float32Array | Float64Array,
    rows: number,
  ) => void;
  /** Of the whole, as a checkpoint tells it from others. */
  readonly settings: unknown;
}

export function agentSeeing(
  agent: SoftAgent,
  { observationSize, write, settings }: Shown,
): SoftAgent {
  const { actionSize } = agent;
  const batch = transitionBatch(agent.batch, { observationSize, actionSize });
  let room = new Float64Array(0);
  const shown = (observations: Float64Array, rows: number): Float64Array => {
    if (room.length < rows * observationSize) room = new Float64Array(rows * observationSize);
    write(observations, room, rows);
    return room;
  };
  const shownBatch = (transitions: TransitionBatch): TransitionBatch => {
    const { observation, nextObservation } = batch;
    write(transitions.observation, observation, transitions.rows);
    write(transitions.nextObservation, nextObservation, transitions.rows);
    return { ...transitions, observation, nextObservation };
  };
  return {
    kind: agent.kind,
    settings,
    batch: agent.batch,
    actionSize,
    act: (observations, rows, rng, out) => agent.act(shown(observations, rows), rows, rng, out),
    logLikelihood: (observations, actions, rows, out) =>
      agent.logLikelihood(shown(observations, rows), actions, rows, out),
    update: (transitions, noise, rate) => agent.update(shownBatch(transitions), noise, rate),
    state: () => agent.state(),
    restore: (checkpoint, numbers) => agent.restore(checkpoint, numbers),
  };
}
