/**
 * Plans anew for a reward that is given, in a world that is met in a simulator only: what becomes of
 * behaviour when the world changes and what is wanted stays.
 *
 *   steps of the policy → what the reward pays for them → updates of the agent → steps of the policy …
 *
 * The first rounds act at random, and the rate of learning falls by equal amounts to a share of what
 * it was. An episode that is only cut off ends nothing: what it reached keeps its worth.
 */

import { z } from 'zod';
import type { AnySimulator } from '../../environments/simulators.ts';
import type { StepFeatures } from '../../features/stepFeatures.ts';
import type { CurveRow } from '../../learning/log/trainingLog.ts';
import { transitionBatch } from '../../learning/neural/transitionBuffer.ts';
import type { Checkpoint } from '../../networks/checkpoint.ts';
import { ownedBy, partOf } from '../../networks/checkpointParts.ts';
import { createRng, type Rng, type RngState, restoreRng } from '../../numeric/rng.ts';
import { DivergedPlan } from '../sampled/sampledPlanner.ts';
import { checkWorlds } from './checkWorlds.ts';
import type { OfferedActions } from './simulatedProblem.ts';
import { SimulatedRollouts } from './simulatedRollouts.ts';
import type { SoftAgent } from './softAgent.ts';
import { StepReplay } from './stepReplay.ts';
import { linearStepReward, type StepReward } from './stepReward.ts';

export const PlanSimulatedOptions = z.strictObject({
  rounds: z.int().positive().default(20).describe('Rounds of episodes and updates'),
  updates: z.int().positive().default(400).describe('Updates of the agent in a round'),
  episodes: z.int().positive().default(10).describe('Episodes of a round'),
  randomRounds: z.int().min(0).default(1).describe('Rounds of episodes at random to begin with'),
  lastRate: z
    .number()
    .positive()
    .max(1)
    .default(0.1)
    .describe('Share of the learning rate that the last round learns with'),
  maxSteps: z.int().positive().optional().describe('Of an episode; else the time limit'),
  capacity: z.int().positive().default(50_000).describe('Steps that are kept'),
  seed: z.int().default(0).describe('Seed of every random draw'),
});
export type PlanSimulatedOptions = z.input<typeof PlanSimulatedOptions>;

/** A world and what is paid in it. */
export interface PaidWorld {
  /** A world of its own at every call, all alike; what is random in its steps comes from `outcomes`. */
  readonly createSimulator: (outcomes: Rng) => AnySimulator;
  readonly features: StepFeatures;
  /** [parameters] θ of the reward. */
  readonly theta: ArrayLike<number>;
  /** Linear in the features where absent. */
  readonly reward?: StepReward;
  /** Where not every observation offers all numbered actions. */
  readonly offered?: OfferedActions;
}

export interface PlanSimulatedProgress {
  readonly round: number;
  /** Discounted by nothing: what the reward of θ paid in the episodes of the round, on average. */
  readonly paid: number;
  /** Of the last update. */
  readonly losses: CurveRow;
  readonly simulatedSteps: number;
  /** From which the plan goes on bit for bit. */
  readonly checkpoint: () => Checkpoint;
}

const KIND = 'plan-simulated';
const STREAMS = ['starts', 'choices', 'outcomes', 'replay', 'noise'] as const;
type Streams = Record<(typeof STREAMS)[number], Rng>;

interface PlanState {
  readonly round: number;
  readonly steps: number;
  readonly agent: unknown;
  readonly replay: { readonly size: number; readonly next: number };
  readonly streams: Readonly<Record<string, RngState>>;
  /** θ and the options that it was begun with. */
  readonly begun: string;
}

/**
 * Leaves the agent with the policy; reports every round, and returns the last report.
 *
 * @param from where to go on, from a report's `checkpoint()`
 * @throws RangeError where θ, the agent or the checkpoint do not fit the world
 * @throws DivergedPlan where values are beyond numbers
 */
