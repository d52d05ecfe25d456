/** Arrow tables as a source: files (.arrow, Feather version 2) and streams (.arrows). */

import { createReadStream } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { DataType, Vector } from 'apache-arrow';
import { quoted, TableError } from '../tables/tableError.ts';
import { checkColumns } from './csvSource.ts';
import { checkRegularFile } from './fileBytes.ts';
import { flatFields } from './flatFields.ts';
import { isoTime } from './isoTime.ts';
import type { Source, SourceItem } from './source.ts';

type Arrow = typeof import('apache-arrow');

/** Opens an Arrow file or stream; compressed ones are read where the method is Zstandard. */
export function arrowSource(path: string): Source {
  const name = basename(path);
  return {
    name,
    files: [resolve(path)],
    unit: 'row',
    async *read() {
      await checkRegularFile(path);
      let place = 0;
      try {
        const arrow = await import('apache-arrow');
        await knowZstandard(arrow);
        const reader = await arrow.RecordBatchReader.from(createReadStream(path));
        await reader.open();
        const columns = reader.schema.fields.map((field) => field.name);
        checkColumns(name, null, columns);
        const convert = reader.schema.fields.map(({ name: column, type }) =>
          converter(arrow, name, column, type),
        );
        for await (const batch of reader) {
          const vectors = columns.map((_, i) => batch.getChildAt(i));
          const items: SourceItem[] = [];
          for (let row = 0; row < batch.numRows; row++) {
            place++;
            const values: Record<string, unknown> = {};
            columns.forEach((column, i) => {
              const value = (vectors[i] as Vector | null)?.get(row) ?? null;
              values[column] = value === null ? null : convert[i](value);
            });
            const fields = flatFields(values, null);
            items.push(
              typeof fields === 'string' ? { place, problem: fields, text: '' } : { place, fields },
            );
          }
          if (items.length > 0) yield items;
        }
      } catch (error) {
        if (error instanceof TableError) throw error;
        const problem = error instanceof Error ? error.message : String(error);
        throw new TableError(
          name,
          null,
          /codec not found/.test(problem)
            ? 'is packed by LZ4, which is not read here; write it with Zstandard or unpacked, in pandas as to_feather(…, compression="zstd")'
            : `cannot be read${place === 0 ? '' : ` beyond row ${place}`}: ${problem.split('\n')[0]}`,
          { cause: error },
        );
      }
    },
  };
}

async function knowZstandard(arrow: Arrow): Promise<void> {
  const { decompress } = await import('fzstd');
  arrow.compressionRegistry.set(arrow.CompressionType.ZSTD, {
    isValidCodecEncode: () => false,
    // A copy begins where numbers of eight bytes may begin.
    decode: (bytes) => decompress(bytes).slice(),
  } as Parameters<typeof arrow.compressionRegistry.set>[1]);
}

/** Returns what turns values of a column into those of records; throws where there is no such form. */
function converter(
  arrow: Arrow,
  file: string,
  column: string,
  type: DataType,
): (value: unknown) => unknown {
  const { DataType: is } = arrow;
  if (is.isInt(type)) return (value) => (typeof value === 'bigint' ? safeNumber(value) : value);
  if (is.isFloat(type) || is.isBool(type) || is.isUtf8(type) || is.isLargeUtf8(type)) return same;
  if (is.isDictionary(type)) return converter(arrow, file, column, type.dictionary);
  if (is.isDate(type)) return (value) => new Date(Number(value)).toISOString().slice(0, 10);
  // Timestamps arrive in milliseconds, whatever their unit in the file.
  if (is.isTimestamp(type))
    return (value) => {
      const zone = type.timezone ? 'Z' : '';
      return isoTime(BigInt(Math.round(Number(value) * 1e3)) * 1000n, zone);
    };
  if (is.isList(type) || is.isFixedSizeList(type)) {
    const inner = converter(arrow, file, column, type.children[0].type);
    return (value) =>
      Array.from(value as Iterable<unknown>, (each) => (each === null ? null : inner(each)));
  }
  if (is.isStruct(type)) {
    const inner = type.children.map((field) => ({
      name: field.name,
      convert: converter(arrow, file, `${column}.${field.name}`, field.type),
    }));
    return (value) => {
      const struct = value as Record<string, unknown>;
      return Object.fromEntries(
        inner.map(({ name, convert }) => [
          name,
          struct[name] === null ? null : convert(struct[name]),
        ]),
      );
    };
  }
  throw new TableError(
    file,
    null,
    `column ${quoted(column)} holds ${type}, which is not read; write it as text or numbers`,
  );
}

function same(value: unknown): unknown {
  return value;
}

function safeNumber(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
