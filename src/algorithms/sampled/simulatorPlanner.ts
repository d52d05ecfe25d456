/**
 * The planner that knows no dynamics: a learner takes steps in a simulator, and the planner sees what its
 * policy does by rolling it out there. With the likelihood rollouts begin in the states of recorded
 * decisions, in pairs; with feature matching they begin where the simulator begins them.
 */

import type { FeatureMatrix } from '../../features/featureMatrix.ts';
import { softValue } from '../../learning/values/nextValue.ts';
import { createCoupledRollouts } from '../../learning/walks/coupledRollouts.ts';
import type { CreateLearner } from '../../learning/walks/softQLearner.ts';
import { discountOf } from '../../mdp/timeStructure.ts';
import { createRng, type Rng, type RngState, restoreRng } from '../../numeric/rng.ts';
import { featureMatchingMoments } from '../../planning/moments.ts';
import { linearReward } from '../../rewards/linearReward.ts';
import { type Problem, weightedDecisions } from '../problem.ts';
import { type RolledOut, rollOutDecisions } from './decisionRollouts.ts';
import { createMatchingRollouts, type DemonstratedSums } from './matchingRollouts.ts';
import type { SampledSettings } from './sampledOptions.ts';
import type { SampledPlanner } from './sampledPlanner.ts';
import { type DemonstratedDecisions, steppedProblem } from './steppedProblem.ts';

/** Share of choices at random while learning. */
const CURIOSITY = 0.2;

/**
 * A level of values that is wrong everywhere dies out by a share α (1 − γ) a visit; steps of learning
 * are such that this share of it does in a round, or values would lag behind θ,
 */
const FOLLOWING = 0.2;
/** but no larger than this. */
const FASTEST = 0.2;

/** A reward that is held still is learned about so many times, */
const UNSETTLED = 1;
/** and then so many more, over which values are averaged. */
const AVERAGED = 4;

/** Where planning stood, as plain JSON. */
interface SimulatorState {
  readonly learner: unknown;
  readonly streams: Readonly<Record<(typeof STREAMS)[number], RngState>>;
  readonly steps: number;
}

const STREAMS = ['starts', 'choices', 'outcomes'] as const;

export interface SimulatorPlannerOptions {
  readonly objective: 'likelihood' | 'feature-matching';
  /** [pairs] what every reward is paid beside Fθ. */
  readonly offset: Float64Array;
  readonly settings: SampledSettings;
  readonly seed: number;
  readonly resume?: unknown;
}

export function createSimulatorPlanner(
  problem: Problem,
  { objective, offset, settings, seed, resume }: SimulatorPlannerOptions,
  createLearner: CreateLearner,
): SampledPlanner {
  const { time, temperature, features } = problem;
  const { world, decisions } = steppedProblem(problem);
  const { pairStart } = world;
  const discount = discountOf(time);
  const size = features.names.length;
  const saved = resume as SimulatorState | undefined;
  const streams = Object.fromEntries(
    STREAMS.map((name) => [
      name,
      saved ? restoreRng(saved.streams[name]) : createRng(seed, `rollout ${name}`),
    ]),
  ) as Record<(typeof STREAMS)[number], Rng>;
  const reward = linearReward(problem.world.mdp, features);
  const rewards = new Float64Array(problem.world.mdp.pairCount);
  const started = objective === 'likelihood';
  const lookAhead = time.kind === 'finite' ? time.horizon : Math.ceil(1 / (1 - discount));
  const learner = createLearner(
    world,
    {
      discount,
      temperature,
      curiosity: CURIOSITY,
      lookAhead,
      episodeLength: started ? lookAhead : 3 * lookAhead,
      seed,
      begin: (walk, rng) => {
        if (!started) return walk.reset(rng);
        const i = Math.floor(rng() * decisions.weight.length);
        walk.startAt(decisions.layer[i], decisions.state[i]);
      },
    },
    saved?.learner,
  );
  const { actionValue } = learner;
  const following = Math.min(
    FASTEST,
    (FOLLOWING * lookAhead * actionValue.length) / settings.learningSteps,
  );
  const rows = rowsOfPairs(features, pairStart);
  const setting = { discount, temperature, actionValue, rows, size };
  const rollOut = started
    ? rollingOutDecisions()
    : createMatchingRollouts(world, setting, demonstratedSums(problem), streams);
  let steps = saved?.steps ?? 0;

  const plan = (theta: Float64Array, stepSize: number): void => {
    reward.evaluate(theta, rewards);
    for (let pair = 0; pair < rewards.length; pair++) rewards[pair] += offset[pair];
    steps += learner.learn(rewards, settings.learningSteps, Math.max(stepSize, following));
  };

  return {
    plan,
    settle(theta, stepSize) {
      for (let i = 0; i < UNSETTLED; i++) plan(theta, stepSize);
      const mean = new Float64Array(actionValue.length);
      for (let i = 0; i < AVERAGED; i++) {
        plan(theta, stepSize);
        for (let pair = 0; pair < mean.length; pair++) mean[pair] += actionValue[pair] / AVERAGED;
      }
      actionValue.set(mean);
    },
    surplus(rollouts) {
      const { steps: taken, ...seen } = rollOut(rollouts);
      steps += taken;
      return seen;
    },
    logLikelihood: () => ownLogLikelihood(actionValue, decisions, pairStart, temperature),
    steps: () => steps,
    state: () => ({
      learner: learner.state(),
      streams: Object.fromEntries(STREAMS.map((name) => [name, streams[name].state()])),
      steps,
    }),
  };

  function rollingOutDecisions(): (rollouts: number) => RolledOut {
    const difference = createCoupledRollouts(world, setting, streams.outcomes);
    const rng = streams.starts;
    return (rollouts) =>
      rollOutDecisions({ decisions, pairStart, difference, size, temperature, rng }, rollouts);
  }
}

/** [pairs × features], whatever the features are of. */
export function rowsOfPairs(
  { names, per, values }: FeatureMatrix,
  pairStart: Int32Array,
): Float64Array {
  if (per === 'pair') return values;
  const size = names.length;
  const stateCount = pairStart.length - 1;
  const rows = new Float64Array(pairStart[stateCount] * size);
  for (let s = 0; s < stateCount; s++)
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++)
      for (let k = 0; k < size; k++) rows[pair * size + k] = values[s * size + k];
  return rows;
}

/** What the demonstrations have of each feature, for rollouts to be compared with. */
export function demonstratedSums(problem: Problem): DemonstratedSums {
  const { world, goals, trajectories, time, initial, features } = problem;
  const { counts } = featureMatchingMoments(world.mdp, goals, trajectories, time, initial);
  const reward = linearReward(world.mdp, features);
  const mean = new Float64Array(reward.size);
  reward.pullBack(mean, counts, mean);
  const weight = trajectories.weight.reduce((sum, w) => sum + w, 0);
  return { mean: mean.map((x) => x / weight), perDecision: weight / weightedDecisions(problem) };
}

/** Σ w log π(a | s) by the learned values. */
function ownLogLikelihood(
  q: Float64Array,
  { layer, state, pair, weight }: DemonstratedDecisions,
  pairStart: Int32Array,
  temperature: number,
): number {
  const pairCount = pairStart[pairStart.length - 1];
  let total = 0;
  for (let i = 0; i < weight.length; i++) {
    const offset = layer[i] * pairCount;
    const [first, end] = [offset + pairStart[state[i]], offset + pairStart[state[i] + 1]];
    const value = softValue(q, first, end, temperature, 'one');
    total += (weight[i] * (q[offset + pair[i]] - value)) / temperature;
  }
  return total;
}
