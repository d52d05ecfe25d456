/** `revealed search`: which features are worth having, by what they predict. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { summarizeSearch } from '../evaluation/comparison/searchSummary.ts';
import { checkWritable } from '../study/output/outputDirectory.ts';
import { json, writeWhole } from '../study/output/wholeFile.ts';
import { runSearch, searchMethods } from '../study/search/runSearch.ts';
import { openSource, rebase, type Source } from '../study/source.ts';
import { commonOptions, defineCommand } from './command.ts';
import { definedOnly } from './experimentFlags.ts';
import { namesFlag } from './flags.ts';
import {
  modelFlags,
  partedFlags,
  refuseFlagsOfStudy,
  refuseTwoPartings,
  tablesOf,
} from './partedSource.ts';

const {
  optimizer: _optimizer,
  skipClassCheck: _skipClassCheck,
  ...searchedModelFlags
} = modelFlags;

export default defineCommand({
  name: 'search',
  summary: 'Choose features one by one, by what they predict of trajectories held out',
  positional: [['[study]', 'Name of a shipped study, or path of a file; or give tables']],
  options: z.strictObject({
    ...partedFlags,
    holdOut: z.string().optional().describe('Fold that takes no part in the search and judges it'),
    method: z
      .enum(searchMethods)
      .default('causal-entropy')
      .describe(`What is fitted: ${searchMethods.join(', ')}`),
    direction: z
      .enum(['forward', 'backward', 'both'])
      .default('forward')
      .describe('forward (default), backward or both'),
    rule: z
      .enum(['sure', 'gain'])
      .default('sure')
      .describe('sure (default): beyond the 95 % interval; gain: by the estimate'),
    keep: namesFlag().optional().describe('Features that are always in, separated by commas'),
    ...searchedModelFlags,
    out: z.string().optional().describe('Folder for search.json'),
    resume: z.boolean().default(false).describe('Go on with an interrupted search in --out'),
    ...commonOptions,
  }),
  async run(
    {
      out,
      resume,
      json: asJson,
      seed,
      quiet,
      splits,
      folds,
      holdOut,
      method,
      direction,
      rule,
      keep = [],
      ...given
    },
    output,
    [study],
  ) {
    if (resume && out === undefined)
      throw new RangeError('Cannot resume without a folder: give the --out of the interrupted run');
    refuseTwoPartings(splits, folds);
    if (out !== undefined) checkWritable(out);
    const source: Source = {
      ...sourceOf(study, definedOnly(given), method),
      compare: definedOnly({ splits, folds }),
    };
    const opened = await openSource(source, seed);
    const settings = { method, direction, rule, keep, holdOut, seed };
    const result = await runSearch(opened.study, {
      ...settings,
      out,
      resume,
      fingerprint: fingerprintOf({ ...settings, source }, opened.files),
      async onScore({ features: set }, count) {
        if (!quiet && output.interactive)
          output.stderr(`\r\u001b[2K${count} sets scored, the last with ${set.length} features`);
        await new Promise((resolve) => setImmediate(resolve));
      },
    });
    if (!quiet && output.interactive) output.stderr('\r\u001b[2K');
    const told = { ...result, source: out === undefined ? source : rebase(source, '.', out) };
    if (out !== undefined) writeWhole(join(out, 'search.json'), json(told));
    output.stdout(asJson ? json(told) : summarizeSearch(result));
    if (!asJson && out !== undefined) output.stdout(`\nWritten to ${out}/search.json\n`);
    return result.chosen.stop === 'converged' ? 0 : 1;
  },
});

function sourceOf(
  study: string | undefined,
  options: Record<string, unknown>,
  method: (typeof searchMethods)[number],
): Source {
  if (study === undefined) return { tables: { ...tablesOf('search', options), methods: [method] } };
  refuseFlagsOfStudy('search', study, options);
  return { study };
}

/** What tells a search from others: what was asked, and the bytes of the files it names. */
function fingerprintOf(asked: unknown, files: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(asked));
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex');
}
