/** Demonstrations as the steps of a world, checked against it. */

import type { Episodes } from '../../demonstrations/sources/episodes.ts';
import type { AnySimulator } from '../../environments/simulators.ts';
import type { SimulatedProblem } from './simulatedProblem.ts';
import { GrowingEpisode, type SteppedEpisode, type StepSizes } from './stepRows.ts';

export interface DemonstratedSteps {
  readonly episodes: readonly SteppedEpisode[];
  /** Where each began; null where rollouts begin as the world does. */
  readonly starts: readonly (Float64Array | null)[];
  readonly sizes: StepSizes;
  /** Decisions of all. */
  readonly decisions: number;
  /** What a user should know though nothing is wrong. */
  readonly warnings: readonly string[];
}

/** γᵗ above this share at an episode's end leaves something out that is worth a word. */
const TAIL = 1e-2;

/**
 * @throws RangeError where demonstrations do not fit the world
 */
export function demonstratedSteps(
  { demonstrations, which, features, stateOf, discount, offered }: SimulatedProblem,
  world: AnySimulator,
): DemonstratedSteps {
  const { count, stepStart, observationStart, observations, actions, ends } = demonstrations;
  checkSpaces(demonstrations, world);
  const chosen = which ?? Array.from({ length: count }, (_, e) => e);
  if (chosen.length === 0)
    throw new RangeError('Cannot fit: wanted at least one demonstrated episode, got none');
  const size = demonstrations.observationWidth;
  const width = demonstrations.actionWidth;
  const sizes = { observationSize: size, actionSize: width, featureCount: features.names.length };
  const { actions: space } = world;
  const told: string[] = [];
  const episodes = chosen.map((e) => {
    if (!(Number.isInteger(e) && e >= 0 && e < count))
      throw new RangeError(`Cannot fit: the demonstrations are 0 … ${count - 1}, got ${e}`);
    const name = demonstrations.names[e];
    const steps = stepStart[e + 1] - stepStart[e];
    if (steps === 0) throw new RangeError(`Cannot fit: demonstrated episode "${name}" has no step`);
    if (observationStart[e + 1] - observationStart[e] !== steps + 1)
      throw new RangeError(
        `Cannot fit: what demonstrated episode "${name}" ended in was not recorded; ${steps} steps want ${steps + 1} observations, got ${observationStart[e + 1] - observationStart[e]}`,
      );
    if (steps > world.timeLimit)
      throw new RangeError(
        `Cannot fit: demonstrated episode "${name}" has ${steps} steps, but the world ends after ${world.timeLimit}`,
      );
    const episode = new GrowingEpisode(sizes, steps);
    episode.terminated = ends[e] === 'terminated';
    if (ends[e] !== 'terminated' && discount ** steps > TAIL) told.push(name);
    for (let t = 0; t < steps; t++) {
      const from = (observationStart[e] + t) * size;
      const observation = observations.subarray(from, from + size);
      const next = observations.subarray(from + size, from + 2 * size);
      const at = (stepStart[e] + t) * width;
      const action = actions.subarray(at, at + width);
      const i = episode.push();
      const { rows } = episode;
      rows.observation.set(observation, i * size);
      rows.next.set(next, i * size);
      features.write(observation, action, next, rows.features, i * sizes.featureCount);
      const count = offered?.(observation) ?? Number.POSITIVE_INFINITY;
      if (action[0] >= count)
        throw new RangeError(
          `Cannot fit: the first ${count} actions are offered, demonstrated is ${action[0]} in "${name}", step ${t + 1}`,
        );
      for (let j = 0; j < width; j++)
        rows.action[i * width + j] = inBox(action[j], j, space, () => `"${name}", step ${t + 1}`);
    }
    return episode;
  });
  return {
    episodes,
    starts: chosen.map((e) => {
      const from = observationStart[e] * size;
      return stateOf && shownState(stateOf, observations.subarray(from, from + size), world);
    }),
    sizes,
    decisions: episodes.reduce((sum, { rows }) => sum + rows.count, 0),
    warnings: endWarnings(episodes, told),
  };
}

/** The state in which this is seen. */
export function shownState(
  stateOf: NonNullable<SimulatedProblem['stateOf']>,
  seen: Float64Array,
  { state: { length } }: AnySimulator,
): Float64Array {
  const state: ArrayLike<number> | undefined = stateOf(seen);
  if (state?.length !== length)
    throw new RangeError(
      `Cannot fit: a state of the world has ${length} numbers, stateOf gives ${state?.length ?? String(state)} for [${seen.join(', ')}]`,
    );
  return Float64Array.from(state);
}

/** The number of an action, or a coordinate in [−1, 1]. */
function inBox(a: number, j: number, space: AnySimulator['actions'], where: () => string): number {
  if (space.kind === 'discrete') {
    if (!(Number.isInteger(a) && a >= 0 && a < space.count))
      throw new RangeError(
        `Cannot fit: actions of the world are 0 … ${space.count - 1}, demonstrated is ${a} in ${where()}`,
      );
    return a;
  }
  const { low, high } = space;
  if (!(a >= low[j] && a <= high[j]))
    throw new RangeError(
      `Cannot fit: action number ${j + 1} must be from ${low[j]} to ${high[j]}, demonstrated is ${a} in ${where()}`,
    );
  return (2 * (a - low[j])) / (high[j] - low[j]) - 1;
}

function checkSpaces(
  { layout, observationWidth, actionWidth, observations }: Episodes,
  { observation, actions }: AnySimulator,
): void {
  if (observationWidth !== observation.length)
    throw new RangeError(
      `Cannot fit: the world shows ${observation.length} numbers, the demonstrations have ${observationWidth}`,
    );
  if (layout.actions.kind !== actions.kind)
    throw new RangeError(
      `Cannot fit: actions of the world are ${kindWords(actions.kind)}, those demonstrated are ${kindWords(layout.actions.kind)}`,
    );
  const width = actions.kind === 'discrete' ? 1 : actions.low.length;
  if (actionWidth !== width)
    throw new RangeError(
      `Cannot fit: an action of the world has ${width} numbers, one demonstrated has ${actionWidth}`,
    );
  const at = observations.findIndex((x) => !Number.isFinite(x));
  if (at >= 0)
    throw new RangeError(
      `Cannot fit: observations must be finite, got ${observations[at]} in row ${Math.floor(at / observationWidth) + 1}`,
    );
}

function kindWords(kind: 'discrete' | 'box'): string {
  return kind === 'discrete' ? 'numbered' : 'points of a box';
}

function endWarnings(episodes: readonly SteppedEpisode[], cut: readonly string[]): string[] {
  const ended = episodes.filter(({ terminated }) => terminated).length;
  const warnings: string[] = [];
  if (cut.length > 0)
    warnings.push(
      `${cut.length} of ${episodes.length} demonstrated episodes stop while what would have come still counts; rollouts are compared with them over the same number of steps`,
    );
  if (cut.length > 0 && ended > 0)
    warnings.push(
      `demonstrated episodes end in different ways: ${ended} because nothing can come after, ${cut.length} because the recording stops; only the former are compared to the end`,
    );
  return warnings;
}
