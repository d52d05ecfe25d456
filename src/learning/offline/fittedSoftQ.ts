/**
 * Soft fitted Q-iteration on a log, at its fixed point: values linear in functions of what is seen,
 * with weights of their own for each action, Q(o, a) = wₐ · b(o).
 *
 *   (Gₐ + λ) wₐ = Σ_{i: aᵢ = a} b(oᵢ) (rᵢ + γ gᵢ V_w(o′ᵢ)),   V_w = τ log Σₐ exp(Q / τ) / |A|
 *   least-squares   Gₐ = Σ b(oᵢ) b(oᵢ)ᵀ
 *   averages        Gₐ = diag Σ b(oᵢ), for functions b ≥ 0 that sum to 1
 *
 * g = 1 − terminated. Averages never stray from what they are averages of, so that there is one fixed
 * point and iteration would reach it; with regressions there may be none or several, and not finding
 * any is told. Instead of iterating F(w) = 0 is solved by Newton's method, whose steps are soft policy
 * iteration:
 *
 *   F′(w) = M = G + λ − γ Σᵢ φᵢ gᵢ (Σ_b π(b | o′ᵢ) φ(o′ᵢ, b))ᵀ
 *
 * halved until |F| falls. What the policy expects of anything else that steps bring, x, is fitted by
 * the same matrix: M u = Σᵢ φᵢ xᵢ (fitted evaluation, LSTD); with x = ∂r/∂θ it is ∂w/∂θ exactly. With
 * an indicator per state both are exact in the dynamics that the log shows.
 *
 * References: Lagoudakis & Parr (2003), JMLR 4 (LSPI); Bradtke & Barto (1996), Machine Learning 22
 * (LSTD); Gordon (1995), ICML, and Ormoneit & Sen (2002), Machine Learning 49 (averages).
 */

import { luSolver } from '../../numeric/luSolver.ts';
import { softRow } from './inverseSoftBellmanLoss.ts';
import type { RecordedSteps } from './recordedSteps.ts';
import type { StateBasis } from './stateBasis.ts';

export interface FittedSoftQSettings {
  readonly discount: number;
  readonly temperature: number;
  readonly regression: 'least-squares' | 'averages';
  /** λ ≥ 0, added to the sums of functions or of their squares. */
  readonly ridge: number;
}

/** |F| below this share of what it is made of is round-off, */
const ROUND_OFF = 1e-12;
/** and below this as near as numbers allow, where no step makes it smaller. */
const NEAR = 1e-8;
const MOST_STEPS = 100;
const MOST_HALVINGS = 30;

/** How a plan was found. */
export interface FittedSoftQSearch {
  readonly found: boolean;
  readonly iterations: number;
  /** Largest |F| that is left, as a share of the largest of what it is made of. */
  readonly residual: number;
}

/** What F is not yet. */
interface Left {
  /** Largest |F| */
  readonly open: number;
  /** The largest of what F is made of. */
  readonly whole: number;
}

export class FittedSoftQ {
  /** [actions × basis], of the latest plan; written to begin elsewhere. */
  readonly weights: Float64Array;
  readonly basis: StateBasis;
  readonly #steps: RecordedSteps;
  readonly #settings: FittedSoftQSettings;
  /** [steps × basis] */
  readonly #now: Float64Array;
  readonly #next: Float64Array;
  /** [actions × basis × basis], each action's own. */
  readonly #squares: Float64Array;
  /** [steps] V(o′), and [steps × actions] π(· | o′), of the latest weights. */
  readonly #nextValue: Float64Array;
  readonly #nextPolicy: Float64Array;
  #solve: ((b: Float64Array) => void) | null = null;

