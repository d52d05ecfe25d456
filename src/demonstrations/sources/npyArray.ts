/**
 * The .npy format of numpy: a header that is a Python dictionary, then the numbers. Arrays of objects
 * are pickles, which can run any code when they are opened, so they are never read.
 *
 * Reference: numpy.lib.format, versions 1.0 to 3.0.
 */

/** A number array of any shape, its numbers as doubles, last axis fastest. */
export interface NumberArray {
  readonly shape: readonly number[];
  readonly kind: 'float' | 'integer' | 'boolean';
  readonly values: Float64Array;
}

/** What is wrong with an array, continuing its name. */
export class ArrayError extends Error {}

/** Readers of one number by its type. */
const READERS: Readonly<
  Record<string, (view: DataView, at: number, little: boolean) => number | bigint>
> = {
  f2: (view, at, little) => half(view.getUint16(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
  i1: (view, at) => view.getInt8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  i8: (view, at, little) => view.getBigInt64(at, little),
  u1: (view, at) => view.getUint8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  u8: (view, at, little) => view.getBigUint64(at, little),
  b1: (view, at) => view.getUint8(at),
};

/** Reads an array; throws an ArrayError where it is broken or not of numbers. */
export function npyArray(bytes: Uint8Array): NumberArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = Buffer.from(bytes.subarray(0, 6)).toString('latin1');
  if (magic !== '\x93NUMPY' || bytes.length < 12) throw new ArrayError('is not a .npy array');
  const [start, length] =
    view.getUint8(6) === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  if (start + length > bytes.length) throw new ArrayError('ends inside its header');
  const header = Buffer.from(bytes.subarray(start, start + length)).toString('latin1');
  const descr = /'descr':\s*'([<>|=])([a-zA-Z])(\d*)'/.exec(header);
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const sizes = /'shape':\s*\(([\d\s,]*)\)/.exec(header)?.[1];
  if (descr?.[2] === 'O')
    throw new ArrayError('holds Python objects, which are not read; save it as numbers');
  const type = descr === null ? '' : descr[2] + descr[3];
  const read = Object.hasOwn(READERS, type) ? READERS[type] : undefined;
  if (descr === null || read === undefined || order === undefined || sizes === undefined)
    throw new ArrayError(`is not an array of plain numbers (${header.trim().slice(0, 100)})`);
  const shape = sizes.split(',').flatMap((size) => (size.trim() === '' ? [] : [Number(size)]));
  const count = shape.reduce((product, size) => product * size, 1);
  const width = Number(descr[3]);
  if (start + length + count * width !== bytes.length)
    throw new ArrayError(
      `should hold ${count} numbers by its shape (${shape.join(', ')}), but has ${bytes.length - start - length} bytes of ${width} each`,
    );
  const values = new Float64Array(count);
  for (let i = 0, at = start + length; i < count; i++, at += width)
    values[i] = exactly(read(view, at, descr[1] !== '>'));
  return {
    shape,
    kind: descr[2] === 'f' ? 'float' : descr[2] === 'b' ? 'boolean' : 'integer',
    values: order === 'True' ? lastAxisFastest(values, shape) : values,
  };
}

/** Returns a whole number as a double; throws where it has none. */
export function exactly(value: number | bigint): number {
  if (typeof value === 'number') return value;
  const number = Number(value);
  if (!Number.isSafeInteger(number))
    throw new ArrayError(`holds the whole number ${value}, which is beyond ±2⁵³`);
  return number;
}

/** IEEE 754 half precision. */
function half(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0
    ? sign * fraction * 2 ** -24
    : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function lastAxisFastest(values: Float64Array, shape: readonly number[]): Float64Array {
  const out = new Float64Array(values.length);
  const index = new Array<number>(shape.length).fill(0);
  for (let i = 0; i < values.length; i++) {
    let at = 0;
    for (let axis = 0; axis < shape.length; axis++) at = at * shape[axis] + index[axis];
    out[at] = values[i];
    for (let axis = 0; axis < shape.length; axis++) {
      if (++index[axis] < shape[axis]) break;
      index[axis] = 0;
    }
  }
  return out;
}
