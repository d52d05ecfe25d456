/** `revealed compare`: which method predicts better what it was not fitted to. */

import { z } from 'zod';
import type { Source } from '../study/source.ts';
import type { TablesExperiment } from '../study/tablesExperiment.ts';
import { commonOptions, defineCommand, wholeNumberFlag, workersFlag } from './command.ts';
import { definedOnly, experimentFlags } from './experimentFlags.ts';
import { namedNumbersFlag, sizesFlag } from './flags.ts';
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
    world: z
      .string()
      .optional()
      .describe('Moves of a changed world: fit at home, predict there (closed road, other wind)'),
    testFeatures: z.string().optional().describe('Features there (default: --features)'),
    testTrajectories: z.string().optional().describe('Behaviour recorded there'),
    testExits: z.string().optional().describe('Exits there (default: --exits)'),
    trueReward: namedNumbersFlag()
      .optional()
      .describe('The reward people really have, if known: name=value,…; others are 0'),
    shortestBy: z
      .string()
      .optional()
      .describe('Feature by which shortest paths are predicted too (default steps)'),
    curve: sizesFlag()
      .optional()
      .describe('Fit to so many trajectories too, drawn at random: 10,20,50,all'),
    repeats: wholeNumberFlag()
      .pipe(z.int().positive())
      .optional()
      .describe('How often each number of --curve is drawn (default 5)'),
    wholeTrips: z
      .enum(['always', 'never'])
      .optional()
      .describe(
        'Predict routes, features and visits too: always, never (default: unless it is long)',
      ),
    methods,
    ...modelFlags,
    out: z.string().optional().describe('Folder for result.json and arrays'),
    workers: workersFlag(),
    resume: z.boolean().default(false).describe('Go on with an interrupted run in --out'),
    ...commonOptions,
  }),
  run({ out, workers, resume, json, seed, quiet, ...flags }, output, [study]) {
    const { splits, folds, ...more } = flags;
    const { world, testFeatures, testTrajectories, testExits, ...others } = more;
    const { trueReward, shortestBy, curve, repeats, wholeTrips, ...given } = others;
    if (world === undefined && (testFeatures ?? testTrajectories ?? testExits) !== undefined)
      throw new RangeError(
        'Cannot test elsewhere without a world: give --world beside --test-features, --test-trajectories or --test-exits',
      );
    if (repeats !== undefined && curve === undefined)
      throw new RangeError('Cannot repeat what is not asked for: give --curve beside --repeats');
    if (splits !== undefined && folds !== undefined)
      throw new RangeError('Cannot take both --splits and --folds: give one of them');
    const options = definedOnly(given);
    const source = study === undefined ? fromTables(options) : fromStudy(study, options);
    const there = { world, testFeatures, testTrajectories, testExits, trueReward };
    const scores = { shortestBy, curve, repeats, wholeTrips };
    const compare = definedOnly({ ...source.compare, splits, folds, ...there, ...scores });
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
