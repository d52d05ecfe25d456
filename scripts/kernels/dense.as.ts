/**
 * SIMD kernels of dense networks in single precision, in AssemblyScript: matrices row by row,
 * addresses in bytes, sizes in numbers. The plain twin, src/networks/kernels/plainKernels.ts, says
 * what each computes; `npm run kernels` compiles this file into src/networks/kernels/simdBinary.ts.
 */

@inline
function at(base: usize, index: i32): usize {
  return base + (<usize>index << 2);
}

@inline
function addProduct(sum: v128, a: v128, b: v128): v128 {
  return f32x4.add(sum, f32x4.mul(a, b));
}

/**
 * C[i, j] = bias[j] + Σₚ A[i · rowStep + p · innerStep] · B[p, j], steps in bytes, no bias at 0.
 * Tiles of 4 rows by 8 columns stay in registers.
 */
function product(
  A: usize,
  rowStep: usize,
  innerStep: usize,
  B: usize,
  C: usize,
  rows: i32,
  columns: i32,
  inner: i32,
  bias: usize,
): void {
  const width: usize = <usize>columns << 2;
  const wide = columns & ~7;
  const half = columns & ~3;
  const tall = rows & ~3;
  const zero = f32x4.splat(0);
  for (let j = 0; j < wide; j += 8) {
    const bias0 = bias ? v128.load(at(bias, j)) : zero;
    const bias1 = bias ? v128.load(at(bias, j), 16) : zero;
    let i = 0;
    for (; i < tall; i += 4) {
      let c00 = bias0, c01 = bias1, c10 = bias0, c11 = bias1;
      let c20 = bias0, c21 = bias1, c30 = bias0, c31 = bias1;
      let a0: usize = A + <usize>i * rowStep;
      let a1 = a0 + rowStep, a2 = a1 + rowStep, a3 = a2 + rowStep;
      let b: usize = at(B, j);
      for (let p = 0; p < inner; p++) {
        const b0 = v128.load(b), b1 = v128.load(b, 16);
        let a = v128.load32_splat(a0);
        c00 = addProduct(c00, a, b0);
        c01 = addProduct(c01, a, b1);
        a = v128.load32_splat(a1);
        c10 = addProduct(c10, a, b0);
        c11 = addProduct(c11, a, b1);
        a = v128.load32_splat(a2);
        c20 = addProduct(c20, a, b0);
        c21 = addProduct(c21, a, b1);
        a = v128.load32_splat(a3);
        c30 = addProduct(c30, a, b0);
        c31 = addProduct(c31, a, b1);
        a0 += innerStep;
        a1 += innerStep;
        a2 += innerStep;
        a3 += innerStep;
        b += width;
      }
      let c: usize = C + <usize>i * width + (<usize>j << 2);
      v128.store(c, c00);
      v128.store(c, c01, 16);
      c += width;
      v128.store(c, c10);
      v128.store(c, c11, 16);
      c += width;
      v128.store(c, c20);
      v128.store(c, c21, 16);
      c += width;
      v128.store(c, c30);
      v128.store(c, c31, 16);
    }
    for (; i < rows; i++) {
      let c0 = bias0, c1 = bias1;
      let a0: usize = A + <usize>i * rowStep;
      let b: usize = at(B, j);
      for (let p = 0; p < inner; p++) {
        const a = v128.load32_splat(a0);
        c0 = addProduct(c0, a, v128.load(b));
        c1 = addProduct(c1, a, v128.load(b, 16));
        a0 += innerStep;
        b += width;
      }
      const c: usize = C + <usize>i * width + (<usize>j << 2);
      v128.store(c, c0);
      v128.store(c, c1, 16);
    }
  }
  for (let j = wide; j < half; j += 4) {
    const bias0 = bias ? v128.load(at(bias, j)) : zero;
    for (let i = 0; i < rows; i++) {
      let c0 = bias0;
      let a0: usize = A + <usize>i * rowStep;
      let b: usize = at(B, j);
      for (let p = 0; p < inner; p++) {
        c0 = addProduct(c0, v128.load32_splat(a0), v128.load(b));
        a0 += innerStep;
        b += width;
      }
      v128.store(C + <usize>i * width + (<usize>j << 2), c0);
    }
  }
  for (let j = half; j < columns; j++) {
    for (let i = 0; i < rows; i++) {
      let sum: f32 = bias ? load<f32>(at(bias, j)) : 0;
      let a0: usize = A + <usize>i * rowStep;
      let b: usize = at(B, j);
      for (let p = 0; p < inner; p++) {
        sum += load<f32>(a0) * load<f32>(b);
        a0 += innerStep;
        b += width;
      }
      store<f32>(C + <usize>i * width + (<usize>j << 2), sum);
    }
  }
}

/** Y[rows, outputs] = X[rows, inputs] W[inputs, outputs] + b. */
export function affine(X: usize, W: usize, b: usize, Y: usize, rows: i32, inputs: i32, outputs: i32): void {
  product(X, <usize>inputs << 2, 4, W, Y, rows, outputs, inputs, b);
}

