/** What a result of a study in a simulator says beside its methods: data, model, world, and what to compare with. */

import type { Episodes } from '../../demonstrations/sources/episodes.ts';
import { atRandom } from '../../evaluation/imitation/atRandom.ts';
import { meanReturn } from '../../evaluation/simulated/meanReturn.ts';
import type { SimulatedExperiment } from '../../evaluation/simulated/simulatedResult.ts';
import { evaluationOf, NO_RETURN, trueReturns } from './judgedPolicy.ts';
import type { PreparedSimulated } from './prepareSimulated.ts';

/** @param seed of the episodes that are played at random */
export function simulatedExperiment(
  prepared: PreparedSimulated,
  seed: number,
): Omit<SimulatedExperiment, 'methods'> {
  const { study, problem, world, data, parted, fitted } = prepared;
  const { simulator, discount, temperature = 1 } = study;
  const { actions, observation, timeLimit } = world;
  const isJudged = evaluationOf(prepared) !== null;
  const chance = atRandom(actions, observation.length, problem.offered);
  const recorded = recordedReturns(problem.demonstrations, fitted);
  const isRecorded = recorded?.every(Number.isFinite) ?? false;
  const demonstrated = isJudged && recorded && isRecorded ? meanReturn(recorded) : null;
  const notRecorded = recorded
    ? 'not all rewards that were recorded are finite'
    : 'no rewards were recorded';
  return {
    data,
    model: {
      time: 'discounted',
      discount,
      temperature,
      features: [...problem.features.names],
      ...(parted === null ? {} : { holdOut: parted }),
    },
    simulator: {
      name: typeof simulator === 'function' ? null : simulator.name,
      ...(typeof simulator !== 'function' && simulator.options
        ? { options: { ...simulator.options } }
        : {}),
      observationSize: observation.length,
      actions: actions.kind,
      actionSize: actions.kind === 'discrete' ? 1 : actions.low.length,
      timeLimit: Number.isFinite(timeLimit) ? timeLimit : null,
    },
    baselines: {
      demonstrated,
      random: isJudged ? meanReturn(trueReturns(chance, prepared, 'sampled', seed)) : null,
      reasons: {
        ...(demonstrated === null ? { demonstrated: isJudged ? notRecorded : NO_RETURN } : {}),
        ...(isJudged ? {} : { random: NO_RETURN }),
      },
    },
    published: [],
  };
}

/** Returns the sum of rewards of each of these episodes; null where none were recorded. */
function recordedReturns(
  { rewards, stepStart }: Episodes,
  which: readonly number[],
): Float64Array | null {
  if (!rewards) return null;
  return Float64Array.from(which, (e) =>
    rewards.subarray(stepStart[e], stepStart[e + 1]).reduce((sum, r) => sum + r, 0),
  );
}
