/** Data cards: what each data set is, and which bytes its files must hold. */

import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DATASETS, findDataFile } from './dataHome.ts';

const DataCard = z.strictObject({
  name: z.string(),
  title: z.string(),
  source: z.string(),
  licence: z.string(),
  shipped: z.boolean().describe('Whether the data come with the project'),
  studies: z.array(z.string()),
  originals: z
    .array(z.strictObject({ name: z.string(), url: z.url() }))
    .optional()
    .describe('The files that these were made of, where they can be fetched'),
  files: z.array(
    z.strictObject({ name: z.string(), rows: z.int(), sha256: z.string().length(64) }),
  ),
});
export type DataCard = z.infer<typeof DataCard>;

/** What became of a file that a card names. */
export interface FileCheck {
  readonly file: string;
  readonly state: 'as published' | 'missing' | 'changed';
  /** Where it was found, or null. */
  readonly path: string | null;
}

/** Reads the cards of all data sets, by name. */
export function dataCards(): DataCard[] {
  return readdirSync(DATASETS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(DATASETS, entry.name, 'card.json')))
    .map((entry) =>
      DataCard.parse(JSON.parse(readFileSync(join(DATASETS, entry.name, 'card.json'), 'utf8'))),
    );
}

/** Compares the files of a data set with their published checksums. */
export async function checkFiles(card: DataCard): Promise<FileCheck[]> {
  const checks: FileCheck[] = [];
  for (const { name, sha256 } of card.files) {
    const path = findDataFile(card.name, name);
    if (path === null) checks.push({ file: name, state: 'missing', path });
    else {
      const hash = createHash('sha256');
      for await (const chunk of createReadStream(path)) hash.update(chunk);
      const same = hash.digest('hex') === sha256;
      checks.push({ file: name, state: same ? 'as published' : 'changed', path });
    }
  }
  return checks;
}
