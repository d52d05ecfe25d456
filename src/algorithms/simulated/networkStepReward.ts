/**
 * A reward of steps that is a network of what is seen, and of what is done where asked for:
 *
 *   r(o, a) = f_w(o / scale, a),   Σᵢ cᵢ ∂r(stepᵢ) / ∂w by one pass back
 *
 * Where nothing comes after an end nothing is paid, so that the level of r is the price of going on.
 *
 * Reference: Wulfmeier, Ondruska & Posner (2015), arXiv 1507.04888 (surplus pulled back through a net).
 */

import { z } from 'zod';
import { type DenseShape, drawParameters } from '../../networks/denseShape.ts';
import type { Engine } from '../../networks/network.ts';
import { createRng } from '../../numeric/rng.ts';
import type { StepReward } from './stepReward.ts';
import type { StepRows } from './stepRows.ts';

export const NetworkStepRewardOptions = z.strictObject({
  hidden: z.array(z.int().positive()).default([16, 16]).describe('Widths of hidden layers'),
  scale: z
    .array(z.number().positive())
    .min(1)
    .describe('What counts as one, of each number that is observed'),
  actions: z
    .union([z.literal('unseen'), z.literal('coordinates'), z.int().positive()])
    .default('unseen')
    .describe('Whether it sees the action: not, as a point of a box, or as one of so many'),
  actionSize: z.int().positive().default(1).describe('Coordinates of an action in a box'),
});
export type NetworkStepRewardOptions = z.input<typeof NetworkStepRewardOptions>;

export interface NetworkStepReward extends StepReward {
  /** Plain JSON. */
  readonly settings: z.output<typeof NetworkStepRewardOptions>;
  /** [parameters] where fitting begins: drawn, and near a reward of nothing. */
  readonly start: Float64Array;
  /** Features whose parameters come first; none where all of it is a network. */
  readonly linear: readonly string[];
  /** λ of a penalty on the numbers of the network; that of the fit where absent. */
  readonly networkL2?: number;
}

/** Steps that are evaluated at once. */
const ROWS = 256;
/** First rewards are of this size, about. */
const FIRST = 0.1;

/** @param seed draws the first parameters */
export function networkStepReward(
  engine: Engine,
  given: NetworkStepRewardOptions,
  seed: number | string,
): NetworkStepReward {
  const settings = NetworkStepRewardOptions.parse(given);
  const { hidden, scale, actions, actionSize } = settings;
  const acted = actions === 'unseen' ? 0 : actions === 'coordinates' ? actionSize : actions;
  const inputs = scale.length + acted;
  const shape: DenseShape = { inputs, hidden, outputs: 1, activation: 'tanh' };
  const network = engine.network(shape);
  const pass = network.pass(ROWS);
  const drawn = drawParameters(shape, createRng(seed, 'reward parameters'), FIRST);

  const write = (theta: Float64Array): void => {
    network.parameters.set(theta);
    network.changed();
  };
  const show = ({ observation, action }: StepRows, first: number, count: number): void => {
    pass.inputs.fill(0);
    for (let i = 0; i < count; i++) {
      const row = first + i;
      for (let j = 0; j < scale.length; j++)
        pass.inputs[i * inputs + j] = observation[row * scale.length + j] / scale[j];
      const at = i * inputs + scale.length;
      if (typeof actions === 'number') pass.inputs[at + action[row]] = 1;
      else for (let j = 0; j < acted; j++) pass.inputs[at + j] = action[row * acted + j];
    }
    pass.evaluate();
  };
  return {
    settings,
    names: Array.from(drawn, (_, i) => `weight ${i + 1}`),
    start: Float64Array.from(drawn),
    linear: [],
    evaluate(theta, rows, out) {
      write(theta);
      for (let first = 0; first < rows.count; first += ROWS) {
        const count = Math.min(ROWS, rows.count - first);
        show(rows, first, count);
        for (let i = 0; i < count; i++) out[first + i] = pass.outputs[i];
      }
    },
    pullBack(theta, rows, weight, gradient) {
      write(theta);
      for (let first = 0; first < rows.count; first += ROWS) {
        const count = Math.min(ROWS, rows.count - first);
        show(rows, first, count);
        pass.outputGradient.fill(0);
        for (let i = 0; i < count; i++) pass.outputGradient[i] = weight[first + i];
        pass.pullBack({ parameters: true, inputs: false });
        for (let k = 0; k < gradient.length; k++) gradient[k] += network.gradient[k];
      }
    },
  };
}
