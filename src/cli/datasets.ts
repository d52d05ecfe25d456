/** `revealed datasets`: which recordings there are, whether their files are the published ones, and where to get them. */

import { z } from 'zod';
import { nearestName } from '../demonstrations/nearestName.ts';
import { checkFiles, type DataCard, dataCards } from '../demonstrations/recorded/dataCard.ts';
import { fetchDataset } from '../demonstrations/recorded/fetchDataset.ts';
import { plainTable } from '../evaluation/plainTable.ts';
import { json } from '../study/output/wholeFile.ts';
import { commonOptions, defineCommand, type ExitCode, type Output } from './command.ts';
import { listenForInterruption } from './interruption.ts';

export default defineCommand({
  name: 'datasets',
  summary: 'List the data sets, check their files against the published checksums, or fetch them',
  positional: [
    ['[action]', 'list (default), check or fetch'],
    ['[name]', 'data set to check or fetch; check takes all where absent'],
  ],
  options: z.strictObject({
    from: z
      .url()
      .optional()
      .describe('fetch: address of a folder that serves <name>/<file>, not the original source'),
    ...commonOptions,
  }),
  async run(options, output, [action = 'list', name]) {
    if (action !== 'list' && action !== 'check' && action !== 'fetch') {
      const isName = dataCards().some((card) => card.name === action);
      const remedy = isName ? `; to check that data set: revealed datasets check ${action}` : '';
      throw new RangeError(`Cannot "${action}" data sets: wanted list, check or fetch${remedy}`);
    }
    if (action === 'fetch') return fetchNamed(name, options, output);
    if (options.from !== undefined)
      throw new RangeError(`Cannot ${action} data sets from an address: --from is for fetch`);
    const cards = chosen(dataCards(), name);
    return (action === 'list' ? list : check)(cards, options.json, output);
  },
});

function chosen(cards: DataCard[], name: string | undefined): DataCard[] {
  if (name === undefined) return cards;
  const found = cards.filter((card) => card.name === name);
  if (found.length > 0) return found;
  const names = cards.map((card) => card.name);
  const near = nearestName(name, names);
  throw new RangeError(
    `Cannot find data set "${name}": there are ${names.join(', ')}` +
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
