/**
 * What a run leaves in its folder: `result.json`, flat little-endian arrays with a manifest, and
 * while it is under way `state.json`, from which an interrupted run goes on.
 *
 * Every file is written beside its name and then renamed, so none is ever half there.
 */

import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { MethodResult, type ResultFile } from '../evaluation/resultFile.ts';
import type { MethodState } from './runExperiment.ts';
import type { StudyRun } from './runStudy.ts';

/** Arrays as base64 of their bytes: exact, infinities included. */
const Arrays = z.record(z.string(), z.base64());
const SavedMethod = z.union([
  z.object({ done: MethodResult, arrays: Arrays }),
  z.object({ checkpoint: z.record(z.string(), z.unknown()) }),
]);
const SavedRun = z.object({
  format: z.literal(1),
  fingerprint: z.string(),
  cells: z.record(z.string(), z.record(z.string(), SavedMethod)),
});

/** The state of a run by cell and method. */
export type SavedCells = Record<string, Record<string, MethodState>>;

/** Throws where nothing can be written to the folder; does not create it. */
export function checkWritable(directory: string): void {
  let existing = resolve(directory);
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  const refuse = (why: string): never => {
    throw new RangeError(
      `Cannot write to ${directory}: ${existing} ${why}; name another folder with --out`,
    );
  };
  if (!statSync(existing).isDirectory()) refuse('is not a folder');
  try {
    accessSync(existing, constants.W_OK | constants.X_OK);
  } catch {
    refuse('may not be written to');
  }
}

/** Writes `result.json`, the arrays and their manifest. */
export function writeResult(directory: string, { result, runs }: StudyRun): void {
  const manifest: { file: string; type: 'float64'; byteOrder: 'little'; length: number }[] = [];
  for (const [cell, run] of runs)
    for (const [method, arrays] of Object.entries(run.arrays))
      for (const [name, values] of Object.entries(arrays)) {
        const folder = 'cells' in result ? [fileName(cell)] : [];
        const file = ['arrays', ...folder, method, `${name}.f64`].join('/');
        writeWhole(join(directory, file), littleEndian(values));
        manifest.push({ file, type: 'float64', byteOrder: 'little', length: values.length });
      }
  writeWhole(join(directory, 'arrays', 'manifest.json'), json({ arrays: manifest }));
  writeWhole(join(directory, 'result.json'), json(result satisfies ResultFile));
}

/** Writes the state of a run that has not ended. */
export function writeState(directory: string, fingerprint: string, cells: SavedCells): void {
  const plain = Object.fromEntries(
    Object.entries(cells).map(([cell, methods]) => [
      cell,
      Object.fromEntries(
        Object.entries(methods).map(([method, state]) => [method, plainState(state)]),
      ),
    ]),
  );
  writeWhole(
    join(directory, 'state.json'),
    JSON.stringify({ format: 1, fingerprint, cells: plain }),
  );
}

/** Reads the state of an interrupted run; null where there is none. */
export function readState(directory: string, fingerprint: string): SavedCells | null {
  const file = join(directory, 'state.json');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return null;
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new SyntaxError(`Cannot resume: ${file} is not JSON; delete it to start over`);
  }
  const saved = SavedRun.safeParse(parsed);
  if (!saved.success)
    throw new SyntaxError(
      `Cannot resume: ${file} is not a state of this version; delete it to start over`,
    );
  if (saved.data.fingerprint !== fingerprint)
    throw new RangeError(
      `Cannot resume: ${file} belongs to a run with other options or other files; give the same ones, or leave out --resume to start over`,
    );
  return Object.fromEntries(
    Object.entries(saved.data.cells).map(([cell, methods]) => [
      cell,
      Object.fromEntries(
        Object.entries(methods).map(([method, state]): [string, MethodState] => [
          method,
          'done' in state ? { done: state.done, arrays: typedArrays(state.arrays) } : state,
        ]),
      ),
    ]),
  );
}

export function removeState(directory: string): void {
  rmSync(join(directory, 'state.json'), { force: true });
}

/** Writes a file in one step: either all of it is there or what was there before. */
function writeWhole(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}.part`;
  writeFileSync(beside, content);
  renameSync(beside, path);
}

/** JSON as people read it, with a last newline. */
export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function plainState(state: MethodState): unknown {
  if (!('done' in state)) return state;
  const arrays = Object.entries(state.arrays).map(([name, values]) => [
    name,
    Buffer.from(littleEndian(values)).toString('base64'),
  ]);
  return { done: state.done, arrays: Object.fromEntries(arrays) };
}

function typedArrays(arrays: Record<string, string>): Record<string, Float64Array> {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, text]) => [name, fromLittleEndian(text)]),
  );
}

function fromLittleEndian(base64: string): Float64Array {
  const bytes = Buffer.from(base64, 'base64');
  return Float64Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(8 * i));
}

function littleEndian(values: Float64Array): Uint8Array {
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  values.forEach((x, i) => {
    view.setFloat64(8 * i, x, true);
  });
  return bytes;
}

function fileName(cell: string): string {
  return cell.replace(/[^\p{L}\p{N}._-]+/gu, '-');
}
