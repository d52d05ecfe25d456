/**
 * Adam on the parameters of a network:
 *
 *   m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²
 *   x ← x − rate · (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
 *
 * with weight decay, where asked for, apart from the gradient (Loshchilov & Hutter 2019).
 *
 * Reference: Kingma & Ba (2015), Adam, algorithm 1.
 */

import type { Engine, Network } from './network.ts';

export interface AdamOptions {
  readonly rate: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  /** Each step takes rate · weightDecay of every parameter away. */
  readonly weightDecay?: number;
  /** Largest Euclidean norm of a gradient; a longer one is scaled down to it. */
  readonly clipNorm?: number;
}

/** Where an optimiser stands; copies, so that it can be stored. */
export interface AdamState {
  readonly steps: number;
  readonly first: Float32Array;
  readonly second: Float32Array;
}

export class Adam {
  rate: number;
  readonly #engine: Engine;
  readonly #network: Network;
  readonly #options: Required<Omit<AdamOptions, 'rate'>>;
  readonly #first: Float32Array;
  readonly #second: Float32Array;
  #steps = 0;

  constructor(engine: Engine, network: Network, options: AdamOptions) {
    const { rate, ...rest } = options;
    if (!(rate > 0)) throw new RangeError(`Cannot optimise: the rate must be > 0, got ${rate}`);
    this.rate = rate;
    this.#engine = engine;
    this.#network = network;
    this.#options = {
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: 0,
      clipNorm: Number.POSITIVE_INFINITY,
      ...rest,
    };
    this.#first = engine.array(network.parameters.length);
    this.#second = engine.array(network.parameters.length);
  }

  /** Moves the parameters against the network's gradient; returns the gradient's norm unclipped. */
  step(): number {
    const { parameters, gradient } = this.#network;
    const { beta1, beta2, epsilon, weightDecay, clipNorm } = this.#options;
    const norm = clip(gradient, clipNorm);
    this.#steps++;
    if (weightDecay > 0) {
      const keep = 1 - this.rate * weightDecay;
      for (let i = 0; i < parameters.length; i++) parameters[i] *= keep;
    }
    // What single precision makes of them: 1 − β₂ is off by 1e-5 there, and what corrects for it must be.
    const [keepFirst, keepSecond] = [Math.fround(beta1), Math.fround(beta2)];
    this.#engine.adam(parameters, gradient, this.#first, this.#second, {
      rate: this.rate / (1 - keepFirst ** this.#steps),
      secondScale: 1 / (1 - keepSecond ** this.#steps),
      keepFirst,
      keepSecond,
      epsilon,
    });
    this.#network.changed();
    return norm;
  }

  state(): AdamState {
    return { steps: this.#steps, first: this.#first.slice(), second: this.#second.slice() };
  }

  restore({ steps, first, second }: AdamState): void {
    this.#steps = steps;
    this.#first.set(first);
    this.#second.set(second);
  }
}

/** Scales a gradient down to a norm; returns the norm that it had. */
function clip(gradient: Float32Array, most: number): number {
  let squares = 0;
  for (let i = 0; i < gradient.length; i++) squares += gradient[i] * gradient[i];
  const norm = Math.sqrt(squares);
  if (norm > most) {
    const scale = most / norm;
    for (let i = 0; i < gradient.length; i++) gradient[i] *= scale;
  }
  return norm;
}
