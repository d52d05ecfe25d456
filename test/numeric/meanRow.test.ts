import { expect, test } from 'vitest';
import { meanRow } from '../../src/numeric/meanRow.ts';

test('meanRow is linear in its rows and leaves them as they were', () => {
  const rows = [Float64Array.of(1, 4), Float64Array.of(3, -8)];
  expect([...meanRow(rows)]).toEqual([2, -2]);
  expect([...meanRow(rows.map((row) => row.map((x) => -4 * x)))]).toEqual([-8, 8]);
  expect([...meanRow(rows.slice(1))]).toEqual([...rows[1]]);
});
