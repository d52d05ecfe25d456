import { expect } from 'vitest';

/** Expects max |actual − wanted| ≤ tolerance · max(1, max |wanted|), and equal lengths. */
export function expectClose(
  actual: ArrayLike<number>,
  wanted: ArrayLike<number>,
  tolerance: number,
): void {
  expect(actual.length).toBe(wanted.length);
  let scale = 1;
  let error = 0;
  for (let i = 0; i < wanted.length; i++) {
    scale = Math.max(scale, Math.abs(wanted[i]));
    const difference = Math.abs(actual[i] - wanted[i]);
    if (!(difference <= error)) error = difference;
  }
  expect(error / scale, `got ${preview(actual)}, wanted ${preview(wanted)}`).toBeLessThanOrEqual(
    tolerance,
  );
}

function preview(x: ArrayLike<number>): string {
  return `[${Array.from(x).slice(0, 8).join(', ')}${x.length > 8 ? ', …' : ''}]`;
}
