/**
 * A reward is two functions: θ forward to one number per pair, and a surplus on pairs back to a
 * gradient in θ. The planner never sees θ and the optimiser never sees pairs.
 */
export interface Reward {
  /** Number of parameters. */
  readonly size: number;
  /** [size] */
  readonly names: readonly string[];
  /** Overwrites `out` [pairs] with r(s, a) at θ. */
  evaluate(theta: Float64Array, out: Float64Array): void;
  /** Overwrites `gradient` [size] with Σ surplus(pair) ∂r(pair)/∂θ. */
  pullBack(theta: Float64Array, surplus: Float64Array, gradient: Float64Array): void;
}
