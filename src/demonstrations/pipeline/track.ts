/**
 * A track: rows of one person that follow each other, from the first moment of a session to its
 * end. Stages behind `sessions` take tracks and hand on tracks.
 */

/** What a row may hold behind `clean`: plain data, so that a run can be stored and taken up again. */
export type Values = Readonly<
  Record<string, string | number | boolean | null | undefined | readonly number[]>
>;

/**
 * How a track ends. `terminated`: what the person was about was done. `truncated`: watching ended
 * by design (a time limit, the end of the film) while the person went on. `cut`: a gap, a jump or a
 * row that was refused parts it from what came after.
 */
export type Ending = 'terminated' | 'truncated' | 'cut';

export interface Track<Row extends Values = Values> {
  /** Unique within a run. */
  readonly name: string;
  /** Whose it is: what standard errors are clustered by. */
  readonly person: string;
  readonly fold: string | null;
  readonly weight: number;
  readonly goal: string | null;
  readonly end: Ending;
  /** The session's first and last row, as `clean` handed them on. */
  readonly first: Row;
  readonly last: Row;
  /** [rows] where each stands in its source; 0 for a row that was inserted. */
  readonly places: readonly number[];
  /** [rows] or null where rows have no time. */
  readonly times: readonly number[] | null;
  /** [rows · dimension] or null where rows have no position. */
  readonly points: readonly number[] | null;
  /** [rows] name of the state, or null as long as there are none. */
  readonly states: readonly string[] | null;
  /** [rows] as recorded, null where a row has none; or null where none were recorded. */
  readonly actions: readonly (string | null)[] | null;
}

/** Returns the rows `from` … `to` − 1 of a track, under another name. */
export function partOfTrack<Row extends Values>(
  track: Track<Row>,
  from: number,
  to: number,
  changed: Pick<Track, 'name' | 'end'>,
): Track<Row> {
  const { places, times, points, states, actions } = track;
  const dimension = points ? points.length / places.length : 0;
  return {
    ...track,
    ...changed,
    places: places.slice(from, to),
    times: times?.slice(from, to) ?? null,
    points: points?.slice(from * dimension, to * dimension) ?? null,
    states: states?.slice(from, to) ?? null,
    actions: actions?.slice(from, to) ?? null,
  };
}

/**
 * The name of the `number`th part (from 1) of something that was cut; the first keeps its name.
 *
 * @param mark of the stage that cuts: # `sessions`, #~ `discretize`, ~ `actions`
 */
export function partName(name: string, number: number, mark: '#' | '#~' | '~'): string {
  return number === 1 ? name : `${name}${mark}${number}`;
}

/** A name in which # and ~ are doubled, so that no other name with a part's number is the same. */
export function nameOf(id: string): string {
  return id.replace(/[#~]/g, '$&$&');
}
