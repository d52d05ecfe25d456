/**
 * How likely what a person chose is under the shares in which everybody else chose in the same states.
 *
 *   q(a | s) = (N(s, a) − n(s, a) + 1 / |A(s)|) / (N(s) − n(s) + 1)       n of the person, N of all
 *   z = (Σ log q(a | s) − Σₛ n(s) E log q) / √ Σₛ n(s) Var log q
 *
 * so that who decided seldom, or where choices differ much anyway, is not called odd for it.
 */

import { statesOfPairs } from '../../mdp/mdp.ts';
import type { Profiled } from './profiled.ts';

export interface ChoicesByOthers {
  /** [people] z of each; NaN where nothing was left to chance. */
  readonly standard: Float64Array;
  /** [people] log-likelihood per decision between alternatives that others faced too; NaN where there is none. */
  readonly perDecision: Float64Array;
}

/** @param who [trajectories] whose each is */
export function choicesByOthers(
  { world: { mdp }, trajectories }: Pick<Profiled, 'world' | 'trajectories'>,
  who: Int32Array,
  peopleCount: number,
): ChoicesByOthers {
  const stateOfPair = statesOfPairs(mdp);
  const all = new Float64Array(mdp.pairCount);
  const inState = new Float64Array(mdp.stateCount);
  const own = Array.from({ length: peopleCount }, () => new Map<number, number>());
  for (let i = 0; i < trajectories.count; i++)
    for (let row = trajectories.rowStart[i]; row < trajectories.rowStart[i + 1]; row++) {
      const pair = trajectories.pair[row];
      if (pair < 0) continue;
      all[pair]++;
      inState[stateOfPair[pair]]++;
      own[who[i]].set(pair, (own[who[i]].get(pair) ?? 0) + 1);
    }
  const standard = new Float64Array(peopleCount).fill(Number.NaN);
  const perDecision = new Float64Array(peopleCount).fill(Number.NaN);
  own.forEach((taken, person) => {
    const visits = new Map<number, number>();
    for (const [pair, n] of taken)
      visits.set(stateOfPair[pair], (visits.get(stateOfPair[pair]) ?? 0) + n);
    let [logLikelihood, expected, variance, decided] = [0, 0, 0, 0];
    for (const [s, n] of visits) {
      const [first, end] = [mdp.pairStart[s], mdp.pairStart[s + 1]];
      // Where nobody else decided, or nothing was to be decided, there is nothing to be unlike.
      if (end - first < 2 || inState[s] === n) continue;
      decided += n;
      let [mean, squares] = [0, 0];
      for (let pair = first; pair < end; pair++) {
        const mine = taken.get(pair) ?? 0;
        const q = (all[pair] - mine + 1 / (end - first)) / (inState[s] - n + 1);
        const log = Math.log(q);
        logLikelihood += mine * log;
        mean += q * log;
        squares += q * log * log;
      }
      expected += n * mean;
      variance += n * Math.max(0, squares - mean * mean);
    }
    if (decided > 0) perDecision[person] = logLikelihood / decided;
    // A variance of rounding errors alone says that every choice was equally likely.
    if (variance > 1e-9 * decided)
      standard[person] = (logLikelihood - expected) / Math.sqrt(variance);
  });
  return { standard, perDecision };
}
