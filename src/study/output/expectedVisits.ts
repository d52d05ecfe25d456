/**
 * How often the people of a fitted model would have made each choice: starting where the recorded
 * ones started and going as far. Beside what was recorded it shows where a reward falls short.
 *
 * - discounted and finite: as many decisions as each recorded trajectory holds,
 *     D = Σᵢ wᵢ Σ_{t < nᵢ} P(sₜ, aₜ | start i, π)
 * - undiscounted, deterministic and complete: to the goal. There the surplus of the likelihood is
 *   exactly recorded minus expected visits (see planning/criterion.ts), D = N − τ ∂LL/∂r
 */

import { createCriterion } from '../../algorithms/createCriterion.ts';
import { decisionsPerTrajectory, type Problem } from '../../algorithms/problem.ts';
import { countCutOff } from '../../evaluation/dataSummary.ts';
import { isDeterministic } from '../../mdp/mdp.ts';
import { likelihoodMoments } from '../../planning/moments.ts';

/** Pushes through so many transitions are worth a picture. */
const MOST_WORK = 2e8;

/**
 * Returns [pairs], or null where it is not known or would take too long.
 *
 * @param reward [pairs] of the fit
 * @param policy [pairs], or [T × pairs] of a finite horizon; absent where each goal has its own
 */
export function expectedVisits(
  problem: Problem,
  reward: Float64Array | undefined,
  policy: Float64Array | undefined,
): Float64Array | null {
  const { world, time, goals, trajectories } = problem;
  if (goals.length > 0 || time.kind === 'undiscounted')
    return reward && time.kind === 'undiscounted' ? towardsGoals(problem, reward) : null;
  // Counts do not say where trajectories begin, nor how long they last.
  if (!policy || trajectories.times) return null;
  const { pairCount } = world.mdp;
  const stationary = policy.length === pairCount;
  const lengths = decisionsPerTrajectory(problem);
  const longest = lengths.reduce((most, n) => Math.max(most, n), 0);
  const groups = new Map<number, Float64Array>();
  for (let i = 0; i < trajectories.count; i++) {
    const start = groups.get(lengths[i]) ?? new Float64Array(world.mdp.stateCount);
    start[trajectories.state[trajectories.rowStart[i]]] += trajectories.weight[i];
    groups.set(lengths[i], start);
  }
  const transitions = world.mdp.nextState.length;
  const visits = new Float64Array(pairCount);
  if (stationary) {
    if (longest * transitions > MOST_WORK) return null;
    // Aligned by what is left to do, all lengths go forward together.
    let arriving = new Float64Array(world.mdp.stateCount);
    for (let left = longest; left > 0; left--) {
      const starting = groups.get(left);
      if (starting) arriving = arriving.map((mass, s) => mass + starting[s]);
      arriving = push(problem, policy, 0, arriving, visits);
    }
    return visits;
  }
  const work = [...groups.keys()].reduce((sum, length) => sum + length * transitions, 0);
  if (work > MOST_WORK) return null;
  for (const [length, start] of groups) {
    let arriving = start;
    for (let t = 0; t < length; t++)
      arriving = push(problem, policy, t * pairCount, arriving, visits);
  }
  return visits;
}

/** One decision everywhere: adds it to `visits` and returns where it leads, [states]. */
function push(
  { world: { mdp } }: Problem,
  policy: Float64Array,
  from: number,
  arriving: Float64Array,
  visits: Float64Array,
): Float64Array<ArrayBuffer> {
  const { pairStart, transitionStart, nextState, probability } = mdp;
  const next = new Float64Array(mdp.stateCount);
  for (let s = 0; s < mdp.stateCount; s++) {
    if (arriving[s] === 0) continue;
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
      const mass = arriving[s] * policy[from + pair];
      visits[pair] += mass;
      for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
        next[nextState[k]] += mass * probability[k];
    }
  }
  return next;
}

function towardsGoals(problem: Problem, reward: Float64Array): Float64Array | null {
  const { world, goals, trajectories, time, temperature } = problem;
  if (!isDeterministic(world.mdp) || countCutOff(problem) > 0) return null;
  const moments = likelihoodMoments(world.mdp, goals, trajectories, time);
  const surplus = new Float64Array(world.mdp.pairCount);
  if (!Number.isFinite(createCriterion(problem, moments).evaluate(reward, surplus))) return null;
  return moments.counts.map((recorded, pair) =>
    Math.max(0, recorded - temperature * surplus[pair]),
  );
}
