/**
 * Everything a method needs to know where there is nothing but a log of continuous states: what was
 * demonstrated, other play that shows more of the world, and what a reward may look at. There is no
 * simulator, and no transition is told but those that were recorded.
 */

import type { Episodes } from '../../demonstrations/sources/episodes.ts';
import type { StepFeatures } from '../../features/stepFeatures.ts';
import { type RecordedSteps, recordedSteps } from '../../learning/offline/recordedSteps.ts';
import type { StateBasis } from '../../learning/offline/stateBasis.ts';

export interface OfflineProblem {
  /** With numbered actions, all of which are always there. */
  readonly demonstrations: Episodes;
  /** Which episodes of them; all where absent. */
  readonly which?: readonly number[];
  /** Other play in the same world, whoever's: what came of it counts, what was chosen does not. */
  readonly others?: Episodes;
  readonly actionCount: number;
  readonly features: StepFeatures;
  /** What values are linear in, chosen by what was recorded. */
  readonly basis: (log: RecordedSteps) => StateBasis;
  /** 0 ≤ γ < 1 */
  readonly discount: number;
  /** τ > 0, in units of reward. */
  readonly temperature: number;
}

export interface OfflineLog {
  /** Those of the demonstrations first. */
  readonly steps: RecordedSteps;
  /** Steps of the demonstrations. */
  readonly decisions: number;
  /** [episodes + 1] first step of each demonstration. */
  readonly start: Int32Array;
  /** [steps × features] φ(o, a, o′) */
  readonly features: Float64Array;
}

/** @throws RangeError where demonstrations and other play are not of one world */
export function offlineLog({
  demonstrations,
  which,
  others,
  actionCount,
  features,
}: OfflineProblem): OfflineLog {
  const shown = recordedSteps(demonstrations, actionCount, which);
  const steps = others ? joined(shown, recordedSteps(others, actionCount)) : shown;
  const { count, observationSize: size, observations, actions, next } = steps;
  const values = new Float64Array(count * features.names.length);
  for (let i = 0; i < count; i++) {
    const [from, end] = [i * size, (i + 1) * size];
    features.write(
      observations.subarray(from, end),
      actions.subarray(i, i + 1),
      next.subarray(from, end),
      values,
      i * features.names.length,
    );
  }
  return { steps, decisions: shown.count, start: shown.start, features: values };
}

function joined(a: RecordedSteps, b: RecordedSteps): RecordedSteps {
  if (a.observationSize !== b.observationSize)
    throw new RangeError(
      `Cannot fit: observations of the demonstrations have ${a.observationSize} numbers, those of other play ${b.observationSize}`,
    );
  return {
    ...a,
    count: a.count + b.count,
    observations: both(a.observations, b.observations),
    actions: Int32Array.from([...a.actions, ...b.actions]),
    next: both(a.next, b.next),
    terminated: Uint8Array.from([...a.terminated, ...b.terminated]),
    start: Int32Array.from([...a.start, ...b.start.subarray(1).map((row) => row + a.count)]),
    leftOut: a.leftOut + b.leftOut,
  };
}

function both(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}
