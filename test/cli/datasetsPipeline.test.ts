/** `revealed datasets check` of what a pipeline wrote. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { gridCells } from '../../src/demonstrations/discretize/gridCells.ts';
import { field } from '../../src/demonstrations/pipeline/field.ts';
import { pipeline } from '../../src/demonstrations/pipeline/pipeline.ts';
import { recordsSource } from '../../src/demonstrations/sources/recordsSource.ts';
import { createRng } from '../../src/numeric/rng.ts';
import { revealed, temporaryFolder } from '../support/commandLine.ts';

/** People who walk to the right, some of whom come back later; a row in ten is not a number. */
function positions() {
  const rng = createRng(3, 'positions');
  const rows: { id: string; t: number; x: number | null; y: number }[] = [];
  for (let person = 0; person < 20; person++)
    for (const start of person % 4 === 0 ? [0, 1000] : [0]) {
      let y = rng() * 6;
      for (let t = 0; t < 24; t++) {
        y = Math.min(5.9, Math.max(0.1, y + rng() - 0.5));
        const x = 0.3 + 0.5 * t;
        rows.push({ id: `p${person}`, t: start + t, x: rng() < 0.1 && t > 0 ? null : x, y });
      }
    }
  return rows;
}

test('quotes its manifest, maps its cells, and names ends and people', async () => {
  const folder = join(temporaryFolder(), 'walks');
  const rows = positions();
  const manifest = await pipeline(recordsSource(rows, 'walks'))
    .clean(z.object({ id: field.text(), t: field.number(), x: field.number(), y: field.number() }))
    .sessions(
      { person: ({ id }) => id, time: ({ t }) => t, point: ({ x, y }) => [x, y] },
      { gap: 100, lastRow: 'terminated' },
    )
    .split({ folds: 2 })
    .discretize(gridCells({ size: 1 }))
    .actions({ moves: { within: 1.5 }, stays: 'collapse', jumps: 'insert' })
    .goals('last', { unfinished: 'keep' })
    .write(folder);
  const { code, stdout } = await revealed('datasets', 'check', folder, '--json', '--out', folder);
  const { name, passed, pipeline: quoted, measures } = JSON.parse(stdout);
  expect([code, passed, name]).toEqual([0, true, 'walks']);
  expect(quoted).toMatchObject({
    tracks: manifest.tracks,
    rows: manifest.rows,
    deadLetters: manifest.deadLetters,
  });
  expect(quoted.stages[0]).toMatchObject({ stage: 'clean', in: rows.length });
  expect(measures.lengths).toMatchObject({ trajectories: manifest.tracks, rows: manifest.rows });
  expect(measures.coverage.persons).toBe(20);
  expect(measures.folds.peopleInSeveral).toBe(0);
  expect(measures.ends).toMatchObject({ sameTime: 0, sameRows: 0 });
  expect(readFileSync(join(folder, 'profile.html'), 'utf8')).toContain('data-figure="visits-map"');
  const said = Object.values(measures.ends.said as Record<string, number>);
  expect(said.reduce((a, b) => a + b, 0)).toBe(manifest.tracks);
});
