/**
 * `revealed datasets`: which recordings there are, whether their files are the published ones, where
 * to get them, and what is wrong or odd in tables of one's own.
 */

import { existsSync, statSync } from 'node:fs';
import { z } from 'zod';
import { nearestName } from '../demonstrations/nearestName.ts';
import { checkFiles, type DataCard, dataCards } from '../demonstrations/recorded/dataCard.ts';
import { fetchDataset } from '../demonstrations/recorded/fetchDataset.ts';
import { plainTable } from '../evaluation/plainTable.ts';
import { json } from '../study/output/wholeFile.ts';
import { commonOptions, defineCommand, type ExitCode, type Output } from './command.ts';
import { checkTables, namesTables, tableFlags } from './datasetsTables.ts';
import { listenForInterruption } from './interruption.ts';

export default defineCommand({
  name: 'datasets',
  summary: 'List, check or fetch the data sets; check tables of your own before a fit',
  positional: [
    ['[action]', 'list (default), check or fetch'],
    [
      '[name...]',
      'fetch: the data set. check: data sets, whose files are compared with published checksums (all where absent), or folders of plain tables, which are looked through',
    ],
  ],
  options: z.strictObject({
    from: z
      .url()
      .optional()
      .describe('fetch: address of a folder that serves <name>/<file>, not the original source'),
    ...tableFlags,
    ...commonOptions,
  }),
  async run(options, output, [action = 'list', ...names]) {
    if (action !== 'list' && action !== 'check' && action !== 'fetch') {
      const isName = dataCards().some((card) => card.name === action);
      const remedy = isName ? `; to check that data set: revealed datasets check ${action}` : '';
      throw new RangeError(`Cannot "${action}" data sets: wanted list, check or fetch${remedy}`);
    }
    const flag = Object.keys(tableFlags).find(
      (key) => options[key as keyof typeof options] !== undefined,
    );
    if (action === 'check') {
      const isFolder = names.map((name) => isFolderOfTables(name));
      const isTables = namesTables(options) || isFolder.includes(true);
      if (isTables && !isFolder.includes(false)) return checkTables(names, options, output);
      if (isTables)
        throw new RangeError(
          `Cannot check "${names[isFolder.indexOf(false)]}" together with tables; check data sets and tables one after the other`,
        );
    }
    if (flag !== undefined)
      throw new RangeError(
        `Cannot ${action} data sets with --${flag}: it is for checking tables, in a folder or named by --trajectories`,
      );
    if (action === 'fetch') {
      if (names.length > 1) throw new RangeError('Cannot fetch several data sets at once');
      return fetchNamed(names[0], options, output);
    }
    if (options.from !== undefined)
      throw new RangeError(`Cannot ${action} data sets from an address: --from is for fetch`);
    const cards =
      names.length === 0 ? dataCards() : names.flatMap((name) => chosen(dataCards(), name));
    return (action === 'list' ? list : check)(cards, options.json, output);
  },
});

/** A folder; one that bears the name of a data set is that data set, unless written as a path. */
function isFolderOfTables(name: string): boolean {
  const isDataset = dataCards().some((card) => card.name === name);
  return !isDataset && existsSync(name) && statSync(name).isDirectory();
}

function chosen(cards: DataCard[], name: string): DataCard[] {
  const found = cards.filter((card) => card.name === name);
  if (found.length > 0) return found;
  const names = cards.map((card) => card.name);
  const near = nearestName(name, names);
  throw new RangeError(
    `Cannot find data set "${name}": there are ${names.join(', ')}, and no folder is called so` +
      (near === null ? '' : `; did you mean "${near}"?`),
  );
}

function list(cards: DataCard[], asJson: boolean, output: Output): ExitCode {
  if (asJson) output.stdout(json(cards));
  else {
    const table = plainTable(['data set', 'shipped', 'licence', 'studies', 'what it is']);
    for (const { name, shipped, licence, studies, title } of cards)
      table.push([name, shipped ? 'yes' : 'no', licence, studies.join(', '), title]);
    output.stdout(`${table.toString()}\n`.replace(/ +$/gm, ''));
  }
  return 0;
}

async function check(cards: DataCard[], asJson: boolean, output: Output): Promise<ExitCode> {
  const rows = [];
  for (const card of cards)
    for (const file of await checkFiles(card)) rows.push({ dataset: card.name, ...file });
  if (asJson) output.stdout(json(rows));
  else {
    const table = plainTable(['data set', 'file', 'state', 'where']);
    for (const { dataset, file, state, path } of rows)
      table.push([dataset, file, state, path ?? 'set REVEALED_DATA to the folder that holds it']);
    output.stdout(`${table.toString()}\n`.replace(/ +$/gm, ''));
  }
  return rows.every(({ state }) => state === 'as published') ? 0 : 1;
}

async function fetchNamed(
  name: string | undefined,
  { from, json: asJson, quiet }: { from?: string | undefined; json: boolean; quiet: boolean },
  output: Output,
): Promise<ExitCode> {
  if (name === undefined)
    throw new RangeError('Cannot fetch: name the data set, as in revealed datasets fetch borlange');
  const [card] = chosen(dataCards(), name);
  if (!quiet)
    output.stderr(`${card.title}\nfrom ${from ?? card.source}; licence: ${card.licence}\n`);
  const interruption = listenForInterruption();
  try {
    const files = await fetchDataset(card, {
      ...(from === undefined ? {} : { from }),
      signal: interruption.signal,
      onProgress: (file, received, total) => {
        if (quiet || !output.interactive) return;
        const of = total === null ? '' : ` of ${kilobytes(total)}`;
        output.stderr(`\r\u001b[2K${file}: ${kilobytes(received)}${of} kB`);
      },
    });
    if (output.interactive && !quiet && files.length > 0) output.stderr('\r\u001b[2K');
    if (asJson) output.stdout(json({ dataset: name, fetched: files }));
    else
      output.stdout(
        files.length === 0
          ? `Everything of ${name} is there, as published\n`
          : `Fetched ${files.join(', ')}, as published\n`,
      );
    return 0;
  } finally {
    interruption.release();
  }
}

const kilobytes = (bytes: number): string => Math.round(bytes / 1000).toString();
