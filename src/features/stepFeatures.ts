/**
 * What a reward can see of one step in a world that is met step by step: of what was observed, of what
 * was done, and of what was observed then.
 *
 *   r(o, a, o′) = θ · φ(o, a, o′)
 *
 * Where an episode terminates nothing more is paid: the state after it has no features at all, so a
 * constant feature carries the price of going on.
 */

/** One feature; an action is its number, or its coordinates in the box. */
export type StepFeature = (
  observation: ArrayLike<number>,
  action: ArrayLike<number>,
  next: ArrayLike<number>,
) => number;

export interface StepFeatures {
  /** Unique. */
  readonly names: readonly string[];
  /**
   * Writes the features of a step into `out` from `start` on.
   *
   * @throws RangeError where one is not finite, with what was observed
   */
  readonly write: (
    observation: ArrayLike<number>,
    action: ArrayLike<number>,
    next: ArrayLike<number>,
    out: Float64Array,
    start?: number,
  ) => void;
}

/** @throws RangeError where there is none */
export function stepFeatures(features: Readonly<Record<string, StepFeature>>): StepFeatures {
  const names = Object.keys(features);
  if (names.length === 0)
    throw new RangeError('Cannot describe steps: wanted at least one feature, got none');
  const all = Object.values(features);
  return {
    names,
    write(observation, action, next, out, start = 0) {
      for (let k = 0; k < all.length; k++) {
        const value = all[k](observation, action, next);
        if (!Number.isFinite(value))
          throw new RangeError(
            `Cannot describe a step: feature "${names[k]}" must be finite, got ${value} on seeing [${Array.from(observation).join(', ')}] and doing [${Array.from(action).join(', ')}]`,
          );
        out[start + k] = value;
      }
    },
  };
}
