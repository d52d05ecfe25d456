/**
 * A walk through a tabular world that is only met step by step, in layers: the decision time where the
 * horizon is finite, the goal where there are several, one layer elsewhere.
 *
 *   pair of layer l = l · pairs + pair of the world
 *
 * Whatever is kept per pair then knows how much time is left, or what one is heading for.
 */

import type { Simulator } from '../../environments/simulator.ts';
import type { Rng } from '../../numeric/rng.ts';

export interface Layers {
  readonly count: number;
  /** The layer after a step; `count` where the task is over then. */
  after(layer: number): number;
  /** Whether the task is over in a state, whatever could be chosen there. */
  endsAt(layer: number, state: number): boolean;
}

/** What can be known of a world without its dynamics: what each state offers, and how to step. */
export interface SteppedWorld {
  /** [states + 1] first pair of each state. */
  readonly pairStart: Int32Array;
  readonly layers: Layers;
  /** Builds a simulator whose state is one number, and whose chance comes from `rng`. */
  simulate(rng: Rng): Simulator<number>;
}

/** Everything is one layer that ends where nothing can be chosen. */
export const oneLayer: Layers = { count: 1, after: (layer) => layer, endsAt: () => false };

/** Layers by decision time: after `horizon` decisions nothing is worth anything. */
export function layersOfTime(horizon: number): Layers {
  return { count: horizon, after: (layer) => layer + 1, endsAt: () => false };
}

export class LayeredWalk {
  /** First pair, layers counted, that can be chosen now; */
  first = 0;
  /** one past the last: the same number where the task is over. */
  end = 0;
  readonly #simulator: Simulator<number>;
  readonly #pairStart: Int32Array;
  readonly #pairCount: number;
  readonly #layers: Layers;
  readonly #start = new Float64Array(1);
  #layer = 0;

  constructor({ pairStart, layers, simulate }: SteppedWorld, rng: Rng) {
    this.#simulator = simulate(rng);
    this.#pairStart = pairStart;
    this.#pairCount = pairStart[pairStart.length - 1];
    this.#layers = layers;
  }

  /** The state of the world that the walk is in. */
  get state(): number {
    return this.#simulator.state[0];
  }

  get isOver(): boolean {
    return this.first === this.end;
  }

  /** Begins in a state of a layer. */
  startAt(layer: number, state: number): void {
    this.#start[0] = state;
    this.#simulator.startAt(this.#start);
    this.#arrive(layer);
  }

  /** Begins in layer 0, in a state that the simulator draws. */
  reset(rng: Rng): void {
    this.#simulator.reset(rng);
    this.#arrive(0);
  }

  /** @param pair layers counted, first … end − 1 */
  step(pair: number): void {
    this.#simulator.step(pair - this.first);
    this.#arrive(this.#layers.after(this.#layer));
  }

  #arrive(layer: number): void {
    const { terminated, state } = this.#simulator;
    const s = state[0];
    this.#layer = layer;
    this.first = layer * this.#pairCount + this.#pairStart[s];
    const over = terminated || layer >= this.#layers.count || this.#layers.endsAt(layer, s);
    this.end = over ? this.first : layer * this.#pairCount + this.#pairStart[s + 1];
  }
}
