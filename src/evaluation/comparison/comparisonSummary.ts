/** A comparison in words and tables, as it is printed at the end of a run. */

import { colors } from '../colors.ts';
import { plainTable } from '../plainTable.ts';
import type { ComparisonScores, Difference, MethodScore } from './comparisonResult.ts';
import { describeWholeTrips } from './wholeTripsSummary.ts';

/** Per-fold numbers are printed up to this many folds. */
const MOST_FOLDS = 30;

/** Returns the parts of the summary, to be set apart by blank lines. */
export function describeComparison(comparison: ComparisonScores): string[] {
  return [
    methodTable(comparison),
    comparison.differences.map((difference) => verdict(difference, comparison)).join('\n'),
    missingNumbers(comparison),
    ...describeWholeTrips(comparison),
    comparison.folds <= MOST_FOLDS ? foldTable(comparison) : '',
  ];
}

function methodTable({ methods, differences, reference, bootstrap }: ComparisonScores): string {
  const level = `${100 * bootstrap.level}% interval`;
  const table = plainTable([
    'held out',
    'per decision',
    'per trajectory',
    `per decision, less ${reference}`,
    level,
    'top-1',
    'Brier',
    'ECE',
  ]);
  for (const [name, score] of Object.entries(methods)) {
    const difference = differences.find(({ method }) => method === name)?.perDecision;
    const interval = difference?.interval;
    table.push([
      name,
      fixed(score.perDecision, 5),
      fixed(score.perTrajectory, 4),
      name === reference ? '' : signed(difference?.estimate ?? null),
      name === reference ? '' : interval ? `${signed(interval[0])} to ${signed(interval[1])}` : '–',
      score.top1 === null ? '–' : `${(100 * score.top1).toFixed(2)}%`,
      fixed(score.brier, 4),
      fixed(score.calibration?.error ?? null, 4),
    ]);
  }
  return table.toString();
}

/** Which of two predicts better, by how much, and whether that could be luck. */
function verdict(
  { method, reference, perDecision, foldsWon, reasons }: Difference,
  { bootstrap, folds }: ComparisonScores,
): string {
  if (!perDecision)
    return colors.yellow(
      `${reference} and ${method} cannot be compared: ${reasons?.perDecision ?? 'a number is missing'}.`,
    );
  const { estimate, interval } = perDecision;
  const [better, worse] = estimate > 0 ? [method, reference] : [reference, method];
  const by = Math.abs(estimate);
  const won = foldsWon === null ? null : estimate > 0 ? foldsWon : 1 - foldsWon;
  const inFolds = won === null ? '' : `, and did so in ${trimmed(won * folds)} of ${folds} folds`;
  const head =
    estimate === 0
      ? `${reference} and ${method} predicted equally well`
      : `${better} predicted better than ${worse} by ${by.toFixed(5)} per decision (${Math.exp(by).toFixed(3)} times the probability)${inFolds}`;
  if (!interval) return `${head}.`;
  const excludes = interval[0] > 0 || interval[1] < 0;
  const ends = (estimate > 0 ? interval : [-interval[1], -interval[0]]).map(signed).join(' to ');
  const level = `${100 * bootstrap.level}% interval ${ends}`;
  return excludes
    ? colors.bold(`${head}; the ${level} excludes 0.`)
    : `${head}; the ${level} includes 0, so which is better is open.`;
}

/** Why numbers that the table leaves out do not exist. */
function missingNumbers({ methods }: ComparisonScores): string {
  return Object.entries(methods)
    .filter(([, { reasons }]) => reasons?.perDecision !== undefined)
    .map(([name, { reasons }]) => colors.yellow(`${name}: ${reasons?.perDecision}.`))
    .join('\n');
}

/** Held-out log-likelihood per trajectory, fold by fold, with the mean over folds. */
function foldTable({ methods }: ComparisonScores): string {
  const scores: [string, MethodScore][] = Object.entries(methods);
  const table = plainTable(['fold', 'trajectories', 'decisions', ...scores.map(([name]) => name)]);
  scores[0][1].folds.forEach(({ name, trajectories, decisions }, fold) => {
    table.push([
      name,
      trajectories.toLocaleString('en-US'),
      decisions.toLocaleString('en-US'),
      ...scores.map(([, score]) => fixed(score.folds[fold].perTrajectory, 4)),
    ]);
  });
  table.push([
    'mean',
    '',
    '',
    ...scores.map(([, { foldMean }]) => fixed(foldMean?.perTrajectory ?? null, 4)),
  ]);
  return `${colors.dim('Held-out log-likelihood per trajectory, by fold')}\n${table.toString()}`;
}

function fixed(x: number | null, digits: number): string {
  return x === null ? '–' : x.toFixed(digits);
}

function signed(x: number | null): string {
  return x === null ? '–' : `${x > 0 ? '+' : ''}${x.toFixed(5)}`;
}

function trimmed(x: number): string {
  return String(Number(x.toFixed(1)));
}
