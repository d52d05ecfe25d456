/** The kernels as loops over typed arrays: what the SIMD ones must agree with. */

import type { Kernels } from './kernels.ts';

export function plainKernels(): Kernels {
  let taken = 0;
  return {
    name: 'plain',
    take(length) {
      taken += length;
      return new Float32Array(length);
    },
    release() {
      taken = 0;
    },
    get taken() {
      return taken;
    },
    affine(x, w, b, y, rows, inputs, outputs) {
      for (let i = 0; i < rows; i++) {
        const row = i * outputs;
        for (let j = 0; j < outputs; j++) y[row + j] = b[j];
        for (let p = 0; p < inputs; p++) {
          const a = x[i * inputs + p];
          const from = p * outputs;
          for (let j = 0; j < outputs; j++) y[row + j] += a * w[from + j];
        }
      }
    },
    weightGradient(x, g, d, rows, inputs, outputs) {
      d.fill(0);
      for (let i = 0; i < rows; i++)
        for (let p = 0; p < inputs; p++) {
          const a = x[i * inputs + p];
          const to = p * outputs;
          for (let j = 0; j < outputs; j++) d[to + j] += a * g[i * outputs + j];
        }
    },
    inputGradient(g, w, d, rows, inputs, outputs) {
      for (let i = 0; i < rows; i++)
        for (let p = 0; p < inputs; p++) {
          let sum = 0;
          for (let j = 0; j < outputs; j++) sum += g[i * outputs + j] * w[p * outputs + j];
          d[i * inputs + p] = sum;
        }
    },
    columnSums(g, out, rows, columns) {
      out.fill(0);
      for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j] += g[i * columns + j];
    },
    rectify(y, length) {
      for (let i = 0; i < length; i++) if (!(y[i] > 0)) y[i] = 0;
    },
    maskRectified(g, y, length) {
      for (let i = 0; i < length; i++) if (!(y[i] > 0)) g[i] = 0;
    },
    adam(x, g, first, second, { rate, secondScale, keepFirst, keepSecond, epsilon }) {
      for (let i = 0; i < x.length; i++) {
        first[i] += (1 - keepFirst) * (g[i] - first[i]);
        second[i] += (1 - keepSecond) * (g[i] * g[i] - second[i]);
        x[i] -= (rate * first[i]) / (Math.sqrt(second[i] * secondScale) + epsilon);
      }
    },
    blend(target, source, rate) {
      for (let i = 0; i < target.length; i++) target[i] += rate * (source[i] - target[i]);
    },
  };
}
