/** `revealed fit`: learn a reward from plain tables. */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { methodNames } from '../algorithms/registry.ts';
import { cellsOf, type ResultFile } from '../evaluation/resultFile.ts';
import { minimizers } from '../optimizers/registry.ts';
import { TablesExperiment, tablesExperiment } from '../study/tablesExperiment.ts';
import { commonOptions, defineCommand, numberFlag, wholeNumberFlag } from './command.ts';
import { boundsFlag, listFlag, namedNumbersFlag } from './flags.ts';
import { runToOutput } from './runToOutput.ts';

export default defineCommand({
  name: 'fit',
  summary: 'Learn a reward from tables of moves, features and behaviour',
  options: z.strictObject({
    transitions: z.string().describe('Moves: state [, action], next_state [, probability]'),
    features: z.string().describe('Features: state [, action [, next_state]], one column each'),
    trajectories: z
      .string()
      .describe('Behaviour: trajectory, step, state [, action] [, goal] [, weight] [, fold]'),
    discount: numberFlag().optional().describe('Worth of the next step; below 1: infinite horizon'),
    horizon: wholeNumberFlag().optional().describe('Finite horizon of so many decisions'),
    exits: z.string().optional().describe('Exits to destinations: goal, state [, reward]'),
    initial: z.string().optional().describe('Start distribution: state, probability'),
    methods: listFlag(methodNames)
      .optional()
      .describe(`Which methods, separated by commas (${methodNames.join(', ')})`),
    objective: z
      .enum(['likelihood', 'feature-matching'])
      .optional()
      .describe('likelihood (default) or feature-matching'),
    temperature: numberFlag()
      .pipe(TablesExperiment.shape.temperature.unwrap())
      .optional()
      .describe('Entropy weight τ, in units of reward (default 1)'),
    start: namedNumbersFlag().optional().describe('First values: name=value,…'),
    fix: namedNumbersFlag().optional().describe('Parameters held at a value: name=value,…'),
    bounds: boundsFlag()
      .optional()
      .describe('Admissible values: name=low:high,… (an end may be empty)'),
    l2: numberFlag()
      .pipe(TablesExperiment.shape.l2.unwrap())
      .optional()
      .describe('Penalty λ: subtracts (λ/2) Σ θ² (default 0)'),
    missingFeatures: z
      .enum(['error', 'zero'])
      .optional()
      .describe('Pairs without a row of features: error (default) or zero'),
    holdOut: z.string().optional().describe('Fold to leave out of the fit and predict'),
    optimizer: z
      .enum(Object.keys(minimizers) as [keyof typeof minimizers])
      .optional()
      .describe(`How to maximise: ${Object.keys(minimizers).join(', ')}`),
    tolerance: numberFlag()
      .pipe(TablesExperiment.shape.tolerance.unwrap())
      .optional()
      .describe('Largest score per decision that counts as zero'),
    maxIterations: wholeNumberFlag()
      .pipe(TablesExperiment.shape.maxIterations.unwrap())
      .optional()
      .describe('Give up after this many iterations'),
    out: z.string().optional().describe('Folder for result.json and arrays'),
    resume: z.boolean().default(false).describe('Go on with an interrupted run in --out'),
    ...commonOptions,
  }),
  async run({ out, resume, json, seed, quiet, ...given }, output) {
    const tables = definedOnly(given) as TablesExperiment;
    const experiment = tablesExperiment(tables);
    const files = [
      tables.transitions,
      tables.features,
      tables.trajectories,
      tables.exits,
      tables.initial,
    ].filter((file) => file !== undefined);
    const identity = {
      options: tables,
      files: resume || out !== undefined ? await Promise.all(files.map(digest)) : [],
    };
    const study = {
      name: 'fit',
      title: 'Reward fitted to plain tables',
      ...experiment,
      meaning: (result: ResultFile) => meaning(result, tables.temperature ?? 1),
    };
    return runToOutput(study, { seed, json, quiet, out, resume, identity }, output);
  },
});

/** What an estimate is, in words; nothing where there is none. */
function meaning(result: ResultFile, temperature: number): string {
  const methods = cellsOf(result).flatMap((cell) => Object.values(cell.methods));
  if (!methods.some(({ parameters }) => parameters.some(({ estimate }) => estimate !== null)))
    return '';
  const odds = Math.exp(1 / temperature).toPrecision(3);
  return [
    'Estimates are rewards per unit of a feature. Where two choices differ by 1, in what they bring',
    `and in what can be had from there, the better one is taken ${odds} times as often.`,
  ].join('\n');
}

/** Drops the options that were not given, so that defaults stay defaults. */
function definedOnly(options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** sha256 of a file; of nothing where it cannot be read (the loader will say so). */
async function digest(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk);
  } catch {
    return '';
  }
  return hash.digest('hex');
}
