/**
 * Moves from consecutive states, by rule: what becomes of somebody who stays, of a step that nobody
 * can take at once, and of a row that lacks the action that others have.
 */

import { z } from 'zod';
import type { MoveGraph } from './moveGraph.ts';
import { type Stage, settingsOf } from './stage.ts';
import { partName, partOfTrack, type Track, type Values } from './track.ts';

export const ActionOptions = z.strictObject({
  stays: z
    .enum(['keep', 'collapse'])
    .default('keep')
    .describe('Whether staying is a move of its own, or several rows in one state are one'),
  jumps: z
    .enum(['cut', 'insert', 'reject'])
    .default('cut')
    .describe(
      'Between states that no move joins: part the track, insert the states of the shortest way, or refuse the track; where actions were recorded, a row without one is joined to no other',
    ),
  insertAtMost: z
    .int()
    .positive()
    .default(8)
    .describe('States that may be inserted at one place; where more are needed the track is cut'),
  atLeast: z.int().positive().default(1).describe('Recorded rows below which a part is refused'),
});
/** What a caller may write. */
export type ActionOptions = z.input<typeof ActionOptions>;

/** Rows of a part of a track, as it grows. */
interface Part {
  readonly places: number[];
  readonly times: number[];
  readonly states: string[];
  inserted: number;
}

/** @param graph which moves there are; null where every recorded step is one */
export function actions<Row extends Values>(
  graph: MoveGraph | null,
  options: ActionOptions = {},
): Stage<Track<Row>, Track<Row>> {
  const rules = ActionOptions.parse(options);
  const tooShort = `part of a track shorter than ${rules.atLeast} rows`;
  return {
    name: 'actions',
    settings: settingsOf(rules),
    begin(outlet) {
      const refuse = (places: readonly number[], reason: string, { name }: Track<Row>) => {
        for (const place of places)
          if (place > 0) outlet.refuse({ place, reason, detail: `track ${name}` });
      };
      const handOn = (track: Track<Row>, part: Part, number: number, end: Track['end']) => {
        const { inserted, places, states, times } = part;
        if (places.length - inserted < rules.atLeast) return refuse(places, tooShort, track);
        outlet.insert(inserted);
        outlet.emit({
          ...track,
          name: partName(track.name, number, '~'),
          end,
          places,
          states,
          times: track.times && times,
        });
      };
      /** Every step is a move, but where actions were recorded a row without one ends a part. */
      const takeRecorded = (track: Track<Row>) => {
        const { places, name } = track;
        const actions = track.actions?.map((action) => action || null) ?? null;
        const last = places.length - 1;
        const ends = places.flatMap((_, row) =>
          row === last || actions?.[row] === null ? [row] : [],
        );
        if (ends.length > 1 && rules.jumps === 'reject')
          return refuse(places, 'track goes on after a row without action', track);
        for (const [i, end] of ends.entries()) {
          const from = i === 0 ? 0 : ends[i - 1] + 1;
          if (end < last) outlet.note('cut: no action');
          const part = partOfTrack({ ...track, actions }, from, end + 1, {
            name: partName(name, i + 1, '~'),
            end: end < last ? 'cut' : track.end,
          });
          if (part.places.length < rules.atLeast) refuse(part.places, tooShort, track);
          else outlet.emit(part);
        }
      };
      return {
        take(recorded) {
          checkTrack(recorded, graph !== null || rules.stays === 'collapse');
          const track = rules.stays === 'collapse' ? collapsed(recorded) : recorded;
          outlet.merge(recorded.places.length - track.places.length);
          if (!graph) return takeRecorded(track);
          const { places, times } = track;
          const states = track.states!;
          const joined = (row: number) =>
            row === 0 ||
            states[row - 1] === states[row] ||
            graph.allows(states[row - 1], states[row]);
          if (rules.jumps === 'reject' && !states.every((_, row) => joined(row)))
            return refuse(places, 'track has a step that no move joins', track);

          let part = emptyPart();
          let parts = 1;
          for (let row = 0; row < states.length; row++) {
            if (!joined(row)) {
              const way =
                rules.jumps === 'insert'
                  ? graph.between(states[row - 1], states[row], rules.insertAtMost)
                  : null;
              outlet.note(way ? 'jumps filled' : 'cut: jump');
              if (way) insertWay(part, way, times && [times[row - 1], times[row]]);
              else {
                handOn(track, part, parts++, 'cut');
                part = emptyPart();
              }
            }
            part.places.push(places[row]);
            part.states.push(states[row]);
            if (times) part.times.push(times[row]);
          }
          handOn(track, part, parts, track.end);
        },
        finish() {},
        save: () => null,
      };
    },
  };
}

function emptyPart(): Part {
  return { places: [], times: [], states: [], inserted: 0 };
}

/** Appends states that nobody recorded, evenly between two times. */
function insertWay(
  part: Part,
  way: readonly string[],
  span: readonly [number, number] | null,
): void {
  way.forEach((state, i) => {
    part.places.push(0);
    part.states.push(state);
    if (span) part.times.push(span[0] + ((i + 1) / (way.length + 1)) * (span[1] - span[0]));
  });
  part.inserted += way.length;
}

/** A track in which rows that stay in one state are one: the first of them. */
function collapsed<Row extends Values>(track: Track<Row>): Track<Row> {
  const { places, times, states } = track;
  const moved = places.flatMap((_, row) =>
    row === 0 || states![row] !== states![row - 1] ? [row] : [],
  );
  return {
    ...track,
    places: moved.map((row) => places[row]),
    times: times && moved.map((row) => times[row]),
    points: null,
    states: moved.map((row) => states![row]),
  };
}

function checkTrack({ name, states, actions }: Track, changesRows: boolean): void {
  if (!states)
    throw new RangeError(
      `Cannot find moves of track "${name}": its rows have no states; discretise them first`,
    );
  if (actions && changesRows)
    throw new RangeError(
      `Cannot find moves of track "${name}": its actions were recorded; leave out moves and the collapsing of stays, or leave out the actions`,
    );
}
