/**
 * Why the data say nothing about a direction of θ: looks at what the combination of features pays.
 *
 *   0 everywhere              the features are collinear, or one is never there
 *   c everywhere              a constant on every state
 *   W(s) − γ E W(s′)          potential shaping (without look ahead: the same for every option)
 *
 * Each is checked on every pair that the recorded people could have come to, and said only where
 * it is so; what fits none of them is described by its coefficients.
 */

import type { UnidentifiedDirection } from './algorithm.ts';
import { type Cause, directionWords } from './directionWords.ts';
import { eachDecision } from './eachDecision.ts';
import {
  howNearlyZero,
  type NullParting,
  partNull,
  polish,
  reduceRows,
  supportOf,
  type TellRows,
} from './nullDirections.ts';
import type { ParameterSpace } from './parameters.ts';
import type { Problem } from './problem.ts';
import { type RewardEffects, rewardEffects, type VisitRow } from './rewardEffects.ts';

/** So many numbers of combined features are affordable at once. */
const MOST_NUMBERS = 3e7;

/** Tells rows of given rewards, [pairs × width]. */
type EachRow = (rewards: Float64Array, width: number, visit: VisitRow) => boolean;

/** What directions [free] of θ in units of x stand for. */
export interface DirectionMeaning {
  /** Takes out of directions what changes no choice whatever θ is. */
  partIndifferent(directions: readonly Float64Array[]): NullParting;
  /**
   * Returns directions that change no choice whatever θ is: what can be known without second
   * derivatives. Null where there is too much to look at.
   */
  structural(): Float64Array[] | null;
  /** @param flat linearly independent directions that leave the fit as it is */
  explain(flat: readonly Float64Array[]): UnidentifiedDirection[];
}

/** Of coefficients of features. */
export function meaningOfFeatures(problem: Problem, space: ParameterSpace): DirectionMeaning {
  return {
    partIndifferent: (directions) => partIndifferent(problem, space, directions),
    structural: () => structuralDirections(problem, space),
    explain: (flat) => explainDirections(problem, space, flat),
  };
}

function explainDirections(
  problem: Problem,
  space: ParameterSpace,
  flat: readonly Float64Array[],
): UnidentifiedDirection[] {
  if (flat.length === 0) return [];
  const blank = whyNothingIsChosen(problem);
  if (blank !== null)
    return reduceRows(flat.map((v) => v.slice())).map((v) => tell(problem, space, v, blank, true));
  const effects = rewardEffects(problem);
  const found: UnidentifiedDirection[] = [];
  let left: readonly Float64Array[] = flat;
  for (const cause of ['zero', 'constant', 'shaping'] as const) {
    if (left.length === 0) break;
    const each = rowsOf(cause, problem, effects);
    const parts = part(problem, space, left, each);
    if (!parts) continue;
    const unexplained: Float64Array[] = [];
    for (const rough of parts.nil) {
      const v = polish(rough, tellColumns(problem, space, supportOf(rough), each));
      const how = howNearlyZero(
        tellCombinations(problem, space, [v], each),
        problem.temperature * sizeOf(v),
      );
      if (how === 'not') unexplained.push(rough);
      else found.push(tell(problem, space, v, cause, how === 'exactly'));
    }
    left = [...parts.rest, ...unexplained];
  }
  for (const v of reduceRows(left.map((row) => row.slice())))
    found.push(tell(problem, space, v, null, false));
  return found;
}

function structuralDirections(problem: Problem, space: ParameterSpace): Float64Array[] | null {
  const size = space.free.length;
  const units = Array.from({ length: size }, (_, i) =>
    Float64Array.from({ length: size }, (_, j) => (i === j ? 1 : 0)),
  );
  if (whyNothingIsChosen(problem) !== null) return units;
  const each = rowsOf('shaping', problem, rewardEffects(problem));
  return part(problem, space, units, each)?.nil ?? null;
}

function partIndifferent(
  problem: Problem,
  space: ParameterSpace,
  directions: readonly Float64Array[],
): NullParting {
  const rest = directions.slice();
  if (directions.length === 0 || whyNothingIsChosen(problem) !== null) return { nil: [], rest };
  const each = rowsOf('shaping', problem, rewardEffects(problem));
  return part(problem, space, directions, each) ?? { nil: [], rest };
}

