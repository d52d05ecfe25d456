/**
 * A pipeline over a CSV file of walkers, to be killed: `job.ts CSV FOLDER [stop at]`. It prints a
 * line at each border, and waits at the one it shall stop at.
 */

import { z } from 'zod';
import { gridCells } from '../../src/demonstrations/discretize/gridCells.ts';
import { field } from '../../src/demonstrations/pipeline/field.ts';
import { pipeline } from '../../src/demonstrations/pipeline/pipeline.ts';
import { csvSource } from '../../src/demonstrations/sources/csvSource.ts';

const [csv, folder, stopAt = 'nowhere'] = process.argv.slice(2);
const run = pipeline(csvSource(csv))
  .clean(z.object({ id: field.text(), t: field.time(), x: field.number(), y: field.number() }))
  .sessions(
    { person: (row) => row.id, time: (row) => row.t, point: (row) => [row.x, row.y] },
    { gap: 3, window: 2, atLeast: 2, lastRow: 'terminated' },
  )
  .split({ folds: 5, test: ['5'] })
  .discretize(gridCells({ size: 1 }))
  .actions({ moves: { within: 1.5 }, jumps: 'insert', stays: 'collapse' })
  .goals('last')
  .features({ length: ({ from, to }) => -Math.hypot(to![0] - from![0], to![1] - from![1]) })
  .writing(folder, { resume: true, checkpointEvery: 5_000 });

let borders = 0;
let phase = '';
for (let next = await run.next(); !next.done; next = await run.next()) {
  if (next.value.phase === phase && phase === 'gather') continue;
  phase = next.value.phase;
  if (String(borders++) !== stopAt) continue;
  process.stdout.write('stopped\n');
  // Whoever asked for this border kills the process here.
  await new Promise((resolve) => setTimeout(resolve, 60_000));
}
process.stdout.write('done\n');
