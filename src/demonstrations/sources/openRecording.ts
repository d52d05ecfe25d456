/** Any recording, opened: its format is told by its first bytes or its ending, or given. */

import { basename } from 'node:path';
import { nearestName } from '../nearestName.ts';
import { TableError } from '../tables/tableError.ts';
import { episodeSource } from './episodes.ts';
import { firstBytes } from './fileBytes.ts';
import {
  type Format,
  type FormatName,
  formats,
  type ReadOptions,
  type Recording,
} from './registry.ts';
import type { Source } from './source.ts';

/** Opens a file; throws a TableError where its format cannot be told or it is broken. */
export async function openRecording(
  path: string,
  { format, ...options }: ReadOptions & { readonly format?: string | undefined } = {},
): Promise<Recording> {
  const name = format === undefined ? await formatOf(path) : checkedFormat(format);
  const { takes, open }: Format = formats[name];
  for (const key of Object.keys(options))
    if (!(takes as readonly string[]).includes(key))
      throw new RangeError(
        `Cannot read ${basename(path)} as ${name}: it takes no ${key}; it takes ${takes.length === 0 ? 'no options' : takes.join(', ')}`,
      );
  return open(path, options);
}

/** Opens a file as records; those of episodes are their steps. */
export async function openSource(
  path: string,
  options: ReadOptions & { readonly format?: string | undefined } = {},
): Promise<Source> {
  const recording = await openRecording(path, options);
  return recording.kind === 'records' ? recording.source : episodeSource(recording.file);
}

/** Returns the format of a file by its first bytes, else by its ending. */
export async function formatOf(path: string): Promise<FormatName> {
  const file = basename(path);
  const head = (await firstBytes(path, 16)).toString('latin1');
  const all = Object.entries(formats) as [FormatName, Format][];
  const told = all.find(([, { magic }]) => magic !== undefined && head.startsWith(magic));
  if (told !== undefined) return told[0];
  const inner = file.toLowerCase().replace(/\.(gz|zst)$/, '');
  const named = all.find(([, { endings }]) => endings.some((ending) => inner.endsWith(ending)));
  if (named !== undefined) return named[0];
  throw new TableError(
    file,
    null,
    `has a format that neither its first bytes nor its name tell; give the format: ${Object.keys(formats).join(', ')}`,
  );
}

function checkedFormat(format: string): FormatName {
  if (Object.hasOwn(formats, format)) return format as FormatName;
  const names = Object.keys(formats);
  const near = nearestName(format, names);
  throw new RangeError(
    `Cannot read as "${format}": the formats are ${names.join(', ')}${near === null ? '' : `; did you mean "${near}"?`}`,
  );
}
