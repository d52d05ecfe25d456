import { expect, test } from 'vitest';
import { samplePaths } from '../../../../src/evaluation/report/figures/samplePaths.ts';
import { distinctPlaces } from '../../../../src/evaluation/report/samePlace.ts';

test('distinctPlaces numbers each place once, in the order in which they come', () => {
  const position = Float64Array.of(0, 0, 1, 0, 0, 0, 5, 2, 1, 0);
  const { places, placeCount, placeOf } = distinctPlaces({ kind: 'cells', position });
  expect(placeCount).toBe(3);
  expect([...placeOf]).toEqual([0, 1, 0, 2, 1]);
  expect([...places.position]).toEqual([0, 0, 1, 0, 5, 2]);
  const stretches = Float64Array.of(0, 0, 1, 1, 1, 1, 0, 0);
  expect(distinctPlaces({ kind: 'segments', position: stretches }).placeCount).toBe(2);
});

const cells = { kind: 'cells' as const, position: Float64Array.of(0, 0, 1, 0, 2, 0, 2, 1, 9, 9) };

test.each([320, 760])('samplePaths draws every way of everybody, inside %i pixels', (width) => {
  const shown = [
    { name: 'recorded', ways: [[0, 1, 2], [0]] },
    { name: 'fit', ways: [[0, 1, 2, 3], [0]] },
  ];
  const { content, width: wide, height } = samplePaths(shown, cells, width);
  expect(wide).toBe(width);
  const lines = [...content.matchAll(/points="([^"]*)"/g)].map(([, points]) => points.split(' '));
  expect(lines.map(({ length }) => length).sort()).toEqual([1, 1, 3, 4]);
  for (const [x, y] of lines.flat().map((point) => point.split(',').map(Number))) {
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x).toBeLessThanOrEqual(width);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThanOrEqual(height);
  }
  expect(content).not.toContain('NaN');
});

test('samplePaths draws roads as lines', () => {
  const position = Float64Array.of(0, 0, 1, 0, 1, 0, 2, 0);
  const { content } = samplePaths(
    [{ name: 'a', ways: [[0, 1]] }],
    { kind: 'segments', position },
    400,
  );
  expect(content.match(/points="/g)).toHaveLength(1);
  expect(content).not.toContain('NaN');
});
