/** Decisions to imitate, row by row: what was seen, what was done, and in which trajectory. */

import type { Episodes } from '../../demonstrations/sources/episodes.ts';

/** The actions of a task: one of a number, or points of a space, perhaps of a box. */
export type CloningActions =
  | { readonly kind: 'discrete'; readonly count: number }
  | {
      readonly kind: 'continuous';
      readonly size: number;
      /** Ends of each coordinate; null where there are none. */
      readonly box: { readonly low: readonly number[]; readonly high: readonly number[] } | null;
    };

export interface CloningRows {
  readonly count: number;
  readonly observationSize: number;
  /** [rows × observationSize] */
  readonly observations: Float64Array;
  readonly actions: CloningActions;
  /** [rows × size], or [rows] numbers of actions. */
  readonly taken: Float64Array;
  /** Names of the trajectories that occur. */
  readonly trajectories: readonly string[];
  /** [rows] index into `trajectories` */
  readonly trajectory: Int32Array;
  /** [rows] decision within its trajectory */
  readonly step: Int32Array;
}

/**
 * The decisions of some episodes; the observation that an episode ended in is none.
 *
 * @param actions what can be done: the count of actions where they are numbered, which no recording
 *   tells for certain, and the box that they lie in, if there is one
 * @param which episodes, in this order; all where absent
 * @throws RangeError where an action is none, or lies outside the box, or a number is not finite
 */
export function cloningRows(
  episodes: Episodes,
  actions: CloningActions,
  which: readonly number[] = Array.from({ length: episodes.count }, (_, i) => i),
): CloningRows {
  const { layout, observationWidth, actionWidth, stepStart, observationStart } = episodes;
  const refuse = (problem: string): never => {
    throw new RangeError(`Cannot imitate: ${problem}`);
  };
  if (layout.observations.kind === 'discrete')
    refuse('observations are numbers of states; clone a table of states and actions instead');
  const wanted = actions.kind === 'discrete' ? 1 : actions.size;
  if (
    (layout.actions.kind === 'discrete') !== (actions.kind === 'discrete') ||
    wanted !== actionWidth
  )
    refuse(
      `wanted ${wordsOf(actions.kind, wanted)}, the episodes have ${wordsOf(layout.actions.kind, actionWidth)}`,
    );
  const missing = which.find((i) => !(Number.isInteger(i) && i >= 0 && i < episodes.count));
  if (missing !== undefined)
    refuse(`episode ${missing} was asked for; there are ${episodes.count}`);
  const steps = (i: number): number => stepStart[i + 1] - stepStart[i];
  const count = which.reduce((sum, i) => sum + steps(i), 0);
  if (count === 0) refuse('there is no decision in what was given');

  const observations = new Float64Array(count * observationWidth);
  const taken = new Float64Array(count * actionWidth);
  const trajectory = new Int32Array(count);
  const step = new Int32Array(count);
  let row = 0;
  which.forEach((i, k) => {
    const seen = observationStart[i] * observationWidth;
    observations.set(
      episodes.observations.subarray(seen, seen + steps(i) * observationWidth),
      row * observationWidth,
    );
    const done = stepStart[i] * actionWidth;
    taken.set(episodes.actions.subarray(done, done + steps(i) * actionWidth), row * actionWidth);
    for (let t = 0; t < steps(i); t++, row++) {
      trajectory[row] = k;
      step[row] = t;
    }
  });
  const rows: CloningRows = {
    count,
    observationSize: observationWidth,
    observations,
    actions,
    taken,
    trajectories: which.map((i) => episodes.names[i]),
    trajectory,
    step,
  };
  checkRows(rows);
  return rows;
}

function wordsOf(kind: string, width: number): string {
  return kind === 'discrete' ? 'numbered actions' : `actions of ${width} coordinates`;
}

/** Boxes are often written in single precision. */
const ROUNDING = 1e-6;

function checkRows(rows: CloningRows): void {
  const { count, observationSize, observations, actions, taken, trajectories } = rows;
  const size = actions.kind === 'discrete' ? 1 : actions.size;
  for (let row = 0; row < count; row++) {
    const refuse = (what: string): never => {
      throw new RangeError(
        `Cannot imitate trajectory "${trajectories[rows.trajectory[row]]}" at step ${rows.step[row]}: ${what}`,
      );
    };
    for (let j = 0; j < observationSize; j++) {
      const seen = observations[row * observationSize + j];
      if (!Number.isFinite(seen))
        refuse(`wanted a finite number as coordinate ${j} of the observation, got ${seen}`);
    }
    for (let j = 0; j < size; j++) {
      const done = taken[row * size + j];
      if (actions.kind === 'discrete') {
        if (!(Number.isInteger(done) && done >= 0 && done < actions.count))
          refuse(`an action is one of 0 … ${actions.count - 1}, got ${done}`);
        continue;
      }
      if (!Number.isFinite(done))
        refuse(`wanted a finite number as coordinate ${j} of the action, got ${done}`);
      if (!actions.box) continue;
      const [low, high] = [actions.box.low[j], actions.box.high[j]];
      const slack = ROUNDING * (high - low);
      if (!(done >= low - slack && done <= high + slack))
        refuse(`coordinate ${j} of the action must lie in [${low}, ${high}], got ${done}`);
    }
  }
}
