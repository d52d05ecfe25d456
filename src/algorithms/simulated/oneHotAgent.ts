/**
 * An agent to whom cells are shown that have a number each: it sees as many numbers as there are
 * cells, all 0 but one, so that nothing is said about which of them are alike.
 */

import { agentSeeing } from './agentSeeing.ts';
import type { SoftAgent } from './softAgent.ts';

/** @param agent sees `count` numbers; what is returned sees one, from 0 to `count` − 1 */
export function oneHotAgent(agent: SoftAgent, count: number): SoftAgent {
  return agentSeeing(agent, {
    observationSize: count,
    settings: agent.settings,
    write(cells, out, rows) {
      out.fill(0, 0, rows * count);
      for (let i = 0; i < rows; i++) out[i * count + cells[i]] = 1;
    },
  });
}
