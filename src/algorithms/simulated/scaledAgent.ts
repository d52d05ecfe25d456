/**
 * An agent to whom every observation is given in units of its own, o / scale: networks learn best
 * from numbers of about unit size, whatever the units in which they were recorded.
 */

import { agentSeeing } from './agentSeeing.ts';
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
  return agentSeeing(agent, {
    observationSize: size,
    settings: { ...(agent.settings as object), observationScale: scale },
    write(observed, out, rows) {
      for (let i = 0; i < rows * size; i++) out[i] = observed[i] / scale[i % size];
    },
  });
}
