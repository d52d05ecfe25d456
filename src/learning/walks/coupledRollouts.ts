/**
 * What a decision changed: a walk that begins with the decision, beside a walk from the same state
 * that begins with a choice of the policy, both under the same policy and the same chance.
 *
 *   d = Σ γᵗ φ(s_t, a_t | first a) − Σ γᵗ φ(s_t, a_t | first a′ ~ π),   E[d] = ∇Q(s, a) − ∇V(s)
 *
 * so that E[d] / τ is the score ∇ log π(a | s) of the decision. Nothing before the decision enters
 * (action causality); with common random numbers walks that meet stay together, and from there on
 * nothing differs: then, or where a′ is a, the rest needs no steps at all.
 */

import type { Rng } from '../../numeric/rng.ts';
import { createCommonNumbers } from './commonNumbers.ts';
import { LayeredWalk, type SteppedWorld } from './layeredWalk.ts';
import { softChoice } from './softChoice.ts';

/** What is left of γᵗ where a rollout is cut short. */
const NOTHING_LEFT = 1e-4;

/** Steps after which a discounted future no longer counts; infinite without discounting. */
export function stepsThatCount(discount: number): number {
  if (discount >= 1) return Number.POSITIVE_INFINITY;
  return discount === 0 ? 1 : Math.ceil(Math.log(NOTHING_LEFT) / Math.log(discount));
}

/** What rollouts add up, and how they choose. */
export interface RolloutSetting {
  readonly discount: number;
  readonly temperature: number;
  /** [layers × pairs] Q of the policy, as it is when a rollout begins. */
  readonly actionValue: Float64Array;
  /** [pairs of the world × size] φ */
  readonly rows: Float64Array;
  /** Number of features. */
  readonly size: number;
}

/** Overwrites `out` [size] with d of a decision; returns how many steps were taken. */
export type Difference = (
  layer: number,
  state: number,
  choice: number,
  out: Float64Array,
) => number;

/** @param rng the chance of all rollouts */
export function createCoupledRollouts(
  world: SteppedWorld,
  { discount, temperature, actionValue, rows, size }: RolloutSetting,
  rng: Rng,
): Difference {
  const { pairStart } = world;
  const pairCount = pairStart[pairStart.length - 1];
  const common = createCommonNumbers(rng);
  const decided = new LayeredWalk(world, common.reader());
  const usual = new LayeredWalk(world, common.reader());
  const most = stepsThatCount(discount);
  const choose = ({ first, end }: LayeredWalk, u: number): number =>
    softChoice(actionValue, first, end, temperature, u);
  const add = (pair: number, worth: number, out: Float64Array): void => {
    const row = (pair % pairCount) * size;
    for (let k = 0; k < size; k++) out[k] += worth * rows[row + k];
  };

  return (layer, state, choice, out) => {
    out.fill(0);
    decided.startAt(layer, state);
    usual.startAt(layer, state);
    let [one, other] = [decided.first + choice, choose(usual, rng())];
    let [worth, steps] = [1, 0];
    while (one !== other && steps < most) {
      common.advance();
      if (one >= 0) {
        add(one, worth, out);
        decided.step(one);
      }
      if (other >= 0) {
        add(other, -worth, out);
        usual.step(other);
      }
      worth *= discount;
      steps++;
      const u = rng();
      one = decided.isOver ? -1 : choose(decided, u);
      other = usual.isOver ? -1 : choose(usual, u);
      // in one place they do alike for ever
      if (decided.first === usual.first && decided.end === usual.end) break;
    }
    return 2 * steps;
  };
}
