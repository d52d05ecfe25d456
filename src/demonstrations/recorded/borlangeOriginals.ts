/**
 * The tables of the Borlänge trips from the files of github.com/maitien86/RecursiveLogit.Classical.V2
 * and, for the splits, of github.com/austinknies/choiceaversion_recursivelogit.
 *
 * All five are matrices as MATLAB lists them, `row column value` on each line:
 *
 *   incidence     link to next link, or (above the number of links) to a destination: 1
 *   time          link to next link: minutes on the next link
 *   angle         link to next link: radians, negative to the left; two are missing
 *   observations  trip, column 1: its destination; further columns: its links, the destination last
 *   samples       row 2 i: the trips of the test set of split i
 */

/** Texts of the original files. */
export interface BorlangeOriginals {
  readonly incidence: string;
  readonly time: string;
  readonly angle: string;
  readonly observations: string;
  readonly samples: string;
}

type Entry = readonly [row: number, column: number, value: number];

const SPLITS = 20;

/** Returns the text of each table by its name. */
export function borlangeTables(originals: BorlangeOriginals): Record<string, string> {
  const time = entries(originals.time, 'time');
  const minutes = new Map(time.map(([, to, value]) => [to, value]));
  const linkCount = Math.max(...minutes.keys());
  const angle = new Map(
    entries(originals.angle, 'angle').map(([from, to, value]) => [`${from},${to}`, value]),
  );
  const incidence = entries(originals.incidence, 'incidence').sort(
    (a, b) => a[0] - b[0] || a[1] - b[1],
  );
  const moves = incidence.filter(([, to]) => to <= linkCount);
  const exits = incidence.filter(([, to]) => to > linkCount);
  const trips = tripsOf(entries(originals.observations, 'observations'), linkCount);
  return {
    'links.csv': table(
      ['link_id', 'travel_time_min'],
      [...minutes].sort(([a], [b]) => a - b),
    ),
    'transitions.csv': table(
      ['from_link', 'to_link', 'travel_time_min', 'turn_angle_rad'],
      moves.map(([from, to]) => [
        from,
        to,
        wanted(minutes.get(to), `a travel time of link ${to}`),
        angle.get(`${from},${to}`)?.toFixed(10) ?? '',
      ]),
    ),
    'destinations.csv': table(
      ['destination_id', 'from_link'],
      exits.map(([from, to]) => [to, from]).sort((a, b) => a[0] - b[0] || a[1] - b[1]),
    ),
    'trips.csv': table(
      ['trip_id', 'destination_id', 'step', 'link_id'],
      trips.flatMap(({ trip, destination, links }) =>
        links.map((link, step) => [trip, destination, step, link]),
      ),
    ),
    'splits.csv': table(
      ['trip_id', ...Array.from({ length: SPLITS }, (_, i) => `split_${i + 1}_is_test`)],
      splitRows(entries(originals.samples, 'samples'), trips.length),
    ),
  };
}

function tripsOf(observations: readonly Entry[], linkCount: number) {
  const rows = new Map<number, number[]>();
  for (const [trip, column, value] of observations) {
    if (value === 0) continue;
    const row = rows.get(trip) ?? [];
    row[column - 1] = value;
    rows.set(trip, row);
  }
  return [...rows]
    .sort(([a], [b]) => a - b)
    .map(([trip, [destination, ...places]]) => ({
      trip,
      destination: wanted(destination, `the destination of trip ${trip}`),
      links: places.filter((place) => place <= linkCount),
    }));
}

function splitRows(samples: readonly Entry[], tripCount: number): number[][] {
  const rows = Array.from({ length: tripCount }, (_, i) => [i + 1, ...new Array(SPLITS).fill(0)]);
  for (const [row, , trip] of samples)
    if (row % 2 === 0 && trip > 0) wanted(rows[trip - 1], `trip ${trip}`)[row / 2] = 1;
  return rows;
}

function entries(text: string, name: string): Entry[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, i) => {
      const cells = line.trim().split(/\s+/).map(Number);
      if (cells.length !== 3 || !cells.every(Number.isFinite))
        throw new SyntaxError(
          `Cannot read the original file of ${name}: line ${i + 1} must be "row column value", got ${JSON.stringify(line.slice(0, 80))}`,
        );
      return [cells[0], cells[1], cells[2]];
    });
}

function wanted<T>(value: T | undefined, what: string): T {
  if (value === undefined)
    throw new SyntaxError(`Cannot make the tables of Borlänge: the original files lack ${what}`);
  return value;
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return `${[head, ...rows].map((row) => row.join(',')).join('\n')}\n`;
}
