/**
 * Policy gradients with a learned baseline on N worlds that are stepped together.
 *
 *   A_t = δ_t + γ λ A_{t+1},  δ_t = r_t + γ V(s_{t+1}) − V(s_t),  cut where an episode is
 *   J = −mean Â log π(a | s) − β H(π(· | s));  ∂J/∂x(b) = (Â (π(b) − 1[b = a]) + β π(b) (log π(b) + H)) / rows
 *   L = mean ½ (V(s) − G)²,  G = A + V(s) before the turn;  ∂L/∂V = (V − G) / rows
 *
 * V(s_{t+1}) is 0 only where the task was over; out of time, or cut off by the turn, the state
 * reached keeps its worth. Â is A at zero mean and unit spread. λ = 1 is REINFORCE: reward to go
 * less the baseline.
 *
 * References: Williams (1992), Machine Learning 8; Mnih et al. (2016), ICML (actor-critic in
 * parallel); Schulman et al. (2016), ICLR (generalised advantages).
 */

import { z } from 'zod';
import type { Simulator } from '../../environments/simulator.ts';
import type { Checkpoint } from '../../networks/checkpoint.ts';
import type { DenseShape } from '../../networks/denseShape.ts';
import type { Engine, Network, Pass } from '../../networks/network.ts';
import { createRng } from '../../numeric/rng.ts';
import { CurveMeans } from '../log/curveMeans.ts';
import type { CurveRow } from '../log/trainingLog.ts';
import { generalizedAdvantages } from '../returns.ts';
import { Schedule, scheduled } from '../schedule.ts';
import { logSoftmaxRow } from './actionScores.ts';
import type { ControlLearner, Player, PolicyArrays } from './controlLearner.ts';
import { discreteActions } from './learnableWorld.ts';
import { greedyPlayer } from './networkPlayer.ts';
import { NetworkSet } from './networkSet.ts';
import { StoredEpisode, StoredRng } from './ongoingEpisode.ts';
import { ParallelSteps } from './parallelSteps.ts';
import { checkLoss } from './replayAgent.ts';

export const PolicyGradientControlOptions = z.strictObject({
  environments: z.int().positive().default(8).describe('Worlds stepped together'),
  horizon: z.int().positive().default(128).describe('Steps of each world in a turn'),
  hidden: z.array(z.int().positive()).default([32]).describe('Widths of hidden layers'),
  rate: Schedule.default({ kind: 'linear', from: 1e-2, to: 1e-3, over: 150_000 }).describe(
    'Learning rate of the policy by step',
  ),
  valueRate: z.number().positive().default(1e-2).describe('Learning rate of the baseline'),
  valueUpdates: z.int().positive().default(4).describe('Updates of the baseline in a turn'),
  discount: z.number().min(0).lt(1).default(0.99).describe('γ'),
  lambda: z.number().min(0).max(1).default(0.95).describe('λ; 1: reward to go'),
  entropyBonus: z.number().min(0).default(0).describe('β'),
  normalize: z.boolean().default(true).describe('Advantages at zero mean and unit spread'),
  clipNorm: z.number().positive().optional().describe('Largest norm of a gradient'),
  seed: z.union([z.number(), z.string()]).default(0).describe('Seed of every random draw'),
});
export type PolicyGradientControlOptions = z.input<typeof PolicyGradientControlOptions>;

/** Actor-critic: eight worlds, short turns. */
export const actorCritic = {
  clipNorm: 0.5,
} as const satisfies PolicyGradientControlOptions;

/** REINFORCE with reward to go and a learned baseline: one world, long turns. */
export const reinforce = {
  environments: 1,
  horizon: 2_000,
  rate: { kind: 'linear', from: 2e-2, to: 2e-3, over: 150_000 },
  valueUpdates: 20,
  lambda: 1,
} as const satisfies PolicyGradientControlOptions;

const Stored = z.strictObject({
  step: z.int().nonnegative(),
  worlds: z.array(z.strictObject({ episode: StoredEpisode, actions: StoredRng })),
  optimizers: z.record(z.string(), z.int().nonnegative()),
});

/** At first nearly every action is as likely as the others. */
const FIRST_LOGITS = 0.1;

export class PolicyGradientControl implements ControlLearner<number> {
  readonly kind = 'policy-gradient';
  readonly columns = ['episodeReturn', 'policy', 'value', 'entropy'];
  readonly policy: Network;
  readonly settings: z.output<typeof PolicyGradientControlOptions>;
  readonly #networks: NetworkSet;
  readonly #steps: ParallelSteps;
  readonly #policyPass: Pass;
  readonly #valuePass: Pass;
  readonly #nextPass: Pass;
  readonly #advantage: Float64Array;
  readonly #goal: Float64Array;
  readonly #logPolicy: Float64Array;
  readonly #means = new CurveMeans(this.columns);
  #step = 0;

