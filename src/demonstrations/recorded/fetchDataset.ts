/**
 * Brings the files of a data set to where loaders look for them: from a copy that somebody serves,
 * or from the original files, which are turned into the tables that the data card describes. A
 * file counts only if its checksum is the published one.
 */

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { borlangeTables } from './borlangeOriginals.ts';
import { checkFiles, type DataCard } from './dataCard.ts';
import { DATASETS } from './dataHome.ts';
import { download } from './download.ts';

export interface FetchOptions {
  /** Address of a folder that holds `<data set>/<file>`, in place of the original files. */
  readonly from?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (file: string, received: number, total: number | null) => void;
}

/** Original files by their names to the texts of tables. */
type Recipe = (originals: Readonly<Record<string, string>>) => Record<string, string>;

const recipes: Readonly<Record<string, Recipe>> = {
  borlange: ({ incidence, time, angle, observations, samples }) =>
    borlangeTables({ incidence, time, angle, observations, samples }),
};

/**
 * Fetches what is missing of a data set and returns the names of the files that it wrote.
 *
 * @throws Error where a file is there that is not the published one, where there is no address, and
 *   where what came is not what was published; what was there before stays as it was
 */
export async function fetchDataset(card: DataCard, options: FetchOptions): Promise<string[]> {
  const checks = await checkFiles(card);
  const changed = checks.find(({ state }) => state === 'changed');
  if (changed)
    throw new Error(
      `Cannot fetch "${card.name}": ${changed.path} is there and is not the published file; move it away first`,
    );
  const missing = checks.filter(({ state }) => state === 'missing').map(({ file }) => file);
  if (missing.length === 0) return [];
  const home = process.env.REVEALED_DATA ? resolve(process.env.REVEALED_DATA) : DATASETS;
  const folder = join(home, card.name);
  if (options.from === undefined) await fromOriginals(card, missing, folder, options);
  else await fromCopy(card, missing, folder, options.from, options);
  return missing;
}

async function fromCopy(
  card: DataCard,
  missing: readonly string[],
  folder: string,
  from: string,
  { signal, onProgress }: FetchOptions,
): Promise<void> {
  for (const file of missing)
    await download(`${from.replace(/\/+$/, '')}/${card.name}/${file}`, join(folder, file), {
      sha256: publishedHash(card, file),
      ...(signal ? { signal } : {}),
      ...(onProgress ? { onProgress: (got, total) => onProgress(file, got, total) } : {}),
    });
}

async function fromOriginals(
  card: DataCard,
  missing: readonly string[],
  folder: string,
  { signal, onProgress }: FetchOptions,
): Promise<void> {
  const recipe = Object.hasOwn(recipes, card.name) ? recipes[card.name] : null;
  if (!card.originals || recipe === null)
    throw new Error(
      `Cannot fetch "${card.name}": no address is known that serves these files as the card describes them (source: ${card.source}); name one that does with --from URL, where URL/${card.name}/${missing[0]} must exist`,
    );
  const originals: Record<string, string> = {};
  for (const { name, url } of card.originals) {
    const path = join(folder, 'originals', name);
    await download(url, path, {
      sha256: null,
      ...(signal ? { signal } : {}),
      ...(onProgress ? { onProgress: (got, total) => onProgress(name, got, total) } : {}),
    });
    originals[name] = readFileSync(path, 'utf8');
  }
  const tables = recipe(originals);
  for (const file of missing) {
    const got = createHash('sha256').update(tables[file]).digest('hex');
    const wanted = publishedHash(card, file);
    if (got !== wanted)
      throw new Error(
        `Cannot make ${file} of "${card.name}": the original files have changed since; SHA-256 must be ${wanted}, got ${got}`,
      );
  }
  mkdirSync(folder, { recursive: true });
  for (const file of missing) {
    writeFileSync(join(folder, `${file}.partial`), tables[file]);
    renameSync(join(folder, `${file}.partial`), join(folder, file));
  }
}

function publishedHash(card: DataCard, file: string): string {
  const found = card.files.find(({ name }) => name === file);
  if (!found) throw new TypeError(`Cannot fetch ${file}: the card of "${card.name}" lacks it`);
  return found.sha256;
}