  constructor(steps: RecordedSteps, basis: StateBasis, settings: FittedSoftQSettings) {
    const { count, actionCount, observations, next } = steps;
    this.basis = basis;
    this.#steps = steps;
    this.#settings = settings;
    this.weights = new Float64Array(actionCount * basis.size);
    this.#now = this.encode(observations, count);
    this.#next = this.encode(next, count);
    if (settings.regression === 'averages') checkShares(this.#now, basis.size);
    this.#squares = this.#sumSquares();
    this.#nextValue = new Float64Array(count);
    this.#nextPolicy = new Float64Array(count * actionCount);
  }

  /** Returns b(o) row by row, [rows × basis]. */
  encode(observations: Float64Array, rows: number): Float64Array {
    const { observationSize } = this.#steps;
    const { size, write } = this.basis;
    const out = new Float64Array(rows * size);
    for (let i = 0; i < rows; i++) {
      const from = i * observationSize;
      write(observations.subarray(from, from + observationSize), out, i * size);
    }
    return out;
  }

  /**
   * Plans for a reward of each step [steps], beginning with the weights before; where no plan is found
   * they and what they expect are left as they were.
   */
  plan(reward: Float64Array): FittedSoftQSearch {
    const before = this.weights.slice();
    const target = this.#project(reward);
    const excess = new Float64Array(this.weights.length);
    const search = this.#search(target, excess);
    if (!search.found) {
      this.weights.set(before);
      this.#excess(target, excess);
      this.#solve = this.#linearise();
    }
    return search;
  }

  #search(target: Float64Array, excess: Float64Array): FittedSoftQSearch {
    let left = this.#excess(target, excess);
    for (let iterations = 0; ; iterations++) {
      const solve = this.#linearise();
      this.#solve = solve;
      const residual = left.whole === 0 ? 0 : left.open / left.whole;
      const isThere = residual <= ROUND_OFF;
      if (isThere || !solve || !Number.isFinite(residual) || iterations >= MOST_STEPS)
        return { found: isThere && solve !== null, iterations, residual };
      solve(excess);
      const next = this.#descend(target, excess, left.open);
      if (next === null) return { found: residual <= NEAR, iterations, residual };
      left = next;
    }
  }

