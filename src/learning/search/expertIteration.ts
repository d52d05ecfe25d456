/**
 * Expert iteration: a search is the expert, a policy without search the apprentice, and each helps the
 * other on.
 *
 *   Q̂(s, a) ← Q̂(s, a) + η_k [ Q(s, a) of a search from s − Q̂(s, a) ]
 *   π       ← what distils the choices argmaxₐ Q̂(s, a)
 *   V̂(s)    ← V̂(s) + η_k [ mean return of episodes played from s by π − V̂(s) ]
 *
 * The next searches take V̂ for the worth of states that they meet for the first time, and π may pull
 * them towards what it would do. So a few simulations reach as far as many would. V̂ is what π earns in
 * play, not the value that the searches found: the maximum of noisy values is too large, and handed from
 * search to search it would grow until walking in circles looks best.
 *
 * Reference: Anthony, Tian & Barber (2017), Thinking fast and slow with deep learning and tree search,
 * NIPS. There both estimates are one network; here the worth is a table, the policy linear.
 */

import { z } from 'zod';
import type { TabularTask } from '../../environments/tabularTask.ts';
import type { FeatureMatrix } from '../../features/featureMatrix.ts';
import { createRng } from '../../numeric/rng.ts';
import { greedyIndex } from '../values/nextValue.ts';
import { type DistilledPolicy, DistillOptions, distillPolicy } from './distillPolicy.ts';
import { playedReturn } from './playedReturn.ts';
import { UctOptions, uctSearch } from './uctSearch.ts';

export const ExpertIterationOptions = UctOptions.extend({
  simulations: z.int().positive().default(200).describe('Episodes imagined for a state each time'),
  exploration: z.number().min(0).default(10).describe('c, as in search'),
  iterations: z.int().positive().default(10).describe('Times each state is searched'),
  halfLife: z
    .number()
    .positive()
    .default(3)
    .describe('Iterations after which η is one half: η = 1 / (1 + k / halfLife)'),
  episodes: z.int().positive().default(20).describe('Episodes played from a state each time'),
  priorWeight: z
    .number()
    .min(0)
    .default(0)
    .describe('w of the pull of the apprentice, as in search'),
  distill: DistillOptions.prefault({}).describe('How the apprentice is fitted'),
});
/** What a caller may write. */
export type ExpertIterationOptions = z.input<typeof ExpertIterationOptions>;

export interface ExpertIteration {
  /** From 1. */
  readonly iteration: number;
  /** [pairs] Q̂. */
  readonly actionValue: Float64Array;
  /** [pairs] 1 for the best by Q̂ of each state. */
  readonly choices: Float64Array;
  readonly apprentice: DistilledPolicy;
  /** [states] V̂. */
  readonly value: Float64Array;
}

/**
 * Yields after every iteration, and returns the last.
 *
 * @param features what the apprentice sees of a pair; one indicator for each where absent
 */
export function* expertIteration(
  task: TabularTask,
  options: ExpertIterationOptions,
  seed: number | string,
  features: FeatureMatrix | null = null,
): Generator<ExpertIteration, ExpertIteration> {
  const { iterations, halfLife, episodes, distill, ...search } =
    ExpertIterationOptions.parse(options);
  const { mdp } = task.world;
  const { stateCount, pairCount, pairStart } = mdp;
  const start = { actionValue: new Float64Array(pairCount), value: new Float64Array(stateCount) };
  let latest: ExpertIteration | null = null;
  for (let k = 0; ; k++) {
    const searchRng = createRng(seed, `search ${k}`);
    const playRng = createRng(seed, `play ${k}`);
    const step = 1 / (1 + k / halfLife);
    const before: Pick<ExpertIteration, 'actionValue' | 'value'> = latest ?? start;
    const actionValue = before.actionValue.slice();
    const choices = new Float64Array(pairCount);
    const guidance = latest ? { value: latest.value, policy: latest.apprentice.policy } : {};
    for (let s = 0; s < stateCount; s++) {
      const [first, end] = [pairStart[s], pairStart[s + 1]];
      if (first === end) continue;
      const found = uctSearch(task, s, search, searchRng, guidance);
      for (let pair = first; pair < end; pair++)
        // what was never tried teaches nothing
        if (found.visits[pair - first] > 0)
          actionValue[pair] += step * (found.actionValue[pair - first] - actionValue[pair]);
      choices[greedyIndex(actionValue, first, end)] = 1;
    }
    const apprentice = distillPolicy(mdp, choices, features, distill);
    const value = before.value.slice();
    for (let s = 0; s < stateCount; s++) {
      let played = 0;
      for (let i = 0; i < episodes; i++)
        played += playedReturn(task, s, apprentice.policy, search, playRng) / episodes;
      value[s] += step * (played - value[s]);
    }
    latest = { iteration: k + 1, actionValue, choices, apprentice, value };
    yield latest;
    if (k + 1 >= iterations) return latest;
  }
}
