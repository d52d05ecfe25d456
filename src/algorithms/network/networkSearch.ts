/** How long to learn: until the likelihood of trajectories that are held out has not risen for a while. */

import { z } from 'zod';
import { selectTrajectories } from '../../mdp/trajectories.ts';
import { createRng, permutation } from '../../numeric/rng.ts';
import type { Checkpoint, Step } from '../../optimizers/minimizer.ts';
import { type Problem, weightedDecisions } from '../problem.ts';
import { goalsOf } from './goalBatches.ts';
import { type NetworkLearner, networkPart } from './networkPart.ts';

/** A rise of the held-out log-likelihood per decision below this is none. */
const RISE = 1e-6;

/** How the held-out likelihood went. */
export const Search = z.object({
  iterations: z.int(),
  best: z.int(),
  linear: z.number().nullable().describe('Log-likelihood held out: of the linear reward alone'),
  highest: z.number().nullable().describe('The same at the best iteration; null: not feasible'),
});
export type Search = z.output<typeof Search>;

/** Where a search was, to go on with it. */
export interface SearchedSoFar {
  readonly inner: Checkpoint;
  readonly search: Search;
}

/** One iteration of the search. */
export interface SearchStep {
  readonly step: Step;
  readonly search: Search;
  /** Weighted decisions of the training part. */
  readonly decisions: number;
  /** Forgets what planning before has left to begin from. */
  forget(): void;
}

/** Trajectories that say how long to learn, and the others. */
export interface NetworkSplit {
  readonly training: Problem;
  readonly watched: Problem;
}

/** @returns null where there are none to spare */
export function networkSplit(problem: Problem, share: number, seed: number): NetworkSplit | null {
  const { trajectories } = problem;
  const { count } = trajectories;
  if (share === 0 || count < 2) return null;
  const most = Math.min(count - 1, Math.max(1, Math.round(share * count)));
  const order = permutation(count, createRng(seed, 'held out of the network'));
  const held = new Set(order.subarray(0, most));
  const part = (inside: boolean): Problem => ({
    ...problem,
    trajectories: selectTrajectories(trajectories, (i) => held.has(i) === inside),
  });
  return { training: part(false), watched: part(true) };
}

/**
 * Minimises on the training part, watching the other.
 *
 * @param start θ and w, the network being 0
 */
export function* networkSearch(
  { training, watched }: NetworkSplit,
  learner: NetworkLearner,
  start: Float64Array,
  before: SearchedSoFar | null,
): Generator<SearchStep, Search> {
  const { reward, pairCount, settings, tally } = learner;
  const part = networkPart(training, learner);
  const outside = learner.criterion(watched);
  const goals = goalsOf(watched).length;
  const enough = RISE * weightedDecisions(watched);
  const rewards = new Float64Array(pairCount);
  const scratch = new Float64Array(pairCount);
  const score = (theta: Float64Array): number | null => {
    tally.plans += goals;
    reward.evaluate(theta, rewards);
    const value = outside.evaluate(rewards, scratch);
    return Number.isFinite(value) ? value : null;
  };
  let now = before?.search ?? beginning(score(start));
  const forget = (): void => {
    part.forget();
    outside.forget?.();
  };
  const steps = part.minimize(start, settings.maxIterations, false, before?.inner ?? null);
  for (let next = steps.next(); !next.done; next = steps.next()) {
    const { iteration, x } = next.value;
    const reached = score(part.thetaOf(x));
    const better = reached !== null && (now.highest === null || reached > now.highest + enough);
    now = {
      ...now,
      iterations: iteration,
      ...(better ? { best: iteration, highest: reached } : {}),
    };
    yield { step: next.value, search: now, decisions: part.decisions, forget };
    if (iteration - now.best >= settings.patience) break;
  }
  return now;
}

function beginning(linear: number | null): Search {
  return { iterations: 0, best: 0, linear, highest: linear };
}
