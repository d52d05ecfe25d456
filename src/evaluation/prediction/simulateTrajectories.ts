/**
 * Behaviour drawn from a reward: sₜ₊₁ ~ p(· | sₜ, aₜ), aₜ ~ π_θ(· | sₜ), as it would be recorded.
 *
 * Every recorded trajectory is a plan of observation: where somebody set out, for what goal, and how
 * long they were watched. One whose recording is complete (its goal was reached, its horizon filled)
 * is drawn to its own end; one that was cut off is watched for as many decisions as before. Without
 * goal or horizon there is no other end than that.
 */

import { decisionsPerTrajectory, type Problem } from '../../algorithms/problem.ts';
import type { Goal } from '../../mdp/goal.ts';
import type { Trajectories } from '../../mdp/trajectories.ts';
import { type Rng, sampleIndex } from '../../numeric/rng.ts';
import { linearReward } from '../../rewards/linearReward.ts';
import { isCutOff } from './observation.ts';
import { plannedBehavior, type TaskBehavior, type TaskStarts } from './plannedBehavior.ts';

export interface SimulationOptions {
  /**
   * How many to draw, each with the start, goal and observation of a recorded one taken at random by
   * weight (the start from the problem's `initial` where it has one, but for trips to undiscounted
   * goals); absent: one for each recorded one, with its name, weight and fold.
   */
  readonly trajectories?: number | undefined;
  /** Watch all of them for so many decisions at most, in place of what was recorded. */
  readonly steps?: number | undefined;
  /** Decisions after which a trip that has not ended is cut off; 100,000 if absent. */
  readonly longest?: number | undefined;
}

export interface Simulation {
  readonly trajectories: Trajectories;
  /** How many met `longest` before their end. */
  readonly tooLong: number;
}

/** What a drawn trajectory is to be. */
interface Plan {
  readonly start: number;
  readonly goal: number;
  readonly most: number;
}

const LONGEST = 100_000;

/** The reward has no finite value: going on for ever would pay. */
export class InfiniteValue extends RangeError {
  override readonly name = 'InfiniteValue';
}

/**
 * Draws trajectories under the soft-optimal policy of r = Fθ. Throws `InfiniteValue`
 * where θ has none for a goal that is finite.
 *
 * @param theta [features]
 * @param rng all draws come from it, in an order that depends on the problem alone
 */
export function simulateTrajectories(
  problem: Problem,
  theta: Float64Array,
  rng: Rng,
  options: SimulationOptions = {},
): Simulation {
  const { world, goals, features } = problem;
  const { mdp } = world;
  const longest = options.longest ?? LONGEST;
  for (const [name, value] of Object.entries({ ...options, longest }))
    if (value !== undefined && !(Number.isInteger(value) && value >= 1))
      throw new RangeError(`Cannot simulate: ${name} must be a whole number ≥ 1, got ${value}`);
  if (theta.length !== features.names.length)
    throw new RangeError(
      `Cannot simulate: theta must have ${features.names.length} entries (one per feature), got ${theta.length}`,
    );
  const plans = plansOf(problem, rng, options, longest);
  const reward = new Float64Array(mdp.pairCount);
  linearReward(mdp, features).evaluate(theta, reward);

  const walks: Walk[] = new Array(plans.length);
  const tasks = tasksOf(plans);
  const behaviorOf = plannedBehavior(problem, reward, [...tasks.keys()]);
  let tooLong = 0;
  for (const [task, members] of tasks) {
    const behavior = behaviorOf(task);
    const goal = goals[task.goal] ?? null;
    if (!behavior)
      throw new InfiniteValue(
        `Cannot simulate: the reward has no finite value for goal "${goal?.name}": moving about for ever would pay`,
      );
    for (const i of members) {
      walks[i] = walk(problem, behavior, goal, plans[i], rng);
      if (walks[i].reachedLimit && plans[i].most === longest) tooLong++;
    }
  }
  return { trajectories: assemble(problem, plans, walks, options.trajectories), tooLong };
}

