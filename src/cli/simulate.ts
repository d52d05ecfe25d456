/** `revealed simulate`: behaviour drawn from a fit, in the tables that `revealed fit` reads. */

import { join } from 'node:path';
import { z } from 'zod';
import {
  InfiniteValue,
  type Simulation,
  simulateTrajectories,
} from '../evaluation/prediction/simulateTrajectories.ts';
import { ownValue } from '../features/ownValue.ts';
import { createRng } from '../numeric/rng.ts';
import { checkWritable } from '../study/output/outputDirectory.ts';
import {
  modelOptions,
  simulatedTables,
  trajectoriesTable,
} from '../study/output/simulatedTables.ts';
import { json as asJson, writeWhole } from '../study/output/wholeFile.ts';
import { checkParameters, problemOfPeople } from '../study/reopened/fittedPeople.ts';
import { reopen } from '../study/reopened/reopen.ts';
import { reopenSimulated } from '../study/reopened/reopenSimulated.ts';
import { commonOptions, defineCommand, wholeNumberFlag } from './command.ts';
import { namedNumbersFlag } from './flags.ts';
import { simulateEpisodes } from './simulateEpisodes.ts';

const positive = () => wholeNumberFlag().pipe(z.number().min(1, 'wanted at least 1'));

export default defineCommand({
  name: 'simulate',
  summary: 'Draw trajectories from a fit, in the tables that fit reads',
  positional: [['<result>', 'A result.json or its folder']],
  options: z.strictObject({
    trajectories: positive()
      .optional()
      .describe('How many (default: one for each recorded one, from its start; 10 in a simulator)'),
    steps: positive()
      .optional()
      .describe('Decisions at most (default: as recorded; trips end at their goals)'),
    longest: positive().optional().describe('Cut trips off after so many decisions (100000)'),
    set: namedNumbersFlag().optional().describe('Parameters held at a value: name=value,…'),
    cell: z.string().optional().describe('Which cell of the result, where it has several'),
    method: z.string().optional().describe('Which of its methods; the first with parameters'),
    out: z.string().optional().describe('Folder for the tables; else trajectories are printed'),
    ...commonOptions,
  }),
  async run(options, output, [path]) {
    const {
      trajectories,
      steps,
      longest,
      set = {},
      cell,
      method,
      out,
      json,
      quiet,
      seed,
    } = options;
    if (out !== undefined) checkWritable(out);
    const policy = await reopenSimulated(path, { cell, method });
    if (policy) {
      const given = Object.entries({ steps, longest, set: options.set });
      const [none] = given.find(([, value]) => value !== undefined) ?? [];
      if (none !== undefined)
        throw new RangeError(
          `Cannot use --${none}: ${path} was fitted in a simulator, whose policies play whole episodes as they were learned`,
        );
      return simulateEpisodes(policy, { trajectories, seed, out, json }, output);
    }
    const reopened = await reopen(path, { cell, method });
    const problem = problemOfPeople(reopened);
    const { names } = problem.features;
    checkParameters(names, set);
    const theta = reopened.theta.map((x, k) => ownValue(set, names[k]) ?? x);
    let drawn: Simulation;
    try {
      const rng = createRng(seed, 'simulate');
      drawn = simulateTrajectories(problem, theta, rng, { trajectories, steps, longest });
    } catch (error) {
      if (!(error instanceof InfiniteValue)) throw error;
      output.stderr(`revealed simulate: ${error.message}\n`);
      return 1;
    }
    const simulated = { ...problem, trajectories: drawn.trajectories };
    const decisions = drawn.trajectories.pair.reduce((sum, pair) => sum + (pair >= 0 ? 1 : 0), 0);
    const stops = drawn.trajectories.stopped.reduce((sum, x) => sum + x, 0);
    const said = {
      trajectories: drawn.trajectories.count,
      decisions: decisions + stops,
      tooLong: drawn.tooLong,
      parameters: Object.fromEntries(names.map((name, k) => [name, theta[k]])),
      seed,
    };
    if (drawn.tooLong > 0 && !quiet)
      output.stderr(
        `revealed simulate: ${drawn.tooLong} of ${said.trajectories} trips had not ended after ${longest ?? 100_000} decisions and were cut off there\n`,
      );
    if (out === undefined) output.stdout(json ? asJson(said) : trajectoriesTable(simulated));
    else {
      const files = simulatedTables(simulated);
      for (const [name, text] of Object.entries(files)) writeWhole(join(out, name), text);
      if (json) output.stdout(asJson(said));
      else
        output.stdout(
          `${said.trajectories} trajectories with ${said.decisions} decisions, seed ${seed}\n\n` +
            `Written to ${out}: ${Object.keys(files).join(', ')}. To fit them:\n\n` +
            `  ${fitCommand(out, files, modelOptions(problem))}\n`,
        );
    }
    return 0;
  },
});

/** What to type to learn the reward back. */
function fitCommand(
  out: string,
  files: Readonly<Record<string, string>>,
  model: Readonly<Record<string, number>>,
): string {
  const tables = Object.keys(files)
    .filter((name) => name.endsWith('.csv'))
    .map((name) => `--${name.replace('.csv', '')} ${join(out, name)}`);
  const flags = Object.entries(model).map(([name, value]) => `--${name} ${value}`);
  return ['revealed fit', ...tables, ...flags].join(' ');
}
