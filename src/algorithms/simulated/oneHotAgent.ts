/**
 * An agent to whom cells are shown that have a number each: it sees as many numbers as there are
 * cells, all 0 but one, so that nothing is said about which of them are alike.
 */

import { type TransitionBatch, transitionBatch } from '../../learning/neural/transitionBuffer.ts';
import type { SoftAgent } from './softAgent.ts';

/** @param agent sees `count` numbers; what is returned sees one, from 0 to `count` − 1 */
export function oneHotAgent(agent: SoftAgent, count: number): SoftAgent {
  const batch = transitionBatch(agent.batch, { observationSize: count, actionSize: 1 });
  let room = new Float64Array(0);
  const spread = (observations: Float64Array, rows: number): Float64Array => {
    if (room.length < rows * count) room = new Float64Array(rows * count);
    return oneHot(observations, room, rows, count);
  };
  const spreadBatch = (cells: TransitionBatch): TransitionBatch => ({
    ...cells,
    observation: oneHot(cells.observation, batch.observation, cells.rows, count),
    nextObservation: oneHot(cells.nextObservation, batch.nextObservation, cells.rows, count),
  });
  return {
    kind: agent.kind,
    settings: agent.settings,
    batch: agent.batch,
    actionSize: agent.actionSize,
    act: (observations, rows, rng, out) => agent.act(spread(observations, rows), rows, rng, out),
    logLikelihood: (observations, actions, rows, out) =>
      agent.logLikelihood(spread(observations, rows), actions, rows, out),
    update: (cells, noise, rate) => agent.update(spreadBatch(cells), noise, rate),
    state: () => agent.state(),
    restore: (checkpoint, numbers) => agent.restore(checkpoint, numbers),
  };
}

function oneHot<Numbers extends Float32Array | Float64Array>(
  cells: ArrayLike<number>,
  out: Numbers,
  rows: number,
  count: number,
): Numbers {
  out.fill(0, 0, rows * count);
  for (let i = 0; i < rows; i++) out[i * count + cells[i]] = 1;
  return out;
}
