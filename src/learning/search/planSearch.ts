/**
 * The search for a plan by a distribution over plans: draw, let all be valued together, move to the
 * elites, and so on. What values them is given: an equation, a simulator, or networks.
 */

import type { Rng } from '../../numeric/rng.ts';
import type { FlatPlan, PlanDistribution } from './planDistribution.ts';

export interface PlanSearchSettings {
  readonly horizon: number;
  readonly samples: number;
  readonly rounds: number;
  /** With 0 the distribution stays as it was in the beginning. */
  readonly elites: number;
  readonly smoothing: number;
}

/** A plan, and what it is worth once it has been valued. */
export interface TriedPlan {
  readonly plan: FlatPlan;
  worth: number;
}

/** Writes the worth of the first `count` plans. */
export type PlanValuation = (tried: readonly TriedPlan[], count: number) => void;

export class PlanSearch {
  /** Most plans that are valued at once. */
  readonly most: number;
  readonly #distribution: PlanDistribution;
  readonly #settings: PlanSearchSettings;
  readonly #tried: TriedPlan[];
  readonly #best: TriedPlan;
  #hasBefore = false;

  constructor(distribution: PlanDistribution, settings: PlanSearchSettings) {
    const { horizon, samples } = settings;
    const empty = (): TriedPlan => ({
      plan: new Float64Array(horizon * distribution.width),
      worth: 0,
    });
    this.most = samples + 2;
    this.#distribution = distribution;
    this.#settings = settings;
    this.#tried = Array.from({ length: this.most }, empty);
    this.#best = empty();
  }

  /** Forgets the plan before; to be called where a new episode begins. */
  forget(): void {
    this.#hasBefore = false;
    this.#distribution.spreadOut();
  }

  /** Returns the best plan tried, good until the next search; begins from the one before, one step on. */
  search(value: PlanValuation, rng: Rng): Readonly<TriedPlan> {
    const { rounds, elites, smoothing } = this.#settings;
    const best = this.#best;
    const left = this.#hasBefore ? leftFrom(best.plan, this.#distribution.width) : null;
    if (this.#hasBefore && elites > 0) this.#distribution.stepAhead();
    best.worth = Number.NEGATIVE_INFINITY;
    for (let round = 0; round < rounds; round++) {
      const count = this.#draw(round === 0 ? left : null, rng);
      value(this.#tried, count);
      const inOrder = this.#tried.slice(0, count).sort((a, b) => b.worth - a.worth);
      if (!(inOrder[0].worth <= best.worth)) {
        best.plan.set(inOrder[0].plan);
        best.worth = inOrder[0].worth;
      }
      if (elites > 0)
        this.#distribution.moveTo(
          inOrder.slice(0, elites).map(({ plan }) => plan),
          smoothing,
        );
    }
    this.#hasBefore = true;
    return best;
  }

  /** What a checkpoint needs to go on in the middle of an episode: copies. */
  state(): Record<'best' | 'distribution', Float64Array> & { readonly hasBefore: boolean } {
    return {
      hasBefore: this.#hasBefore,
      best: this.#best.plan.slice(),
      distribution: this.#distribution.numbers.slice(),
    };
  }

  restore({ hasBefore, best, distribution }: ReturnType<PlanSearch['state']>): void {
    this.#hasBefore = hasBefore;
    this.#best.plan.set(best);
    this.#distribution.numbers.set(distribution);
  }

  /** Fills `tried` from the front, what wins among equals first; returns how many there are. */
  #draw(left: FlatPlan | null, rng: Rng): number {
    const { samples, elites } = this.#settings;
    let count = 0;
    if (left) this.#tried[count++].plan.set(left);
    if (elites > 0) this.#distribution.writeCentre(this.#tried[count++].plan);
    for (let i = 0; i < samples; i++) this.#distribution.draw(this.#tried[count++].plan, rng);
    return count;
  }
}

/** The plan one step on, its last action once more. */
function leftFrom(plan: FlatPlan, width: number): FlatPlan {
  const left = plan.slice();
  left.copyWithin(0, width);
  return left;
}
