/** How a policy of a study in a simulator is judged: by likelihood, by features, by true return. */

import type { Episodes } from '../../demonstrations/sources/episodes.ts';
import type { ActingPolicy } from '../../evaluation/imitation/actingPolicy.ts';
import { type Playing, playEpisodes } from '../../evaluation/imitation/playedEpisodes.ts';
import { createRng } from '../../numeric/rng.ts';
import type { SimulatedEvaluation } from '../simulatedStudy.ts';
import { decided, type PreparedSimulated } from './prepareSimulated.ts';

const EPISODES = 100;

/** Returns Σ log π of the decisions of each of some episodes. */
export function episodeLikelihoods(
  policy: ActingPolicy,
  episodes: Episodes,
  which: readonly number[],
): Float64Array {
  const { observations, observationStart, observationWidth: width } = episodes;
  const { actions, actionWidth, stepStart } = episodes;
  return Float64Array.from(which, (e) => {
    const steps = decided(episodes, e);
    const from = observationStart[e] * width;
    const logs = new Float64Array(steps);
    policy.logLikelihood(
      observations.subarray(from, from + steps * width),
      actions.subarray(stepStart[e] * actionWidth, stepStart[e + 1] * actionWidth),
      steps,
      logs,
    );
    return logs.reduce((sum, log) => sum + log, 0);
  });
}

/**
 * Returns what a policy gets in each of some episodes, in the rewards of the world. The same seed
 * gives every policy the same starts.
 *
 * @param policy null: every action as likely as any other
 */
export function trueReturns(
  policy: ActingPolicy | null,
  prepared: PreparedSimulated,
  playing: Playing,
  seed: number,
  count = evaluationOf(prepared)?.episodes ?? EPISODES,
): Float64Array {
  const stream = (purpose: string) => createRng(seed, `true return ${purpose}`);
  const starts = startsOf(prepared);
  const outcomes = stream('outcomes');
  const worlds = Array.from({ length: count }, () => prepared.problem.createSimulator(outcomes));
  const { returns } = playEpisodes(
    policy,
    worlds,
    worlds.map((_, i) => starts[i % starts.length]),
    playing,
    { starts: stream('starts'), choices: stream('choices') },
  );
  return returns;
}

/** Null where the rewards of the world mean nothing. */
export function evaluationOf({ study }: PreparedSimulated): SimulatedEvaluation | null {
  return study.evaluation === undefined ? {} : study.evaluation;
}

/** Where episodes begin, in turn; null: as the world begins. */
function startsOf(prepared: PreparedSimulated): readonly (ArrayLike<number> | null)[] {
  const { problem, heldOut, fitted } = prepared;
  const { starts = 'reset' } = evaluationOf(prepared) ?? {};
  if (starts === 'reset') return [null];
  if (starts !== 'demonstrations') {
    if (starts.length === 0)
      throw new RangeError('Cannot judge by returns: wanted at least one start, got none');
    return starts;
  }
  const { stateOf, demonstrations } = problem;
  if (!stateOf)
    throw new RangeError(
      'Cannot begin where demonstrations began: the study does not say which state was observed (stateOf)',
    );
  const { observations, observationStart, observationWidth: width } = demonstrations;
  return (heldOut.length > 0 ? heldOut : fitted).map((e) => {
    const from = observationStart[e] * width;
    return Float64Array.from(stateOf(observations.subarray(from, from + width)));
  });
}
