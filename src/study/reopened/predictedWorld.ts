/**
 * A world after a change: other dynamics, other features, actions taken away, another discount or
 * temperature. States, actions, goals and starts keep their names; numbers may not.
 */

import type { Problem } from '../../algorithms/problem.ts';
import type { NamedWorld } from '../../demonstrations/namedWorld.ts';
import { readFeatures } from '../../demonstrations/tables/featuresTable.ts';
import { numbersOf, suggestion } from '../../demonstrations/tables/nameIndex.ts';
import { quoted, quotedList } from '../../demonstrations/tables/tableError.ts';
import { readTransitions } from '../../demonstrations/tables/transitionsTable.ts';
import type { WeightedStarts } from '../../evaluation/prediction/recordedStarts.ts';
import { selectFeatures } from '../../features/selectFeatures.ts';
import type { Goal } from '../../mdp/goal.ts';
import { statesOfPairs } from '../../mdp/mdp.ts';
import type { TimeStructure } from '../../mdp/timeStructure.ts';
import type { World } from '../../mdp/world.ts';
import { timeStructure } from '../experiment.ts';
import type { Experiment } from '../study.ts';
import { carriedFeatures } from './carriedFeatures.ts';
import { withoutAction } from './removedAction.ts';

export interface WorldChanges {
  readonly discount?: number | undefined;
  readonly temperature?: number | undefined;
  /** Table of the new moves. */
  readonly transitions?: string | undefined;
  /** Table of the new features. */
  readonly features?: string | undefined;
  /** `action` or `action@state`. */
  readonly remove?: readonly string[] | undefined;
  /** Table of features that the fit was made of, where it was made of tables. */
  readonly fittedFeatures?: string | undefined;
}

export interface ChangedWorld {
  readonly problem: Problem;
  readonly starts: readonly WeightedStarts[];
  /** What was done, in words. */
  readonly changes: readonly string[];
}

/** @throws RangeError or TableError where a change speaks of what is not there */
export async function changeWorld(
  problem: Problem,
  starts: readonly WeightedStarts[],
  experiment: Experiment,
  asked: WorldChanges,
): Promise<ChangedWorld> {
  const changes: string[] = [];
  let { world, features } = problem;
  if (asked.transitions !== undefined) {
    const named = await readTransitions(asked.transitions);
    changes.push(...differences(world, named.world, named.file.name));
    if (asked.features === undefined)
      features = await carriedFeatures(problem, named, experiment, asked.fittedFeatures);
    world = named.world;
  }
  if (asked.features !== undefined) {
    const table = await readFeatures(asked.features, namedWorld(world), 'error');
    const { names } = problem.features;
    const absent = names.find((name) => !table.features.names.includes(name));
    if (absent !== undefined)
      throw new RangeError(
        `Cannot use ${table.file.name}: it has no column ${quoted(absent)}${suggestion(absent, table.features.names)}; the fit has ${quotedList(names)}`,
      );
    features = selectFeatures(table.features, names);
    changes.push(`features of ${table.file.name}`);
  }
  for (const text of asked.remove ?? []) {
    const removed = withoutAction(world, features, text, problem.time.kind !== 'undiscounted');
    ({ world, features } = removed);
    changes.push(removed.words);
  }
  const time = changedTime(problem, asked.discount);
  const temperature = asked.temperature ?? problem.temperature;
  if (asked.discount !== undefined) changes.push(`discount ${asked.discount}`);
  if (asked.temperature !== undefined) changes.push(`temperature ${asked.temperature}`);
  const stateNumber = world === problem.world ? null : numbersOf(world.stateNames);
  const numberOf = (state: number, what: string): number => {
    if (!stateNumber) return state;
    const name = problem.world.stateNames[state];
    const number = stateNumber.get(name);
    if (number !== undefined) return number;
    throw new RangeError(
      `Cannot predict: ${what} ${quoted(name)} is not in the changed world; keep the state in the table`,
    );
  };
  return {
    problem: {
      ...problem,
      world,
      features,
      time,
      temperature,
      goals: problem.goals.map((goal) => goalIn(goal, numberOf)),
      initial: null,
    },
    starts: starts.map(({ goal, state, weight }) =>
      inOrder(goal, state, weight, (s) => numberOf(s, 'the start')),
    ),
    changes,
  };
}

function changedTime({ time, goals }: Problem, discount: number | undefined): TimeStructure {
  if (discount === undefined) return time;
  const horizon = time.kind === 'finite' ? { horizon: time.horizon } : {};
  return timeStructure({ discount, ...horizon }, goals.length > 0);
}

function goalIn(goal: Goal, numberOf: (state: number, what: string) => number): Goal {
  const what = goal.absorbing ? 'the goal' : `the exit to ${quoted(goal.name)} in`;
  const { state, weight } = inOrder(0, goal.stopState, goal.stopReward, (s) => numberOf(s, what));
  return { ...goal, stopState: state, stopReward: weight };
}

/** Renumbered states, ascending, with what belongs to each. */
function inOrder(
  goal: number,
  states: Int32Array,
  weights: Float64Array,
  numberOf: (state: number) => number,
): WeightedStarts {
  const rows = [...states].map((s, i) => [numberOf(s), weights[i]] as const);
  rows.sort(([a], [b]) => a - b);
  return {
    goal,
    state: Int32Array.from(rows, ([s]) => s),
    weight: Float64Array.from(rows, ([, weight]) => weight),
  };
}

/** A world as tables speak of it. */
function namedWorld(world: World): NamedWorld {
  const { mdp, stateNames, actionNames, pairAction } = world;
  const { transitionStart, nextState } = mdp;
  return {
    world,
    stateNumber: numbersOf(stateNames),
    actionNumber: numbersOf(actionNames),
    movesAreStates: pairAction.every(
      (action, pair) =>
        transitionStart[pair + 1] - transitionStart[pair] === 1 &&
        actionNames[action] === stateNames[nextState[transitionStart[pair]]],
    ),
    isImpossible: () => false,
    file: { name: 'the world of the fit', sha256: '', rows: 0 },
    warnings: [],
  };
}

/** What is new and what is gone, in words. */
function differences(before: World, after: World, file: string): string[] {
  const words = [`moves of ${file}`];
  const compare = (what: string, old: readonly string[], now: readonly string[]): void => {
    const [was, is] = [new Set(old), new Set(now)];
    const gone = old.filter((name) => !is.has(name));
    const fresh = now.filter((name) => !was.has(name));
    if (gone.length > 0) words.push(`${gone.length} ${what} gone: ${quotedList(gone)}`);
    if (fresh.length > 0) words.push(`${fresh.length} ${what} new: ${quotedList(fresh)}`);
  };
  compare('states', before.stateNames, after.stateNames);
  compare('actions', pairNames(before), pairNames(after));
  return words;
}

/** `action@state` of every pair. */
function pairNames({ mdp, stateNames, actionNames, pairAction }: World): string[] {
  return Array.from(
    statesOfPairs(mdp),
    (s, pair) => `${actionNames[pairAction[pair]]}@${stateNames[s]}`,
  );
}
