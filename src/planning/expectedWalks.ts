/**
 * What walks under given choices are expected to bring, and which states they are expected to visit.
 *
 *   until they end      W = g + γ P_π W,                D = starts + P_πᵀ D
 *   for n decisions     W_n = g_t + γ P_π W_{n−1},      D = Σ_{t<n} P_πᵀ … starts
 *
 * with g(s) the gain expected of the decision in s and D the expected number of decisions taken in
 * each state. A walk ends where the goal absorbs, by a stop, or where nothing can be chosen. Without
 * discounting one that may go on for ever, because it can come to where no end can be reached,
 * brings Infinity: no sum exists.
 */

import type { Goal } from '../mdp/goal.ts';
import type { Mdp } from '../mdp/mdp.ts';
import { maxNorm } from '../numeric/csr.ts';
import {
  type ChoiceProbabilities,
  decidingStates,
  expectNext,
  pushOn,
  type TimedChoices,
} from './choiceProbabilities.ts';
import { type CollapsedPattern, collapsedPattern } from './collapsedPattern.ts';
import { createPolicySolver, type PolicySolver } from './policySolver.ts';

/** Walks to one goal. */
export interface Walks {
  /** [walks] */
  readonly start: Int32Array;
  /** [walks] how many decisions are watched; −1: until the walk ends. */
  readonly span: Int32Array;
}

/** Writes [states × width] what the decision in each state is expected to bring. */
export type Gain = (choices: ChoiceProbabilities, out: Float64Array) => void;

export interface ExpectedWalks {
  /** Returns [walks × width] expected totals, discounted by γ; Infinity where there is none. */
  totals(
    choices: TimedChoices,
    walks: Walks,
    gain: Gain,
    width: number,
    discount: number,
  ): Float64Array;
  /**
   * Adds the expected number of decisions in each state to `out` [states], walk by weight. Walks that
   * may go on for ever make it Infinity where they start.
   */
  visits(choices: TimedChoices, walks: Walks, weight: Float64Array, out: Float64Array): void;
}

/** What solving needs of a world, laid out once and shared by all its goals. */
export interface WalkSolver {
  readonly pattern: CollapsedPattern;
  readonly solver: PolicySolver;
}

export function createWalkSolver(mdp: Mdp): WalkSolver {
  const pattern = collapsedPattern(mdp);
  return { pattern, solver: createPolicySolver(pattern.matrix) };
}

/** @param shared of the same world */
export function expectedWalks(mdp: Mdp, goal: Goal | null, shared: WalkSolver): ExpectedWalks {
  const { stateCount } = mdp;

  function endlessTotals(
    choices: ChoiceProbabilities,
    gain: Gain,
    width: number,
    discount: number,
  ): Float64Array {
    const deciding = decidingStates(mdp, goal, choices);
    const counted = discount < 1 ? deciding : endingStates(mdp, choices, deciding);
    const gains = new Float64Array(stateCount * width);
    gain(choices, gains);
    const solvable = assemble(mdp, shared, choices, counted, discount);
    const out = new Float64Array(stateCount * width).fill(Number.POSITIVE_INFINITY);
    const b = new Float64Array(stateCount);
    const x = new Float64Array(stateCount);
    for (let k = 0; k < width; k++) {
      for (let s = 0; s < stateCount; s++) b[s] = counted[s] ? gains[s * width + k] : 0;
      x.set(b);
      if (!solvable || !shared.solver.solve(b, x, 1e-12 * maxNorm(b))) continue;
      for (let s = 0; s < stateCount; s++)
        if (counted[s] || !deciding[s]) out[s * width + k] = x[s];
    }
    return out;
  }

  function totals(
    choices: TimedChoices,
    { start, span }: Walks,
    gain: Gain,
    width: number,
    discount: number,
  ): Float64Array {
    const out = new Float64Array(start.length * width);
    const take = (from: Float64Array, wanted: number): void => {
      start.forEach((s, i) => {
        if (span[i] !== wanted) return;
        for (let k = 0; k < width; k++) out[i * width + k] = from[s * width + k];
      });
    };
    const longest = span.reduce((a, b) => Math.max(a, b), 0);
    const stationary = isStationary(choices, longest);
    for (const wanted of new Set(span)) {
      if (wanted < 0) take(endlessTotals(choices(0), gain, width, discount), wanted);
      else if (!stationary)
        take(
          backward(mdp, goal, choices, gain, width, discount, wanted, () => {}),
          wanted,
        );
    }
    if (stationary) backward(mdp, goal, choices, gain, width, discount, longest, take);
    return out;
  }

  function visits(
    choices: TimedChoices,
    { start, span }: Walks,
    weight: Float64Array,
    out: Float64Array,
  ): void {
    const longest = span.reduce((a, b) => Math.max(a, b), 0);
    const stationary = isStationary(choices, longest);
    const begin = (mass: Float64Array, isIn: (span: number) => boolean): void => {
      start.forEach((s, i) => {
        if (isIn(span[i])) mass[s] += weight[i];
      });
    };
    if (span.includes(-1)) addEndless(choices(0), begin, out);
    const distinct = new Set([...span].filter((n) => n > 0));
    if (stationary) {
      // Whoever is watched for k more decisions joins when k are left.
      const at = (_step: number): ChoiceProbabilities => choices(0);
      forward(mdp, goal, at, longest, (mass, left) => begin(mass, (n) => n === left), out);
    } else
      for (const n of distinct)
        forward(
          mdp,
          goal,
          choices,
          n,
          (mass, left) => begin(mass, (m) => m === n && left === n),
          out,
        );
  }

  function addEndless(
    choices: ChoiceProbabilities,
    begin: (mass: Float64Array, isIn: (span: number) => boolean) => void,
    out: Float64Array,
  ): void {
    const deciding = decidingStates(mdp, goal, choices);
    const counted = endingStates(mdp, choices, deciding);
    const mass = new Float64Array(stateCount);
    begin(mass, (n) => n < 0);
    const lost = (s: number): boolean => mass[s] > 0 && deciding[s] === 1 && counted[s] === 0;
    const solvable = assemble(mdp, shared, choices, counted, 1);
    const b = mass.map((m, s) => (counted[s] ? m : 0));
    const x = b.slice();
    const solved =
      solvable && shared.solver.solveTransposed(b, x, 1e-12 * b.reduce((a, m) => a + m, 0));
    for (let s = 0; s < stateCount; s++)
      if (lost(s) || (!solved && mass[s] > 0)) out[s] = Number.POSITIVE_INFINITY;
      else if (counted[s]) out[s] += x[s];
  }

  return { totals, visits };
}

