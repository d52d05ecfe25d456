/**
 * From positions to the tables of `revealed fit`, in one chain: the people of the street scene
 * zara01, in cells of half a metre.
 *
 *   node --import jiti/register scripts/examples/pipeline/walks.ts FOLDER
 *   npx revealed fit --transitions FOLDER/transitions.csv --features FOLDER/features.csv \
 *     --trajectories FOLDER/trajectories.csv --hold-out 5
 */

import { csvSource, field, gridCells, pipeline } from 'revealed';
import { z } from 'zod';

const TRACKS = 'datasets/pedestrians/tracks.csv';

const Row = z.object({
  scene: field.text(),
  pedestrian_id: field.text(),
  frame: field.integer(),
  x_m: field.number(),
  y_m: field.number(),
});

const written = await pipeline(csvSource(TRACKS))
  .clean(Row, { 'another scene': (row) => row.scene !== 'zara01' })
  .sessions(
    {
      person: (row) => row.pedestrian_id,
      time: (row) => row.frame / 25,
      point: (row) => [row.x_m, row.y_m],
    },
    { gap: 1, lastRow: 'terminated' },
  )
  .split({ folds: 5, test: ['5'] })
  .discretize(gridCells({ size: 0.5 }))
  .actions({ moves: { within: 0.75 }, jumps: 'insert', stays: 'collapse' })
  .goals('last')
  .features({
    distance: ({ from, to }) => (from && to ? -Math.hypot(to[0] - from[0], to[1] - from[1]) : 0),
  })
  .write(process.argv[2] ?? 'walks');

for (const { stage, in: came, out, refused } of written.stages) {
  const gone = Object.entries(refused).map(([reason, rows]) => `${rows} (${reason})`);
  console.log(`${stage}: ${came} rows in, ${out} out; refused: ${gone.join(', ') || 'none'}`);
}