function plansOf(
  problem: Problem,
  rng: Rng,
  { trajectories: wanted, steps }: SimulationOptions,
  longest: number,
): Plan[] {
  const { trajectories, time, initial } = problem;
  const { count, rowStart, state, goal, weight } = trajectories;
  const decisions = decisionsPerTrajectory(problem);
  const horizon = time.kind === 'finite' ? time.horizon : longest;
  const watched = (i: number): number => {
    const hasEnd = time.kind === 'finite' || goal[i] >= 0;
    return steps ?? (hasEnd && !isCutOff(problem, i) ? longest : decisions[i]);
  };
  const planOf = (i: number, start = state[rowStart[i]]): Plan => ({
    start,
    goal: goal[i],
    most: Math.min(horizon, longest, watched(i)),
  });
  if (wanted === undefined) return Array.from({ length: count }, (_, i) => planOf(i));
  // Which trips people make comes with the goals: a start of its own could not even reach them.
  const starts = time.kind === 'undiscounted' ? null : initial;
  if (count === 0)
    throw new RangeError('Cannot simulate: no trajectory shows how long to watch or whither');
  return Array.from({ length: wanted }, () => {
    const like = sampleIndex(weight, rng);
    const plan = planOf(like, starts ? sampleIndex(starts, rng) : undefined);
    return { ...plan, most: Math.max(1, plan.most) };
  });
}

/** The goals, with the trajectories that head for each and where they set out. */
function tasksOf(plans: readonly Plan[]): Map<TaskStarts, number[]> {
  const members = new Map<number, number[]>();
  plans.forEach(({ goal }, i) => {
    const others = members.get(goal);
    if (others) others.push(i);
    else members.set(goal, [i]);
  });
  const ascending = [...members].sort(([a], [b]) => a - b);
  return new Map(
    ascending.map(([goal, own]) => [
      { goal, state: Int32Array.from(new Set(own.map((i) => plans[i].start))).sort() },
      own,
    ]),
  );
}

interface Walk {
  readonly state: number[];
  /** −1 for the last state, where nothing was chosen any more, or the stop was. */
  readonly pair: number[];
  readonly stopped: boolean;
  /** Whether it was cut off by the number of decisions. */
  readonly reachedLimit: boolean;
}

function walk(
  { world: { mdp } }: Problem,
  behavior: TaskBehavior,
  goal: Goal | null,
  { start, most }: Plan,
  rng: Rng,
): Walk {
  const state = [start];
  const pair: number[] = [];
  const hasExit = (s: number): boolean =>
    goal !== null && !goal.absorbing && goal.stopState.includes(s);
  for (let s = start; ; ) {
    const t = pair.length;
    const choices = behavior.choicesAt(t, s);
    if (choices.length === 0 || t >= most) {
      const reachedLimit = choices.length > 0;
      // A last row where an exit is at hand reads as a stop: that row goes unrecorded.
      if (hasExit(s) && t > 0) state.pop();
      else pair.push(-1);
      return { state, pair, stopped: false, reachedLimit };
    }
    const chosen = sampleIndex(choices, rng);
    const width = mdp.pairStart[s + 1] - mdp.pairStart[s];
    if (chosen === width) {
      pair.push(-1);
      return { state, pair, stopped: true, reachedLimit: false };
    }
    const taken = mdp.pairStart[s] + chosen;
    pair.push(taken);
    const first = mdp.transitionStart[taken];
    const end = mdp.transitionStart[taken + 1];
    s = mdp.nextState[end === first + 1 ? first : sampleIndex(mdp.probability, rng, first, end)];
    state.push(s);
  }
}

/** @param wanted how many were asked for; absent where each stands for a recorded one */
function assemble(
  { trajectories: recorded }: Problem,
  plans: readonly Plan[],
  walks: readonly Walk[],
  wanted: number | undefined,
): Trajectories {
  const rowStart = new Int32Array(walks.length + 1);
  walks.forEach(({ state }, i) => {
    rowStart[i + 1] = rowStart[i] + state.length;
  });
  const state = new Int32Array(rowStart[walks.length]);
  const pair = new Int32Array(rowStart[walks.length]);
  walks.forEach((drawn, i) => {
    state.set(drawn.state, rowStart[i]);
    pair.set(drawn.pair, rowStart[i]);
  });
  const likeRecorded = wanted === undefined;
  return {
    count: walks.length,
    rowStart,
    state,
    pair,
    goal: Int32Array.from(plans, ({ goal }) => goal),
    weight: likeRecorded ? recorded.weight.slice() : new Float64Array(walks.length).fill(1),
    stopped: Uint8Array.from(walks, ({ stopped }) => (stopped ? 1 : 0)),
    names: likeRecorded ? recorded.names : walks.map((_, i) => String(i + 1)),
    folds: likeRecorded ? recorded.folds : null,
  };
}
