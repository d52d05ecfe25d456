/**
 * Arrays beside a result: flat little-endian numbers in `arrays/`, and a manifest that says which
 * file holds which array of which fit.
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { json, writeWhole } from './wholeFile.ts';

const Manifest = z.object({
  arrays: z.array(
    z.object({
      cell: z.string(),
      method: z.string(),
      array: z.string(),
      file: z.string(),
      type: z.literal('float64'),
      byteOrder: z.literal('little'),
      length: z.int().nonnegative(),
    }),
  ),
});

/** The arrays of fits: by cell, method and name. */
export type FitArrays = readonly (readonly [
  cell: string,
  methods: Readonly<Record<string, Readonly<Record<string, Float64Array>>>>,
])[];

/** @param severalCells whether cells have folders of their own */
export function writeArrays(directory: string, fits: FitArrays, severalCells: boolean): void {
  const manifest: z.infer<typeof Manifest>['arrays'] = [];
  const taken = new Set<string>();
  for (const [cell, methods] of fits)
    for (const [method, arrays] of Object.entries(methods)) {
      const folder = ['arrays', ...(severalCells ? [cell] : []), method].map(fileName);
      const own = unusedName(folder.join('/'), taken);
      for (const [array, values] of Object.entries(arrays)) {
        const file = `${own}/${array}.f64`;
        writeWhole(join(directory, file), littleEndian(values));
        const { length } = values;
        manifest.push({ cell, method, array, file, type: 'float64', byteOrder: 'little', length });
      }
    }
  writeWhole(join(directory, 'arrays', 'manifest.json'), json({ arrays: manifest }));
}

/**
 * Reads the arrays of one fit that `writeArrays` left in a folder; none where they were not kept.
 * Throws a SyntaxError where a file is not what the manifest says.
 */
export function readArrays(
  directory: string,
  cell: string,
  method: string,
): Record<string, Float64Array> {
  const file = join(directory, 'arrays', 'manifest.json');
  if (!existsSync(file)) return {};
  const damaged = (path: string, why: string): never => {
    throw new SyntaxError(`Cannot read ${path}: ${why}; run the fit again`);
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return damaged(file, 'it is not JSON');
  }
  const manifest = Manifest.safeParse(parsed);
  if (!manifest.success) return damaged(file, 'it is not a list of arrays of this version');
  const found: Record<string, Float64Array> = {};
  for (const entry of manifest.data.arrays) {
    if (entry.cell !== cell || entry.method !== method) continue;
    const path = join(directory, entry.file);
    if (!existsSync(path)) damaged(path, 'it is missing');
    const bytes = readFileSync(path);
    if (bytes.byteLength !== 8 * entry.length)
      damaged(path, `wanted ${8 * entry.length} bytes, got ${bytes.byteLength}`);
    found[entry.array] = fromLittleEndian(bytes);
  }
  return found;
}

/** @param bytes eight for each number */
export function fromLittleEndian(bytes: Buffer): Float64Array {
  return Float64Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(8 * i));
}

export function littleEndian(values: Float64Array): Uint8Array {
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  values.forEach((x, i) => {
    view.setFloat64(8 * i, x, true);
  });
  return bytes;
}

/** What a cell or a method is called in paths. */
export function fileName(cell: string): string {
  return cell.replace(/[^\p{L}\p{N}._-]+/gu, '-');
}

/** The path itself, or with a number where it is taken; it is then taken too. */
function unusedName(path: string, taken: Set<string>): string {
  let name = path;
  for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${path}-${n}`;
  taken.add(name.toLowerCase());
  return name;
}
