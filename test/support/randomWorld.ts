/**
 * Random small worlds: a ring with shortcuts, so that every living state can be reached, then
 * terminal states or dead ends, a trap that is never left, and states that nobody enters.
 */

import { randomFeatureNames, randomIds } from './randomNames.ts';
import type { SeededRandom } from './seededRandom.ts';
import type { FeatureRow, TransitionRow } from './tables.ts';

export interface WorldShape {
  readonly stochastic: boolean;
  /** Rewards must be costs: nothing else keeps an undiscounted path from wandering for ever. */
  readonly costs: boolean;
  /** Terminal states, dead ends where only a goal ends the path. */
  readonly terminals: boolean;
  /** A move is named by its next state. */
  readonly unnamedMoves: boolean;
  readonly plainNames: boolean;
}

export interface RandomWorld {
  readonly transitions: readonly TransitionRow[];
  readonly features: { readonly names: readonly string[]; readonly rows: readonly FeatureRow[] };
  /** States on the ring: they have moves and reach each other. */
  readonly living: readonly string[];
  /** [features] coefficients of a natural size; negative on costs. */
  readonly theta: readonly number[];
}

/** Draws a world of 3 to 15 states. */
export function randomWorld(random: SeededRandom, shape: WorldShape): RandomWorld {
  const living = random.integer(3, 10);
  const ended = shape.terminals ? random.integer(1, 2) : 0;
  const trapped = shape.costs && random.chance(0.3) ? 2 : 0;
  const unentered = random.integer(0, 1);
  const ids = randomIds(random, living + ended + trapped + unentered, 's');
  const actionIds = randomIds(random, 4, 'a');
  const mostMoves = random.integer(2, 4);

  const targets = (state: number): number[] => {
    const next = (state + 1) % living;
    const size = living + ended + trapped;
    const others = Array.from({ length: random.integer(1, mostMoves - 1) }, () =>
      random.chance(0.65) ? random.integer(0, living - 1) : random.integer(0, size - 1),
    );
    return [next, ...others];
  };

  const transitions: TransitionRow[] = [];
  const add = (state: number, move: number, next: number, probability: number) => {
    transitions.push({
      state: ids[state],
      ...(shape.unnamedMoves ? {} : { action: actionIds[move] }),
      nextState: ids[next],
      ...(shape.stochastic ? { probability } : {}),
    });
  };
  ids.forEach((_, state) => {
    const isTrap = state >= living + ended && state < living + ended + trapped;
    if (state >= living && state < living + ended) return;
    if (isTrap) {
      add(state, 0, state === living + ended ? state + 1 : state - 1, 1);
      return;
    }
    const seen = new Set<number>();
    targets(state).forEach((target, move) => {
      if (shape.unnamedMoves && seen.has(target)) return;
      seen.add(target);
      for (const { next, probability } of spread(random, target, living, shape.stochastic)) {
        add(state, move, next, probability);
      }
    });
  });
  return {
    transitions,
    living: ids.slice(0, living),
    ...randomFeatures(random, transitions, shape),
  };
}

/** One to four successors of a noisy move, the intended one among them. */
function spread(random: SeededRandom, target: number, living: number, stochastic: boolean) {
  if (!stochastic || random.chance(0.3)) return [{ next: target, probability: 1 }];
  const others = Array.from({ length: random.integer(1, 3) }, () => random.integer(0, living - 1));
  const nexts = [...new Set([target, ...others])];
  const parts = nexts.map((_, i) => (i === 0 ? random.integer(3, 8) : random.integer(1, 3)));
  const total = parts.reduce((sum, part) => sum + part, 0);
  return nexts.map((next, i) => ({ next, probability: parts[i] / total }));
}

/** Features of states, pairs or transitions; binary, real, constant, or in units of 1000. */
function randomFeatures(
  random: SeededRandom,
  transitions: readonly TransitionRow[],
  { costs, plainNames }: WorldShape,
) {
  const of = random.pick(['state', 'pair', 'pair', 'transition'] as const);
  const columns = Array.from({ length: random.integer(1, 4) }, (_, k) => {
    if (k === 0 && costs) {
      return { draw: () => random.between(0.4, 2), coefficient: random.between(-2.2, -1.2) };
    }
    const sign = costs ? -1 : random.pick([-1, 1]);
    const coefficient = sign * random.between(0.2, 1.2);
    const kind = random.pick(['binary', 'real', 'real', 'large', 'constant'] as const);
    if (kind === 'binary') return { draw: () => (random.chance(0.4) ? 1 : 0), coefficient };
    if (kind === 'constant') return { draw: () => 1, coefficient };
    const unit = kind === 'large' ? 1000 : 1;
    const draw = () => unit * (costs ? random.between(0, 1.5) : random.normal());
    return { draw, coefficient: coefficient / unit };
  });
  const keys = new Map<string, Omit<FeatureRow, 'values'>>();
  for (const { state, action = '', nextState } of transitions) {
    const move = transitions[0].action === undefined ? nextState : action;
    const key =
      of === 'state' ? { state } : { state, action: move, ...(of === 'pair' ? {} : { nextState }) };
    keys.set(JSON.stringify(key), key);
  }
  return {
    features: {
      names: randomFeatureNames(random, columns.length, plainNames),
      rows: Array.from(keys.values(), (key) => ({
        ...key,
        values: columns.map(({ draw }) => draw()),
      })),
    },
    theta: columns.map(({ coefficient }) => coefficient),
  };
}
