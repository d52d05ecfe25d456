import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LinePoint, strongWolfe } from '../../src/optimizers/strongWolfe.ts';

/** The line of a function of one variable from 0 on. */
function search(
  f: (step: number) => number,
  slope: (step: number) => number,
  firstStep: number,
  maxStep = Infinity,
): { found: LinePoint | string; start: LinePoint; probes: number } {
  let probes = 0;
  const probe = (step: number): LinePoint => {
    probes++;
    const gradient = Float64Array.of(slope(step));
    return { step, value: f(step), slope: slope(step), x: Float64Array.of(step), gradient };
  };
  const start = probe(0);
  const found = strongWolfe({ start, probe, firstStep, maxStep, resolution: 1e-16 });
  return { found, start, probes };
}

test('strongWolfe meets both conditions on wavy valleys, whatever the first step', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -3, max: 3, noNaN: true }),
      fc.double({ min: 0, max: 0.9, noNaN: true }),
      fc.double({ min: 0.1, max: 3, noNaN: true }),
      (decades, wave, width) => {
        const f = (t: number) => (t - width) ** 2 + wave * width * Math.sin(2 * t);
        const slope = (t: number) => 2 * (t - width) + 2 * wave * width * Math.cos(2 * t);
        const { found, start } = search(f, slope, 10 ** decades);
        if (typeof found === 'string') throw new Error(found);
        expect(found.value).toBeLessThanOrEqual(start.value + 1e-4 * found.step * start.slope);
        expect(Math.abs(found.slope)).toBeLessThanOrEqual(-0.9 * start.slope);
      },
    ),
    { seed: 2, numRuns: 300 },
  );
});

test('strongWolfe finds the feasible minimiser of a step that is far too long', () => {
  const f = (t: number) => (t < 1 ? -Math.log(1 - t) - 2 * t : Infinity);
  const { found, start } = search(f, (t) => 1 / (1 - t) - 2, 1e6);
  if (typeof found === 'string') throw new Error(found);
  expect(found.step).toBeLessThan(1);
  expect(Math.abs(found.slope)).toBeLessThanOrEqual(-0.9 * start.slope);
});

test('strongWolfe accepts the end of the line downhill', () => {
  const { found, probes } = search(
    (t) => -t,
    () => -1,
    1,
    7,
  );
  expect(found).toMatchObject({ step: 7, value: -7 });
  expect(probes).toBeLessThan(10);
});

test('strongWolfe decides by slopes where the values are all the same', () => {
  const { found } = search(
    () => 1,
    (t) => t - 1e-7,
    1,
  );
  if (typeof found === 'string') throw new Error(found);
  expect(Math.abs(found.slope)).toBeLessThanOrEqual(0.9e-7);
});

test('strongWolfe says why there is no step', () => {
  expect(
    search(
      (t) => (t === 0 ? 0 : Number.NaN),
      () => -1,
      1,
    ).found,
  ).toBe('not-finite');
  // The slope lies: f goes up from the start.
  expect(
    search(
      (t) => t,
      () => -1,
      1,
    ).found,
  ).toBe('line-search-failed');
});
