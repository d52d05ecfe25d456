/** What `compare` and `search` share: a study or tables, parted into what is fitted and held out. */

import { z } from 'zod';
import type { Source } from '../study/source.ts';
import type { TablesExperiment } from '../study/tablesExperiment.ts';
import { wholeNumberFlag } from './command.ts';
import { experimentFlags, experimentOptions } from './experimentFlags.ts';

const { transitions, features, trajectories, methods: _methods, ...model } = experimentFlags;

/** What describes the model, whatever is held out. */
export const modelFlags = model;

export const partedFlags = {
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
};

/** Throws where both ways of parting were asked for. */
export function refuseTwoPartings(splits: string | undefined, folds: number | undefined): void {
  if (splits !== undefined && folds !== undefined)
    throw new RangeError('Cannot take both --splits and --folds: give one of them');
}

/** Throws where flags were given that a study decides itself. */
export function refuseFlagsOfStudy(
  verb: string,
  study: string,
  options: Readonly<Record<string, unknown>>,
): void {
  const flags = Object.keys(options).map(
    (key) => `--${key.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`,
  );
  if (flags.length > 0)
    throw new RangeError(
      `Cannot ${verb} study "${study}" with ${flags.join(', ')}: the study says that itself; leave it out, or give tables instead of a study`,
    );
}

/** The tables that flags name; throws where one of the three is missing. */
export function tablesOf(
  verb: string,
  options: Readonly<Record<string, unknown>>,
): NonNullable<Source['tables']> {
  const missing = ['transitions', 'features', 'trajectories'].filter((table) => !options[table]);
  if (missing.length > 0)
    throw new RangeError(
      `Cannot ${verb}: give a study, or the tables --transitions, --features and --trajectories; ${missing.map((table) => `--${table}`).join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing`,
    );
  return experimentOptions(options) as TablesExperiment;
}
