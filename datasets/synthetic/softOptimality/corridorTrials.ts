/** Learners in a corridor with a small goal near and a large one far: where they end up, seed by seed. */

import {
  arrivalShares,
  createRng,
  Exploration,
  policyIteration,
  type TabularSimulator as Simulator,
  softValueIteration,
  TabularLearningOptions,
  TabularSimulator,
  tabularLearning,
  twoGoalCorridor,
  writeExploration,
} from 'revealed';

export const NEAR = 2;
const DISCOUNT = 0.99;
const STEP_SIZE = 0.2;

/** How somebody learns, under a name. */
export interface Learner {
  readonly name: string;
  readonly options: Partial<TabularLearningOptions>;
}

export interface CorridorTrial {
  /** Whether the best actions that were learned lead to the far goal. */
  readonly learned: boolean;
  /** First episode that ended at the far goal; infinite where none did. */
  readonly found: number;
  /** Share of the last episodes that ended at the far goal. */
  readonly acted: number;
  /** Share of the last episodes that ended at neither goal. */
  readonly wandered: number;
}

export interface TrialSize {
  /** Steps from the start to the far goal. */
  readonly far: number;
  readonly episodes: number;
  /** Episodes at the end that are looked at. */
  readonly last: number;
}

export function corridorTrial(
  { options }: Learner,
  { far, episodes, last }: TrialSize,
  seed: string,
): CorridorTrial {
  const task = twoGoalCorridor({ near: NEAR, far });
  const simulator = new TabularSimulator(task, createRng(seed, 'outcomes'));
  const learning = tabularLearning(simulator, {
    discount: DISCOUNT,
    stepSize: STEP_SIZE,
    ...options,
    episodes,
    seed,
  });
  let found = Number.POSITIVE_INFINITY;
  let [acted, wandered] = [0, 0];
  for (;;) {
    const next = learning.next();
    if (next.done) {
      const learned = endsFar(simulator, next.value.greedy, far);
      return { learned, found, acted: acted / last, wandered: wandered / last };
    }
    const { episode, terminated } = next.value;
    const isFar = simulator.state[0] === NEAR + far;
    if (isFar) found = Math.min(found, episode);
    if (episode <= episodes - last) continue;
    if (isFar) acted++;
    if (!terminated) wandered++;
  }
}

/** @param greedy [states] the pair to take; −1 at the goals */
function endsFar({ task }: Simulator, greedy: Int32Array, far: number): boolean {
  const { nextState } = task.world.mdp;
  let s = NEAR;
  // whoever needs more steps than there are states goes in circles
  for (let step = 0; step < greedy.length && greedy[s] >= 0; step++) s = nextState[greedy[s]];
  return s === NEAR + far;
}

/**
 * Returns how likely an episode ends at the far goal once nothing is left to learn: with exact values
 * in place of learned ones, and the exploration of the last episode. Of a count bonus nothing is left.
 */
export function shareAtOptimum({ options }: Learner, { far, episodes }: TrialSize): number {
  const { world, reward, initial, timeLimit } = twoGoalCorridor({ near: NEAR, far });
  const { mdp } = world;
  const { method, temperature, prior, exploration } = TabularLearningOptions.parse({
    discount: DISCOUNT,
    ...options,
  });
  const policy = new Float64Array(mdp.pairCount);
  if (method === 'soft-q-learning') {
    // relative to chance each choice is paid τ log 2 less
    const paid = prior === 'one' ? reward : reward.map((r) => r - temperature * Math.log(2));
    policy.set(softValueIteration(mdp, paid, { discount: DISCOUNT, temperature }).policy);
  } else {
    const { actionValue } = policyIteration(mdp, reward, { discount: DISCOUNT });
    const acting =
      exploration === undefined || exploration.kind === 'count-bonus'
        ? Exploration.parse({ kind: 'epsilon-greedy', epsilon: 0 })
        : exploration;
    const never = new Float64Array(mdp.pairCount);
    for (let s = 0; s < mdp.stateCount; s++) {
      const [first, end] = [mdp.pairStart[s], mdp.pairStart[s + 1]];
      if (first < end) writeExploration(acting, actionValue, never, first, end, episodes, policy);
    }
  }
  // adding up may pass 1 by rounding
  return Math.min(1, arrivalShares(mdp, policy, initial, [NEAR + far], timeLimit)[timeLimit]);
}
