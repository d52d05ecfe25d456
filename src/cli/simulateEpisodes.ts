/** What `revealed simulate` does with a study in a simulator: whole episodes of one of its policies. */

import { join } from 'node:path';
import { recordEpisodes } from '../algorithms/simulated/recordEpisodes.ts';
import { inUnits } from '../evaluation/imitation/featureGaps.ts';
import { createRng } from '../numeric/rng.ts';
import { json as asJson, writeWhole } from '../study/output/wholeFile.ts';
import type { ReopenedPolicy } from '../study/reopened/reopenSimulated.ts';
import { episodesText } from '../study/simulated/episodesText.ts';
import { evaluationOf, NO_RETURN } from '../study/simulated/judgedPolicy.ts';
import type { ExitCode, Output } from './command.ts';

/** Episodes, where nothing else is said. */
const USUAL = 10;

export function simulateEpisodes(
  { cell, method, prepared, policy }: ReopenedPolicy,
  wanted: {
    trajectories?: number | undefined;
    seed: number;
    out?: string | undefined;
    json: boolean;
  },
  output: Output,
): ExitCode {
  const { trajectories = USUAL, seed, out, json } = wanted;
  const { problem, world } = prepared;
  const episodes = recordEpisodes(
    { ...inUnits(policy.policy, world.actions), actionSize: problem.demonstrations.actionWidth },
    problem.createSimulator(createRng(seed, 'simulate outcomes')),
    {
      count: trajectories,
      starts: createRng(seed, 'simulate starts'),
      draws: createRng(seed, 'simulate draws'),
    },
  );
  const rewards = episodes.rewards ?? new Float64Array(0);
  const means = evaluationOf(prepared) !== null;
  const sum = rewards.reduce((all, r) => all + r, 0);
  const meanReturn = means && Number.isFinite(sum) ? sum / trajectories : null;
  const noReturn = means ? 'a step paid what is no finite number' : NO_RETURN;
  const said = {
    cell: cell.name,
    method,
    trajectories,
    decisions: episodes.stepStart[trajectories],
    meanReturn,
    seed,
    ...(meanReturn === null ? { reasons: { meanReturn: noReturn } } : {}),
  };
  const text = episodesText({
    ...episodes,
    layout: { ...problem.demonstrations.layout, hasRewards: episodes.rewards !== null },
  });
  if (out === undefined) output.stdout(json ? asJson(said) : text);
  else {
    writeWhole(join(out, 'episodes.csv'), text);
    output.stdout(
      json
        ? asJson(said)
        : `${trajectories} episodes of ${method} with ${said.decisions} decisions, ${meanReturn === null ? `no return (${noReturn})` : `mean return ${meanReturn.toPrecision(4)}`}, seed ${seed}\n\nWritten to ${out}/episodes.csv, which openEpisodesTable reads\n`,
    );
  }
  return 0;
}
