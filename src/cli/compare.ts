/** `revealed compare`: which method predicts better what it was not fitted to. */

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Splits, splitsByFold, splitsDealt } from '../demonstrations/splits.ts';
import { readSplits } from '../demonstrations/splitsTable.ts';
import { loadStudy } from '../study/loadStudy.ts';
import type { Recordings, Study } from '../study/study.ts';
import { type TablesExperiment, tablesExperiment } from '../study/tablesExperiment.ts';
import { commonOptions, defineCommand, wholeNumberFlag } from './command.ts';
import { definedOnly, digests, experimentFlags, tableFiles } from './experimentFlags.ts';
import { runToOutput } from './runToOutput.ts';

type SplitStudy = Extract<Study, { readonly cells?: undefined }>;
type SplitsOf = (recordings: Recordings) => Promise<Splits> | Splits;

const { transitions, features, trajectories, methods, ...modelFlags } = experimentFlags;

export default defineCommand({
  name: 'compare',
  summary: 'Fit without some trajectories, predict them, and compare the methods',
  positional: [['[study]', 'Name of a shipped study, or path of a file; or give tables']],
  options: z.strictObject({
    transitions: transitions.optional().describe(transitions.description ?? ''),
    features: features.optional().describe(features.description ?? ''),
    trajectories: trajectories.optional().describe(trajectories.description ?? ''),
    splits: z
      .string()
      .optional()
      .describe('What to hold out: trajectory, split, is_test (default: the column fold)'),
    folds: wholeNumberFlag()
      .optional()
      .describe('Deal the trajectories into so many folds, where they have none'),
    methods,
    ...modelFlags,
    out: z.string().optional().describe('Folder for result.json and arrays'),
    resume: z.boolean().default(false).describe('Go on with an interrupted run in --out'),
    ...commonOptions,
  }),
  async run({ out, resume, json, seed, quiet, splits, folds, ...given }, output, [name]) {
    if (splits !== undefined && folds !== undefined)
      throw new RangeError('Cannot take both --splits and --folds: give one of them');
    const options = definedOnly(given);
    const described = name === undefined ? fromTables(options) : await fromStudy(name, options);
    const asked = splitsAsked(splits, folds, seed);
    const study: Study = {
      ...described.study,
      splits: asked ?? described.study.splits ?? (({ trajectories }) => splitsByFold(trajectories)),
    };
    const files = [...described.files, ...(splits === undefined ? [] : [splits])];
    const identity = {
      command: 'compare',
      ...described.identity,
      folds: folds ?? null,
      files: resume || out !== undefined ? await digests(files) : [],
    };
    return runToOutput(study, { seed, json, quiet, out, resume, identity }, output);
  },
});

/** What the flags say to hold out; null where they leave it to the study or the column `fold`. */
function splitsAsked(
  path: string | undefined,
  foldCount: number | undefined,
  seed: number,
): SplitsOf | null {
  if (path !== undefined) return ({ trajectories: { names } }) => readSplits(path, names);
  if (foldCount === undefined) return null;
  return ({ trajectories }) => splitsDealt(trajectories, foldCount, seed);
}

interface Described {
  readonly study: SplitStudy;
  readonly files: readonly string[];
  readonly identity: Readonly<Record<string, unknown>>;
}

function fromTables(options: Record<string, unknown>): Described {
  const missing = ['transitions', 'features', 'trajectories'].filter((table) => !options[table]);
  if (missing.length > 0)
    throw new RangeError(
      `Cannot compare: give a study, or the tables --transitions, --features and --trajectories; ${missing.map((table) => `--${table}`).join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing`,
    );
  const tables = options as TablesExperiment;
  return {
    study: {
      name: 'compare',
      title: 'What the methods predict of behaviour they were not fitted to',
      ...tablesExperiment(tables),
    },
    files: tableFiles(tables),
    identity: { options },
  };
}

async function fromStudy(
  name: string,
  { methods, ...others }: Record<string, unknown>,
): Promise<Described> {
  const flags = Object.keys(others).map(
    (key) => `--${key.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`,
  );
  if (flags.length > 0)
    throw new RangeError(
      `Cannot compare study "${name}" with ${flags.join(', ')}: the study says that itself; leave it out, or give tables instead of a study`,
    );
  const { study, file } = await loadStudy(name);
  if (study.cells)
    throw new RangeError(
      `Cannot compare study "${study.name}": it has ${study.cells.length} cells of its own; name a study of one experiment`,
    );
  const asked = methods as SplitStudy['methods'];
  const { meaning: _, ...rest } = study;
  return {
    study: asked ? { ...rest, methods: asked } : rest,
    files: [],
    identity: { study: study.name, text: readFileSync(file, 'utf8'), methods: asked ?? null },
  };
}
