/** `revealed datasets`: which recordings there are, and whether their files are the published ones. */

import { z } from 'zod';
import { nearestName } from '../demonstrations/nearestName.ts';
import { checkFiles, type DataCard, dataCards } from '../demonstrations/recorded/dataCard.ts';
import { plainTable } from '../evaluation/plainTable.ts';
import { json } from '../study/output/wholeFile.ts';
import { commonOptions, defineCommand, type ExitCode, type Output } from './command.ts';

export default defineCommand({
  name: 'datasets',
  summary: 'List the data sets, or check their files against the published checksums',
  positional: [
    ['[action]', 'list (default) or check'],
    ['[name]', 'data set to check; all where absent'],
  ],
  options: z.strictObject(commonOptions),
  async run(options, output, [action = 'list', name]) {
    if (action !== 'list' && action !== 'check') {
      const isName = dataCards().some((card) => card.name === action);
      const remedy = isName ? `; to check that data set: revealed datasets check ${action}` : '';
      throw new RangeError(`Cannot "${action}" data sets: wanted list or check${remedy}`);
    }
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
