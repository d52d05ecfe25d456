/**
 * A model to imagine in: from any state, where an action leads and what it pays. The equations of a
 * simulator are one, what was learned from transitions is another; who plans cannot tell them apart.
 */

import type {
  Action,
  BoxActions,
  DiscreteActions,
  Simulator,
} from '../../environments/simulator.ts';

export interface StepModel<A extends Action = Action> {
  readonly actions: A extends number ? DiscreteActions : BoxActions;
  /** Numbers of a state. */
  readonly stateSize: number;
  /** Whether the latest step ended the task. */
  readonly terminated: boolean;
  /** Overwrites `state` [stateSize] with where the action leads; returns the reward. */
  step(state: Float64Array, action: A): number;
  /** The simulator whose equations these are, if any. */
  readonly simulator?: Simulator<A>;
}

/**
 * The equations of a simulator as a model. Every imagined step moves the simulator, so it must not be the
 * one in which the episode takes place.
 *
 * @throws TypeError for a world that cannot be put into a state
 */
export function modelOfSimulator<A extends Action>(simulator: Simulator<A>): StepModel<A> {
  if (typeof simulator.startAt !== 'function')
    throw new TypeError(
      'Cannot imagine: the simulator must be able to start at any state, and this one has no startAt',
    );
  return {
    actions: simulator.actions,
    stateSize: simulator.state.length,
    simulator,
    get terminated() {
      return simulator.terminated;
    },
    step(state, action) {
      simulator.startAt(state);
      const reward = simulator.step(action);
      state.set(simulator.state);
      return reward;
    },
  };
}
