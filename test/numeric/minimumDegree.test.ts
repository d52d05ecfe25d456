import { expect, test } from 'vitest';
import { analyzeLu } from '../../src/numeric/luPattern.ts';
import { minimumDegree } from '../../src/numeric/minimumDegree.ts';
import { randomPattern } from '../support/randomPattern.ts';
import { seededRandom } from '../support/seededRandom.ts';

function fillOf(size: number, rowStart: Int32Array, column: Int32Array, order: Int32Array): number {
  const { lowerRow, upperColumn } = analyzeLu(size, rowStart, column, { order });
  return lowerRow.length + upperColumn.length;
}

/** A square grid of cells, each joined to its neighbours, in both directions. */
function grid(side: number) {
  const rowStart = new Int32Array(side * side + 1);
  const column: number[] = [];
  for (let s = 0; s < side * side; s++) {
    if (s % side > 0) column.push(s - 1);
    if (s % side < side - 1) column.push(s + 1);
    if (s >= side) column.push(s - side);
    if (s < side * (side - 1)) column.push(s + side);
    rowStart[s + 1] = column.length;
  }
  return { size: side * side, rowStart, column: Int32Array.from(column) };
}

test.each([0, 1, 2, 3, 4, 5, 6, 7])('minimumDegree orders every row once (seed %i)', (seed) => {
  const random = seededRandom(seed);
  const size = random.integer(0, 80);
  const { rowStart, column } = randomPattern(random, size, random.between(0, 6));
  const order = minimumDegree(size, rowStart, column);
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, i) => i));
});

test('minimumDegree eliminates a tree without any fill', () => {
  const random = seededRandom(5);
  const parent = Array.from({ length: 300 }, (_, i) => (i === 0 ? 0 : random.integer(0, i - 1)));
  const names = random.shuffle([...parent.keys()]);
  const children = parent.map((_, i) =>
    parent.flatMap((p, child) => (p === i && child ? child : [])),
  );
  const rows: number[][] = new Array(300);
  parent.forEach((p, i) => {
    rows[names[i]] = [...children[i], ...(i > 0 ? [p] : [])].map((j) => names[j]);
  });
  const rowStart = new Int32Array(301);
  rows.forEach((row, i) => {
    rowStart[i + 1] = rowStart[i] + row.length;
  });
  const column = Int32Array.from(rows.flat());
  const order = minimumDegree(300, rowStart, column);
  expect(fillOf(300, rowStart, column, order)).toBe(2 * 299);
});

test('minimumDegree leaves a row that all others touch to the end', () => {
  const size = 2_000;
  const rowStart = new Int32Array(size + 1).fill(size - 1);
  rowStart[0] = 0;
  const column = Int32Array.from({ length: size - 1 }, (_, i) => i + 1);
  expect(minimumDegree(size, rowStart, column)[size - 1]).toBe(0);
});

test('minimumDegree fills a grid far less than the order of its rows does', () => {
  const { size, rowStart, column } = grid(40);
  const rows = Int32Array.from({ length: size }, (_, i) => i);
  const fill = fillOf(size, rowStart, column, minimumDegree(size, rowStart, column));
  // Rows in turn: a band of width 40. Good orders grow like n log n.
  expect(fillOf(size, rowStart, column, rows)).toBeGreaterThan(2 * 40 * (size - 80));
  expect(fill).toBeLessThan(2 * 1.2 * size * Math.log2(size));
});

test('minimumDegree is close to the exact minimum degree on random patterns', () => {
  for (let seed = 0; seed < 10; seed++) {
    const random = seededRandom(100 + seed);
    const { rowStart, column } = randomPattern(random, 60, 2);
    const approximate = fillOf(60, rowStart, column, minimumDegree(60, rowStart, column));
    const exact = fillOf(60, rowStart, column, exactMinimumDegree(60, rowStart, column));
    expect(approximate).toBeLessThan(1.15 * exact);
  }
});

/** The textbook algorithm on sets: eliminate a node of smallest degree, join its neighbours. */
function exactMinimumDegree(size: number, rowStart: Int32Array, column: Int32Array): Int32Array {
  const neighbours = Array.from({ length: size }, () => new Set<number>());
  for (let i = 0; i < size; i++)
    for (const j of column.subarray(rowStart[i], rowStart[i + 1])) {
      if (i === j) continue;
      neighbours[i].add(j);
      neighbours[j].add(i);
    }
  const left = new Set(neighbours.keys());
  const order = new Int32Array(size);
  for (let k = 0; k < size; k++) {
    const next = [...left].reduce((a, b) => (neighbours[b].size < neighbours[a].size ? b : a));
    order[k] = next;
    left.delete(next);
    for (const i of neighbours[next]) {
      neighbours[i].delete(next);
      for (const j of neighbours[next]) if (i !== j) neighbours[i].add(j);
    }
  }
  return order;
}
