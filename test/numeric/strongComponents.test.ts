import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Links, strongComponents } from '../../src/numeric/strongComponents.ts';

function linksOf(rows: readonly (readonly number[])[]): Links {
  const rowStart = new Int32Array(rows.length + 1);
  rows.forEach((row, i) => {
    rowStart[i + 1] = rowStart[i] + row.length;
  });
  return { rowStart, column: Int32Array.from(rows.flat()) };
}

const graphs = fc
  .integer({ min: 1, max: 9 })
  .chain((n) =>
    fc.tuple(
      fc.array(fc.array(fc.nat(n - 1), { maxLength: 3 }), { minLength: n, maxLength: n }),
      fc.array(fc.nat(1), { minLength: n, maxLength: n }),
    ),
  );

test('strongComponents puts together who reach one another, and only those', () => {
  fc.assert(
    fc.property(graphs, ([rows, start]) => {
      const n = rows.length;
      // transitive closure (Warshall)
      const reach = rows.map((row, i) => rows.map((_, j) => i === j || row.includes(j)));
      for (let k = 0; k < n; k++)
        for (let i = 0; i < n; i++)
          for (let j = 0; j < n; j++) reach[i][j] ||= reach[i][k] && reach[k][j];
      const { componentOf, components } = strongComponents(linksOf(rows), start);
      for (let i = 0; i < n; i++) {
        const known = start.some((on, from) => on === 1 && reach[from][i]);
        expect(componentOf[i] >= 0).toBe(known);
        if (!known) continue;
        expect(components[componentOf[i]]).toContain(i);
        for (let j = 0; j < n; j++)
          expect(componentOf[i] === componentOf[j]).toBe(reach[i][j] && reach[j][i]);
        // a component comes after those that it leads to
        for (const to of rows[i]) expect(componentOf[to]).toBeLessThanOrEqual(componentOf[i]);
      }
    }),
  );
});

test('strongComponents follows a path of 200,000 nodes', () => {
  const n = 200_000;
  const rows = Array.from({ length: n }, (_, i) => (i + 1 < n ? [i + 1] : []));
  const start = new Uint8Array(n);
  start[0] = 1;
  expect(strongComponents(linksOf(rows), start).components).toHaveLength(n);
});
