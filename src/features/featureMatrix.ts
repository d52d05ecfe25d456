/**
 * What a reward can see: one row of numbers per pair, or per state where all actions of a state
 * look alike. A feature of a transition enters by its expectation over the next state.
 */
export interface FeatureMatrix {
  readonly names: readonly string[];
  /** Whether `values` has a row per pair or per state. */
  readonly per: 'pair' | 'state';
  /** [rows × features], row-major. */
  readonly values: Float64Array;
}
