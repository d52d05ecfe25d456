/**
 * Goals in batches: the demonstrations of some goals at a time, so that a step need not plan for all.
 * Which goals are together is drawn once, because each batch keeps its plans to begin the next from.
 */

import { pickTrajectories } from '../../mdp/trajectories.ts';
import { permutation, type Rng } from '../../numeric/rng.ts';
import type { Problem } from '../problem.ts';

/** Goals that trajectories head for, ascending; −1 among them where some have none. */
export function goalsOf({ trajectories }: Problem): Int32Array {
  return Int32Array.from(new Set(trajectories.goal)).sort();
}

/**
 * Parts a problem by its goals, into batches that differ by at most one goal.
 *
 * @param size goals of a batch, at most
 * @throws RangeError where trajectories have no goals
 */
export function goalBatches(problem: Problem, size: number, rng: Rng): Problem[] {
  const { trajectories } = problem;
  const goals = goalsOf(problem);
  if (goals.includes(-1))
    throw new RangeError(
      `Cannot take ${size} goals at a time: the trajectories have no goals; leave goalsPerStep out`,
    );
  const count = Math.ceil(goals.length / size);
  const batchOf = new Map<number, number>();
  permutation(goals.length, rng).forEach((place, i) => {
    batchOf.set(goals[place], i % count);
  });
  const kept = Array.from({ length: count }, (): number[] => []);
  for (let i = 0; i < trajectories.count; i++) kept[batchOf.get(trajectories.goal[i]) ?? 0].push(i);
  return kept.map((which) => ({ ...problem, trajectories: pickTrajectories(trajectories, which) }));
}
