/**
 * How soft values move with the parameters of a linear reward r = Fθ: the contract behind scores.
 *
 *   gradV(s) = ∂V(s)/∂θ = Σₐ π(a | s) ( f(s, a) + γ Σₛ′ p(s′ | s, a) gradV(s′) )
 *
 * It is the features that the plan expects from s on. Every engine knows it where the trajectories
 * of a task go: at the states of their decisions, at what these may lead to, and at their starts.
 */
export interface ValueGradients {
  /**
   * Overwrites `out` [features] with gradV and returns V(s). Throws where the state is none that
   * the task's trajectories come to.
   *
   * @param task index into the tasks of the moments
   * @param time decision time, 0 ≤ t ≤ horizon; does not matter in stationary problems
   */
  at(task: number, time: number, state: number, out: Float64Array): number;
}

/** What to throw where a gradient was not kept. */
export function unknownState(task: number, time: number, state: number): RangeError {
  return new RangeError(
    `Cannot tell how the value of state ${state} moves: no trajectory of task ${task} comes to it at time ${time}`,
  );
}
