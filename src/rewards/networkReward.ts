/**
 * A reward of a linear part, whose coefficients keep their meaning, and a network on the same
 * features for what the linear part cannot say:
 *
 *   r = F θ + (I − Q Qᵀ) n(w),   Q an orthonormal basis of the columns of F
 *   ∂L/∂θ = Fᵀ s,   ∂L/∂w = network pulled back from (I − Q Qᵀ) s,   s = ∂L/∂r
 *
 * The network's outputs are taken apart from what the features can express in this world, so that a
 * coefficient is that of the reward's best linear approximation, whatever the network learns. The
 * network is evaluated in single precision, everything else in double.
 *
 * References: Wulfmeier, Ondruska & Posner (2015), Maximum entropy deep inverse reinforcement learning,
 * arXiv 1507.04888, section 4; Rügamer, Kolb & Klein (2023), Semi-structured distributional
 * regression, The American Statistician 78(1), section 2.2.
 */

import type { FeatureMatrix } from '../features/featureMatrix.ts';
import type { Mdp } from '../mdp/mdp.ts';
import { type DenseShape, drawParameters, parameterCount } from '../networks/denseShape.ts';
import type { Engine, Network, Pass } from '../networks/network.ts';
import type { Rng } from '../numeric/rng.ts';
import { columnBasis } from './columnBasis.ts';
import { linearReward } from './linearReward.ts';
import type { Reward } from './reward.ts';

/** θ has the linear coefficients first, then the numbers of the network. */
export interface NetworkReward extends Reward {
  readonly linearSize: number;
  /** First numbers of the network [size − linearSize], with which it is 0 everywhere. */
  draw(rng: Rng): Float64Array;
  /** Returns [pairs] the reward that θ is here in another world, as a function of its features. */
  elsewhere(theta: Float64Array, mdp: Mdp, features: FeatureMatrix): Float64Array;
}

/** Rows of another world that are evaluated at once. */
const ROWS_AT_ONCE = 512;

/** @param hidden widths of the hidden layers */
export function networkReward(
  mdp: Mdp,
  features: FeatureMatrix,
  engine: Engine,
  hidden: readonly number[],
): NetworkReward {
  const { names, per, values } = features;
  const width = names.length;
  const rows = per === 'pair' ? mdp.pairCount : mdp.stateCount;
  const linear = linearReward(mdp, features);
  const basis = columnBasis(values, rows, width);
  const shape: DenseShape = { inputs: width, hidden, outputs: 1, activation: 'tanh' };
  const network: Network = engine.network(shape);
  const pass: Pass = network.pass(rows);
  const { centre, spread } = columnScale(values, rows, width);
  fillInputs(values, 0, rows, centre, spread, pass.inputs);
  let few: Pass | null = null;
  const size = width + parameterCount(shape);
  const outputs = new Float64Array(rows);
  const slope = new Float64Array(rows);

  const setNetwork = (theta: Float64Array): void => {
    for (let i = width; i < size; i++) network.parameters[i - width] = theta[i];
    network.changed();
  };

  return {
    size,
    linearSize: width,
    names: [...names, ...Array.from({ length: size - width }, (_, i) => `network ${i + 1}`)],
    draw: (rng) => Float64Array.from(drawParameters(shape, rng, 0)),

    evaluate(theta, out) {
      setNetwork(theta);
      outputs.set(pass.evaluate());
      basis.removeFrom(outputs);
      linear.evaluate(theta.subarray(0, width), out);
      addByRow(mdp, per, outputs, out);
    },

    pullBack(theta, surplus, gradient) {
      linear.pullBack(theta.subarray(0, width), surplus, gradient.subarray(0, width));
      sumByRow(mdp, per, surplus, slope);
      basis.removeFrom(slope);
      setNetwork(theta);
      pass.evaluate();
      pass.outputGradient.set(slope);
      pass.pullBack({ parameters: true, inputs: false });
      gradient.set(network.gradient, width);
    },

    elsewhere(theta, there, others) {
      setNetwork(theta);
      outputs.set(pass.evaluate());
      const taken = basis.coefficientsOf(outputs);
      const coefficients = Float64Array.from(taken, (share, k) => theta[k] - share);
      const reward = new Float64Array(there.pairCount);
      linearReward(there, others).evaluate(coefficients, reward);
      few ??= network.pass(ROWS_AT_ONCE);
      const count = others.values.length / width;
      const found = new Float64Array(count);
      for (let first = 0; first < count; first += ROWS_AT_ONCE) {
        const end = Math.min(count, first + ROWS_AT_ONCE);
        fillInputs(others.values, first, end, centre, spread, few.inputs);
        found.set(few.evaluate().subarray(0, end - first), first);
      }
      addByRow(there, others.per, found, reward);
      return reward;
    },
  };
}

/** Adds what rows have to their pairs. */
function addByRow(
  { stateCount, pairStart }: Mdp,
  per: FeatureMatrix['per'],
  rows: Float64Array,
  out: Float64Array,
): void {
  if (per === 'pair') for (let pair = 0; pair < rows.length; pair++) out[pair] += rows[pair];
  else
    for (let s = 0; s < stateCount; s++)
      for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) out[pair] += rows[s];
}

/** Sums what pairs have by row. */
function sumByRow(
  { stateCount, pairStart }: Mdp,
  per: FeatureMatrix['per'],
  pairs: Float64Array,
  out: Float64Array,
): void {
  if (per === 'pair') out.set(pairs);
  else
    for (let s = 0; s < stateCount; s++) {
      out[s] = 0;
      for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) out[s] += pairs[pair];
    }
}

/** Means and standard deviations of columns; 1 where one never varies. */
function columnScale(
  values: Float64Array,
  rows: number,
  width: number,
): { centre: Float64Array; spread: Float64Array } {
  const centre = new Float64Array(width);
  const spread = new Float64Array(width);
  for (let i = 0; i < rows * width; i++) centre[i % width] += values[i] / rows;
  for (let i = 0; i < rows * width; i++)
    spread[i % width] += (values[i] - centre[i % width]) ** 2 / rows;
  for (let k = 0; k < width; k++) {
    const deviation = Math.sqrt(spread[k]);
    spread[k] = deviation > 1e-12 * Math.max(1, Math.abs(centre[k])) ? deviation : 1;
  }
  return { centre, spread };
}

/** Writes rows `first … end − 1`, standardised, from the beginning of `out`. */
function fillInputs(
  values: Float64Array,
  first: number,
  end: number,
  centre: Float64Array,
  spread: Float64Array,
  out: Float32Array,
): void {
  const width = centre.length;
  for (let i = first * width; i < end * width; i++)
    out[i - first * width] = (values[i] - centre[i % width]) / spread[i % width];
}