/** D[inputs, outputs] = Xᵀ G. */
export function weightGradient(X: usize, G: usize, D: usize, rows: i32, inputs: i32, outputs: i32): void {
  product(X, 4, <usize>inputs << 2, G, D, inputs, outputs, rows, 0);
}

/** D[rows, inputs] = G Wᵀ; `scratch` takes Wᵀ. */
export function inputGradient(G: usize, W: usize, D: usize, rows: i32, inputs: i32, outputs: i32, scratch: usize): void {
  for (let i = 0; i < inputs; i++)
    for (let j = 0; j < outputs; j++)
      store<f32>(at(scratch, j * inputs + i), load<f32>(at(W, i * outputs + j)));
  product(G, <usize>outputs << 2, 4, scratch, D, rows, inputs, outputs, 0);
}

/** out[j] = Σᵢ G[i, j]. */
export function columnSums(G: usize, out: usize, rows: i32, columns: i32): void {
  const half = columns & ~3;
  for (let j = 0; j < half; j += 4) {
    let sum = f32x4.splat(0);
    for (let i = 0; i < rows; i++) sum = f32x4.add(sum, v128.load(at(G, i * columns + j)));
    v128.store(at(out, j), sum);
  }
  for (let j = half; j < columns; j++) {
    let sum: f32 = 0;
    for (let i = 0; i < rows; i++) sum += load<f32>(at(G, i * columns + j));
    store<f32>(at(out, j), sum);
  }
}

/** y ← max(y, 0). */
export function rectify(y: usize, length: i32): void {
  const zero = f32x4.splat(0);
  const whole = length & ~3;
  for (let i = 0; i < whole; i += 4) v128.store(at(y, i), f32x4.max(v128.load(at(y, i)), zero));
  for (let i = whole; i < length; i++) if (!(load<f32>(at(y, i)) > 0)) store<f32>(at(y, i), 0);
}

/** g ← 0 where y is not positive. */
export function maskRectified(g: usize, y: usize, length: i32): void {
  const zero = f32x4.splat(0);
  const whole = length & ~3;
  for (let i = 0; i < whole; i += 4)
    v128.store(at(g, i), v128.and(v128.load(at(g, i)), f32x4.gt(v128.load(at(y, i)), zero)));
  for (let i = whole; i < length; i++) if (!(load<f32>(at(y, i)) > 0)) store<f32>(at(g, i), 0);
}

/** One step of Adam; `rate` and `secondScale` hold the corrections for the zero start. */
export function adam(
  x: usize,
  g: usize,
  first: usize,
  second: usize,
  length: i32,
  rate: f32,
  secondScale: f32,
  keepFirst: f32,
  keepSecond: f32,
  epsilon: f32,
): void {
  const rates = f32x4.splat(rate), scales = f32x4.splat(secondScale), epsilons = f32x4.splat(epsilon);
  const newFirst: f32 = 1 - keepFirst, newSecond: f32 = 1 - keepSecond;
  const firsts = f32x4.splat(newFirst), seconds = f32x4.splat(newSecond);
  const whole = length & ~3;
  for (let i = 0; i < whole; i += 4) {
    const slope = v128.load(at(g, i));
    let m = v128.load(at(first, i)), v = v128.load(at(second, i));
    m = addProduct(m, firsts, f32x4.sub(slope, m));
    v = addProduct(v, seconds, f32x4.sub(f32x4.mul(slope, slope), v));
    v128.store(at(first, i), m);
    v128.store(at(second, i), v);
    const spread = f32x4.add(f32x4.sqrt(f32x4.mul(v, scales)), epsilons);
    v128.store(at(x, i), f32x4.sub(v128.load(at(x, i)), f32x4.div(f32x4.mul(rates, m), spread)));
  }
  for (let i = whole; i < length; i++) {
    const slope = load<f32>(at(g, i));
    let m = load<f32>(at(first, i)), v = load<f32>(at(second, i));
    m += newFirst * (slope - m);
    v += newSecond * (slope * slope - v);
    store<f32>(at(first, i), m);
    store<f32>(at(second, i), v);
    store<f32>(at(x, i), load<f32>(at(x, i)) - (rate * m) / (<f32>Math.sqrt(v * secondScale) + epsilon));
  }
}

/** target ← target + rate (source − target). */
export function blend(target: usize, source: usize, length: i32, rate: f32): void {
  const rates = f32x4.splat(rate);
  const whole = length & ~3;
  for (let i = 0; i < whole; i += 4) {
    const t = v128.load(at(target, i));
    v128.store(at(target, i), addProduct(t, rates, f32x4.sub(v128.load(at(source, i)), t)));
  }
  for (let i = whole; i < length; i++) {
    const t = load<f32>(at(target, i));
    store<f32>(at(target, i), t + rate * (load<f32>(at(source, i)) - t));
  }
}
