/**
 * Dynamics of a tabular world, learned by counting where its actions led.
 *
 *   p(s′ | s, a) = ( n(s, a, s′) + α ) / ( n(s, a) + α K ),   K successors that are thought possible
 *
 * the mean of the posterior under a Dirichlet prior: those seen after (s, a), or all states. A transition
 * pays the mean of what it was seen to pay; one that was not seen, the mean of its pair. A pair never
 * tried is treated as one says:
 *
 *   stay         it leads back to its state and pays nothing
 *   uniform      it leads to every state alike and pays nothing
 *   optimistic   it leads back to its state and pays the largest reward seen, so that under a discount it
 *                is worth r_max / (1 − γ), as in R-max, and planning goes and tries it
 *   refuse       an error says which
 *
 * The result is a task like any other: it can be planned in, searched, and stepped through.
 *
 * References: Strens (2000), ICML (Dirichlet); Brafman & Tennenholtz (2002), JMLR 3 (R-max).
 */

import { z } from 'zod';
import { type Outcome, type TabularTask, tabularTask } from '../../environments/tabularTask.ts';
import type { World } from '../../mdp/world.ts';
import type { Rollout } from '../rollout.ts';

export const CountedDynamicsOptions = z.strictObject({
  smoothing: z.number().min(0).default(0).describe('α, added to the count of each successor'),
  successors: z
    .enum(['seen', 'all'])
    .default('seen')
    .describe(
      'Which successors of a pair are thought possible: those seen after it, or all states',
    ),
  unseen: z
    .enum(['stay', 'uniform', 'optimistic', 'refuse'])
    .default('stay')
    .describe('Where pairs lead that were never tried'),
  timeLimit: z
    .int()
    .positive()
    .optional()
    .describe('Steps of an episode of the model; none if absent'),
});
/** What a caller may write. */
export type CountedDynamicsOptions = z.input<typeof CountedDynamicsOptions>;

export interface CountedDynamics {
  /** The model, with the starts of the episodes seen. */
  readonly task: TabularTask;
  /** [pairs] how often each was tried. */
  readonly visits: Float64Array;
  /** Pairs never tried. */
  readonly unseen: readonly number[];
}

/** What was seen after one pair. */
interface Tally {
  visits: number;
  paid: number;
  /** By next state. */
  readonly outcomes: Map<number, { count: number; paid: number }>;
}

/**
 * @param world of which only the states, actions and names are used, not where they lead
 * @throws RangeError where there are no episodes, or one has a pair or a state that the world does not
 */
export function countedDynamics(
  world: World,
  rollouts: readonly Rollout[],
  options: CountedDynamicsOptions = {},
): CountedDynamics {
  const {
    smoothing,
    successors,
    unseen: treatment,
    timeLimit,
  } = CountedDynamicsOptions.parse(options);
  const { stateCount, pairCount, pairStart } = world.mdp;
  if (rollouts.length === 0)
    throw new RangeError('Cannot learn dynamics: there are no episodes to count');
  const tallies = Array.from(
    { length: pairCount },
    (): Tally => ({ visits: 0, paid: 0, outcomes: new Map() }),
  );
  const initial = new Float64Array(stateCount);
  rollouts.forEach((episode, i) => {
    checkEpisode(world, episode, i);
    initial[episode.state[0]] += 1 / rollouts.length;
    for (let t = 0; t < episode.length; t++)
      count(tallies[episode.pair[t]], episode.state[t + 1], episode.reward[t]);
  });
  const visits = Float64Array.from(tallies, (tally) => tally.visits);
  const unseen = [...visits.keys()].filter((pair) => visits[pair] === 0);
  if (treatment === 'refuse' && unseen.length > 0)
    throw new RangeError(
      `Cannot learn dynamics: ${unseen.length} of ${pairCount} pairs were never tried, the first is ${nameOf(world, unseen[0])}`,
    );
  const everyState = Array.from({ length: stateCount }, (_, s) => s);
  const most = largestReward(rollouts);
  const pairOf = pairIndex(world);
  const task = tabularTask({
    stateNames: world.stateNames,
    actionNames: world.actionNames,
    actionsOf: (s) => [...world.pairAction.subarray(pairStart[s], pairStart[s + 1])],
    outcomes: (s, action) => {
      const tally = tallies[pairOf(s, action)];
      return tally.visits === 0 ? outcomesOfUnseen(s) : outcomesOf(tally);
    },
    initial,
    ...(timeLimit === undefined ? {} : { timeLimit }),
  });
  return { task, visits, unseen };

  function outcomesOf(tally: Tally): Outcome[] {
    const possible =
      successors === 'all' && smoothing > 0 ? everyState : [...tally.outcomes.keys()];
    const total = tally.visits + smoothing * possible.length;
    return possible.map((to) => {
      const seen = tally.outcomes.get(to);
      return {
        to,
        probability: ((seen?.count ?? 0) + smoothing) / total,
        reward: seen ? seen.paid / seen.count : tally.paid / tally.visits,
      };
    });
  }

  function outcomesOfUnseen(s: number): Outcome[] {
    if (treatment === 'uniform')
      return everyState.map((to) => ({ to, probability: 1 / stateCount, reward: 0 }));
    return [{ to: s, probability: 1, reward: treatment === 'optimistic' ? most : 0 }];
  }
}

function count(tally: Tally, to: number, reward: number): void {
  const seen = tally.outcomes.get(to) ?? { count: 0, paid: 0 };
  tally.outcomes.set(to, { count: seen.count + 1, paid: seen.paid + reward });
  tally.visits++;
  tally.paid += reward;
}

function largestReward(rollouts: readonly Rollout[]): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const { length, reward } of rollouts)
    for (let t = 0; t < length; t++) most = Math.max(most, reward[t]);
  return Number.isFinite(most) ? most : 0;
}

/** Returns the pair of an action in a state that offers it. */
function pairIndex({ mdp, pairAction }: World): (state: number, action: number) => number {
  return (state, action) => {
    const first = mdp.pairStart[state];
    return first + pairAction.subarray(first, mdp.pairStart[state + 1]).indexOf(action);
  };
}

function nameOf({ mdp, stateNames, actionNames, pairAction }: World, pair: number): string {
  const state = mdp.pairStart.findIndex((first) => first > pair) - 1;
  return `"${actionNames[pairAction[pair]]}" in state "${stateNames[state]}"`;
}

function checkEpisode({ mdp }: World, { length, state, pair }: Rollout, i: number): void {
  const { stateCount, pairStart } = mdp;
  for (let t = 0; t <= length; t++)
    if (!(state[t] >= 0 && state[t] < stateCount && Number.isInteger(state[t])))
      throw new RangeError(
        `Cannot learn dynamics: state ${t} of episode ${i} must be one of 0 … ${stateCount - 1}, got ${state[t]}`,
      );
  for (let t = 0; t < length; t++)
    if (!(pair[t] >= pairStart[state[t]] && pair[t] < pairStart[state[t] + 1]))
      throw new RangeError(
        `Cannot learn dynamics: pair ${t} of episode ${i} must be one of state ${state[t]}, got ${pair[t]}`,
      );
}
