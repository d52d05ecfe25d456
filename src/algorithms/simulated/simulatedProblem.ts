/**
 * Everything a method needs to know where states are too many to list: a world to step through, what
 * was demonstrated in it, and what a reward may look at. No transition is told.
 */

import type { Episodes } from '../../demonstrations/sources/episodes.ts';
import type { AnySimulator } from '../../environments/simulators.ts';
import type { StepFeatures } from '../../features/stepFeatures.ts';
import type { Rng } from '../../numeric/rng.ts';

/** How many actions, the first ones, there are on seeing this. */
export type OfferedActions = (observation: ArrayLike<number>) => number;

export interface SimulatedProblem {
  /**
   * A world of its own at every call, all alike. What is random in its steps it draws from `outcomes`,
   * or a fit cannot be resumed bit for bit. Its rewards are never shown to who fits.
   */
  readonly createSimulator: (outcomes: Rng) => AnySimulator;
  /** With the observation that each episode ended in. */
  readonly demonstrations: Episodes;
  /** Which episodes of them; all where absent. */
  readonly which?: readonly number[];
  readonly features: StepFeatures;
  /** 0 ≤ γ < 1 */
  readonly discount: number;
  /** τ > 0, in units of reward. */
  readonly temperature: number;
  /**
   * The simulator's state in which this is observed, so that episodes can begin where demonstrated
   * ones began; null: they begin where the simulator begins them.
   */
  readonly stateOf: ((observation: ArrayLike<number>) => ArrayLike<number>) | null;
  /** Where not every observation offers all numbered actions. */
  readonly offered?: OfferedActions;
}

/** The same, refusing counts that there are not. */
export function checkedOffer(offered: OfferedActions, { actions }: AnySimulator): OfferedActions {
  if (actions.kind === 'box')
    throw new RangeError('Cannot offer some of the actions: they fill a box and have no numbers');
  return (observation) => {
    const count = offered(observation);
    if (Number.isInteger(count) && count >= 1 && count <= actions.count) return count;
    throw new RangeError(
      `Cannot offer actions: wanted 1 to ${actions.count} of them, got ${count} on seeing [${Array.from(observation).join(', ')}]`,
    );
  };
}