export function* planSimulated(
  world: PaidWorld,
  agent: SoftAgent,
  given: PlanSimulatedOptions = {},
  from?: Checkpoint,
): Generator<PlanSimulatedProgress, PlanSimulatedProgress> {
  const options = PlanSimulatedOptions.parse(given);
  const { rounds, updates, episodes, seed, lastRate } = options;
  const { features, createSimulator, offered = null } = world;
  const reward = world.reward ?? linearStepReward(features);
  const theta = Float64Array.from(world.theta);
  checkTheta(theta, reward);
  const begun = JSON.stringify({ theta: [...theta], ...options, rounds: null });
  const saved = from ? stateIn(from, begun) : null;
  const streams = Object.fromEntries(
    STREAMS.map((name) => [
      name,
      saved ? restoreRng(saved.streams[name]) : createRng(seed, `plan ${name}`),
    ]),
  ) as Streams;
  const worlds = Array.from({ length: episodes }, () => createSimulator(streams.outcomes));
  checkWorlds(worlds);
  const sizes = {
    observationSize: worlds[0].observation.length,
    actionSize: worlds[0].actions.kind === 'box' ? worlds[0].actions.low.length : 1,
    featureCount: features.names.length,
  };
  if (agent.actionSize !== sizes.actionSize)
    throw new RangeError(
      `Cannot plan: an action of the world has ${sizes.actionSize} numbers, one of the agent ${agent.actionSize}`,
    );
  const most = Math.min(options.maxSteps ?? Number.POSITIVE_INFINITY, worlds[0].timeLimit);
  if (most === Number.POSITIVE_INFINITY)
    throw new RangeError('Cannot plan: the world has no time limit; give maxSteps');
  const rollouts = new SimulatedRollouts(worlds, agent, features, sizes, offered);
  const replay = new StepReplay(options.capacity, sizes);
  const batch = transitionBatch(agent.batch, sizes);
  const starts = worlds.map(() => ({ state: null, most }));
  const paid = new Float64Array(most);
  let steps = saved?.steps ?? 0;
  if (from && saved) {
    agent.restore(partOf('agent', from), saved.agent);
    replay.restore(partOf('replay', from), saved.replay);
  }

  const checkpointAfter = (round: number): Checkpoint => {
    const { numbers, arrays } = agent.state();
    const kept = replay.state();
    const state: PlanState = {
      round,
      steps,
      agent: numbers,
      replay: { size: replay.size, next: kept.next },
      streams: Object.fromEntries(STREAMS.map((name) => [name, streams[name].state()])),
      begun,
    };
    const all = { ...ownedBy('agent', arrays), ...ownedBy('replay', kept.arrays) };
    return { kind: KIND, state, arrays: all };
  };

  for (let round = (saved?.round ?? 0) + 1; ; round++) {
    const acting = round <= options.randomRounds ? 'random' : 'drawn';
    let total = 0;
    for (const episode of rollouts.rollOut(starts, acting, streams)) {
      const { rows } = episode;
      reward.evaluate(theta, rows, paid);
      for (let t = 0; t < rows.count; t++) total += paid[t] / episodes;
      steps += rows.count;
      replay.add(episode);
    }
    replay.relabel(reward, theta);
    const rate = 1 - ((1 - lastRate) * (round - 1)) / Math.max(1, rounds - 1);
    let losses: CurveRow = {};
    try {
      for (let i = 0; i < updates; i++) {
        replay.draw(streams.replay, batch);
        losses = agent.update(batch, streams.noise, rate);
      }
    } catch (error) {
      throw new DivergedPlan(error);
    }
    const progress: PlanSimulatedProgress = {
      round,
      paid: total,
      losses,
      simulatedSteps: steps,
      checkpoint: () => checkpointAfter(round),
    };
    yield progress;
    if (round >= rounds) return progress;
  }
}

function checkTheta(theta: Float64Array, { names }: StepReward): void {
  if (theta.length !== names.length)
    throw new RangeError(
      `Cannot plan: the reward has ${names.length} parameters (${names.join(', ')}), got ${theta.length}`,
    );
  const bad = theta.findIndex((t) => !Number.isFinite(t));
  if (bad >= 0)
    throw new RangeError(`Cannot plan: "${names[bad]}" must be finite, got ${theta[bad]}`);
}

/** @throws RangeError where the checkpoint is of something else */
function stateIn({ kind, state }: Checkpoint, begun: string): PlanState {
  if (kind !== KIND)
    throw new RangeError(`Cannot go on: the checkpoint is of "${kind}", wanted "${KIND}"`);
  const saved = state as PlanState;
  if (saved.begun !== begun)
    throw new RangeError(
      `Cannot go on: the plan was begun with ${saved.begun}, now it is ${begun}`,
    );
  return saved;
}
