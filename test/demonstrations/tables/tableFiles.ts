/** Tables written to a temporary folder, which is removed when the tests of a file are done. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import {
  loadPlainTables,
  type PlainTables,
} from '../../../src/demonstrations/tables/plainTables.ts';
import type { TimeStructure } from '../../../src/mdp/timeStructure.ts';

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Writes `content` under `name` in a folder of its own and returns the path. */
export function tableFile(name: string, content: string | Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'revealed-tables-'));
  folders.push(folder);
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Returns the lines as the text of a file. */
export function lines(...texts: string[]): string {
  return `${texts.join('\n')}\n`;
}

/** Returns the message of the error that `work` fails with. */
export async function failure(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return String(error);
  }
  return 'no error';
}

/** The text of each table; those left out are not given. */
export interface TableTexts {
  readonly transitions: string;
  readonly features?: string;
  readonly trajectories: string;
  readonly exits?: string;
  readonly initial?: string;
  readonly missingFeatures?: 'error' | 'zero';
}

/** Writes the tables and loads them; where no features are given, all are 0. */
export function loadTexts(texts: TableTexts, time: TimeStructure): Promise<PlainTables> {
  const [someState] = texts.transitions.split('\n')[1].split(',');
  const { features = `state,f\n${someState},0\n`, missingFeatures = 'zero' } = texts;
  const optional = (name: 'exits' | 'initial') =>
    texts[name] === undefined ? {} : { [name]: tableFile(`${name}.csv`, texts[name]) };
  return loadPlainTables(
    {
      transitions: tableFile('transitions.csv', texts.transitions),
      features: tableFile('features.csv', features),
      trajectories: tableFile('trajectories.csv', texts.trajectories),
      ...optional('exits'),
      ...optional('initial'),
      missingFeatures,
    },
    time,
  );
}
