import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readPlaces } from '../../../src/demonstrations/tables/placesTable.ts';

const home = mkdtempSync(join(tmpdir(), 'revealed-places-'));
afterAll(() => rmSync(home, { recursive: true }));

/** Reads the places of states `a`, `b`, … at these points. */
function places(points: readonly (readonly [number, number])[], states = points.length) {
  const path = join(home, 'states.csv');
  const name = (s: number) => String.fromCharCode(97 + s);
  const rows = points.map(([x, y], s) => `${name(s)},${x},${y},1`);
  writeFileSync(path, `state,x1,x2,visits\n${rows.join('\n')}\n`);
  return readPlaces(
    path,
    Array.from({ length: states }, (_, s) => name(s)),
  );
}

test('readPlaces puts the centres of a square grid on whole numbers, y downwards', async () => {
  const side = 0.1;
  const cells = [
    [3, 7],
    [4, 7],
    [3, 9],
    [10, 6],
  ] as const;
  const layout = await places(cells.map(([x, y]) => [side * (x + 0.5), side * (y + 0.5)] as const));
  expect(layout?.kind).toBe('cells');
  const { position } = layout!;
  cells.forEach(([x, y], s) => {
    expect(position[2 * s] - position[0]).toBe(x - cells[0][0]);
    expect(position[2 * s + 1] - position[1]).toBe(cells[0][1] - y);
  });
});

test('readPlaces says nothing of other lattices, nor where a state has no row', async () => {
  const hex = [
    [0, 0],
    [1, 0],
    [0.5, Math.sqrt(0.75)],
  ] as const;
  expect(await places(hex)).toBeNull();
  expect(
    await places(
      [
        [0, 0],
        [1, 0],
      ],
      3,
    ),
  ).toBeNull();
  expect(await places([[2, 2]])).toBeNull();
});