/** Why no direction at all matters; null where some may. */
function whyNothingIsChosen({
  world,
  trajectories,
  goals,
}: Problem): 'no decision' | 'no choice' | null {
  const { pairStart } = world.mdp;
  const { state, goal, weight } = trajectories;
  let decisions = 0;
  let choices = 0;
  eachDecision(trajectories, (i, row) => {
    if (weight[i] === 0) return;
    decisions++;
    const s = state[row];
    const mayStop = goals[goal[i]] && !goals[goal[i]].absorbing;
    if (pairStart[s + 1] - pairStart[s] > 1 || mayStop) choices++;
  });
  return decisions === 0 ? 'no decision' : choices === 0 ? 'no choice' : null;
}

function rowsOf(
  cause: 'zero' | 'constant' | 'shaping',
  problem: Problem,
  effects: RewardEffects,
): EachRow {
  if (cause === 'shaping') return effects.eachEffect;
  const counts = effects.reachable;
  return (rewards, width, visit) => {
    const mean = new Float64Array(width);
    if (cause === 'constant') addMean(rewards, width, counts, mean);
    const row = new Float64Array(width);
    for (let pair = 0; pair < problem.world.mdp.pairCount; pair++) {
      if (counts[pair] === 0) continue;
      for (let j = 0; j < width; j++) row[j] = rewards[pair * width + j] - mean[j];
      visit(row);
    }
    return true;
  };
}

function addMean(rewards: Float64Array, width: number, counts: Uint8Array, mean: Float64Array) {
  const total = counts.reduce((sum, n) => sum + n, 0);
  for (let pair = 0; pair < counts.length; pair++)
    if (counts[pair]) for (let j = 0; j < width; j++) mean[j] += rewards[pair * width + j] / total;
}

function part(
  problem: Problem,
  space: ParameterSpace,
  basis: readonly Float64Array[],
  each: EachRow,
): NullParting | null {
  const size = problem.temperature * Math.max(...basis.map(sizeOf));
  return partNull(basis, tellCombinations(problem, space, basis, each), size);
}

/** What a combination would pay if nothing cancelled, features at unit spread. */
function sizeOf(v: Float64Array): number {
  return v.reduce((largest, vi) => Math.max(largest, Math.abs(vi)), 0);
}

function tellCombinations(
  problem: Problem,
  space: ParameterSpace,
  basis: readonly Float64Array[],
  each: EachRow,
): TellRows {
  return (visit) => {
    const rewards = combined(problem, space, basis);
    return rewards !== null && each(rewards, basis.length, visit);
  };
}

function tellColumns(
  problem: Problem,
  space: ParameterSpace,
  columns: readonly number[],
  each: EachRow,
): TellRows {
  const units = columns.map((i) => Float64Array.from(space.free, (_, j) => (i === j ? 1 : 0)));
  return tellCombinations(problem, space, units, each);
}

/** [pairs × directions] what each combination of features pays; null where that is too much. */
function combined(
  { world, features }: Problem,
  { free, spread }: ParameterSpace,
  basis: readonly Float64Array[],
): Float64Array | null {
  const { stateCount, pairStart, pairCount } = world.mdp;
  const { names, per, values } = features;
  const width = basis.length;
  if (pairCount * width > MOST_NUMBERS) return null;
  const out = new Float64Array(pairCount * width);
  for (let s = 0; s < stateCount; s++)
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
      const row = (per === 'pair' ? pair : s) * names.length;
      for (let i = 0; i < free.length; i++) {
        const x = values[row + free[i]];
        if (x === 0) continue;
        for (let j = 0; j < width; j++) out[pair * width + j] += (x / spread[i]) * basis[j][i];
      }
    }
  return out;
}

function tell(
  problem: Problem,
  { names, free, spread }: ParameterSpace,
  v: Float64Array,
  cause: Cause,
  exact: boolean,
): UnidentifiedDirection {
  const shown = supportOf(v);
  const inTheta = (i: number): number => v[i] / spread[i];
  const lead = shown.reduce((a, b) => (Math.abs(inTheta(b)) > Math.abs(inTheta(a)) ? b : a));
  const terms = shown.map((i) => ({
    name: names[free[i]],
    coefficient: inTheta(i) / inTheta(lead),
    column: free[i],
  }));
  return {
    direction: Object.fromEntries(terms.map(({ name, coefficient }) => [name, coefficient])),
    words: directionWords(problem, terms, cause, exact),
  };
}
