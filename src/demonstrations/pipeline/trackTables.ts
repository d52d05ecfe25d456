/** Tracks as lines of the plain tables that `revealed fit` reads, and the other tables beside them. */

import { csvCell, csvLine } from './csvLine.ts';
import type { Learned } from './encode.ts';
import type { MoveFeatures, Plan } from './plan.ts';
import type { StateVisits, WorldMove } from './recordedWorld.ts';
import type { Track, Values } from './track.ts';

/** Which columns there are besides those that always are. */
interface Shape {
  readonly action: boolean;
  readonly goal: boolean;
  readonly weight: boolean;
  readonly fold: boolean;
}

export function tableShape<Row extends Values>({ sessions, goals, split }: Plan<Row>): Shape {
  return {
    action: 'action' in sessions.settings,
    goal: goals !== null,
    weight: 'weight' in sessions.settings,
    fold: split !== null,
  };
}

export function trajectoriesHeader({ action, goal, weight, fold }: Shape): string {
  return csvLine([
    ...['trajectory', 'step', 'state'],
    ...(action ? ['action'] : []),
    ...(goal ? ['goal'] : []),
    ...(weight ? ['weight'] : []),
    ...(fold ? ['fold'] : []),
    'person',
  ]);
}

/** One line per row of a track. */
export function trajectoryLines(track: Track, shape: Shape): string {
  const { states, actions, goal, weight, fold, person } = track;
  const name = csvCell(track.name);
  const constants = csvLine([
    ...(shape.goal ? [goal] : []),
    ...(shape.weight ? [weight] : []),
    ...(shape.fold ? [fold] : []),
    person,
  ]);
  let lines = '';
  for (let row = 0; row < (states?.length ?? 0); row++) {
    const action = shape.action ? `${csvCell(actions?.[row] ?? null)},` : '';
    lines += `${name},${row},${csvCell(states![row])},${action}${constants}`;
  }
  return lines;
}

export const TRACKS_HEADER = csvLine([
  ...['trajectory', 'person', 'fold', 'goal', 'weight', 'end', 'rows', 'inserted'],
  ...['first_place', 'last_place', 'first_time', 'last_time'],
]);

/** One line per track: whose it is, how it ends, and where it stands in its source. */
export function trackLine(track: Track): string {
  const { places, times } = track;
  const recorded = places.filter((place) => place > 0);
  return csvLine([
    track.name,
    track.person,
    track.fold,
    track.goal,
    track.weight,
    track.end,
    places.length,
    places.length - recorded.length,
    recorded[0] ?? null,
    recorded.at(-1) ?? null,
    times?.[0] ?? null,
    times?.at(-1) ?? null,
  ]);
}

/** Where every state lies and how often it was visited. */
export function* statesTable(states: readonly StateVisits[], learned: Learned): Generator<string> {
  const { discretizer } = learned;
  const axes = Array.from({ length: discretizer?.dimension ?? 0 }, (_, k) => `x${k + 1}`);
  yield csvLine(['state', ...axes, 'visits']);
  const centers = centersByName(learned);
  for (const { name, visits } of states)
    yield csvLine([name, ...(centers.get(name) ?? []), visits]);
}

export function* transitionsTable(moves: readonly WorldMove[]): Generator<string> {
  const named = moves.some(({ action }) => action !== null);
  yield csvLine(named ? ['state', 'action', 'next_state', 'probability'] : ['state', 'next_state']);
  for (const { state, action, nextState, probability } of moves)
    yield csvLine(named ? [state, action, nextState, probability] : [state, nextState]);
}

/** Throws a RangeError where a feature is not a finite number. */
export function* featuresTable(
  features: MoveFeatures,
  moves: readonly WorldMove[],
  learned: Learned,
): Generator<string> {
  const taken = Object.keys(features).find((n) => ['state', 'action', 'next_state'].includes(n));
  if (taken !== undefined)
    throw new RangeError(`Cannot write features: a table cannot have a feature called "${taken}"`);
  yield csvLine(['state', 'action', ...Object.keys(features)]);
  const centers = centersByName(learned);
  for (let i = 0; i < moves.length; i++) {
    const { state, nextState } = moves[i];
    const action = moves[i].action ?? nextState;
    if (moves[i - 1]?.state === state && (moves[i - 1].action ?? moves[i - 1].nextState) === action)
      continue;
    const isCertain = moves[i].probability === 1;
    const move = {
      state,
      action,
      nextState: isCertain ? nextState : null,
      from: centers.get(state) ?? null,
      to: isCertain ? (centers.get(nextState) ?? null) : null,
    };
    const values = Object.entries(features).map(([name, feature]) => {
      const value = feature(move);
      if (Number.isFinite(value)) return value;
      throw new RangeError(
        `Cannot write features: "${name}" must be a finite number, got ${value} for the move "${action}" in state "${state}"`,
      );
    });
    yield csvLine([state, action, ...values]);
  }
}

function centersByName({ discretizer }: Learned): Map<string, readonly number[]> {
  const centers = new Map<string, readonly number[]>();
  if (!discretizer) return centers;
  const center = new Float64Array(discretizer.dimension);
  for (let s = 0; s < discretizer.stateCount; s++) {
    discretizer.center(s, center);
    centers.set(discretizer.stateName(s), Array.from(center));
  }
  return centers;
}
