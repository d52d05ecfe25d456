/** Points into states, by a discretiser that was learned before. */

import { z } from 'zod';
import type { Discretizer } from '../discretize/discretizer.ts';
import { type Stage, settingsOf } from './stage.ts';
import { partName, partOfTrack, type Track, type Values } from './track.ts';

export const DiscretizeOptions = z.strictObject({
  outside: z
    .enum(['cut', 'drop', 'reject'])
    .default('cut')
    .describe(
      'Where a point lies in no state: part the track there, leave out the point, or refuse the track',
    ),
  learnFrom: z
    .int()
    .positive()
    .default(1_000_000)
    .describe('Most points that the discretiser is learned from; of more, as many drawn at random'),
});
/** What a caller may write. */
export type DiscretizeOptions = z.input<typeof DiscretizeOptions>;

const OUTSIDE = 'point lies in no state';

export function discretize<Row extends Values>(
  discretizer: Discretizer,
  options: DiscretizeOptions = {},
): Stage<Track<Row>, Track<Row>> {
  const rules = DiscretizeOptions.parse(options);
  const { dimension, stateCount } = discretizer;
  const names: string[] = [];
  const nameOfState = (state: number) => {
    names[state] ??= discretizer.stateName(state);
    return names[state];
  };
  return {
    name: 'discretize',
    settings: { discretizer: discretizer.name, ...settingsOf(rules) },
    begin(outlet) {
      const visits = new Float64Array(stateCount);
      const center = new Float64Array(dimension);
      const point = new Float64Array(dimension);
      let inside = 0;
      let outside = 0;
      let squares = 0;

      const stateAt = (points: readonly number[], row: number): number => {
        for (let k = 0; k < dimension; k++) point[k] = points[row * dimension + k];
        return discretizer.stateOf(point);
      };
      const measure = (states: readonly number[], points: readonly number[]) => {
        for (let row = 0; row < states.length; row++) {
          visits[states[row]]++;
          discretizer.center(states[row], center);
          for (let k = 0; k < dimension; k++)
            squares += (points[row * dimension + k] - center[k]) ** 2;
        }
        inside += states.length;
      };
      const handOn = (track: Track<Row>, states: readonly number[]) => {
        measure(states, track.points!);
        outlet.emit({ ...track, points: null, states: states.map(nameOfState) });
      };

      return {
        take(track) {
          const { points, places } = track;
          if (!points || points.length !== places.length * dimension)
            throw new RangeError(
              `Cannot discretise track "${track.name}": points must have ${dimension} coordinates, got ${points ? points.length / places.length : 'no points'}`,
            );
          const states = places.map((_, row) => stateAt(points, row));
          const lost = states.reduce((n, state) => n + (state < 0 ? 1 : 0), 0);
          outside += lost;
          if (lost === 0) return handOn(track, states);
          const refuseRow = (row: number) =>
            outlet.refuse({
              place: places[row],
              reason: states[row] < 0 ? OUTSIDE : 'track has a point that lies in no state',
              detail: `track ${track.name}`,
              row: points.slice(row * dimension, (row + 1) * dimension),
            });
          if (rules.outside === 'reject') {
            for (let row = 0; row < states.length; row++) refuseRow(row);
            return;
          }
          if (rules.outside === 'drop') {
            states.forEach((state, row) => {
              if (state < 0) refuseRow(row);
            });
            const kept = keepRows(track, (row) => states[row] >= 0);
            if (kept.places.length > 0)
              handOn(
                kept,
                states.filter((state) => state >= 0),
              );
            return;
          }
          let part = 0;
          for (let from = 0; from < states.length; ) {
            if (states[from] < 0) {
              refuseRow(from++);
              continue;
            }
            let to = from;
            while (to < states.length && states[to] >= 0) to++;
            const end = to === states.length ? track.end : 'cut';
            const name = partName(track.name, ++part, '#~');
            handOn(partOfTrack(track, from, to, { name, end }), states.slice(from, to));
            from = to;
          }
        },
        finish() {},
        save: () => null,
        measures: () => ({
          states: stateCount,
          statesVisited: visits.reduce((n, count) => n + (count > 0 ? 1 : 0), 0),
          rmsDistanceToCenter: inside === 0 ? null : Math.sqrt(squares / inside),
          shareOutside: inside + outside === 0 ? null : outside / (inside + outside),
        }),
      };
    },
  };
}

function keepRows<Row extends Values>(
  track: Track<Row>,
  keep: (row: number) => boolean,
): Track<Row> {
  const { places, times, points, actions } = track;
  const dimension = points ? points.length / places.length : 1;
  return {
    ...track,
    places: places.filter((_, row) => keep(row)),
    times: times?.filter((_, row) => keep(row)) ?? null,
    points: points?.filter((_, i) => keep(Math.floor(i / dimension))) ?? null,
    actions: actions?.filter((_, row) => keep(row)) ?? null,
  };
}
