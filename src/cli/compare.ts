/** `revealed compare`: which method predicts better what it was not fitted to. */

import { z } from 'zod';
import type { Source } from '../study/source.ts';
import { commonOptions, defineCommand, wholeNumberFlag, workersFlag } from './command.ts';
import { definedOnly, experimentFlags } from './experimentFlags.ts';
import { namedNumbersFlag, sizesFlag } from './flags.ts';
import {
  modelFlags,
  partedFlags,
  refuseFlagsOfStudy,
  refuseTwoPartings,
  tablesOf,
} from './partedSource.ts';
import { runToOutput } from './runToOutput.ts';

export default defineCommand({
  name: 'compare',
  summary: 'Fit without some trajectories, predict them, and compare the methods',
  positional: [['[study]', 'Name of a shipped study, or path of a file; or give tables']],
  options: z.strictObject({
    ...partedFlags,
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
    methods: experimentFlags.methods,
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
    refuseTwoPartings(splits, folds);
    const options = definedOnly(given);
    const source: Source =
      study === undefined ? { tables: tablesOf('compare', options) } : fromStudy(study, options);
    const there = { world, testFeatures, testTrajectories, testExits, trueReward };
    const scores = { shortestBy, curve, repeats, wholeTrips };
    const compare = definedOnly({ ...source.compare, splits, folds, ...there, ...scores });
    return runToOutput({ ...source, compare }, { seed, json, quiet, out, workers, resume }, output);
  },
});

function fromStudy(study: string, { methods, ...others }: Record<string, unknown>): Source {
  refuseFlagsOfStudy('compare', study, others);
  return { study, compare: { methods: methods as NonNullable<Source['compare']>['methods'] } };
}
