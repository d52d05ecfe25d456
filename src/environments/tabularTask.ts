/**
 * A world with a task in it: what is paid on the way, where episodes begin, how long they may last.
 * It can be planned in (its MDP and expected rewards) and visited step by step (`TabularSimulator`).
 */

import type { World } from '../mdp/world.ts';

/** What may come of each pair: an MDP's transitions, told apart by their reward too. */
export interface Outcomes {
  /** [pairs + 1] first outcome of each pair. */
  readonly start: Int32Array;
  /** [outcomes] state reached. */
  readonly to: Int32Array;
  /** [outcomes] summing to 1 over those of a pair. */
  readonly probability: Float64Array;
  /** [outcomes] */
  readonly reward: Float64Array;
}

export interface TabularTask {
  readonly world: World;
  readonly outcomes: Outcomes;
  /** [pairs] its expectation, what planners take. */
  readonly reward: Float64Array;
  /** [states] where episodes begin. */
  readonly initial: Float64Array;
  /** Steps after which an episode is truncated; infinite for none. */
  readonly timeLimit: number;
}

/** One way an action may turn out. */
export interface Outcome {
  readonly to: number;
  readonly probability: number;
  readonly reward: number;
}

export interface TaskDescription {
  readonly stateNames: readonly string[];
  readonly actionNames: readonly string[];
  /** The actions of a state, ascending; all of them where absent, none in a terminal state. */
  readonly actionsOf?: (state: number) => readonly number[];
  readonly outcomes: (state: number, action: number) => readonly Outcome[];
  /** A state, or a distribution [states]. */
  readonly initial: number | Float64Array;
  readonly timeLimit?: number;
}

/**
 * Builds a task; equal outcomes become one.
 *
 * @throws RangeError where an outcome leads nowhere, or probabilities do not sum to 1
 */
export function tabularTask(description: TaskDescription): TabularTask {
  const { stateNames, actionNames, initial, timeLimit = Infinity } = description;
  const everyAction = [...actionNames.keys()];
  const actionsOf = description.actionsOf ?? (() => everyAction);
  const pairStart = [0];
  const pairAction: number[] = [];
  const outcomesOfPair: Outcome[][] = [];
  for (let s = 0; s < stateNames.length; s++) {
    for (const action of actionsOf(s)) {
      const ways = description.outcomes(s, action);
      checkOutcomes(ways, stateNames, s, actionNames[action]);
      outcomesOfPair.push(merged(ways, true));
      pairAction.push(action);
    }
    pairStart.push(pairAction.length);
  }
  const begins = startsOf(initial, stateNames.length);
  const outcomes = outcomesOfPair.flat();
  const transitionsOfPair = outcomesOfPair.map((each) => merged(each, false));
  const transitions = transitionsOfPair.flat();
  return {
    world: {
      mdp: {
        stateCount: stateNames.length,
        pairCount: pairAction.length,
        pairStart: Int32Array.from(pairStart),
        transitionStart: starts(transitionsOfPair),
        nextState: Int32Array.from(transitions, ({ to }) => to),
        probability: Float64Array.from(transitions, ({ probability }) => probability),
      },
      stateNames: [...stateNames],
      actionNames: [...actionNames],
      pairAction: Int32Array.from(pairAction),
    },
    outcomes: {
      start: starts(outcomesOfPair),
      to: Int32Array.from(outcomes, ({ to }) => to),
      probability: Float64Array.from(outcomes, ({ probability }) => probability),
      reward: Float64Array.from(outcomes, ({ reward }) => reward),
    },
    reward: Float64Array.from(outcomesOfPair, (each) =>
      each.reduce((sum, { probability, reward }) => sum + probability * reward, 0),
    ),
    initial: begins,
    timeLimit,
  };
}

/** Probabilities of an action, or of starts, may sum to 1 but for so much. */
const ROUNDING = 1e-9;

function checkOutcomes(
  ways: readonly Outcome[],
  { length }: readonly string[],
  state: number,
  action: string | undefined,
): void {
  const doing = `Cannot build a task: action ${action} in state ${state}`;
  let sum = 0;
  for (const { to, probability, reward } of ways) {
    if (!(Number.isInteger(to) && to >= 0 && to < length))
      throw new RangeError(`${doing} must lead to one of 0 … ${length - 1}, got ${to}`);
    if (!Number.isFinite(reward))
      throw new RangeError(`${doing} must pay a finite reward, got ${reward}`);
    sum += probability >= 0 ? probability : Number.NaN;
  }
  if (!(Math.abs(sum - 1) <= ROUNDING))
    throw new RangeError(`${doing} must have probabilities ≥ 0 that sum to 1, got ${sum}`);
}

/** [states] the distribution of starts that a state, or a distribution, stands for. */
function startsOf(initial: number | Float64Array, stateCount: number): Float64Array {
  if (typeof initial === 'number') {
    if (!(Number.isInteger(initial) && initial >= 0 && initial < stateCount))
      throw new RangeError(
        `Cannot build a task: it begins in one of 0 … ${stateCount - 1}, got ${initial}`,
      );
    return new Float64Array(stateCount).fill(1, initial, initial + 1);
  }
  const sum = initial.reduce((total, p) => total + (p >= 0 ? p : Number.NaN), 0);
  if (initial.length !== stateCount || !(Math.abs(sum - 1) <= ROUNDING))
    throw new RangeError(
      `Cannot build a task: starts are ${stateCount} probabilities ≥ 0 that sum to 1, got ${initial.length} with a sum of ${sum}`,
    );
  return initial;
}

/** [lists + 1] where each list begins once they stand one after another. */
function starts(lists: readonly (readonly unknown[])[]): Int32Array {
  const start = new Int32Array(lists.length + 1);
  lists.forEach((list, i) => {
    start[i + 1] = start[i] + list.length;
  });
  return start;
}

/** Adds up outcomes with one next state (and, if asked, one reward); next states ascend. */
function merged(outcomes: readonly Outcome[], byReward: boolean): Outcome[] {
  const found: Outcome[] = [];
  for (const outcome of outcomes) {
    const at = found.findIndex(
      ({ to, reward }) => to === outcome.to && (!byReward || reward === outcome.reward),
    );
    if (at < 0) found.push(outcome);
    else found[at] = { ...found[at], probability: found[at].probability + outcome.probability };
  }
  return found.sort((a, b) => a.to - b.to);
}
