/**
 * Planning by trying whole plans in a model: random shooting, and the cross-entropy method.
 *
 *   worth of a plan = Σₜ γᵗ r_t + γᵀ V(s_T),   t < T steps ahead, V = 0 unless it is given
 *
 * Random shooting draws plans blindly and keeps the best. The cross-entropy method draws them from a
 * distribution, moves it to the best few (the elites), draws again, and so on. Only the first action is
 * taken; then one plans anew, starting from what was planned before. Besides those drawn, the plan in the
 * middle of the distribution and the one that is left from before are tried.
 *
 * References: Rubinstein & Kroese (2004), The cross-entropy method; Chua et al. (2018), NeurIPS (PETS:
 * both, in a learned model); Pinneri et al. (2020), CoRL (what is left from before).
 */

import { z } from 'zod';
import type { Action } from '../../environments/simulator.ts';
import type { Rng } from '../../numeric/rng.ts';
import type { StepModel } from '../models/stepModel.ts';
import { actionAt, type FlatPlan, planDistribution } from './planDistribution.ts';
import { PlanSearch } from './planSearch.ts';

export const RandomShootingOptions = z.strictObject({
  horizon: z.int().positive().default(30).describe('Steps ahead T'),
  samples: z.int().positive().default(100).describe('Plans drawn'),
  discount: z.number().min(0).max(1).default(1).describe('Worth of the next step γ'),
  repeats: z
    .int()
    .positive()
    .default(1)
    .describe('Times a plan is imagined and averaged, where the model is noisy'),
});
/** What a caller may write. */
export type RandomShootingOptions = z.input<typeof RandomShootingOptions>;

export const CrossEntropyPlanningOptions = RandomShootingOptions.extend({
  samples: z.int().positive().default(100).describe('Plans drawn in each round'),
  rounds: z.int().positive().default(4).describe('How often the distribution moves'),
  elites: z.int().positive().default(10).describe('How many of the best plans it moves to'),
  smoothing: z
    .number()
    .min(0)
    .lt(1)
    .default(0.1)
    .describe('Share of what the distribution was that it keeps'),
}).refine(({ elites, samples }) => elites <= samples, {
  error: 'elites must be at most samples',
});
/** What a caller may write. */
export type CrossEntropyPlanningOptions = z.input<typeof CrossEntropyPlanningOptions>;

/** What an end of the horizon is worth, V(s). */
export type WorthOfState = (state: Float64Array) => number;

export interface PlannerExtras {
  readonly worthAfter?: WorthOfState;
}

export interface PlanAhead<A extends Action = Action> {
  /** What to do now. */
  readonly action: A;
  /** All of the plan, the first being `action`. */
  readonly actions: readonly A[];
  /** What the model says that it is worth. */
  readonly worth: number;
}

/** Plans for one episode, one step after another. */
export interface AheadPlanner<A extends Action = Action> {
  readonly model: StepModel<A>;
  /** Plans from a state; the plan before, one step on, is where it begins. */
  plan(state: ArrayLike<number>): PlanAhead<A>;
  /** Forgets the plan before; to be called where a new episode begins. */
  forget(): void;
}

/** @param rng draws the plans */
export function randomShooting<A extends Action>(
  model: StepModel<A>,
  options: RandomShootingOptions,
  rng: Rng,
  extras: PlannerExtras = {},
): AheadPlanner<A> {
  const settings = RandomShootingOptions.parse(options);
  return plannerOf(model, { ...settings, rounds: 1, elites: 0, smoothing: 0 }, rng, extras);
}

/** @param rng draws the plans */
export function crossEntropyPlanning<A extends Action>(
  model: StepModel<A>,
  options: CrossEntropyPlanningOptions,
  rng: Rng,
  extras: PlannerExtras = {},
): AheadPlanner<A> {
  return plannerOf(model, CrossEntropyPlanningOptions.parse(options), rng, extras);
}

type Settings = z.output<typeof CrossEntropyPlanningOptions>;

function plannerOf<A extends Action>(
  model: StepModel<A>,
  settings: Settings,
  rng: Rng,
  { worthAfter }: PlannerExtras,
): AheadPlanner<A> {
  const { horizon } = settings;
  const distribution = planDistribution(model.actions, horizon);
  const search = new PlanSearch(distribution, settings);
  const imagine = imagination(model, settings, worthAfter);

  return {
    model,
    forget: () => search.forget(),
    plan(state) {
      if (state.length !== model.stateSize)
        throw new RangeError(
          `Cannot plan: a state has ${model.stateSize} numbers, got ${state.length}`,
        );
      const { plan, worth } = search.search((tried, count) => {
        for (let i = 0; i < count; i++) tried[i].worth = imagine(state, tried[i].plan);
      }, rng);
      const actions = Array.from({ length: horizon }, (_, t) =>
        actionAt<A>(model.actions, plan, t, new Float64Array(distribution.width)),
      );
      return { action: actions[0], actions, worth };
    },
  };
}

/** Returns what gives the worth of a plan in the model. */
function imagination<A extends Action>(
  model: StepModel<A>,
  { horizon, discount, repeats }: Settings,
  worthAfter: WorthOfState | undefined,
): (from: ArrayLike<number>, plan: FlatPlan) => number {
  const state = new Float64Array(model.stateSize);
  const { actions } = model;
  const buffer = new Float64Array(actions.kind === 'box' ? actions.low.length : 1);
  return (from, plan) => {
    let total = 0;
    for (let i = 0; i < repeats; i++) {
      state.set(from);
      let weight = 1;
      let isOver = false;
      for (let t = 0; t < horizon && !isOver; t++) {
        total += weight * model.step(state, actionAt<A>(actions, plan, t, buffer));
        weight *= discount;
        isOver = model.terminated;
      }
      if (worthAfter && !isOver) total += weight * worthAfter(state);
    }
    return total / repeats;
  };
}
