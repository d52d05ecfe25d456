/** The SIMD kernels against their plain twin, at every remainder of the tile sizes. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileKernels } from '../../../scripts/kernels/compileKernels.ts';
import { plainKernels } from '../../../src/networks/kernels/plainKernels.ts';
import { SIMD_BINARY } from '../../../src/networks/kernels/simdBinary.ts';
import { simdKernels } from '../../../src/networks/kernels/simdKernels.ts';
import { createRng } from '../../../src/numeric/rng.ts';

const simd = simdKernels(64);
const plain = plainKernels();

/** The same random numbers for both, in arrays of their own. */
function both(length: number, seed: string): readonly [Float32Array, Float32Array] {
  const rng = createRng(seed, 'kernels');
  const [a, b] = [simd.take(length), plain.take(length)];
  for (let i = 0; i < length; i++) b[i] = a[i] = 2 * rng() - 1;
  return [a, b];
}

/** Largest difference relative to the largest number. */
function apart([a, b]: readonly [Float32Array, Float32Array]): number {
  let most = 0;
  let scale = 1e-30;
  for (let i = 0; i < a.length; i++) {
    most = Math.max(most, Math.abs(a[i] - b[i]));
    scale = Math.max(scale, Math.abs(b[i]));
  }
  return most / scale;
}

const size = fc.integer({ min: 1, max: 37 });

describe('simdKernels', () => {
  test('the binary is what the source compiles to', async () => {
    expect(Buffer.from(await compileKernels()).toString('base64')).toBe(SIMD_BINARY);
  }, 60_000);

  test('products agree with the plain twin at all sizes', () => {
    fc.assert(
      fc.property(size, size, size, (rows, inputs, outputs) => {
        simd.release();
        const x = both(rows * inputs, 'x');
        const w = both(inputs * outputs, 'w');
        const b = both(outputs, 'b');
        const g = both(rows * outputs, 'g');
        const y = both(rows * outputs, 'y');
        const dw = both(inputs * outputs, 'dw');
        const dx = both(rows * inputs, 'dx');
        const sums = both(outputs, 'sums');
        for (const [k, kernels] of [simd, plain].entries()) {
          kernels.affine(x[k], w[k], b[k], y[k], rows, inputs, outputs);
          kernels.weightGradient(x[k], g[k], dw[k], rows, inputs, outputs);
          kernels.inputGradient(g[k], w[k], dx[k], rows, inputs, outputs);
          kernels.columnSums(g[k], sums[k], rows, outputs);
        }
        for (const pair of [y, dw, dx, sums]) expect(apart(pair)).toBeLessThan(1e-5);
      }),
      { numRuns: 300 },
    );
  });

  test('rectifying, masking, blending and Adam agree with the plain twin at all lengths', () => {
    fc.assert(
      fc.property(size, (length) => {
        simd.release();
        const y = both(length, 'y');
        const g = both(length, 'g');
        const x = both(length, 'x');
        const first = both(length, 'first');
        const second = both(length, 'second');
        for (const array of second) for (let i = 0; i < length; i++) array[i] = Math.abs(array[i]);
        const target = both(length, 'target');
        const step = {
          rate: 0.01,
          secondScale: 3,
          keepFirst: 0.9,
          keepSecond: 0.99,
          epsilon: 1e-8,
        };
        for (const [k, kernels] of [simd, plain].entries()) {
          kernels.rectify(y[k], length);
          kernels.adam(x[k], g[k], first[k], second[k], step);
          kernels.maskRectified(g[k], y[k], length);
          kernels.blend(target[k], x[k], 0.3);
        }
        for (const pair of [y, g, x, first, second, target]) expect(apart(pair)).toBeLessThan(1e-5);
      }),
    );
  });

  test('arrays beyond the room are refused, and it can be used again after release', () => {
    const small = simdKernels(1);
    expect(() => small.take(2 ** 20)).toThrow(
      /Cannot hold 1048576 more numbers: the kernels have 1 MB/,
    );
    expect(small.take(1000).length).toBe(1000);
    small.release();
    expect(small.taken).toBe(0);
  });
});
