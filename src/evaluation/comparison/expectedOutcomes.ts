/** What a method's behaviour comes to on whole held-out trips: features, visits, routes, losses. */

import type { Behavior } from '../../algorithms/behavior.ts';
import { plannedBehavior } from '../../algorithms/plannedBehavior.ts';
import { decisionsPerTrajectory, type Problem } from '../../algorithms/problem.ts';
import { isDeterministic } from '../../mdp/mdp.ts';
import { discountOf } from '../../mdp/timeStructure.ts';
import type { ChoiceProbabilities, TimedChoices } from '../../planning/choiceProbabilities.ts';
import {
  createWalkSolver,
  expectedWalks,
  type Gain,
  type WalkSolver,
} from '../../planning/expectedWalks.ts';
import { hardOptimalChoices, likeliestChoices } from '../../planning/greedyChoices.ts';
import type { MostLikelyRoutes } from '../../planning/mostLikelyRoutes.ts';
import { rewardAt } from '../../rewards/linearReward.ts';
import { epicDistance } from './epicDistance.ts';
import { likeliestRoutes } from './likeliestRoutes.ts';
import type { Outcomes } from './outcomes.ts';
import { routeDistances } from './routeMatch.ts';
import { watchedSpans } from './watchedSpans.ts';

const NONE = Number.POSITIVE_INFINITY;

/**
 * Works out what is expected of the problem's trajectories.
 *
 * @param problem all of whose features are followed, whichever of them the method sees
 * @param behavior of a method, in that problem
 * @param trueTheta [features] the reward that people really have, where it is known
 */
export function expectedOutcomes(
  problem: Problem,
  behavior: Behavior,
  trueTheta: Float64Array | null,
): Outcomes {
  const { world, goals, trajectories, features } = problem;
  const { mdp } = world;
  const width = features.names.length;
  const solver = createWalkSolver(mdp);
  const span = watchedSpans(problem);
  const expected = new Float64Array(trajectories.count * width).fill(NONE);
  const visits = new Float64Array(mdp.stateCount);
  const truth = trueTheta && rewardAt(problem, trueTheta);
  const loss = truth ? lossesOf(problem, behavior, truth, solver) : null;
  const softLoss = new Float64Array(loss ? trajectories.count : 0).fill(NONE);
  const hardLoss = softLoss.slice();
  const routes = new Map<number, MostLikelyRoutes | null>();
  const comparesRoutes = goals.length > 0 && isDeterministic(mdp);

  for (const [goal, members] of headingFor(problem)) {
    const choices = behavior.towards(goal);
    if (comparesRoutes)
      routes.set(goal, choices && likeliestRoutes(problem, goal, behavior.reward, choices(0)));
    const start = Int32Array.from(members, (i) => trajectories.state[trajectories.rowStart[i]]);
    if (!choices) {
      for (const s of start) visits[s] = NONE;
      continue;
    }
    const walks = { start, span: Int32Array.from(members, (i) => span[i]) };
    const walking = expectedWalks(mdp, goals[goal] ?? null, solver);
    const totals = walking.totals(choices, walks, featureGain(problem), width, 1);
    const weight = Float64Array.from(members, (i) => trajectories.weight[i]);
    walking.visits(choices, walks, weight, visits);
    const losses = loss?.(goal, choices, start);
    members.forEach((i, m) => {
      expected.set(totals.subarray(m * width, (m + 1) * width), i * width);
      if (!losses) return;
      softLoss[i] = losses.soft[m];
      hardLoss[i] = losses.hard[m];
    });
  }
  const matched = comparesRoutes
    ? routeDistances(mdp, goals, trajectories, (goal) => routes.get(goal) ?? null)
    : null;
  const none = new Float64Array(0);
  const epic =
    truth && behavior.reward
      ? epicDistance(mdp, discountOf(problem.time), { pairs: truth }, { pairs: behavior.reward })
      : null;
  return {
    features: expected,
    visits,
    routeDistance: matched?.own ?? none,
    nearestRoute: matched?.nearest ?? none,
    softLoss,
    hardLoss,
    epic: truth && behavior.reward ? Float64Array.of(epic ?? NONE) : none,
  };
}

