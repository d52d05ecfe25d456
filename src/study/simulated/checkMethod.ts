/** Refuses settings of a method that it does not have, before any method of the study learns. */

import { z } from 'zod';
import { SimulatedOptions } from '../../algorithms/simulated/simulatedOptions.ts';
import { CloningOptions } from '../../learning/cloning/cloningOptions.ts';
import { InverseSoftBellmanOptions } from '../../learning/offline/inverseSoftBellman.ts';
import type { SimulatedSpecification } from '../simulatedStudy.ts';
import { agentOf, problemOf } from './learnedPolicies.ts';
import type { PreparedSimulated } from './prepareSimulated.ts';

/** @throws RangeError naming the method and what is wrong */
export async function checkMethod(
  specification: SimulatedSpecification,
  prepared: PreparedSimulated,
): Promise<void> {
  const refuse = (problem: string): never => {
    throw new RangeError(
      `Cannot fit "${specification.name}" of study "${prepared.study.name}": ${problem}`,
    );
  };
  if (specification.method === 'inverse-soft-bellman' && prepared.actions.kind !== 'discrete')
    refuse('it learns from numbered actions only, and those of the world fill a box');
  problemOf(specification, prepared);
  try {
    await readSettings(specification, prepared);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const [{ path, message }] = error.issues;
    refuse(path.length === 0 ? message : `${path.join('.')}: ${message}`);
  }
}

async function readSettings(
  specification: SimulatedSpecification,
  prepared: PreparedSimulated,
): Promise<void> {
  if (specification.method === 'inverse-soft-bellman') {
    InverseSoftBellmanOptions.parse({ discount: prepared.study.discount, ...specification.fit });
    return;
  }
  if (specification.method === 'behavior-cloning-network') {
    CloningOptions.parse(specification.fit ?? {});
    return;
  }
  const settings = specification.fit ?? prepared.study.fit ?? {};
  const { start: _start, fix: _fix, bounds: _bounds, l2: _l2, reward: _reward, ...rest } = settings;
  SimulatedOptions.parse(rest);
  await agentOf(specification, prepared, 0);
}
