/** Quantities in sections: what they are called and how they are read off a plan. */

import type { Problem } from '../../algorithms/problem.ts';
import { statesOfPairs } from '../../mdp/mdp.ts';

/** What a quantity is about; `whole` is about everything at once. */
export type QuantityKind = 'whole' | 'action' | 'state' | 'pair' | 'period';

export interface PredictionSize {
  /** N, periods; does not matter for trips. */
  readonly steps: number;
  /** M, agents or trips. */
  readonly agents: number;
}

/** Quantities of one kind, side by side. */
export interface Section {
  readonly kind: QuantityKind;
  readonly names: readonly string[];
  /** Writes the quantities of the latest plan. */
  write(out: Float64Array): void;
}

/** All sections of a problem, and the plan behind them. */
export interface QuantityList {
  readonly sections: readonly Section[];
  readonly cost: number;
  /** Plans for a reward [pairs]; false where it has no finite value. */
  plan(reward: Float64Array): boolean;
}

/** One number about everything at once. */
export function single(name: string, read: () => number): Section {
  return {
    kind: 'whole',
    names: [name],
    write(out) {
      out[0] = read();
    },
  };
}

/** Σ decisions · f, by feature. */
export function featureSums(
  { world, features }: Problem,
  flow: Float64Array,
  agents: number,
): Section {
  const { names, per, values } = features;
  const width = names.length;
  const rowOf = per === 'pair' ? null : statesOfPairs(world.mdp);
  return {
    kind: 'whole',
    names: names.map((name) => `total: ${name}`),
    write(out) {
      out.fill(0);
      for (let pair = 0; pair < flow.length; pair++) {
        if (flow[pair] === 0) continue;
        const row = (rowOf ? rowOf[pair] : pair) * width;
        for (let k = 0; k < width; k++) out[k] += agents * flow[pair] * values[row + k];
      }
    },
  };
}

/** Decisions by action. */
export function actionCounts({ world }: Problem, flow: Float64Array, agents: number): Section {
  const { actionNames, pairAction } = world;
  return {
    kind: 'action',
    names: actionNames.map((name) => `count of: ${name}`),
    write(out) {
      out.fill(0);
      for (let pair = 0; pair < flow.length; pair++) out[pairAction[pair]] += agents * flow[pair];
    },
  };
}

/** [pairs] names of quantities of a state and an action. */
export function pairNames({ world }: Problem, what: string, when = ''): string[] {
  const { stateNames, actionNames, pairAction } = world;
  return Array.from(
    statesOfPairs(world.mdp),
    (s, pair) => `${what}: ${actionNames[pairAction[pair]]} in ${stateNames[s]}${when}`,
  );
}

/** Writes `out = by · x`. */
export function scaled(x: Float64Array, by: number, out: Float64Array): void {
  for (let i = 0; i < x.length; i++) out[i] = by * x[i];
}
