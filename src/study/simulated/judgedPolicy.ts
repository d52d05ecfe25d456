/** How a policy of a study in a simulator is judged: by likelihood, and by true return. */

import { shownState } from '../../algorithms/simulated/demonstratedSteps.ts';
import type { ActingPolicy } from '../../evaluation/imitation/actingPolicy.ts';
import { imitationScores } from '../../evaluation/imitation/imitationScores.ts';
import type { Imitator } from '../../evaluation/imitation/imitator.ts';
import { type Playing, playEpisodes } from '../../evaluation/imitation/playedEpisodes.ts';
import type { HeldOutScores } from '../../evaluation/simulated/simulatedResult.ts';
import type { CloningRows } from '../../learning/cloning/cloningRows.ts';
import { createRng, type Rng } from '../../numeric/rng.ts';
import type { SimulatedEvaluation } from '../simulatedStudy.ts';
import type { PreparedSimulated } from './prepareSimulated.ts';

const EPISODES = 100;
/** Why there are none. */
export const NO_RETURN = 'the study says that the rewards of its world mean nothing';
/** Held-out decisions in which it is looked where continuous actions fall, at most. */
const MOST_RANKED = 500;

/** Returns Σ log π of the decisions of each episode. */
export function episodeLikelihoods({ policy }: Imitator, rows: CloningRows): Float64Array {
  const logs = new Float64Array(rows.count);
  policy.logLikelihood(rows.observations, rows.taken, rows.count, logs);
  const sums = new Float64Array(rows.trajectories.length);
  logs.forEach((log, row) => {
    sums[rows.trajectory[row]] += log;
  });
  return sums;
}

/** Whether probabilities mean what they say in decisions that were held out. */
export function heldOutScores(
  imitator: Imitator,
  rows: CloningRows,
  seed: number,
): Pick<HeldOutScores, 'accuracy' | 'calibration' | 'coverage'> {
  const judged = rows.actions.kind === 'discrete' ? rows : thinned(rows);
  const { accuracy, calibration, coverage } = imitationScores(imitator, judged, seed);
  return {
    accuracy,
    calibration,
    coverage: coverage?.map((one) => ({ ...one, decisions: judged.count })) ?? null,
  };
}

/**
 * Returns what a policy gets in each of some episodes, in the rewards of the world. The same seed
 * gives every policy the same starts.
 */
export function trueReturns(
  policy: ActingPolicy,
  prepared: PreparedSimulated,
  playing: Playing,
  seed: number,
  count = evaluationOf(prepared)?.episodes ?? EPISODES,
): Float64Array {
  const stream = (purpose: string): Rng => createRng(seed, `true return ${purpose}`);
  if (prepared.world.timeLimit === Number.POSITIVE_INFINITY)
    throw new RangeError(
      'Cannot judge by returns: the world has no time limit; give it one, or evaluation: null',
    );
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
export function evaluationOf({
  study,
}: Pick<PreparedSimulated, 'study'>): SimulatedEvaluation | null {
  return study.evaluation === undefined ? {} : study.evaluation;
}

/** Where episodes begin, in turn; null: as the world begins. */
function startsOf(prepared: PreparedSimulated): readonly (ArrayLike<number> | null)[] {
  const { problem, heldOut, fitted } = prepared;
  const { starts = 'reset' } = evaluationOf(prepared) ?? {};
  if (starts === 'reset') return [null];
  const { length } = prepared.world.state;
  if (starts !== 'demonstrations') {
    const wrong = starts.find((state) => state.length !== length);
    if (wrong)
      throw new RangeError(
        `Cannot judge by returns: a state of the world has ${length} numbers, a start has ${wrong.length}`,
      );
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
    return shownState(stateOf, observations.subarray(from, from + width), prepared.world);
  });
}

/** Every so manieth row, so that no more than so many are left. */
function thinned(rows: CloningRows): CloningRows {
  const { count, observationSize, observations, actions, taken, trajectory, step } = rows;
  if (count <= MOST_RANKED) return rows;
  const size = actions.kind === 'discrete' ? 1 : actions.size;
  const kept = Array.from({ length: MOST_RANKED }, (_, i) => Math.floor((i * count) / MOST_RANKED));
  const of = (values: Float64Array, width: number): Float64Array =>
    Float64Array.from({ length: kept.length * width }, (_, i) => {
      return values[kept[Math.floor(i / width)] * width + (i % width)];
    });
  return {
    ...rows,
    count: kept.length,
    observations: of(observations, observationSize),
    taken: of(taken, size),
    trajectory: Int32Array.from(kept, (row) => trajectory[row]),
    step: Int32Array.from(kept, (row) => step[row]),
  };
}
