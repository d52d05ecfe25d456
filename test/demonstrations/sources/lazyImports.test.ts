/** What few need is loaded only where it is needed: help and ordinary fits stay quick. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SOURCE = fileURLToPath(new URL('../../../src', import.meta.url));
const HEAVY = ['@duckdb/node-api', 'apache-arrow', 'h5wasm/node', 'saxes', 'fzstd'];

test.each(HEAVY)('%s is imported only when a file needs it', (name) => {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => ({ path, text: readFileSync(join(SOURCE, path), 'utf8') }));
  const mentions = (pattern: string) =>
    files.filter(({ text }) => new RegExp(pattern, 's').test(text)).map(({ path }) => path);
  const quotedName = `'${name.replaceAll('/', '\\/')}'`;
  expect(mentions(`import\\(${quotedName}\\)`)).not.toEqual([]);
  expect(mentions(`import (?!type )[^;'()]* from ${quotedName}`)).toEqual([]);
});
