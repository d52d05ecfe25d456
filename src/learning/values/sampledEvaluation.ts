/**
 * What a policy is worth, from episodes of following it.
 *
 *   Monte Carlo   V(s) ← V(s) + α (G_t − V(s)) where s was visited, at the first visit or at every one
 *   TD(λ)         δ_t = r_t + γ V(s_{t+1}) − V(s_t),  e ← γ λ e + 1[s = s_t],  V ← V + α δ_t e
 *
 * λ = 0 is TD(0); e is the accumulating trace, cleared at each start. Where an episode only runs out
 * of time, Monte Carlo takes what was paid for all there is; TD goes on to count the worth of the state.
 *
 * Reference: Sutton & Barto (2018), §5.1, 6.1 and 12.2.
 */

import { z } from 'zod';
import type { TabularSimulator } from '../../environments/tabularSimulator.ts';
import { createRng } from '../../numeric/rng.ts';
import { discountedReturns } from '../returns.ts';
import { type Rollout, rollout } from '../rollout.ts';
import { Schedule, scheduled } from '../schedule.ts';

export const SampledEvaluationOptions = z.strictObject({
  method: z
    .enum(['first-visit', 'every-visit', 'temporal-difference'])
    .default('temporal-difference')
    .describe('Monte Carlo of either kind, or TD(λ)'),
  lambda: z.number().min(0).max(1).default(0).describe('λ of TD'),
  episodes: z.int().positive().default(1000).describe('How many episodes'),
  discount: z.number().min(0).max(1).describe('Worth of the next step γ'),
  stepSize: Schedule.default({ kind: 'harmonic', from: 1, halfLife: 1 }).describe(
    'α by how often the state was met; the default makes Monte Carlo a plain mean',
  ),
  maxSteps: z.int().positive().optional().describe('Steps of an episode, besides its time limit'),
  seed: z.union([z.int(), z.string()]).default(0).describe('Seed of every random draw'),
});
/** What a caller may write. */
export type SampledEvaluationOptions = z.input<typeof SampledEvaluationOptions>;

export interface EvaluationProgress {
  /** From 1. */
  readonly episode: number;
  /** Discounted return of the episode. */
  readonly return: number;
  readonly length: number;
  /** [states] V; overwritten as learning goes on. */
  readonly value: Float64Array;
}

export interface SampledValues {
  /** [states] V; what it was at first where a state was never met. */
  readonly value: Float64Array;
  /** [states] how often V(s) was learned about. */
  readonly visits: Float64Array;
}

/**
 * @param policy [pairs] π(a | s)
 * @param start [states] V to begin with, left as it is; 0 where absent
 */
export function* sampledEvaluation(
  simulator: TabularSimulator,
  policy: Float64Array,
  options: SampledEvaluationOptions,
  start?: Float64Array,
): Generator<EvaluationProgress, SampledValues> {
  const { method, lambda, episodes, discount, stepSize, maxSteps, seed } =
    SampledEvaluationOptions.parse(options);
  const { stateCount } = simulator.task.world.mdp;
  const value = start?.slice() ?? new Float64Array(stateCount);
  const visits = new Float64Array(stateCount);
  const trace = new Float64Array(stateCount);
  const rngs = { startRng: createRng(seed, 'starts'), actionRng: createRng(seed, 'actions') };
  const bound = maxSteps === undefined ? {} : { maxSteps };
  for (let episode = 1; episode <= episodes; episode++) {
    const seen = rollout(simulator, policy, { ...rngs, ...bound });
    const toGo = new Float64Array(seen.length);
    discountedReturns(seenRewards(seen), new Float64Array(seen.length).fill(discount), 0, toGo);
    if (method === 'temporal-difference') followTraces(seen);
    else averageReturns(seen, toGo);
    yield { episode, return: toGo[0] ?? 0, length: seen.length, value };
  }
  return { value, visits };

  function averageReturns({ length, state }: Rollout, toGo: Float64Array): void {
    const met = new Set<number>();
    for (let t = 0; t < length; t++) {
      const s = state[t];
      if (method === 'first-visit' && met.has(s)) continue;
      met.add(s);
      value[s] += scheduled(stepSize, visits[s]++) * (toGo[t] - value[s]);
    }
  }

  function followTraces({ length, state, reward, terminated }: Rollout): void {
    trace.fill(0);
    for (let t = 0; t < length; t++) {
      const ahead = terminated && t === length - 1 ? 0 : value[state[t + 1]];
      const error = reward[t] + discount * ahead - value[state[t]];
      for (let s = 0; s < stateCount; s++) trace[s] *= discount * lambda;
      trace[state[t]]++;
      visits[state[t]]++;
      for (let s = 0; s < stateCount; s++)
        if (trace[s] > 0) value[s] += scheduled(stepSize, visits[s] - 1) * error * trace[s];
    }
  }
}

/** [steps] as numbers of a fixed length. */
function seenRewards({ length, reward }: Rollout): Float64Array {
  return Float64Array.from({ length }, (_, t) => reward[t]);
}
