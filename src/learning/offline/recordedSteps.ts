/**
 * Steps that were recorded once and for all in a world of continuous states and numbered actions: what
 * was seen, what was done, what was seen then, and whether the task was over there. No reward is read.
 *
 * The last decision of an episode whose end was not recorded tells of no transition: it is left out and
 * counted. Where an episode only ran out of time the state after its last decision keeps its worth.
 */

import type { Episodes } from '../../demonstrations/sources/episodes.ts';

export interface RecordedSteps {
  readonly count: number;
  readonly observationSize: number;
  readonly actionCount: number;
  /** [steps × observationSize] */
  readonly observations: Float64Array;
  /** [steps] */
  readonly actions: Int32Array;
  /** [steps × observationSize] */
  readonly next: Float64Array;
  /** [steps] 1 where nothing more could come. */
  readonly terminated: Uint8Array;
  /** [episodes + 1] first step of each episode that has any. */
  readonly start: Int32Array;
  /** Decisions left out because nobody recorded where they led. */
  readonly leftOut: number;
}

/**
 * @param actionCount how many actions there are, which no recording tells for certain
 * @param which episodes, in this order; all where absent
 * @throws RangeError where actions are not numbered, an action is none of them, a number is not finite,
 *   or no step is left
 */
export function recordedSteps(
  episodes: Episodes,
  actionCount: number,
  which: readonly number[] = Array.from({ length: episodes.count }, (_, i) => i),
): RecordedSteps {
  const { layout, observationWidth: size, stepStart, observationStart } = episodes;
  if (layout.actions.kind !== 'discrete')
    refuse('wanted numbered actions, the episodes have actions in a box');
  if (layout.observations.kind === 'discrete')
    refuse('observations are numbers of states; use a table of transitions instead');
  const missing = which.find((i) => !(Number.isInteger(i) && i >= 0 && i < episodes.count));
  if (missing !== undefined)
    refuse(`episode ${missing} was asked for; there are ${episodes.count}`);
  const decided = (i: number): number => stepStart[i + 1] - stepStart[i];
  const lengths = which
    .map((i) => Math.min(decided(i), observationStart[i + 1] - observationStart[i] - 1))
    .map((length) => Math.max(0, length));
  const count = lengths.reduce((sum, length) => sum + length, 0);
  if (count === 0) refuse('no step in what was given has both ends recorded');

  const steps = {
    observations: new Float64Array(count * size),
    actions: new Int32Array(count),
    next: new Float64Array(count * size),
    terminated: new Uint8Array(count),
  };
  const start = [0];
  let row = 0;
  which.forEach((i, k) => {
    const length = lengths[k];
    const seen = observationStart[i] * size;
    const { observations } = episodes;
    steps.observations.set(observations.subarray(seen, seen + length * size), row * size);
    steps.next.set(observations.subarray(seen + size, seen + (length + 1) * size), row * size);
    for (let t = 0; t < length; t++) {
      const action = episodes.actions[stepStart[i] + t];
      if (!(Number.isInteger(action) && action >= 0 && action < actionCount))
        refuse(
          `the action of episode "${episodes.names[i]}" at step ${t} must be one of 0 … ${actionCount - 1}, got ${action}`,
        );
      steps.actions[row + t] = action;
    }
    for (let j = 0; j < (length + 1) * size; j++)
      if (!Number.isFinite(observations[seen + j]))
        refuse(
          `episode "${episodes.names[i]}" has ${observations[seen + j]} as coordinate ${j % size} of observation ${Math.floor(j / size)}`,
        );
    if (length > 0 && length === decided(i) && episodes.ends[i] === 'terminated')
      steps.terminated[row + length - 1] = 1;
    row += length;
    if (length > 0) start.push(row);
  });
  return {
    count,
    observationSize: size,
    actionCount,
    ...steps,
    start: Int32Array.from(start),
    leftOut: which.reduce((sum, i, k) => sum + decided(i) - lengths[k], 0),
  };
}

function refuse(problem: string): never {
  throw new RangeError(`Cannot learn from recorded steps: ${problem}`);
}

/** Mean of each coordinate, and how far it goes from there: inputs lie in [−1, 1]. */
export function reachOf({ observationSize, observations }: RecordedSteps): {
  readonly centre: number[];
  readonly spread: number[];
} {
  const centre = new Array<number>(observationSize).fill(0);
  const spread = new Array<number>(observationSize).fill(0);
  const rows = observations.length / observationSize;
  observations.forEach((x, i) => {
    centre[i % observationSize] += x / rows;
  });
  observations.forEach((x, i) => {
    const j = i % observationSize;
    spread[j] = Math.max(spread[j], Math.abs(x - centre[j]));
  });
  return {
    centre,
    spread: spread.map((far, j) => (far > 1e-9 * Math.max(1, Math.abs(centre[j])) ? far : 1)),
  };
}