  constructor(
    engine: Engine,
    createSimulator: () => Simulator<number>,
    given: PolicyGradientControlOptions = {},
  ) {
    const settings = PolicyGradientControlOptions.parse(given);
    const { environments, horizon, hidden, seed, valueRate, clipNorm } = settings;
    this.settings = settings;
    const simulators = Array.from({ length: environments }, createSimulator);
    const [{ observation }] = simulators;
    const actions = discreteActions(simulators[0]);
    const shape = (outputs: number): DenseShape => ({
      inputs: observation.length,
      hidden,
      outputs,
      activation: 'tanh',
    });
    const clipped = clipNorm === undefined ? {} : { clipNorm };
    const rng = createRng(seed, 'networks');
    this.#networks = new NetworkSet(engine);
    this.policy = this.#networks.add(
      'policy',
      shape(actions.count),
      { rate: valueRate, outputScale: FIRST_LOGITS, ...clipped },
      rng,
    );
    const value = this.#networks.add('value', shape(1), { rate: valueRate, ...clipped }, rng);
    this.#steps = new ParallelSteps(this.policy, simulators, horizon, seed);
    const { rows } = this.#steps.rows;
    this.#policyPass = this.policy.pass(rows);
    this.#valuePass = value.pass(rows);
    this.#nextPass = value.pass(rows);
    this.#advantage = new Float64Array(rows);
    this.#goal = new Float64Array(rows);
    this.#logPolicy = new Float64Array(actions.count);
  }

  get turn(): number {
    return this.#steps.rows.rows;
  }

  advance(): void {
    const finished = this.#steps.advance();
    for (const episodeReturn of finished) this.#means.add({ episodeReturn });
    this.#takeAdvantages();
    const { loss, entropy } = this.#policyLoss();
    checkLoss('the policy', loss);
    this.#policyPass.pullBack({ parameters: true, inputs: false });
    this.#networks.step('policy', scheduled(this.settings.rate, this.#step));
    let valueLoss = 0;
    for (let i = 0; i < this.settings.valueUpdates; i++) {
      const fit = this.#valueLoss();
      if (i === 0) valueLoss = fit;
      checkLoss('the baseline', fit);
      this.#valuePass.pullBack({ parameters: true, inputs: false });
      this.#networks.step('value');
    }
    this.#step += this.turn;
    this.#means.add({ policy: loss, value: valueLoss, entropy });
  }

  learned(): PolicyArrays {
    return { policy: this.policy.parameters.slice() };
  }

  player(engine: Engine, rows: number): Player<number> {
    return greedyPlayer(engine, this.policy.shape, rows, 'policy');
  }

  report(): CurveRow {
    return this.#means.take();
  }

  stored(): Omit<Checkpoint, 'kind'> {
    const { steps: optimizers, arrays } = this.#networks.state();
    return { state: { step: this.#step, worlds: this.#steps.stored(), optimizers }, arrays };
  }

  goOn(checkpoint: Checkpoint): void {
    const { step, worlds, optimizers } = Stored.parse(checkpoint.state);
    this.#networks.restore(checkpoint, optimizers);
    this.#steps.goOn(worlds);
    this.#step = step;
    this.#means.take();
  }

  /** Writes A and G of the turn. */
  #takeAdvantages(): void {
    const { rows, observation, nextObservation, reward, terminated, last } = this.#steps.rows;
    const { discount, lambda } = this.settings;
    this.#valuePass.inputs.set(observation);
    this.#nextPass.inputs.set(nextObservation);
    const value = this.#valuePass.evaluate();
    const next = this.#nextPass.evaluate();
    const discounts = Float64Array.from(terminated, (ended) => (ended ? 0 : discount));
    let start = 0;
    for (let end = 1; end <= rows; end++) {
      if (!last[end - 1]) continue;
      generalizedAdvantages(
        reward.subarray(start, end),
        discounts.subarray(start, end),
        value.subarray(start, end),
        next.subarray(start, end),
        lambda,
        this.#advantage.subarray(start, end),
      );
      start = end;
    }
    for (let i = 0; i < rows; i++) this.#goal[i] = this.#advantage[i] + value[i];
    if (this.settings.normalize) standardize(this.#advantage);
  }

  /** Writes ∂J/∂x; returns J and the mean entropy. */
  #policyLoss(): { readonly loss: number; readonly entropy: number } {
    const { rows, observation, action } = this.#steps.rows;
    const { entropyBonus } = this.settings;
    const log = this.#logPolicy;
    const count = log.length;
    const { inputs, outputGradient } = this.#policyPass;
    inputs.set(observation);
    const logits = this.#policyPass.evaluate();
    let [loss, entropies] = [0, 0];
    for (let i = 0; i < rows; i++) {
      logSoftmaxRow(logits, i * count, count, 1, log);
      let entropy = 0;
      for (let b = 0; b < count; b++) entropy -= Math.exp(log[b]) * log[b];
      const weight = this.#advantage[i];
      for (let b = 0; b < count; b++) {
        const chance = Math.exp(log[b]);
        const pulled = weight * (chance - (b === action[i] ? 1 : 0));
        outputGradient[i * count + b] =
          (pulled + entropyBonus * chance * (log[b] + entropy)) / rows;
      }
      loss -= (weight * log[action[i]] + entropyBonus * entropy) / rows;
      entropies += entropy / rows;
    }
    return { loss, entropy: entropies };
  }

  /** Writes ∂L/∂V; returns L. */
  #valueLoss(): number {
    const { outputGradient, rows } = this.#valuePass;
    const value = this.#valuePass.evaluate();
    let loss = 0;
    for (let i = 0; i < rows; i++) {
      const error = value[i] - this.#goal[i];
      loss += (0.5 * error * error) / rows;
      outputGradient[i] = error / rows;
    }
    return loss;
  }
}

function standardize(x: Float64Array): void {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const spread = Math.sqrt(x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length);
  for (let i = 0; i < x.length; i++) x[i] = (x[i] - mean) / (spread + 1e-8);
}
