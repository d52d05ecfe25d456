/** A problem with the dynamics that its recordings show in place of those that are given. */

import { type LoggedDynamics, loggedDynamics } from '../../learning/models/loggedDynamics.ts';
import type { Problem } from '../problem.ts';

export interface LoggedProblem {
  readonly problem: Problem;
  readonly dynamics: LoggedDynamics;
}

export function loggedProblem(problem: Problem, unseen: 'error' | 'pooled'): LoggedProblem {
  const { world, goals, trajectories } = problem;
  const isOver = new Uint8Array(world.mdp.stateCount);
  for (const { absorbing, stopState } of goals)
    if (absorbing) for (const s of stopState) isOver[s] = 1;
  const dynamics = loggedDynamics(world, [trajectories], isOver, unseen);
  return { problem: { ...problem, world: { ...world, mdp: dynamics.mdp } }, dynamics };
}
