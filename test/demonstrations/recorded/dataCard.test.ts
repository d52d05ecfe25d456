import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkFiles, dataCards } from '../../../src/demonstrations/recorded/dataCard.ts';
import { DATASETS } from '../../../src/demonstrations/recorded/dataHome.ts';
import { hasSharedData } from '../../support/sharedData.ts';

describe.each(dataCards().map((card) => [card.name, card] as const))('%s', (name, card) => {
  test('says the same in its README', () => {
    const readme = readFileSync(join(DATASETS, name, 'README.md'), 'utf8');
    for (const { name: file, rows, sha256 } of card.files) {
      const line = readme.split('\n').find((text) => text.includes(sha256));
      expect(line?.split('|').map((cell) => cell.trim())).toEqual([
        '',
        file,
        rows.toLocaleString('en-US'),
        `\`${sha256}\``,
        '',
      ]);
    }
    expect(readme).toContain(card.source);
  });

  test.skipIf(!card.shipped && !hasSharedData(name))('has the files as published', async () => {
    for (const { file, state, path } of await checkFiles(card)) {
      expect([file, state]).toEqual([file, 'as published']);
      // what archives hold is counted where they are read
      if (file.endsWith('.npz')) continue;
      const lines = readFileSync(path ?? '', 'utf8')
        .trimEnd()
        .split('\n').length;
      expect(lines - 1).toBe(card.files.find((entry) => entry.name === file)?.rows);
    }
  });
});
