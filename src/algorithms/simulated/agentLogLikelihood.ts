/** How well an agent tells what was demonstrated: held-out episodes, where others were fitted. */

import { createRng } from '../../numeric/rng.ts';
import { demonstratedSteps } from './demonstratedSteps.ts';
import type { SimulatedProblem } from './simulatedProblem.ts';
import type { SoftAgent } from './softAgent.ts';

export interface AgentLogLikelihood {
  readonly decisions: number;
  /** Mean of log π(a | o): probabilities of numbered actions, densities on [−1, 1] of boxes. */
  readonly perDecision: number;
}

/**
 * Of the demonstrations of the problem that `which` names.
 *
 * @throws RangeError or TypeError where they do not fit its world
 */
export function agentLogLikelihood(
  problem: SimulatedProblem,
  agent: SoftAgent,
): AgentLogLikelihood {
  const world = problem.createSimulator(createRng(0, 'outcomes'));
  const { episodes, decisions } = demonstratedSteps(problem, world);
  let total = 0;
  for (const { rows } of episodes) {
    const logs = new Float64Array(rows.count);
    agent.logLikelihood(rows.observation, rows.action, rows.count, logs);
    for (const log of logs) total += log;
  }
  return { decisions, perDecision: total / decisions };
}
