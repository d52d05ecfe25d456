/**
 * Networks that are learned together, by name: each with its optimiser, some with a target that
 * follows it, θ̄ ← θ̄ + τ (θ − θ̄), and all of it stored and restored as one.
 */

import { Adam, type AdamOptions } from '../../networks/adam.ts';
import { type Checkpoint, restoreArray } from '../../networks/checkpoint.ts';
import { type DenseShape, drawParameters } from '../../networks/denseShape.ts';
import type { Engine, Network } from '../../networks/network.ts';
import type { Rng } from '../../numeric/rng.ts';

interface Member {
  readonly network: Network;
  readonly adam: Adam;
  readonly target: Network | null;
}

export interface MemberOptions extends AdamOptions {
  /** Whether a target follows. */
  readonly target?: boolean;
  /** Factor of the first parameters of the last layer. */
  readonly outputScale?: number;
}

export class NetworkSet {
  readonly #engine: Engine;
  readonly #members = new Map<string, Member>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Adds a network with parameters that are drawn. */
  add(name: string, shape: DenseShape, options: MemberOptions, rng: Rng): Network {
    const { target: followed = false, outputScale = 1, ...adam } = options;
    const network = this.#engine.network(shape);
    write(network, drawParameters(shape, rng, outputScale));
    const target = followed ? this.#engine.network(shape) : null;
    if (target) write(target, network.parameters);
    this.#members.set(name, { network, adam: new Adam(this.#engine, network, adam), target });
    return network;
  }

  /** @throws RangeError where none follows */
  target(name: string): Network {
    const { target } = this.#member(name);
    if (!target) throw new RangeError(`Cannot take the target of "${name}": it has none`);
    return target;
  }

  /** Moves a network against its gradient. */
  step(name: string, rate?: number): void {
    const { adam } = this.#member(name);
    if (rate !== undefined) adam.rate = rate;
    adam.step();
  }

  /** Moves all targets this share of the way. */
  follow(smoothing: number): void {
    for (const { network, target } of this.#members.values()) {
      if (!target) continue;
      this.#engine.blend(target.parameters, network.parameters, smoothing);
      target.changed();
    }
  }

  /** Copies of everything; `steps` are those of the optimisers. */
  state(): {
    readonly steps: Readonly<Record<string, number>>;
    readonly arrays: Record<string, Float32Array>;
  } {
    const steps: Record<string, number> = {};
    const arrays: Record<string, Float32Array> = {};
    for (const [name, { network, adam, target }] of this.#members) {
      const { first, second, ...rest } = adam.state();
      steps[name] = rest.steps;
      arrays[name] = network.parameters.slice();
      arrays[`${name}.first`] = first;
      arrays[`${name}.second`] = second;
      if (target) arrays[`${name}.target`] = target.parameters.slice();
    }
    return { steps, arrays };
  }

  /** @throws RangeError where the checkpoint is of networks of another shape; nothing is changed then */
  restore(checkpoint: Checkpoint, steps: Readonly<Record<string, number>>): void {
    const fresh = this.state().arrays;
    for (const [name, array] of Object.entries(fresh)) restoreArray(checkpoint, name, array);
    for (const [name, { network, adam, target }] of this.#members) {
      write(network, fresh[name]);
      adam.restore({
        steps: steps[name],
        first: fresh[`${name}.first`],
        second: fresh[`${name}.second`],
      });
      if (target) write(target, fresh[`${name}.target`]);
    }
  }

  #member(name: string): Member {
    const member = this.#members.get(name);
    if (!member)
      throw new RangeError(
        `Cannot find the network "${name}": there are ${[...this.#members.keys()].join(', ')}`,
      );
    return member;
  }
}

function write(network: Network, parameters: Float32Array): void {
  network.parameters.set(parameters);
  network.changed();
}
