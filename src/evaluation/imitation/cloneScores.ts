/**
 * How well a cloned policy tells what was done, in decisions that it was not trained on: likelihood,
 * and whether its probabilities mean what they say.
 *
 * Numbered actions: the likeliest one's probability against how often it was taken. Continuous ones:
 * Pr(A ≤ a) is uniform where the policy is right, so 50 % of the actions lie in the middle half of
 * what was predicted, 90 % in the middle nine tenths.
 *
 * References: Guo, Pleiss, Sun & Weinberger (2017), On calibration of modern neural networks, eq. 3;
 * Gneiting, Balabdaoui & Raftery (2007), J. R. Statist. Soc. B 69, section 3.1.
 */

import type { ClonedPolicy } from '../../learning/cloning/clonedPolicy.ts';
import type { CloningRows } from '../../learning/cloning/cloningRows.ts';
import { CalibrationSums } from '../comparison/calibration.ts';
import type { Calibration } from '../comparison/comparisonResult.ts';

export interface CloneScores {
  readonly trajectories: number;
  readonly decisions: number;
  /** Σ log π; densities where actions are continuous. */
  readonly logLikelihood: number;
  readonly perDecision: number;
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

export function cloneScores(policy: ClonedPolicy, rows: CloningRows): CloneScores {
  const { count, actions, trajectory } = rows;
  const sums = new CalibrationSums();
  const choices = actions.kind === 'discrete' ? actions.count : 0;
  const size = actions.kind === 'discrete' ? 0 : actions.size;
  const below = Array.from({ length: size }, () => new Float64Array(count));
  const other = new Float64Array(1);
  let logLikelihood = 0;
  let hits = 0;
  policy.eachRow(rows, (row, log, at, action) => {
    logLikelihood += log;
    for (let j = 0; j < size; j++) below[j][row] = policy.head.below(at, action, 0, j) ?? 0;
    if (choices === 0) return;
    let [likeliest, confidence] = [0, 0];
    for (let b = 0; b < choices; b++) {
      other[0] = b;
      const probability = Math.exp(policy.head.logDensity(at, other, 0, null));
      if (probability > confidence) [likeliest, confidence] = [b, probability];
    }
    const hit = likeliest === action[0] ? 1 : 0;
    hits += hit;
    sums.add(confidence, hit, 1);
  });
  const discrete = choices > 0;
  return {
    trajectories: new Set(trajectory).size,
    decisions: count,
    logLikelihood,
    perDecision: logLikelihood / count,
    accuracy: discrete ? hits / count : null,
    calibration: discrete ? sums.summary() : null,
    coverage: discrete ? null : below.map(coverageOf),
    reasons: discrete
      ? { coverage: 'actions are numbered: they have no order' }
      : {
          accuracy: 'actions are continuous: each has probability 0',
          calibration: 'actions are continuous: see coverage',
        },
  };
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
