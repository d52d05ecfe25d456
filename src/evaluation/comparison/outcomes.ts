/**
 * What a fitted method expects of whole held-out trips, not of their single decisions, as flat arrays
 * that are kept beside the fit. NaN: does not apply. Infinity: applies, but does not exist.
 */

export interface Outcomes {
  /** [trajectories × features] expected sum of every feature from the same start, goal and span. */
  readonly features: Float64Array;
  /** [states] expected number of decisions there, all trajectories together, by weight. */
  readonly visits: Float64Array;
  /** [trajectories] edit distance of the most likely route, per state of the recorded one. */
  readonly routeDistance: Float64Array;
  /** [trajectories] that of the nearest route recorded between the same ends, at most 1. */
  readonly nearestRoute: Float64Array;
  /** [trajectories] what the soft-optimal choices for the true reward gain over the method's. */
  readonly softLoss: Float64Array;
  /** [trajectories] the same of both made greedy, entropy left out. */
  readonly hardLoss: Float64Array;
  /** [1] EPIC distance of the fitted reward to the true one. */
  readonly epic: Float64Array;
}

/** The names under which outcomes are kept. */
export const outcomeNames = [
  'features',
  'visits',
  'routeDistance',
  'nearestRoute',
  'softLoss',
  'hardLoss',
  'epic',
] as const satisfies (keyof Outcomes)[];
