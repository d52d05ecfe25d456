import { expect, test } from 'vitest';
import { cellPath, stepsAlong } from '../../../src/demonstrations/discretize/cellPath.ts';
import { gridCells } from '../../../src/demonstrations/discretize/gridCells.ts';
import { cellWorld, DIRECTIONS } from '../../../src/environments/cellWorld.ts';
import { createRng } from '../../../src/numeric/rng.ts';

/** A hall of 10 × 6 cells of half a metre with a wall across most of it. */
function hall() {
  const points: number[] = [];
  for (let x = 0; x < 10; x++)
    for (let y = 0; y < 6; y++) if (x !== 5 || y === 0) points.push(0.5 * x + 0.25, 0.5 * y + 0.25);
  const grid = gridCells({ size: 0.5, reach: 0.6 }).learn(Float64Array.from(points));
  const { neighbor } = cellWorld([{ name: '', cells: grid.cells }]);
  const options = { size: 0.5, margin: 0.25, directions: DIRECTIONS, neighbor };
  const path = (...positions: number[]) => {
    const { states, ...rest } = cellPath(Float64Array.from(positions), grid, options);
    return { cells: states.map(grid.stateName), ...rest };
  };
  return { grid, neighbor, options, path };
}

test('cellPath passes every cell of a straight way, whatever the distance of positions', () => {
  const { path } = hall();
  const cells = ['0,2', '1,2', '2,2', '3,2'];
  expect(path(0.25, 1.25, 1.75, 1.25)).toEqual({ cells, filled: 0, isCut: false });
  expect(path(0.25, 1.25, 0.9, 1.25, 1.2, 1.25, 1.75, 1.25).cells).toEqual(cells);
});

test('cellPath does not move when one stands, sways on an edge, or goes nowhere', () => {
  const { path } = hall();
  expect(path(0.25, 0.25, 0.25, 0.25).cells).toEqual(['0,0']);
  expect(path(0.45, 0.25, 0.55, 0.25, 0.45, 0.25, 0.58, 0.25, 0.4, 0.25).cells).toEqual(['0,0']);
  expect(path().cells).toEqual([]);
});

test('cellPath crosses a corner in one move', () => {
  const { path } = hall();
  expect(path(0.25, 0.3, 1.2, 1.25).cells).toEqual(['0,0', '1,1', '2,2']);
});

test('cellPath goes round what lies between where there is no straight way', () => {
  const { path } = hall();
  // Straight through the wall: points in it belong to the cells on both sides.
  const { cells, filled, isCut } = path(2.2, 0.8, 3.2, 0.8);
  expect(isCut).toBe(false);
  expect(cells).toEqual(['4,1', '5,0', '6,1']);
  expect(filled).toBe(1);
});

test('cellPath ends where nothing leads on', () => {
  const islands = gridCells({ size: 1 }).learn(Float64Array.of(0.5, 0.5, 1.5, 0.5, 5.5, 0.5));
  const { neighbor } = cellWorld([{ name: '', cells: islands.cells }]);
  const path = cellPath(Float64Array.of(0.5, 0.5, 1.6, 0.5, 5.5, 0.5), islands, {
    size: 1,
    margin: 0,
    directions: DIRECTIONS,
    neighbor,
  });
  expect(path).toEqual({ states: [0, 1], filled: 0, isCut: true });
});

test('cellPath moves between neighbours only, and stays near where one was', () => {
  const { grid, neighbor, options } = hall();
  const rng = createRng(7, 'walk');
  const center = new Float64Array(2);
  for (let draw = 0; draw < 30; draw++) {
    const positions = Float64Array.from({ length: 24 }, (_, i) => rng() * (i % 2 === 0 ? 2.4 : 3));
    const { states, filled } = cellPath(positions, grid, options);
    expect(filled).toBe(0);
    states.slice(1).forEach((state, i) => {
      expect(DIRECTIONS.some((_, d) => neighbor(states[i], d) === state)).toBe(true);
    });
    const steps = [...stepsAlong(positions, 0.05)];
    for (const state of states) {
      grid.center(state, center);
      const nearest = Math.min(
        ...steps.map(([x, y]) => Math.max(Math.abs(x - center[0]), Math.abs(y - center[1]))),
      );
      expect(nearest).toBeLessThanOrEqual(0.25 + 0.05);
    }
  }
});
