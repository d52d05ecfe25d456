/** Sums the products of scores, over decisions, over trajectories, and over persons. */

import type { Trajectories } from '../mdp/trajectories.ts';
import type { VisitScore } from './decisionScores.ts';
import type { ScoreProducts } from './information.ts';

/** What says how much a trajectory counts, and whose it is. */
type Units = Pick<Trajectories, 'weight' | 'persons' | 'times'>;

/**
 * Returns the score products of a likelihood.
 *
 * @param size number of parameters
 * @param each tells about every decision that counts, trajectory after trajectory
 */
export function likelihoodProducts(
  size: number,
  { weight, persons, times }: Units,
  each: (visit: VisitScore) => void,
): ScoreProducts {
  const decisionScores = new Float64Array(size * size);
  const trajectoryScores = new Float64Array(size * size);
  const own = new Float64Array(size);
  const byPerson = sumByPerson(size, persons);
  let decisions = 0;
  let trajectories = 0;
  let current = -1;
  const close = (): void => {
    if (current < 0) return;
    addProduct(own, weight[current] ** 2, trajectoryScores);
    byPerson?.add(current, own, weight[current]);
    own.fill(0);
    trajectories++;
  };
  each((i, _row, score) => {
    if (i !== current) close();
    current = i;
    // So many decisions with the same score share the weight between them.
    const alike = times?.[i] ?? 1;
    decisions += alike;
    addProduct(score, weight[i] ** 2 / alike, decisionScores);
    for (let k = 0; k < size; k++) own[k] += score[k];
  });
  close();
  fillUpper(decisionScores, size);
  fillUpper(trajectoryScores, size);
  return {
    scoresOf: 'likelihood',
    decisionScores,
    trajectoryScores,
    decisions,
    trajectories,
    counted: times !== undefined,
    ...productsOf(byPerson),
  };
}

/**
 * Returns the score products of matched moments.
 *
 * @param each tells about every trajectory that counts
 */
export function momentProducts(
  size: number,
  { weight, persons }: Units,
  each: (visit: (trajectory: number, score: Float64Array) => void) => void,
): ScoreProducts {
  const trajectoryScores = new Float64Array(size * size);
  const byPerson = sumByPerson(size, persons);
  let trajectories = 0;
  each((i, score) => {
    addProduct(score, weight[i] ** 2, trajectoryScores);
    byPerson?.add(i, score, weight[i]);
    trajectories++;
  });
  fillUpper(trajectoryScores, size);
  return {
    scoresOf: 'moments',
    decisionScores: null,
    trajectoryScores,
    decisions: 0,
    trajectories,
    counted: false,
    ...productsOf(byPerson),
  };
}

interface ScoresByPerson {
  /** Adds weight · score to the person whose trajectory it is. */
  readonly add: (trajectory: number, score: Float64Array, weight: number) => void;
  readonly products: () => Pick<ScoreProducts, 'personScores' | 'persons'>;
}

function sumByPerson(size: number, persons: Units['persons']): ScoresByPerson | null {
  if (!persons) return null;
  const scoreOf = new Map<string, Float64Array>();
  return {
    add(i, score, weight) {
      let sum = scoreOf.get(persons[i]);
      if (!sum) {
        sum = new Float64Array(size);
        scoreOf.set(persons[i], sum);
      }
      for (let k = 0; k < size; k++) sum[k] += weight * score[k];
    },
    products() {
      const personScores = new Float64Array(size * size);
      for (const score of scoreOf.values()) addProduct(score, 1, personScores);
      fillUpper(personScores, size);
      return { personScores, persons: scoreOf.size };
    },
  };
}

function productsOf(byPerson: ScoresByPerson | null) {
  return byPerson?.products() ?? { personScores: null, persons: null };
}

/** Adds weight · x xᵀ, the lower triangle. */
function addProduct(x: Float64Array, weight: number, out: Float64Array): void {
  const size = x.length;
  for (let k = 0; k < size; k++) {
    const scaled = weight * x[k];
    if (scaled === 0) continue;
    for (let j = 0; j <= k; j++) out[k * size + j] += scaled * x[j];
  }
}

function fillUpper(matrix: Float64Array, size: number): void {
  for (let k = 0; k < size; k++)
    for (let j = 0; j < k; j++) matrix[j * size + k] = matrix[k * size + j];
}
