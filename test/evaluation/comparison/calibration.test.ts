import { expect, test } from 'vitest';
import { CalibrationSums } from '../../../src/evaluation/comparison/calibration.ts';

test('CalibrationSums sorts into ten bins and weighs their gaps by their share', () => {
  const sums = new CalibrationSums();
  // (0.5, 0.6]: confidence 0.55 and 0.6, one of two right
  sums.add(0.55, 1, 1);
  sums.add(0.6, 0, 1);
  // (0.9, 1]: sure three times over, right once
  sums.add(1, 1, 1);
  sums.add(1, 0, 2);
  const { error, bins } = sums.summary() ?? { error: Number.NaN, bins: [] };
  expect(bins.map(({ count }) => count)).toEqual([0, 0, 0, 0, 0, 2, 0, 0, 0, 3]);
  expect(bins[5].confidence).toBeCloseTo(0.575, 12);
  expect(bins[5].accuracy).toBe(0.5);
  expect(bins[9]).toMatchObject({ low: 0.9, high: 1, confidence: 1, accuracy: 1 / 3 });
  expect(error).toBeCloseTo((2 / 5) * 0.075 + (3 / 5) * (2 / 3), 12);
  expect(bins[0]).toMatchObject({ confidence: null, accuracy: null });
  expect(Object.keys(bins[0].reasons ?? {})).toEqual(['confidence', 'accuracy']);
});

test('CalibrationSums is 0 where confidence is what happens, and nothing without decisions', () => {
  const sums = new CalibrationSums();
  expect(sums.summary()).toBeNull();
  for (let i = 0; i < 10; i++) sums.add(0.7, i < 7 ? 1 : 0, 1);
  expect(sums.summary()?.error).toBeCloseTo(0, 12);
});
