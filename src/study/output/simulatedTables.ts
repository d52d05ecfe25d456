/**
 * A world and behaviour in it as the plain tables that are read: transitions, features, trajectories,
 * exits and initial, and a study that names them.
 */

import type { Problem } from '../../algorithms/problem.ts';
import { statesOfPairs } from '../../mdp/mdp.ts';
import type { World } from '../../mdp/world.ts';
import { json } from './wholeFile.ts';

type Cell = string | number;

/** Returns the text of every file by its name. Throws a RangeError where tables cannot say it. */
export function simulatedTables(problem: Problem): Record<string, string> {
  const { goals, initial, world } = problem;
  const hasExits = goals.some(({ absorbing }) => !absorbing);
  const files: Record<string, string> = {
    'transitions.csv': transitionsTable(world),
    'features.csv': featuresTable(problem),
    'trajectories.csv': trajectoriesTable(problem),
  };
  if (hasExits) files['exits.csv'] = exitsTable(problem);
  if (initial)
    files['initial.csv'] = table(
      ['state', 'probability'],
      [...initial].flatMap((p, s) => (p > 0 ? [[world.stateNames[s], p]] : [])),
    );
  files['study.json'] = json({
    transitions: 'transitions.csv',
    features: 'features.csv',
    trajectories: 'trajectories.csv',
    ...(hasExits ? { exits: 'exits.csv' } : {}),
    ...(initial ? { initial: 'initial.csv' } : {}),
    ...modelOptions(problem),
  });
  return files;
}

/** How far ahead people look, as options of a fit. */
export function modelOptions({ time, temperature }: Problem): Record<string, number> {
  return {
    ...(time.kind === 'finite' ? { horizon: time.horizon } : {}),
    ...(time.kind === 'undiscounted' || (time.kind === 'finite' && time.discount === 1)
      ? {}
      : { discount: time.discount }),
    ...(temperature === 1 ? {} : { temperature }),
  };
}

function transitionsTable({ mdp, stateNames, actionNames, pairAction }: World): string {
  const { transitionStart, nextState, probability } = mdp;
  const rows: Cell[][] = [];
  statesOfPairs(mdp).forEach((s, pair) => {
    for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
      rows.push([
        stateNames[s],
        actionNames[pairAction[pair]],
        stateNames[nextState[k]],
        probability[k],
      ]);
  });
  return table(['state', 'action', 'next_state', 'probability'], rows);
}

function featuresTable({ world, features }: Problem): string {
  const { mdp, stateNames, actionNames, pairAction } = world;
  const { names, per, values } = features;
  const taken = names.find((name) => ['state', 'action', 'next_state'].includes(name));
  if (taken !== undefined)
    throw new RangeError(`Cannot write features: a table cannot have a feature called "${taken}"`);
  const width = names.length;
  const numbers = (row: number) => [...values.subarray(row * width, (row + 1) * width)];
  if (per === 'state')
    return table(
      ['state', ...names],
      stateNames.map((name, s) => [name, ...numbers(s)]),
    );
  return table(
    ['state', 'action', ...names],
    Array.from(statesOfPairs(mdp), (s, pair) => [
      stateNames[s],
      actionNames[pairAction[pair]],
      ...numbers(pair),
    ]),
  );
}

/** The table of behaviour, as it is read. */
export function trajectoriesTable({ world, goals, trajectories }: Problem): string {
  const { stateNames, actionNames, pairAction } = world;
  const { count, rowStart, state, pair, goal, weight, names, folds } = trajectories;
  const weighted = weight.some((w) => w !== 1);
  const goalNames = goals.map(({ name, absorbing, stopState }) => {
    if (!absorbing) return name;
    if (stopState.length === 1) return stateNames[stopState[0]];
    throw new RangeError(
      `Cannot write trajectories: goal "${name}" is ${stopState.length} states, and a table can name one`,
    );
  });
  const header = [
    ...['trajectory', 'step', 'state', 'action'],
    ...(goals.length > 0 ? ['goal'] : []),
    ...(weighted ? ['weight'] : []),
    ...(folds ? ['fold'] : []),
  ];
  const rows: Cell[][] = [];
  for (let i = 0; i < count; i++)
    for (let row = rowStart[i]; row < rowStart[i + 1]; row++)
      rows.push([
        names[i],
        row - rowStart[i],
        stateNames[state[row]],
        pair[row] < 0 ? '' : actionNames[pairAction[pair[row]]],
        ...(goals.length > 0 ? [goalNames[goal[i]]] : []),
        ...(weighted ? [weight[i]] : []),
        ...(folds ? [folds[i]] : []),
      ]);
  return table(header, rows);
}

function exitsTable({ world, goals }: Problem): string {
  return table(
    ['goal', 'state', 'reward'],
    goals.flatMap(({ name, stopState, stopReward }) =>
      [...stopState].map((s, i) => [name, world.stateNames[s], stopReward[i]]),
    ),
  );
}

function table(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [header, ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('');
}

/** Quoted where it holds what separates cells. Numbers keep every digit. */
function cell(value: Cell): string {
  const text = String(value);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