  /**
   * Returns weights [actions × basis] of what the policy of the latest plan expects of x, discounted.
   *
   * @param x [steps]
   */
  expect(x: Float64Array): Float64Array {
    if (!this.#solve) throw new Error('Cannot evaluate: no plan was made');
    const out = this.#project(x);
    this.#solve(out);
    return out;
  }

  /** Returns [rows × actions] what weights say of encoded rows. */
  evaluate(weights: Float64Array, encoded: Float64Array): Float64Array {
    const { size } = this.basis;
    const { actionCount } = this.#steps;
    const rows = encoded.length / size;
    const out = new Float64Array(rows * actionCount);
    for (let i = 0; i < rows; i++)
      for (let a = 0; a < actionCount; a++) {
        let sum = 0;
        for (let k = 0; k < size; k++) sum += weights[a * size + k] * encoded[i * size + k];
        out[i * actionCount + a] = sum;
      }
    return out;
  }

  /** Returns [rows × actions] π of the latest plan. */
  policy(encoded: Float64Array): Float64Array {
    const { actionCount } = this.#steps;
    const out = this.evaluate(this.weights, encoded);
    for (let start = 0; start < out.length; start += actionCount)
      softRow(out, start, actionCount, this.#settings.temperature, out);
    return out;
  }

  /** b(o) and b(o′) of the log, [steps × basis]. */
  get encoded(): { readonly now: Float64Array; readonly next: Float64Array } {
    return { now: this.#now, next: this.#next };
  }

  /** Σ φᵢ xᵢ */
  #project(x: Float64Array): Float64Array {
    const { size } = this.basis;
    const { actions } = this.#steps;
    const out = new Float64Array(this.weights.length);
    for (let i = 0; i < x.length; i++) {
      if (x[i] === 0) continue;
      const to = actions[i] * size;
      for (let k = 0; k < size; k++) out[to + k] += x[i] * this.#now[i * size + k];
    }
    return out;
  }

  /**
   * Steps from the weights, as far as |F| falls; returns what is left of it and overwrites `step` with
   * F there, or null where no step is short enough: then nothing has changed.
   */
  #descend(target: Float64Array, step: Float64Array, open: number): Left | null {
    const { weights } = this;
    const [before, whole] = [weights.slice(), step.slice()];
    for (let halving = 0, share = 1; halving < MOST_HALVINGS; halving++, share /= 2) {
      for (let k = 0; k < weights.length; k++) weights[k] = before[k] - share * whole[k];
      const left = this.#excess(target, step);
      if (left.open < open) return left;
    }
    weights.set(before);
    this.#excess(target, step);
    return null;
  }

  /** Overwrites `out` with F. */
  #excess(target: Float64Array, out: Float64Array): Left {
    const { size } = this.basis;
    const { actionCount, terminated } = this.#steps;
    const { discount, temperature, ridge } = this.#settings;
    const values = this.evaluate(this.weights, this.#next);
    for (let i = 0; i < this.#nextValue.length; i++) {
      const value = softRow(values, i * actionCount, actionCount, temperature, this.#nextPolicy);
      this.#nextValue[i] = discount * (1 - terminated[i]) * value;
    }
    const ahead = this.#project(this.#nextValue);
    let [open, whole] = [0, 0];
    for (let row = 0; row < out.length; row++) {
      const own = row - (row % size);
      let sum = ridge * this.weights[row];
      for (let l = 0; l < size; l++) sum += this.#squares[row * size + l] * this.weights[own + l];
      out[row] = sum - target[row] - ahead[row];
      open = Math.max(open, Math.abs(out[row]));
      whole = Math.max(whole, Math.abs(sum) + Math.abs(target[row]) + Math.abs(ahead[row]));
    }
    return { open, whole };
  }

  /** Factors M at the policy of the weights; null where it is singular. */
  #linearise(): ((b: Float64Array) => void) | null {
    const { size } = this.basis;
    const { actionCount, actions, terminated, count } = this.#steps;
    const { discount, ridge } = this.#settings;
    const width = actionCount * size;
    const matrix = new Float64Array(width * width);
    for (let a = 0; a < actionCount; a++)
      for (let k = 0; k < size; k++) {
        const row = (a * size + k) * width;
        matrix[row + a * size + k] = ridge;
        for (let l = 0; l < size; l++)
          matrix[row + a * size + l] += this.#squares[(a * size + k) * size + l];
      }
    const ahead = new Float64Array(width);
    const occurs = new Int32Array(size);
    for (let i = 0; i < count; i++) {
      const worth = discount * (1 - terminated[i]);
      if (worth === 0) continue;
      let found = 0;
      for (let l = 0; l < size; l++) if (this.#next[i * size + l] !== 0) occurs[found++] = l;
      for (let b = 0; b < actionCount; b++)
        for (let n = 0; n < found; n++)
          ahead[b * size + occurs[n]] =
            worth * this.#nextPolicy[i * actionCount + b] * this.#next[i * size + occurs[n]];
      for (let k = 0; k < size; k++) {
        const x = this.#now[i * size + k];
        if (x === 0) continue;
        const row = (actions[i] * size + k) * width;
        for (let b = 0; b < width; b += size)
          for (let n = 0; n < found; n++) matrix[row + b + occurs[n]] -= x * ahead[b + occurs[n]];
      }
    }
    return luSolver(matrix, width);
  }

  /** Gₐ of each action. */
  #sumSquares(): Float64Array {
    const { size } = this.basis;
    const { actionCount, actions, count } = this.#steps;
    const averages = this.#settings.regression === 'averages';
    const squares = new Float64Array(actionCount * size * size);
    for (let i = 0; i < count; i++)
      for (let k = 0; k < size; k++) {
        const x = this.#now[i * size + k];
        if (x === 0) continue;
        const row = (actions[i] * size + k) * size;
        if (averages) squares[row + k] += x;
        else for (let l = 0; l < size; l++) squares[row + l] += x * this.#now[i * size + l];
      }
    return squares;
  }
}

function checkShares(encoded: Float64Array, size: number): void {
  for (let start = 0; start < encoded.length; start += size) {
    let [sum, least] = [0, 0];
    for (let k = start; k < start + size; k++) {
      sum += encoded[k];
      least = Math.min(least, encoded[k]);
    }
    if (least < 0 || !(Math.abs(sum - 1) < 1e-9))
      throw new RangeError(
        `Cannot fit values by averages: functions of what is seen must be ≥ 0 and sum to 1, got ${least < 0 ? least : `a sum of ${sum}`} at step ${start / size}`,
      );
  }
}
