/** What all simulators share: counting steps, ending, and refusing what makes no sense. */

import type { Rng } from '../numeric/rng.ts';
import type { Action, BoxActions, DiscreteActions, Simulator } from './simulator.ts';

/** A simulator of which only the physics is left to write. */
export abstract class Episode<A extends Action> implements Simulator<A> {
  abstract readonly actions: A extends number ? DiscreteActions : BoxActions;
  abstract readonly observation: Float64Array;
  abstract readonly state: Float64Array;
  readonly timeLimit: number;
  terminated = false;
  truncated = false;
  /** Steps still allowed; −1 before the first reset. */
  #left = -1;

  constructor(timeLimit: number) {
    if (!(timeLimit >= 1))
      throw new RangeError(`Cannot simulate: the time limit must be at least 1, got ${timeLimit}`);
    this.timeLimit = timeLimit;
  }

  /** Draws the first state. */
  protected abstract begin(rng: Rng): void;
  /** Moves the state on, sets `terminated`, and returns the reward. */
  protected abstract advance(action: A): number;
  /** Writes the observation of the state, where it is not the state itself. */
  protected abstract observe(): void;
  /** Throws where the action is not one of this world's. */
  protected abstract check(action: A): void;

  reset(rng: Rng): void {
    this.begin(rng);
    this.#start();
  }

  startAt(state: ArrayLike<number>, elapsed = 0): void {
    const size = this.state.length;
    if (state.length !== size)
      throw new RangeError(`Cannot start: a state has ${size} numbers, got ${state.length}`);
    if (!(Number.isInteger(elapsed) && elapsed >= 0 && elapsed < this.timeLimit))
      throw new RangeError(
        `Cannot start: steps that are over must be whole, from 0 to below the time limit of ${this.timeLimit}, got ${elapsed}`,
      );
    for (let i = 0; i < size; i++)
      if (!Number.isFinite(state[i]))
        throw new RangeError(`Cannot start: a state is finite numbers, got ${state[i]}`);
    this.state.set(state);
    this.#start(elapsed);
  }

  #start(elapsed = 0): void {
    this.terminated = false;
    this.truncated = false;
    this.#left = this.timeLimit - elapsed;
    this.observe();
  }

  step(action: A): number {
    if (this.#left <= 0 || this.terminated) this.#refuse();
    this.check(action);
    const reward = this.advance(action);
    this.#left--;
    this.truncated = this.#left === 0 && !this.terminated;
    this.observe();
    return reward;
  }

  #refuse(): never {
    throw new Error(
      this.#left < 0
        ? 'Cannot step: the episode has not begun; reset first'
        : 'Cannot step: the episode is over; reset first',
    );
  }
}

/** Throws where `action` is none of `count`. */
export function checkIndex(action: number, count: number): void {
  if (!(action >= 0 && action < count && Number.isInteger(action)))
    throw new RangeError(`Cannot step: an action is one of 0 … ${count - 1}, got ${action}`);
}

/** Throws where `action` is not `size` finite numbers. */
export function checkPoint(action: Float64Array, size: number): void {
  if (!ArrayBuffer.isView(action))
    throw new TypeError(
      `Cannot step: an action is a Float64Array of ${size}, got ${typeof action} ${String(action)}`,
    );
  let finite = action.length === size;
  for (let i = 0; i < size; i++) finite &&= Number.isFinite(action[i]);
  if (!finite)
    throw new RangeError(
      `Cannot step: an action is ${size} finite ${size === 1 ? 'number' : 'numbers'}, got [${action.join(', ')}]`,
    );
}

export function clamp(x: number, low: number, high: number): number {
  return x < low ? low : x > high ? high : x;
}
