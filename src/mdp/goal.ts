/**
 * What a trajectory is heading for. All goals share one world and one reward.
 *
 * A goal is a state of the world, which absorbs with value 0, or a destination outside it, entered
 * by one more choice (an exit) from certain states.
 */
export interface Goal {
  readonly name: string;
  /** Whether the goal is a state that ends the task on arrival (true) or is entered by choice. */
  readonly absorbing: boolean;
  /** States where the task ends (the goal itself), or may end (its exits); ascending. */
  readonly stopState: Int32Array;
  /** Reward of ending there, one per `stopState`; 0 for an absorbing goal. */
  readonly stopReward: Float64Array;
}
