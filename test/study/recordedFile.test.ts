/** Files that a result was made of are found where it says, beside it, or where the program runs. */

import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recordedFile } from '../../src/study/recordedFile.ts';
import { temporaryFolder } from '../support/commandLine.ts';

test('a file is found where the result says, then beside the result, then not at all', () => {
  const folder = temporaryFolder();
  const [home, out] = [join(folder, 'data'), join(folder, 'out')];
  for (const made of [home, out]) mkdirSync(made);
  writeFileSync(join(home, 'moves.csv'), '');
  const path = '../data/moves.csv';
  expect(recordedFile(out, path)).toBe(join(home, 'moves.csv'));
  renameSync(join(home, 'moves.csv'), join(out, 'moves.csv'));
  expect(recordedFile(out, path)).toBe(join(out, 'moves.csv'));
  rmSync(join(out, 'moves.csv'));
  expect(() => recordedFile(out, path)).toThrow(
    /^moves\.csv: there is no such file at .*data.moves\.csv, and the result in .*out was made of it; put it back/,
  );
});
