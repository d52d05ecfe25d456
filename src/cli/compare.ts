/** `revealed compare`: which method predicts better what it was not fitted to. */

import { z } from 'zod';
import type { Source } from '../study/source.ts';
import type { TablesExperiment } from '../study/tablesExperiment.ts';
import { commonOptions, defineCommand, wholeNumberFlag, workersFlag } from './command.ts';
import { definedOnly, experimentFlags } from './experimentFlags.ts';
import { runToOutput } from './runToOutput.ts';

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
    workers: workersFlag(),
    resume: z.boolean().default(false).describe('Go on with an interrupted run in --out'),
    ...commonOptions,
  }),
  run({ out, workers, resume, json, seed, quiet, splits, folds, ...given }, output, [study]) {
    if (splits !== undefined && folds !== undefined)
      throw new RangeError('Cannot take both --splits and --folds: give one of them');
    const options = definedOnly(given);
    const source = study === undefined ? fromTables(options) : fromStudy(study, options);
    const compare = definedOnly({ ...source.compare, splits, folds });
    return runToOutput({ ...source, compare }, { seed, json, quiet, out, workers, resume }, output);
  },
});

function fromTables(options: Record<string, unknown>): Source {
  const missing = ['transitions', 'features', 'trajectories'].filter((table) => !options[table]);
  if (missing.length > 0)
    throw new RangeError(
      `Cannot compare: give a study, or the tables --transitions, --features and --trajectories; ${missing.map((table) => `--${table}`).join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing`,
    );
  return { tables: options as TablesExperiment };
}

function fromStudy(study: string, { methods, ...others }: Record<string, unknown>): Source {
  const flags = Object.keys(others).map(
    (key) => `--${key.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`,
  );
  if (flags.length > 0)
    throw new RangeError(
      `Cannot compare study "${study}" with ${flags.join(', ')}: the study says that itself; leave it out, or give tables instead of a study`,
    );
  return { study, compare: { methods: methods as NonNullable<Source['compare']>['methods'] } };
}
