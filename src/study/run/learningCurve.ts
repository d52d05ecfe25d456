/**
 * The fits behind a learning curve: for every split and repeat one random order of its training
 * trajectories, of which the first n are fitted to, so that smaller sets are parts of larger ones;
 * what is predicted stays the same.
 */

import type { LearningCurve } from '../../evaluation/comparison/curveResult.ts';
import { type CurveSize, learningCurve } from '../../evaluation/comparison/learningCurve.ts';
import type { FoldPrediction } from '../../evaluation/comparison/methodScore.ts';
import { createRng, permutation } from '../../numeric/rng.ts';
import type { Cell, LearningCurvePlan } from '../study.ts';
import { predictionOf } from './foldPredictions.ts';
import type { ExperimentRun } from './runExperiment.ts';

const REPEATS = 5;
/** What stands for the fits of the splits themselves. */
const ALL = 'all';

/** Returns the cells that the curve needs beside those of the splits. */
export function curveCells(
  { sizes, repeats = REPEATS }: LearningCurvePlan,
  splits: readonly Cell[],
  seed: number,
): Cell[] {
  const trainings = splits.map(trainingOf);
  for (const size of sizes) checkSize(size, splits, trainings);
  const numbers = sizes.filter((size) => size !== ALL);
  return splits.flatMap((cell, c) =>
    Array.from({ length: repeats }, (_, repeat) => {
      const rng = createRng(seed, `learning curve ${cell.name} ${repeat + 1}`);
      const order = permutation(trainings[c].length, rng).map((k) => trainings[c][k]);
      return numbers.map((size) => partOf(cell, order.subarray(0, size), repeat + 1));
    }).flat(),
  );
}

/**
 * Gathers what the fits predict.
 *
 * @param cells of the splits and of the curve
 * @param runs [cells]
 */
export function learningCurveOf(
  { sizes }: LearningCurvePlan,
  cells: readonly Cell[],
  runs: readonly ExperimentRun[],
  reference: string,
  seed: number,
): LearningCurve {
  const foldsWhere = (isWanted: (cell: Cell) => boolean): FoldPrediction[] =>
    cells.flatMap((cell, i) =>
      isWanted(cell) ? [predictionOf(cell.curve?.of ?? cell.name, runs[i])] : [],
    );
  const splits = cells.filter(({ curve }) => curve === undefined);
  const fittedTo = splits.reduce((sum, cell) => sum + trainingOf(cell).length, 0) / splits.length;
  const repeats = [...new Set(cells.flatMap(({ curve }) => (curve ? [curve.repeat] : [])))];
  const done = sizes.map((size): CurveSize => {
    if (size === ALL)
      return { size, trajectories: fittedTo, repeats: [foldsWhere(({ curve }) => !curve)] };
    const drawn = repeats.map((repeat) =>
      foldsWhere(({ curve }) => curve?.size === size && curve.repeat === repeat),
    );
    return { size, trajectories: size, repeats: drawn };
  });
  return learningCurve(done, reference, seed);
}

function trainingOf({ name, split }: Cell): Int32Array {
  if (!split) throw new TypeError(`Cannot draw a learning curve: cell "${name}" has no split`);
  return Int32Array.from(split.isTrain.keys()).filter((i) => split.isTrain[i] === 1);
}

function checkSize(
  size: number | 'all',
  splits: readonly Cell[],
  trainings: readonly Int32Array[],
): void {
  if (size === ALL) return;
  const short = trainings.findIndex((training) => training.length < size);
  if (short >= 0)
    throw new RangeError(
      `Cannot fit to ${size} trajectories: split "${splits[short].name}" has ${trainings[short].length} to fit to; give smaller numbers, or "all"`,
    );
}

/** The cell fitted to some of its trajectories. */
function partOf(cell: Cell, training: Int32Array, repeat: number): Cell {
  const { split } = cell;
  if (!split) throw new TypeError(`Cannot draw a learning curve: cell "${cell.name}" has no split`);
  const isTrain = new Uint8Array(split.isTrain.length);
  for (const i of training) isTrain[i] = 1;
  const size = training.length;
  return {
    ...cell,
    name: `${cell.name}, ${size} trajectories, repeat ${repeat}`,
    split: { ...split, isTrain },
    wholeTrips: false,
    curve: { of: cell.name, size, repeat },
  };
}