function isStationary(choices: TimedChoices, span: number): boolean {
  return span <= 1 || choices(0) === choices(1);
}

/**
 * Returns [states × width] totals of `span` decisions from time 0; tells `reached` those of every
 * smaller number on the way, which are right where the choices are stationary.
 */
function backward(
  mdp: Mdp,
  goal: Goal | null,
  choices: TimedChoices,
  gain: Gain,
  width: number,
  discount: number,
  span: number,
  reached: (totals: Float64Array, decisions: number) => void,
): Float64Array {
  const { stateCount } = mdp;
  const value = new Float64Array(stateCount * width);
  const gains = new Float64Array(stateCount * width);
  const column = new Float64Array(stateCount);
  const next = new Float64Array(stateCount);
  let now: ChoiceProbabilities | null = null;
  let deciding: Uint8Array = new Uint8Array(stateCount);
  for (let t = span - 1; t >= 0; t--) {
    if (choices(t) !== now) {
      now = choices(t);
      deciding = decidingStates(mdp, goal, now);
      gain(now, gains);
    }
    for (let k = 0; k < width; k++) {
      for (let s = 0; s < stateCount; s++) column[s] = value[s * width + k];
      expectNext(mdp, now, deciding, column, next);
      for (let s = 0; s < stateCount; s++)
        value[s * width + k] = deciding[s] ? gains[s * width + k] + discount * next[s] : 0;
    }
    reached(value, span - t);
  }
  return value;
}

/** Adds the decisions of `span` steps; `join` adds who begins when so many decisions are left. */
function forward(
  mdp: Mdp,
  goal: Goal | null,
  choices: TimedChoices,
  span: number,
  join: (mass: Float64Array, left: number) => void,
  out: Float64Array,
): void {
  let mass = new Float64Array(mdp.stateCount);
  let next = new Float64Array(mdp.stateCount);
  let now: ChoiceProbabilities | null = null;
  let deciding: Uint8Array = new Uint8Array(mdp.stateCount);
  for (let t = 0; t < span; t++) {
    join(mass, span - t);
    if (choices(t) !== now) {
      now = choices(t);
      deciding = decidingStates(mdp, goal, now);
    }
    for (let s = 0; s < mass.length; s++) if (deciding[s]) out[s] += mass[s];
    pushOn(mdp, now, deciding, mass, next);
    [mass, next] = [next, mass];
  }
}

/** [states] 1 where a walk goes on and is certain to end. */
function endingStates(mdp: Mdp, { pairs, stop }: ChoiceProbabilities, deciding: Uint8Array) {
  const { stateCount, pairStart, transitionStart, nextState } = mdp;
  const before: number[][] = Array.from({ length: stateCount }, () => []);
  for (let s = 0; s < stateCount; s++)
    if (deciding[s])
      for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++)
        if (pairs[pair] > 0)
          for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
            before[nextState[k]].push(s);
  /** Everything from which one of `seeds` may be come to. */
  const backFrom = (isSeed: (s: number) => boolean): Uint8Array => {
    const found = Uint8Array.from({ length: stateCount }, (_, s) => Number(isSeed(s)));
    const queue = [...found.keys()].filter((s) => found[s] === 1);
    for (let s = queue.pop(); s !== undefined; s = queue.pop())
      for (const from of before[s])
        if (!found[from]) {
          found[from] = 1;
          queue.push(from);
        }
    return found;
  };
  const mayEnd = backFrom((s) => !deciding[s] || stop[s] > 0);
  const mayNot = backFrom((s) => !mayEnd[s]);
  return deciding.map((goesOn, s) => goesOn & (1 - mayNot[s]));
}

/** Fills the shared matrix with γ P_π on the states that count. Returns false where it is singular. */
function assemble(
  { stateCount, pairStart, transitionStart, probability }: Mdp,
  { pattern, solver }: WalkSolver,
  { pairs }: ChoiceProbabilities,
  counted: Uint8Array,
  discount: number,
): boolean {
  const { matrix, slot } = pattern;
  matrix.value.fill(0);
  for (let s = 0; s < stateCount; s++)
    if (counted[s])
      for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++)
        for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
          matrix.value[slot[k]] += discount * pairs[pair] * probability[k];
  return solver.refresh(true);
}
