/**
 * Planning by the cross-entropy method in learned dynamics, all plans of a round imagined together:
 *
 *   worth of a plan = mean over particles of Σₜ γᵗ r(o_t, a_t, o_{t+1}),   t < T
 *   o_{t+1} from member b(particle, t), drawn anew for each step ahead and the same for all plans
 *
 * The same members and the same noise value all plans that are compared, so that a plan is not chosen
 * for its luck.
 *
 * References: Chua, Calandra, McAllister & Levine (2018), NeurIPS, section 5; Pinneri et al. (2020),
 * Sample-efficient cross-entropy method for real-time planning, CoRL.
 */

import type { z } from 'zod';
import type { BoxActions } from '../../environments/simulator.ts';
import type { Rng } from '../../numeric/rng.ts';
import { standardNormal } from '../../numeric/standardNormal.ts';
import { checkObservation } from '../neural/replayAgent.ts';
import { planDistribution } from '../search/planDistribution.ts';
import { PlanSearch, type TriedPlan } from '../search/planSearch.ts';
import type { DynamicsEnsemble, ImaginedRows } from './dynamicsEnsemble.ts';
import { EnsemblePlanOptions } from './ensembleOptions.ts';

/** What is known of a world besides the steps seen. The arrays are overwritten after the call. */
export interface KnownOfBox {
  /** What a step pays; learned where absent. */
  readonly reward?: (observation: Float64Array, action: Float64Array, next: Float64Array) => number;
  /** Whether the task is over where this is seen; never where absent. */
  readonly terminated?: (observation: Float64Array) => boolean;
}

export class EnsemblePlanner {
  readonly #ensemble: DynamicsEnsemble;
  readonly #known: KnownOfBox;
  readonly #settings: z.output<typeof EnsemblePlanOptions>;
  readonly #searches: readonly PlanSearch[];
  readonly #rows: ImaginedRows;
  readonly #over: Uint8Array;
  readonly #before: Float64Array;
  readonly #after: Float64Array;
  readonly #action: Float64Array;
  readonly #noise: Float64Array;

  /**
   * @param rows worlds to plan in, one after another
   * @throws RangeError where the reward is neither known nor learned, or there are more elites than plans
   */
  constructor(
    ensemble: DynamicsEnsemble,
    actions: BoxActions,
    known: KnownOfBox,
    options: EnsemblePlanOptions = {},
    rows = 1,
  ) {
    const settings = EnsemblePlanOptions.parse(options);
    const { elites, samples } = settings;
    if (elites > samples)
      throw new RangeError(
        `Cannot plan: elites must be at most the ${samples} plans that are drawn, got ${elites}`,
      );
    const { observationSize, actionSize, learnsReward } = ensemble.sizes;
    if (!learnsReward && !known.reward)
      throw new RangeError('Cannot plan: the reward is neither known nor learned');
    this.#ensemble = ensemble;
    this.#known = known;
    this.#settings = settings;
    this.#searches = Array.from({ length: rows }, () => {
      const { horizon, correlation } = settings;
      return new PlanSearch(planDistribution(actions, horizon, correlation), settings);
    });
    const { most } = this.#searches[0];
    this.#rows = ensemble.imagine(most);
    this.#over = new Uint8Array(most);
    this.#before = new Float64Array(observationSize);
    this.#after = new Float64Array(observationSize);
    this.#action = new Float64Array(actionSize);
    this.#noise = new Float64Array(
      settings.particles * settings.horizon * (ensemble.isProbabilistic ? ensemble.changeSize : 0),
    );
  }

  /** Forgets the plans before; to be called where new episodes begin. */
  forget(): void {
    for (const search of this.#searches) search.forget();
  }

  /**
   * Plans from what is seen; the plan before, one step on, is where it begins.
   *
   * @param rng draws plans, members and noise
   * @param out [size] what to do now
   * @param row of the world
   * @returns what the plan is imagined to be worth
   * @throws RangeError for an observation of another width than the dynamics were learned from
   */
  plan(observation: ArrayLike<number>, rng: Rng, out: Float64Array, row = 0): number {
    const { horizon, particles } = this.#settings;
    const { observationSize } = this.#ensemble.sizes;
    checkObservation(observation, observationSize);
    const members = Int32Array.from({ length: horizon * particles }, () =>
      Math.floor(rng() * this.#ensemble.members),
    );
    for (let i = 0; i < this.#noise.length; i++) this.#noise[i] = standardNormal(rng);
    const { plan, worth } = this.#searches[row].search((tried, count) => {
      for (let i = 0; i < count; i++) tried[i].worth = 0;
      for (let particle = 0; particle < particles; particle++)
        this.#imagine(observation, tried, count, members, particle);
    }, rng);
    out.set(plan.subarray(0, out.length));
    return worth;
  }

  /** Where the plan of the first world stands: copies. */
  state(): ReturnType<PlanSearch['state']> {
    return this.#searches[0].state();
  }

  restore(state: ReturnType<PlanSearch['state']>): void {
    this.#searches[0].restore(state);
  }

  /** Adds what plans are worth to one particle. */
  #imagine(
    observation: ArrayLike<number>,
    tried: readonly TriedPlan[],
    count: number,
    members: Int32Array,
    particle: number,
  ): void {
    const { horizon, particles, discount } = this.#settings;
    const { observations, actions, rewards } = this.#rows;
    const { reward, terminated } = this.#known;
    const [before, after, action] = [this.#before, this.#after, this.#action];
    const [seen, done] = [before.length, action.length];
    const { changeSize, isProbabilistic } = this.#ensemble;
    for (let i = 0; i < count; i++) observations.set(observation, i * seen);
    const from = new Float64Array(count * seen);
    this.#over.fill(0);
    let weight = 1 / particles;
    for (let t = 0; t < horizon; t++) {
      for (let i = 0; i < count; i++)
        for (let j = 0; j < done; j++) actions[i * done + j] = tried[i].plan[t * done + j];
      for (let k = 0; k < from.length; k++) from[k] = observations[k];
      const draw = particle * horizon + t;
      const noise = isProbabilistic
        ? this.#noise.subarray(draw * changeSize, (draw + 1) * changeSize)
        : null;
      this.#rows.step(members[draw], noise);
      for (let i = 0; i < count; i++) {
        if (this.#over[i]) continue;
        if (reward || terminated)
          for (let j = 0; j < seen; j++) after[j] = observations[i * seen + j];
        let paid = rewards[i];
        if (reward) {
          for (let j = 0; j < seen; j++) before[j] = from[i * seen + j];
          for (let j = 0; j < done; j++) action[j] = actions[i * done + j];
          paid = reward(before, action, after);
        }
        tried[i].worth += weight * paid;
        if (terminated?.(after)) this.#over[i] = 1;
      }
      weight *= discount;
    }
  }
}
