/** `revealed datasets check` of plain tables: in a folder, or named one by one. */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { readPipelineSummary } from '../evaluation/profile/pipelineSummary.ts';
import { type Profile, profileOf } from '../evaluation/profile/profile.ts';
import { profileWords } from '../evaluation/profile/profileWords.ts';
import { type ProfiledFiles, readProfiled } from '../evaluation/profile/readProfiled.ts';
import { timeStructure } from '../study/experiment.ts';
import { checkWritable } from '../study/output/outputDirectory.ts';
import { json, writeWhole } from '../study/output/wholeFile.ts';
import { type ExitCode, numberFlag, type Output, wholeNumberFlag } from './command.ts';

/** Flags that name tables, and say how a fit would look at them. */
export const tableFlags = {
  transitions: z.string().optional().describe('check: moves of the world, as fit has them'),
  trajectories: z.string().optional().describe('check: behaviour, as fit has it'),
  features: z.string().optional().describe('check: features, as fit has them'),
  exits: z.string().optional().describe('check: exits to destinations, as fit has them'),
  initial: z.string().optional().describe('check: start distribution, as fit has it'),
  missingFeatures: z
    .enum(['error', 'zero'])
    .optional()
    .describe('check: pairs without a row of features: error (default) or zero'),
  discount: numberFlag().optional().describe('check: worth of the next step that a fit would have'),
  horizon: wholeNumberFlag().optional().describe('check: horizon that a fit would have'),
  out: z.string().optional().describe('check: folder for profile.html and profile.json'),
};

const TABLES = ['transitions', 'trajectories', 'features', 'exits', 'initial'] as const;
const ENDING = /\.(csv|tsv|jsonl|ndjson|parquet)(\.gz|\.zst)?$/i;

interface Look {
  readonly discount?: number | undefined;
  readonly horizon?: number | undefined;
}

export type TableOptions = Look & {
  readonly [Table in (typeof TABLES)[number]]?: string | undefined;
} & {
  readonly missingFeatures?: 'error' | 'zero' | undefined;
  readonly out?: string | undefined;
  readonly json: boolean;
};

/** Whether any flag is given that is about tables. */
export function namesTables(options: TableOptions): boolean {
  return TABLES.some((table) => options[table] !== undefined);
}

/** Checks the tables of folders, or those that flags name; 1 where a check fails. */
export async function checkTables(
  folders: readonly string[],
  options: TableOptions,
  output: Output,
): Promise<ExitCode> {
  if (folders.length > 0 && namesTables(options))
    throw new RangeError('Cannot check folders and single tables at once; name one or the other');
  if (options.out !== undefined) checkWritable(options.out);
  const names = folders.map((folder) => basename(resolve(folder)));
  const profiles: Profile[] = [];
  for (const [i, name] of (folders.length > 0 ? names : ['tables']).entries()) {
    const folder = folders[i];
    const files = folder === undefined ? namedFiles(options) : filesIn(folder);
    const given = { ...files, missingFeatures: options.missingFeatures };
    const source = await readProfiled(given, lookOf(options, folder));
    const profile = profileOf(name, source, folder === undefined ? null : manifestIn(folder));
    profiles.push(profile);
    if (options.out !== undefined) {
      if (names.indexOf(name) < i)
        throw new RangeError(
          `Cannot check two folders called "${name}" into one; do it one by one`,
        );
      const to = folders.length > 1 ? join(options.out, name) : options.out;
      // What draws figures takes longer to load than many a check.
      const { profilePage } = await import('../evaluation/profile/profilePage.ts');
      writeWhole(join(to, 'profile.json'), json(profile));
      writeWhole(join(to, 'profile.html'), profilePage(profile, source.data));
    }
    if (!options.json) output.stdout(profileWords(profile));
  }
  if (options.json) output.stdout(json(profiles.length === 1 ? profiles[0] : profiles));
  return profiles.every(({ passed }) => passed) ? 0 : 1;
}

function namedFiles({ missingFeatures: _, ...options }: TableOptions): ProfiledFiles {
  const { trajectories } = options;
  if (trajectories === undefined)
    throw new RangeError(
      'Cannot check tables without --trajectories: behaviour is what is looked at',
    );
  for (const table of TABLES) {
    const path = options[table];
    if (path !== undefined && !existsSync(path))
      throw new RangeError(`Cannot check ${path}: there is no such file`);
  }
  const { transitions, features, exits, initial } = options;
  return { trajectories, transitions, features, exits, initial };
}

/** The tables of a folder, by their names. */
function filesIn(folder: string): ProfiledFiles {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(folder).sort()) {
    const table = entry.replace(ENDING, '');
    if (table === entry || ![...TABLES, 'tracks', 'states'].includes(table)) continue;
    if (found[table] !== undefined)
      throw new RangeError(
        `Cannot check ${folder}: it has both ${basename(found[table])} and ${entry}; name tables by --transitions, --trajectories, …`,
      );
    found[table] = join(folder, entry);
  }
  const { trajectories, ...others } = found;
  if (trajectories === undefined)
    throw new RangeError(
      `Cannot check ${folder}: there is no trajectories.csv in it (nor .tsv, .jsonl or .parquet); name the table with --trajectories`,
    );
  return { trajectories, ...others };
}

/** How far ahead people look: as flags say, else as the study beside the tables does. */
function lookOf(options: Look, folder: string | undefined) {
  const given = options.discount ?? options.horizon;
  const look = given === undefined ? studyLook(folder) : options;
  const lookAhead = {
    ...(look.discount === undefined ? {} : { discount: look.discount }),
    ...(look.horizon === undefined ? {} : { horizon: look.horizon }),
  };
  // Whether there is a column of goals, the tables say: it is judged with them.
  return Object.keys(lookAhead).length === 0
    ? null
    : timeStructure(lookAhead, look.horizon === undefined);
}

const StudyLook = z.object({ discount: z.number().optional(), horizon: z.number().optional() });

function studyLook(folder: string | undefined): Look {
  const path = folder === undefined ? null : join(folder, 'study.json');
  if (path === null || !existsSync(path)) return {};
  try {
    return StudyLook.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data ?? {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function manifestIn(folder: string) {
  const path = join(folder, 'manifest.json');
  return existsSync(path) && statSync(path).isFile() ? readPipelineSummary(path) : null;
}
