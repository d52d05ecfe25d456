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

/** Builds a task; equal outcomes become one. */
export function tabularTask(description: TaskDescription): TabularTask {
  const { stateNames, actionNames, initial, timeLimit = Infinity } = description;
  const everyAction = [...actionNames.keys()];
  const actionsOf = description.actionsOf ?? (() => everyAction);
  const pairStart = [0];
  const pairAction: number[] = [];
  const outcomesOfPair: Outcome[][] = [];
  for (let s = 0; s < stateNames.length; s++) {
    for (const action of actionsOf(s)) {
      outcomesOfPair.push(merged(description.outcomes(s, action), true));
      pairAction.push(action);
    }
    pairStart.push(pairAction.length);
  }
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
    initial:
      typeof initial === 'number'
        ? Float64Array.from(stateNames, (_, s) => (s === initial ? 1 : 0))
        : initial,
    timeLimit,
  };
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
