/**
 * Which tracks the tables can hold: all states of a track must be named by a move, and its goal must
 * be one that the moves there are can lead to. What passes here is what a fit accepts.
 */

import { isDeterministic } from '../../mdp/mdp.ts';
import { type TaskSupport, taskSupport } from '../../mdp/reachability.ts';
import type { KnownMoves } from './recordedWorld.ts';
import { INSERTED_REFUSED, type Stage, settingsOf } from './stage.ts';
import type { Track, Values } from './track.ts';
import { worldOfMoves } from './worldOfMoves.ts';

/** Goals whose ways are remembered at once. */
const REMEMBERED = 64;

/** @param unreachable what becomes of a track whose goal the moves cannot lead to */
export function inWorld<Row extends Values>(
  { moves, recorded }: KnownMoves,
  unreachable: 'reject' | 'keep',
): Stage<Track<Row>, Track<Row>> {
  const { mdp, numberOf, pairOf } = worldOfMoves(moves);
  const deterministic = isDeterministic(mdp);
  const ways = new Map<number, TaskSupport>();
  const wayTo = (goal: number): TaskSupport => {
    let way = ways.get(goal);
    if (!way) {
      if (ways.size >= REMEMBERED) ways.clear();
      way = taskSupport(mdp, {
        name: '',
        absorbing: true,
        stopState: Int32Array.of(goal),
        stopReward: Float64Array.of(0),
      });
      ways.set(goal, way);
    }
    return way;
  };
  /** Why no table can hold a track; null where one can. */
  const problem = ({ states, actions, goal }: Track): string | null => {
    const numbers = (states ?? []).map(numberOf);
    if (numbers.includes(undefined)) return 'no move leads to or from a state of the track';
    if (goal === null) return null;
    const to = numberOf(goal);
    if (to === undefined) return 'no move leads to or from the goal of the track';
    // Without chance, a track that arrives is itself the proof that all its states can.
    if (unreachable === 'keep' || (deterministic && numbers.at(-1) === to)) return null;
    const { live, allowed } = wayTo(to);
    if (numbers.some((state) => live[state!] === 0))
      return 'no moves lead for certain from the track to its goal';
    for (let row = 0; row < numbers.length; row++) {
      const action = actions ? actions[row] : states![row + 1];
      if (action != null && allowed[pairOf(states![row], action)] === 0)
        return 'a move of the track may lead to where its goal cannot be reached';
    }
    return null;
  };
  return {
    name: 'world',
    settings: settingsOf({
      moves: recorded ? 'every step recorded, in held-out folds too' : 'as given',
      shares:
        recorded && moves.some(({ action }) => action !== null)
          ? 'of the folds that are not held out; of all folds for an action with a next state that only held-out tracks saw'
          : undefined,
      unreachable,
    }),
    begin(outlet) {
      return {
        take(track) {
          const { states, actions, places, name } = track;
          const last = (states?.length ?? 0) - 1;
          let kept = track;
          // Where the last action led was not recorded: unless others took it there, nobody knows.
          if (actions?.[last] != null && pairOf(states![last], actions[last]) < 0) {
            outlet.note('last actions left out: where they lead was never recorded');
            kept = { ...track, actions: [...actions.slice(0, -1), null] };
          }
          const reason = problem(kept);
          if (reason === null) return outlet.emit(kept);
          for (const place of places)
            outlet.refuse({
              place,
              reason: place > 0 ? reason : INSERTED_REFUSED,
              detail: `track ${name}`,
            });
        },
        finish() {},
        save: () => null,
        measures: () => ({
          states: mdp.stateCount,
          moves: moves.length,
          ...(recorded ?? {}),
        }),
      };
    },
  };
}
