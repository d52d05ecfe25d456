/**
 * Positions of people in three street scenes, person by person (Lerner et al. 2007): one row per
 * person and 0.4 seconds. See the data card.
 */

import { z } from 'zod';
import { openTable, type TableFile } from '../tables/readTable.ts';
import { Decimal, Id, StepNumber } from '../tables/tableCells.ts';
import { TableError } from '../tables/tableError.ts';
import { dataFile } from './dataHome.ts';

export const PEDESTRIAN_SCENES = ['zara01', 'zara02', 'students03'] as const;
export type PedestrianScene = (typeof PEDESTRIAN_SCENES)[number];

/** Frames of the film from one row of a person to the next. */
export const FRAMES_PER_ROW = 10;

export interface PedestrianTrack {
  readonly scene: PedestrianScene;
  /** Unique within the scene. */
  readonly person: string;
  /** Frame of the first row; 25 a second. */
  readonly firstFrame: number;
  readonly lastFrame: number;
  /** [rows × 2] x and y in metres. */
  readonly positions: Float64Array;
}

const Row = z.object({
  scene: z.literal(PEDESTRIAN_SCENES, `must be one of ${PEDESTRIAN_SCENES.join(', ')}`),
  pedestrian_id: Id,
  frame: StepNumber,
  x_m: Decimal,
  y_m: Decimal,
});

/** Reads the tracks, in the order in which people appear, scene by scene. */
export async function readPedestrianTracks(): Promise<{
  tracks: PedestrianTrack[];
  file: TableFile;
}> {
  const table = await openTable(dataFile('pedestrians', 'tracks.csv'), {
    required: Object.keys(Row.shape),
    optional: [],
    further: 'ignored',
  });
  const people = new Map<
    string,
    { frames: number[]; positions: number[]; row: z.output<typeof Row> }
  >();
  for await (const { line, values } of table.rows(Row)) {
    const { scene, pedestrian_id: person, frame, x_m, y_m } = values;
    const key = `${scene}/${person}`;
    const seen = people.get(key) ?? { frames: [], positions: [], row: values };
    people.set(key, seen);
    const before = seen.frames.at(-1);
    if (before !== undefined && frame <= before)
      throw new TableError(
        table.name,
        line,
        `person ${person} of ${scene} must go on after frame ${before}, got ${frame}`,
      );
    seen.frames.push(frame);
    seen.positions.push(x_m, y_m);
  }
  const tracks = Array.from(people.values(), ({ frames, positions, row }) => ({
    scene: row.scene,
    person: row.pedestrian_id,
    firstFrame: frames[0],
    lastFrame: frames[frames.length - 1],
    positions: Float64Array.from(positions),
  }));
  return { tracks: tracks.sort(byAppearance), file: table.summary() };
}

function byAppearance(a: PedestrianTrack, b: PedestrianTrack): number {
  return (
    PEDESTRIAN_SCENES.indexOf(a.scene) - PEDESTRIAN_SCENES.indexOf(b.scene) ||
    a.firstFrame - b.firstFrame ||
    a.person.localeCompare(b.person, 'en', { numeric: true })
  );
}
