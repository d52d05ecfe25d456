/**
 * The kernels in WebAssembly with SIMD. Arrays lie in one memory, handed out one after another, so
 * that no call copies anything.
 */

import type { Kernels } from './kernels.ts';
import { SIMD_BINARY } from './simdBinary.ts';

/** Addresses in bytes, sizes in numbers. */
interface Module {
  affine(x: number, w: number, b: number, y: number, rows: number, m: number, n: number): void;
  weightGradient(x: number, g: number, d: number, rows: number, m: number, n: number): void;
  inputGradient(
    g: number,
    w: number,
    d: number,
    rows: number,
    m: number,
    n: number,
    scratch: number,
  ): void;
  columnSums(g: number, out: number, rows: number, columns: number): void;
  rectify(y: number, length: number): void;
  maskRectified(g: number, y: number, length: number): void;
  adam(
    x: number,
    g: number,
    first: number,
    second: number,
    length: number,
    rate: number,
    secondScale: number,
    keepFirst: number,
    keepSecond: number,
    epsilon: number,
  ): void;
  blend(target: number, source: number, length: number, rate: number): void;
}

/** As much of WebAssembly as is needed; the types of Node leave it out. */
interface Host {
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

const {
  Memory,
  Module: CompiledModule,
  Instance,
} = (globalThis as unknown as { WebAssembly: Host }).WebAssembly;

const PAGE = 65_536;
/** Arrays begin where cache lines do. */
const LINE = 64;

/**
 * @param megabytes room for all arrays; only what is used costs memory
 * @throws WebAssembly.CompileError where there is no SIMD
 */
export function simdKernels(megabytes = 512): Kernels {
  const pages = Math.ceil((megabytes * 2 ** 20) / PAGE);
  const memory = new Memory({ initial: pages });
  const compiled = new CompiledModule(Buffer.from(SIMD_BINARY, 'base64'));
  const module = new Instance(compiled, { env: { memory } }).exports as Module;
  let top = PAGE;
  let taken = 0;
  let scratch: Float32Array | null = null;

  function take(length: number): Float32Array {
    const start = top;
    top += Math.ceil((4 * length) / LINE) * LINE;
    if (top > memory.buffer.byteLength) {
      top = start;
      throw new RangeError(
        `Cannot hold ${length} more numbers: the kernels have ${megabytes} MB, ${Math.round(start / 2 ** 20)} of them in use; build smaller networks or batches, or ask for more`,
      );
    }
    taken += length;
    const array = new Float32Array(memory.buffer, start, length);
    array.fill(0);
    return array;
  }

  return {
    name: 'kernels',
    take,
    release() {
      top = PAGE;
      taken = 0;
      scratch = null;
    },
    get taken() {
      return taken;
    },
    affine(x, w, b, y, rows, inputs, outputs) {
      const { byteOffset } = x;
      module.affine(byteOffset, w.byteOffset, b.byteOffset, y.byteOffset, rows, inputs, outputs);
    },
    weightGradient(x, g, d, rows, inputs, outputs) {
      module.weightGradient(x.byteOffset, g.byteOffset, d.byteOffset, rows, inputs, outputs);
    },
    inputGradient(g, w, d, rows, inputs, outputs) {
      if (!scratch || scratch.length < inputs * outputs) scratch = take(inputs * outputs);
      const { byteOffset } = scratch;
      module.inputGradient(
        g.byteOffset,
        w.byteOffset,
        d.byteOffset,
        rows,
        inputs,
        outputs,
        byteOffset,
      );
    },
    columnSums(g, out, rows, columns) {
      module.columnSums(g.byteOffset, out.byteOffset, rows, columns);
    },
    rectify(y, length) {
      module.rectify(y.byteOffset, length);
    },
    maskRectified(g, y, length) {
      module.maskRectified(g.byteOffset, y.byteOffset, length);
    },
    adam(x, g, first, second, { rate, secondScale, keepFirst, keepSecond, epsilon }) {
      module.adam(
        x.byteOffset,
        g.byteOffset,
        first.byteOffset,
        second.byteOffset,
        x.length,
        rate,
        secondScale,
        keepFirst,
        keepSecond,
        epsilon,
      );
    },
    blend(target, source, rate) {
      module.blend(target.byteOffset, source.byteOffset, target.length, rate);
    },
  };
}
