/**
 * HDF5 files, opened with only their tables of contents in memory; numbers are read by ranges of
 * rows. Links to other files are not followed.
 */

import { basename, resolve } from 'node:path';
import type { Dataset, Entity, File, Group } from 'h5wasm/node';
import { TableError } from '../tables/tableError.ts';
import { checkRegularFile } from './fileBytes.ts';
import { ArrayError, exactly, type NumberArray } from './npyArray.ts';

/** A table of numbers in a file. */
export interface Hdf5Array {
  readonly path: string;
  readonly shape: readonly number[];
  readonly kind: NumberArray['kind'];
  /** Reads rows `from` to `to`, [(to − from) · rest of the shape]. */
  readonly rows: (from: number, to: number) => Float64Array;
}

export interface Hdf5File {
  /** Names in a group; null where there is no such group. */
  readonly keys: (path: string) => readonly string[] | null;
  /** A table of numbers; throws a TableError where there is none at `path`. */
  readonly array: (path: string) => Hdf5Array;
  readonly close: () => void;
}

/** HDF5's numbers of types. */
const INTEGER = 0;
const FLOAT = 1;
const ENUM = 8;

/** Whether a broken file has stopped the library, which cannot be started again in one process. */
let stopped = false;

/** Opens a file for reading; throws a TableError where it is none. Close it after use. */
export async function openHdf5(path: string, limit: number): Promise<Hdf5File> {
  const name = basename(path);
  await checkRegularFile(path);
  if (stopped)
    throw new TableError(
      name,
      null,
      'cannot be read: a broken file stopped the reader of HDF5 before; run this file by itself',
    );
  const h5wasm = await import('h5wasm/node');
  const library = await h5wasm.ready;
  library.activate_throwing_error_handler();
  const guarded = <T>(place: string, work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (error instanceof TableError) throw error;
      stopped ||= error instanceof Error && error.name === 'RuntimeError';
      const problem =
        error instanceof ArrayError ? error.message : `cannot be read (${said(error)})`;
      throw new TableError(name, null, `${place}${problem}`, { cause: error });
    }
  };
  const file: File = guarded('is no HDF5 file, or broken: it ', () => {
    const opened = new h5wasm.File(resolve(path), 'r');
    if (opened.file_id < 0) throw new Error('no HDF5 signature');
    return opened;
  });
  const find = (place: string): Entity | null => {
    let entity: Entity | null = file;
    for (const part of place.split('/').filter((key) => key !== '')) {
      if (!isGroup(entity) || !entity.keys().includes(part)) return null;
      entity = entity.get(part);
      if (typeOf(entity) === 'ExternalLink')
        throw new ArrayError('is a link to another file, which is not followed');
    }
    return entity;
  };
  return {
    keys: (place) =>
      guarded(`"${place}" `, () => {
        const group = find(place);
        return isGroup(group) ? group.keys() : null;
      }),
    array: (place) =>
      guarded(`"${place}" `, () => {
        const dataset = find(place);
        if (!isDataset(dataset)) throw new ArrayError('is missing, wanted an array of numbers');
        const { type } = dataset.metadata;
        const { shape } = dataset;
        if (shape === null || shape.length === 0 || ![INTEGER, FLOAT, ENUM].includes(type))
          throw new ArrayError('is not an array of plain numbers');
        const width = shape.slice(1).reduce((product, size) => product * size, 1);
        return {
          path: place,
          shape,
          kind: type === FLOAT ? 'float' : type === ENUM ? 'boolean' : 'integer',
          rows: (from, to) =>
            guarded(`"${place}" `, () => {
              const count = (to - from) * width;
              if (8 * count > limit)
                throw new ArrayError(
                  `would take ${8 * count} bytes for rows ${from} to ${to}, above the limit of ${limit}`,
                );
              if (count === 0) return new Float64Array(0);
              const values = dataset.slice([[from, to], ...shape.slice(1).map((): [] => [])]);
              return numbers(values, count);
            }),
        };
      }),
    close: () => {
      if (!stopped) guarded('', () => file.close());
    },
  };
}

function typeOf(entity: Entity | null): string {
  return entity !== null && 'type' in entity ? String(entity.type) : '';
}

function isGroup(entity: Entity | null): entity is Group {
  return typeOf(entity) === 'Group';
}

function isDataset(entity: Entity | null): entity is Dataset {
  return typeOf(entity) === 'Dataset';
}

function numbers(values: unknown, count: number): Float64Array {
  if (!ArrayBuffer.isView(values) || values instanceof DataView)
    throw new ArrayError('is not an array of plain numbers');
  const array = values as Float64Array | BigInt64Array;
  if (array.length !== count)
    throw new ArrayError(`gave ${array.length} numbers where ${count} were asked for`);
  return Float64Array.from(array as Iterable<number | bigint>, exactly);
}

/** Returns the innermost reason of a failure in HDF5's stack of reasons. */
function said(error: unknown): string {
  const message = String(error instanceof Error ? error.message : error);
  const reasons = [...message.matchAll(/#\d+: .* line \d+ in \w+\(\): (.*)/g)];
  return reasons.at(-1)?.[1] ?? message.split('\n')[0].slice(0, 200);
}
