/**
 * What is minimised on some of the demonstrations, and how: all goals together by L-BFGS, or some at a
 * time by Adam.
 */

import type { z } from 'zod';
import { createRng } from '../../numeric/rng.ts';
import { lbfgs } from '../../optimizers/lbfgs.ts';
import type { Checkpoint, Minimum, Objective, Step } from '../../optimizers/minimizer.ts';
import type { Criterion } from '../../planning/criterion.ts';
import type { NetworkReward } from '../../rewards/networkReward.ts';
import type { ParameterSpace } from '../parameters.ts';
import { type Problem, weightedDecisions } from '../problem.ts';
import { batchAdam } from './batchAdam.ts';
import { goalBatches, goalsOf } from './goalBatches.ts';
import { networkObjective, type Penalties } from './networkObjective.ts';
import type { NetworkOptions } from './networkOptions.ts';

/** A score per decision that single precision can still tell from 0. */
const TOLERANCE = 1e-6;

/** Goals planned for so far, by all who plan. */
export interface Tally {
  plans: number;
}

export interface NetworkPart {
  readonly decisions: number;
  /** Returns θ and w, a copy, at x [free + network]. */
  thetaOf(x: Float64Array): Float64Array;
  /**
   * Minimises from θ and w.
   *
   * @param falls whether the rate of Adam falls until the last iteration
   */
  minimize(
    start: Float64Array,
    maxIterations: number,
    falls: boolean,
    resume: Checkpoint | null,
  ): Generator<Step, Minimum>;
  /** Forgets what planning before has left to begin from. */
  forget(): void;
}

/** What is learned, whatever the demonstrations. */
export interface NetworkLearner {
  readonly reward: NetworkReward;
  readonly space: ParameterSpace;
  readonly pairCount: number;
  readonly penalties: Penalties;
  readonly settings: z.output<typeof NetworkOptions>;
  readonly seed: number;
  readonly tally: Tally;
  criterion(problem: Problem): Criterion;
}

export function networkPart(problem: Problem, learner: NetworkLearner): NetworkPart {
  const { reward, space, pairCount, penalties, settings, seed, tally } = learner;
  const { goalsPerStep, rate } = settings;
  const decisions = weightedDecisions(problem);
  const batches =
    goalsPerStep === undefined
      ? [problem]
      : goalBatches(problem, goalsPerStep, createRng(seed, 'batches of goals'));
  const criteria = batches.map((batch) => learner.criterion(batch));
  const objectives = batches.map((batch, b) => {
    const times = batches.length;
    const part = { criterion: criteria[b], times, decisions };
    const objective = networkObjective(part, reward, pairCount, space, penalties);
    const goals = goalsOf(batch).length;
    return {
      ...objective,
      evaluate(x, gradient) {
        tally.plans += goals;
        return objective.evaluate(x, gradient);
      },
    } satisfies Objective;
  });
  const [first] = objectives;
  return {
    decisions,
    thetaOf: (x) => first.thetaOf(x),
    minimize(start, maxIterations, falls, resume) {
      const x = first.coordinatesOf(start);
      const { lower, upper } = first;
      const given = { tolerance: TOLERANCE, maxIterations, lower, upper };
      const from = resume ? { resume } : {};
      return goalsPerStep === undefined
        ? lbfgs.minimize(first, x, { ...given, ...from })
        : batchAdam(objectives, x, { ...given, ...from, rate, falls, seed });
    },
    forget() {
      for (const criterion of criteria) criterion.forget?.();
    },
  };
}
