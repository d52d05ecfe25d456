/** A policy of a study in a simulator, from the checkpoint that its run kept. */

import { type Imitator, imitatorOf, imitatorOfClone } from '../../evaluation/imitation/imitator.ts';
import { ClonedPolicy, loadClonedPolicy } from '../../learning/cloning/clonedPolicy.ts';
import { loadSoftQPolicy, SoftQPolicy } from '../../learning/offline/softQPolicy.ts';
import { loadCheckpoint } from '../../networks/checkpoint.ts';
import { openEngine } from '../../networks/openEngine.ts';
import type { SimulatedSpecification } from '../simulatedStudy.ts';
import { agentOf } from './learnedPolicies.ts';
import type { PreparedSimulated } from './prepareSimulated.ts';

/**
 * @throws SyntaxError where the folder holds no such policy, RangeError where the study's agent is another
 */
export async function keptPolicy(
  specification: SimulatedSpecification,
  prepared: PreparedSimulated,
  folder: string,
): Promise<Imitator> {
  const { name, method } = specification;
  const { actions } = prepared;
  if (method === 'inverse-soft-bellman') {
    const data = loadSoftQPolicy(folder);
    const { engine } = await openEngine(Math.max(0, ...data.hidden));
    return imitatorOf(name, new SoftQPolicy(engine, data), actions);
  }
  if (method === 'behavior-cloning-network') {
    const data = loadClonedPolicy(folder);
    const { engine } = await openEngine(Math.max(0, ...data.hidden));
    return imitatorOfClone(name, new ClonedPolicy(engine, data));
  }
  const agent = await agentOf(specification, prepared, 0);
  const checkpoint = loadCheckpoint(folder, agent.kind);
  const { settings, numbers } = checkpoint.state as { settings: unknown; numbers: unknown };
  if (JSON.stringify(settings) !== JSON.stringify(agent.settings))
    throw new RangeError(
      `Cannot open ${folder} again: the study's agent has other settings than the one that was kept; run it again`,
    );
  agent.restore(checkpoint, numbers);
  return imitatorOf(name, agent, actions);
}
