/**
 * Steps through a tabular task. The state is one number; an action is its place among the actions
 * of the state. A state without actions terminates the episode.
 */

import type { Rng } from '../numeric/rng.ts';
import { sampleIndex } from '../numeric/rng.ts';
import { checkIndex, Episode } from './episode.ts';
import type { TabularTask } from './tabularTask.ts';

export class TabularSimulator extends Episode<number> {
  readonly actions;
  readonly state = new Float64Array(1);
  readonly observation = this.state;
  readonly task: TabularTask;
  #rng: Rng;

  /** @param rng draws the outcomes of actions; `reset` draws from its own */
  constructor(task: TabularTask, rng: Rng) {
    super(task.timeLimit);
    this.task = task;
    this.#rng = rng;
    const { pairStart, stateCount } = task.world.mdp;
    let most = 0;
    for (let s = 0; s < stateCount; s++) most = Math.max(most, pairStart[s + 1] - pairStart[s]);
    this.actions = { kind: 'discrete', count: most } as const;
  }

  override startAt(state: ArrayLike<number>, elapsed = 0): void {
    const { stateCount } = this.task.world.mdp;
    const [s] = Array.from(state);
    if (state.length === 1 && !(Number.isInteger(s) && s >= 0 && s < stateCount))
      throw new RangeError(`Cannot start: a state is one of 0 … ${stateCount - 1}, got ${s}`);
    super.startAt(state, elapsed);
  }

  protected begin(rng: Rng): void {
    const { initial } = this.task;
    this.state[0] = sampleIndex(initial, rng);
  }

  protected check(action: number): void {
    const { pairStart } = this.task.world.mdp;
    const s = this.state[0];
    checkIndex(action, pairStart[s + 1] - pairStart[s]);
  }

  protected advance(action: number): number {
    const { world, outcomes } = this.task;
    const { pairStart } = world.mdp;
    const { start, probability } = outcomes;
    const pair = pairStart[this.state[0]] + action;
    const k = sampleIndex(probability, this.#rng, start[pair], start[pair + 1]);
    const to = outcomes.to[k];
    this.state[0] = to;
    this.terminated = pairStart[to] === pairStart[to + 1];
    return outcomes.reward[k];
  }

  protected observe(): void {}
}
