/** What makes a likelihood of rewards of pairs: planning ahead, or single choices. */

import type { Criterion } from '../../planning/criterion.ts';
import type { Algorithm } from '../algorithm.ts';
import type { Behavior, VisitChoice } from '../behavior.ts';
import type { Problem } from '../problem.ts';

export interface RewardLikelihood {
  /** Fits the linear part alone. */
  readonly linear: Algorithm;
  criterion(problem: Problem): Criterion;
  choices(problem: Problem, reward: Float64Array, visit: VisitChoice): boolean;
  behavior(problem: Problem, reward: Float64Array): Behavior;
  /** What to keep beside the reward. */
  arrays(problem: Problem, reward: Float64Array): Record<string, Float64Array>;
}
