/** Small sparse decision processes for property tests: ragged actions, loops, terminal states. */

import fc from 'fast-check';
import type { Mdp } from '../../src/mdp/mdp.ts';
import { seededRandom } from './seededRandom.ts';

export interface MdpShape {
  /** Whether states without actions may occur. */
  readonly terminals?: boolean;
  /** Whether every pair has one successor. */
  readonly deterministic?: boolean;
  readonly mostStates?: number;
}

/** A reward to plan for, and the model it is planned in. */
export interface PlanningTask {
  readonly mdp: Mdp;
  /** [pairs] within ±2. */
  readonly reward: Float64Array;
  readonly discount: number;
  readonly temperature: number;
  /** For whatever else a test needs to draw. */
  readonly seed: number;
}

interface Successor {
  readonly to: number;
  readonly probability: number;
}

/** Builds a process from the successors of each action of each state. */
export function mdpOf(states: readonly (readonly (readonly Successor[])[])[]): Mdp {
  const pairs = states.flat();
  const running = (widths: readonly number[]): Int32Array => {
    const start = new Int32Array(widths.length + 1);
    widths.forEach((width, i) => {
      start[i + 1] = start[i] + width;
    });
    return start;
  };
  return {
    stateCount: states.length,
    pairCount: pairs.length,
    pairStart: running(states.map((actions) => actions.length)),
    transitionStart: running(pairs.map((successors) => successors.length)),
    nextState: Int32Array.from(pairs.flat(), ({ to }) => to),
    probability: Float64Array.from(pairs.flat(), ({ probability }) => probability),
  };
}

/** Builds a process from dense dynamics [states][actions][next states], zeros left out. */
export function mdpOfMatrices(p: readonly (readonly (readonly number[])[])[]): Mdp {
  return mdpOf(
    p.map((actions) =>
      actions.map((row) =>
        row.flatMap((probability, to) => (probability > 0 ? [{ to, probability }] : [])),
      ),
    ),
  );
}

/** Draws a process of 1 to `mostStates` states with up to three actions and successors each. */
export function arbitraryMdp(shape: MdpShape = {}): fc.Arbitrary<Mdp> {
  const { terminals = true, deterministic = false, mostStates = 6 } = shape;
  return fc.integer({ min: 1, max: mostStates }).chain((stateCount) => {
    const successors = fc
      .uniqueArray(
        fc.record({ to: fc.nat(stateCount - 1), weight: fc.integer({ min: 1, max: 9 }) }),
        { minLength: 1, maxLength: deterministic ? 1 : 3, selector: ({ to }) => to },
      )
      .map((drawn) => {
        const total = drawn.reduce((sum, { weight }) => sum + weight, 0);
        return drawn.map(({ to, weight }) => ({ to, probability: weight / total }));
      });
    const actions = fc.array(successors, { minLength: terminals ? 0 : 1, maxLength: 3 });
    return fc.array(actions, { minLength: stateCount, maxLength: stateCount }).map(mdpOf);
  });
}

/** Draws a process with a reward, a discount below 1 and a temperature. */
export function arbitraryTask(
  shape: MdpShape = {},
  discounts: readonly number[] = [0, 0.3, 0.9],
): fc.Arbitrary<PlanningTask> {
  return fc
    .record({
      mdp: arbitraryMdp(shape),
      seed: fc.nat(1_000_000),
      discount: fc.constantFrom(...discounts),
      temperature: fc.constantFrom(0.4, 1, 2.5),
    })
    .map((drawn) => ({ ...drawn, reward: numbers(drawn.seed, drawn.mdp.pairCount, -2, 2) }));
}

/** Returns `length` numbers, uniform in [low, high). */
export function numbers(seed: number, length: number, low = -1, high = 1): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length }, () => random.between(low, high));
}

/** Returns a distribution over `length` states. */
export function distribution(seed: number, length: number): Float64Array {
  const weights = numbers(seed, length, 0.1, 1);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
