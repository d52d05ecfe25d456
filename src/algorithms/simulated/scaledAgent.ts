/**
 * An agent to whom every observation is given in units of its own, o / scale: networks learn best
 * from numbers of about unit size, whatever the units in which they were recorded.
 */

import { type TransitionBatch, transitionBatch } from '../../learning/neural/transitionBuffer.ts';
import type { SoftAgent } from './softAgent.ts';

/**
 * @param scale [observationSize] what counts as one, above 0
 */
export function scaledAgent(agent: SoftAgent, scale: readonly number[]): SoftAgent {
  for (const [i, unit] of scale.entries())
    if (!(unit > 0 && Number.isFinite(unit)))
      throw new RangeError(
        `Cannot scale observations: what counts as one must be > 0, got ${unit} for number ${i + 1}`,
      );
  const size = scale.length;
  const shape = { observationSize: size, actionSize: agent.actionSize };
  const batch = transitionBatch(agent.batch, shape);
  const written = <Numbers extends Float32Array | Float64Array>(
    from: ArrayLike<number>,
    to: Numbers,
    rows: number,
  ): Numbers => {
    for (let i = 0; i < rows * size; i++) to[i] = from[i] / scale[i % size];
    return to;
  };
  let room = new Float64Array(0);
  const inScale = (observations: Float64Array, rows: number): Float64Array => {
    if (room.length < rows * size) room = new Float64Array(rows * size);
    return written(observations, room, rows);
  };
  const batchInScale = (transitions: TransitionBatch): TransitionBatch => ({
    ...transitions,
    observation: written(transitions.observation, batch.observation, transitions.rows),
    nextObservation: written(transitions.nextObservation, batch.nextObservation, transitions.rows),
  });
  return {
    kind: agent.kind,
    settings: { ...(agent.settings as object), observationScale: scale },
    batch: agent.batch,
    actionSize: agent.actionSize,
    act: (observations, rows, rng, out) => agent.act(inScale(observations, rows), rows, rng, out),
    logLikelihood: (observations, actions, rows, out) =>
      agent.logLikelihood(inScale(observations, rows), actions, rows, out),
    update: (transitions, noise, rate) => agent.update(batchInScale(transitions), noise, rate),
    state: () => agent.state(),
    restore: (checkpoint, numbers) => agent.restore(checkpoint, numbers),
  };
}
