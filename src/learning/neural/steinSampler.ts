/**
 * A network that turns noise into draws from a density that is known up to a constant, in (−1, 1)ᵈ:
 *
 *   a = tanh f(s, ξ),  ξ ~ N(0, I);   f moves so that a moves along the Stein direction of
 *   log p(a | s) = Q(s, a) + Σ log(1 − a² + 1e-6)
 *
 * The last term keeps draws off the border, as the authors' program does; it makes the density that
 * is drawn from a little rounder than exp Q.
 *
 * Reference: Haarnoja, Tang, Abbeel & Levine (2017), Reinforcement learning with deep energy-based
 * policies, ICML, section 3.2 and appendix C.
 */

import { Adam } from '../../networks/adam.ts';
import { drawParameters } from '../../networks/denseShape.ts';
import type { Engine, Network, Pass } from '../../networks/network.ts';
import type { Rng } from '../../numeric/rng.ts';
import { standardNormal } from '../../numeric/standardNormal.ts';
import type { Player } from './controlLearner.ts';
import { networkPlayer } from './networkPlayer.ts';
import { steinDirection } from './steinDirection.ts';

const EDGE = 1e-6;

export interface SteinSamplerShape {
  readonly observationSize: number;
  readonly actionSize: number;
  readonly hidden: readonly number[];
  /** Observations of an update. */
  readonly batch: number;
  /** Actions to each observation that give the direction, and as many that follow it. */
  readonly particles: number;
}

/** Writes ∂Q/∂a at actions [rows × actionSize] to observations [rows × observationSize]. */
export type ActionSlope = (
  observation: Float32Array,
  action: Float32Array,
  out: Float64Array,
) => void;

export class SteinSampler {
  readonly network: Network;
  readonly adam: Adam;
  readonly #shape: SteinSamplerShape;
  readonly #fixed: Pass;
  readonly #moved: Pass;
  readonly #alone: Pass;
  readonly #observation: Float32Array;
  readonly #fixedAction: Float32Array;
  readonly #movedAction: Float32Array;
  readonly #slope: Float64Array;
  readonly #direction: Float64Array;

  constructor(engine: Engine, shape: SteinSamplerShape, rate: number, rng: Rng) {
    const { observationSize, actionSize, hidden, batch, particles } = shape;
    const network = {
      inputs: observationSize + actionSize,
      hidden,
      outputs: actionSize,
      activation: 'relu',
    } as const;
    const rows = batch * particles;
    this.#shape = shape;
    this.network = engine.network(network);
    this.network.parameters.set(drawParameters(network, rng));
    this.network.changed();
    this.adam = new Adam(engine, this.network, { rate });
    this.#fixed = this.network.pass(rows);
    this.#moved = this.network.pass(rows);
    this.#alone = this.network.pass(1);
    this.#observation = new Float32Array(rows * observationSize);
    this.#fixedAction = new Float32Array(rows * actionSize);
    this.#movedAction = new Float32Array(rows * actionSize);
    this.#slope = new Float64Array(rows * actionSize);
    this.#direction = new Float64Array(particles * actionSize);
  }

  /** Writes a draw; with `rng` null that of no noise. */
  act(observation: ArrayLike<number>, rng: Rng | null, out: Float64Array): void {
    const { observationSize } = this.#shape;
    const { inputs } = this.#alone;
    inputs.set(observation);
    for (let j = observationSize; j < inputs.length; j++) inputs[j] = rng ? standardNormal(rng) : 0;
    const outputs = this.#alone.evaluate();
    for (let j = 0; j < out.length; j++) out[j] = Math.tanh(outputs[j]);
  }

  /** Takes the draws of no noise. */
  player(engine: Engine, rows: number): Player<Float64Array> {
    const { observationSize, actionSize } = this.#shape;
    const width = observationSize + actionSize;
    const action = new Float64Array(actionSize);
    return networkPlayer(
      engine,
      { name: 'sampler', network: this.network.shape, rows },
      {
        // What is not seen is the noise: 0 from the start.
        see: ({ inputs }, row, observation) => inputs.set(observation, row * width),
        action({ outputs }, row) {
          for (let j = 0; j < actionSize; j++) action[j] = Math.tanh(outputs[row * actionSize + j]);
          return action;
        },
      },
    );
  }

  /** Moves the network once; returns the mean length of the Stein directions. */
  update(observation: Float32Array, slopeOf: ActionSlope, noise: Rng): number {
    const { observationSize, actionSize, batch, particles } = this.#shape;
    for (let row = 0; row < batch * particles; row++)
      for (let j = 0; j < observationSize; j++)
        this.#observation[row * observationSize + j] =
          observation[Math.floor(row / particles) * observationSize + j];
    this.#draw(this.#fixed, noise, this.#fixedAction);
    this.#draw(this.#moved, noise, this.#movedAction);
    slopeOf(this.#observation, this.#fixedAction, this.#slope);
    for (let i = 0; i < this.#slope.length; i++) {
      const a = this.#fixedAction[i];
      this.#slope[i] -= (2 * a) / (1 - a * a + EDGE);
    }
    const { outputGradient } = this.#moved;
    const size = particles * actionSize;
    let length = 0;
    for (let state = 0; state < batch; state++) {
      const from = state * size;
      const to = from + size;
      steinDirection(
        this.#fixedAction.subarray(from, to),
        this.#slope.subarray(from, to),
        this.#movedAction.subarray(from, to),
        actionSize,
        this.#direction,
      );
      for (let i = 0; i < size; i++) {
        const a = this.#movedAction[from + i];
        outputGradient[from + i] = (-this.#direction[i] * (1 - a * a)) / (batch * particles);
        length += this.#direction[i] ** 2;
      }
    }
    this.#moved.pullBack({ parameters: true, inputs: false });
    this.adam.step();
    return Math.sqrt(length / (batch * particles));
  }

  #draw(pass: Pass, noise: Rng, action: Float32Array): void {
    const { observationSize, actionSize } = this.#shape;
    const width = observationSize + actionSize;
    for (let row = 0; row < pass.rows; row++) {
      for (let j = 0; j < observationSize; j++)
        pass.inputs[row * width + j] = this.#observation[row * observationSize + j];
      for (let j = 0; j < actionSize; j++)
        pass.inputs[row * width + observationSize + j] = standardNormal(noise);
    }
    const outputs = pass.evaluate();
    for (let i = 0; i < action.length; i++) action[i] = Math.tanh(outputs[i]);
  }
}
