/**
 * How well a policy tells what was done, in decisions that it was not made from: likelihood, and
 * whether its probabilities mean what they say.
 *
 * Numbered actions: the likeliest one's probability against how often it was taken. Continuous ones:
 * Pr(A ≤ a) is uniform where the policy is right, so 50 % of the actions lie in the middle half of
 * what was predicted, 90 % in the middle nine tenths. Where Pr is not known, the rank of an action
 * among D drawn ones tells: (rank + u) / (D + 1), u uniform, is uniform too where the policy is right.
 *
 * References: Guo, Pleiss, Sun & Weinberger (2017), On calibration of modern neural networks, eq. 3;
 * Gneiting, Balabdaoui & Raftery (2007), J. R. Statist. Soc. B 69, section 3.1.
 */

import type { CloningRows } from '../../learning/cloning/cloningRows.ts';
import { createRng, type Rng } from '../../numeric/rng.ts';
import { CalibrationSums } from '../comparison/calibration.ts';
import type { Calibration } from '../comparison/comparisonResult.ts';
import { type Estimate, meanInterval } from '../inference/meanInterval.ts';
import type { ActingPolicy } from './actingPolicy.ts';
import type { Imitator } from './imitator.ts';

export interface ImitationScores {
  readonly trajectories: number;
  readonly decisions: number;
  /** Σ log π; densities where actions are continuous. */
  readonly logLikelihood: number;
  readonly perDecision: number;
  /** Mean over trajectories of the log-likelihood per decision in each, with their spread; null of one. */
  readonly perTrajectory: Estimate | null;
  /** Share of decisions whose likeliest action was taken; null where actions are continuous. */
  readonly accuracy: number | null;
  /** Null where actions are continuous. */
  readonly calibration: Calibration | null;
  /** By coordinate of the action; null where actions are numbered. */
  readonly coverage: readonly Coverage[] | null;
  readonly reasons?: Readonly<Record<string, string>>;
}

/** How the probabilities Pr(A ≤ a) of one coordinate are spread. */
export interface Coverage {
  /** Share of actions within the middle half of what was predicted. */
  readonly half: number;
  /** Within the middle nine tenths. */
  readonly nineTenths: number;
  /** Largest distance between the distribution of the probabilities and the uniform one. */
  readonly distance: number;
}

/** Actions drawn for a rank. */
const DRAWS = 200;

/** @param seed of the draws, where only these tell Pr(A ≤ a) */
export function imitationScores(imitator: Imitator, rows: CloningRows, seed = 0): ImitationScores {
  const { count, actions } = rows;
  const log = new Float64Array(count);
  imitator.policy.logLikelihood(rows.observations, rows.taken, count, log);
  const logLikelihood = log.reduce((sum, x) => sum + x, 0);
  const means = [...meansByTrajectory(log, rows).values()];
  const discrete = actions.kind === 'discrete';
  const told = discrete ? choiceScores(imitator.policy, rows, actions.count) : null;
  const below = discrete
    ? null
    : (imitator.below?.(rows) ??
      ranks(imitator.policy, rows, actions.size, createRng(seed, 'ranks among draws')));
  return {
    trajectories: means.length,
    decisions: count,
    logLikelihood,
    perDecision: logLikelihood / count,
    perTrajectory: means.length > 1 ? meanInterval(means) : null,
    accuracy: told?.accuracy ?? null,
    calibration: told?.calibration ?? null,
    coverage: below?.map(coverageOf) ?? null,
    reasons: {
      ...(means.length > 1 ? {} : { perTrajectory: 'there is only one trajectory' }),
      ...(discrete
        ? { coverage: 'actions are numbered: they have no order' }
        : {
            accuracy: 'actions are continuous: each has probability 0',
            calibration: 'actions are continuous: see coverage',
          }),
    },
  };
}

/** Mean of x [rows] in each trajectory that occurs. */
export function meansByTrajectory(
  x: Float64Array,
  { trajectory }: CloningRows,
): ReadonlyMap<number, number> {
  const sums = new Map<number, { sum: number; count: number }>();
  x.forEach((value, row) => {
    const one = sums.get(trajectory[row]);
    if (one) {
      one.sum += value;
      one.count++;
    } else sums.set(trajectory[row], { sum: value, count: 1 });
  });
  return new Map([...sums].map(([i, { sum, count }]) => [i, sum / count]));
}

function choiceScores(policy: ActingPolicy, rows: CloningRows, choices: number) {
  const { count, taken } = rows;
  const likeliest = new Int32Array(count);
  const confidence = new Float64Array(count);
  const log = new Float64Array(count);
  for (let b = 0; b < choices; b++) {
    policy.logLikelihood(rows.observations, new Float64Array(count).fill(b), count, log);
    for (let row = 0; row < count; row++) {
      const probability = Math.exp(log[row]);
      if (probability > confidence[row]) [likeliest[row], confidence[row]] = [b, probability];
    }
  }
  const sums = new CalibrationSums();
  let hits = 0;
  for (let row = 0; row < count; row++) {
    const hit = likeliest[row] === taken[row] ? 1 : 0;
    hits += hit;
    sums.add(confidence[row], hit, 1);
  }
  return { accuracy: hits / count, calibration: sums.summary() };
}

/** By coordinate, [rows]. */
function ranks(policy: ActingPolicy, rows: CloningRows, size: number, rng: Rng): Float64Array[] {
  const { count, observationSize: width, observations, taken } = rows;
  const out = Array.from({ length: size }, () => new Float64Array(count));
  const seen = new Float64Array(DRAWS * width);
  const drawn = new Float64Array(DRAWS * size);
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < seen.length; i++) seen[i] = observations[row * width + (i % width)];
    policy.act(seen, DRAWS, rng, drawn);
    for (let j = 0; j < size; j++) {
      const a = taken[row * size + j];
      let [less, equal] = [0, 0];
      for (let i = j; i < drawn.length; i += size) {
        if (drawn[i] < a) less++;
        else if (drawn[i] === a) equal++;
      }
      out[j][row] = (less + (equal + 1) * rng()) / (DRAWS + 1);
    }
  }
  return out;
}

function coverageOf(below: Float64Array): Coverage {
  const within = (share: number): number =>
    below.reduce((sum, p) => sum + (Math.abs(p - 0.5) <= share / 2 ? 1 : 0), 0) / below.length;
  let distance = 0;
  below
    .slice()
    .sort()
    .forEach((p, i) => {
      distance = Math.max(distance, p - i / below.length, (i + 1) / below.length - p);
    });
  return { half: within(0.5), nineTenths: within(0.9), distance };
}
