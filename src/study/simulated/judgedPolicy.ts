/** How a policy of a study in a simulator is judged: by likelihood, and by true return. */

import type { ActingPolicy } from '../../evaluation/imitation/actingPolicy.ts';
import { imitationScores } from '../../evaluation/imitation/imitationScores.ts';
import type { Imitator } from '../../evaluation/imitation/imitator.ts';
import { type Playing, playEpisodes } from '../../evaluation/imitation/playedEpisodes.ts';
import type { HeldOutScores } from '../../evaluation/simulated/simulatedResult.ts';
import type { CloningActions, CloningRows } from '../../learning/cloning/cloningRows.ts';
import { createRng, type Rng } from '../../numeric/rng.ts';
import type { SimulatedEvaluation } from '../simulatedStudy.ts';
import type { PreparedSimulated } from './prepareSimulated.ts';

const EPISODES = 100;
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

/** Every action as likely as any other. */
export function atRandom({ world, problem, actions }: PreparedSimulated): ActingPolicy {
  const width = world.observation.length;
  const refuse = (): never => {
    throw new TypeError('Cannot act at random without drawing');
  };
  return {
    act(observations, rows, rng, out) {
      const draw = rng ?? refuse();
      for (let row = 0; row < rows; row++) {
        const seen = observations.subarray(row * width, (row + 1) * width);
        if (actions.kind === 'discrete')
          out[row] = Math.floor(draw() * (problem.offered?.(seen) ?? actions.count));
        else
          for (let j = 0; j < actions.size; j++) {
            const [low, high] = [actions.box?.low[j] ?? -1, actions.box?.high[j] ?? 1];
            out[row * actions.size + j] = low + draw() * (high - low);
          }
      }
    },
    logLikelihood: (_o, _a, rows, out) => out.fill(-logVolume(actions), 0, rows),
  };
}

function logVolume(actions: CloningActions): number {
  if (actions.kind === 'discrete') return Math.log(actions.count);
  const { box } = actions;
  return (box?.low ?? []).reduce((sum, low, j) => sum + Math.log(box!.high[j] - low), 0);
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