/** Trajectories in which something is decided, by goal. */
function headingFor(problem: Problem): Map<number, number[]> {
  const found = new Map<number, number[]>();
  decisionsPerTrajectory(problem).forEach((n, i) => {
    if (n === 0) return;
    const goal = problem.trajectories.goal[i];
    const others = found.get(goal);
    if (others) others.push(i);
    else found.set(goal, [i]);
  });
  return found;
}

/** Σₐ π(a | s) f(s, a) */
function featureGain({ world: { mdp }, features: { names, per, values } }: Problem): Gain {
  const width = names.length;
  return ({ pairs }, out) => {
    out.fill(0);
    for (let s = 0; s < mdp.stateCount; s++)
      for (let pair = mdp.pairStart[s]; pair < mdp.pairStart[s + 1]; pair++) {
        if (pairs[pair] === 0) continue;
        const row = (per === 'pair' ? pair : s) * width;
        for (let k = 0; k < width; k++) out[s * width + k] += pairs[pair] * values[row + k];
      }
  };
}

/**
 * How much is lost, in units of the true reward, by acting as the method does:
 *
 *   soft   V*(s₀) − E Σ γᵗ (r − τ log π)      V* the soft-optimal value of the true reward r
 *   hard   the same without the entropy, for the hard-optimal policies of both rewards; who has no
 *          reward but imitates takes the likeliest choice everywhere
 *
 * Neither is ever negative, and both are 0 where the method knows the truth. Trips are not cut off.
 */
function lossesOf(
  problem: Problem,
  { reward }: Behavior,
  truth: Float64Array,
  solver: WalkSolver,
): (
  goal: number,
  choices: TimedChoices,
  start: Int32Array,
) => { soft: Float64Array; hard: Float64Array } {
  const { world, goals, time, temperature } = problem;
  const { mdp } = world;
  const ideal = plannedBehavior(problem, truth);
  return (goal, choices, start) => {
    const heading = goals[goal] ?? null;
    const gainWith =
      (entropy: number): Gain =>
      (chosen, out) =>
        rewardGain(problem, goal, truth, entropy, chosen, out);
    const until = time.kind === 'finite' ? time.horizon : -1;
    const walks = { start, span: new Int32Array(start.length).fill(until) };
    const walking = expectedWalks(mdp, heading, solver);
    const worth = (of: TimedChoices, entropy: number): Float64Array =>
      walking.totals(of, walks, gainWith(entropy), 1, discountOf(time));
    const lost = (best: TimedChoices | null, own: TimedChoices | null, entropy: number) => {
      if (!best || !own) return new Float64Array(start.length).fill(NONE);
      const most = worth(best, entropy);
      const got = worth(own, entropy);
      return most.map((v, m) =>
        Number.isFinite(got[m]) && Number.isFinite(v) ? v - got[m] : NONE,
      );
    };
    const hardBest = hardOptimalChoices(mdp, time, heading, truth, start);
    const hardOwn = reward
      ? hardOptimalChoices(mdp, time, heading, reward, start)
      : likeliestChoices(mdp, choices);
    return {
      soft: lost(ideal.towards(goal), choices, temperature),
      hard: lost(hardBest, hardOwn, 0),
    };
  };
}

/** Σₐ π(a | s) (r(s, a) − τ log π(a | s)), stopping included. */
function rewardGain(
  { world: { mdp }, goals }: Problem,
  goal: number,
  reward: Float64Array,
  temperature: number,
  { pairs, stop }: ChoiceProbabilities,
  out: Float64Array,
): void {
  const add = (s: number, p: number, worth: number): void => {
    if (p > 0) out[s] += p * (worth - (temperature > 0 ? temperature * Math.log(p) : 0));
  };
  out.fill(0);
  for (let s = 0; s < mdp.stateCount; s++)
    for (let pair = mdp.pairStart[s]; pair < mdp.pairStart[s + 1]; pair++)
      add(s, pairs[pair], reward[pair]);
  const heading = goals[goal];
  const exit = new Map(
    heading && !heading.absorbing
      ? [...heading.stopState].map((s, i) => [s, heading.stopReward[i]])
      : [],
  );
  stop.forEach((p, s) => {
    add(s, p, exit.get(s) ?? 0);
  });
}
