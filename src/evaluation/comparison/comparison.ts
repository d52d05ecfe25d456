/**
 * Which method predicts better, and how sure one can be of it.
 *
 * The unit is the trajectory: its decisions depend on each other. One that several folds hold out
 * counts once, with the mean over those folds; its weight multiplies everything it adds. Of two
 * methods the difference is
 *
 *   per decision    Σ w (log L_method − log L_reference) / Σ w n,    n decisions
 *   per trajectory  Σ w (log L_method − log L_reference) / Σ w
 *
 * with a percentile interval over trajectories drawn with replacement, the same draws for all. It
 * says how far the difference depends on who happened to be predicted; the fits stay as they are.
 */

import { createRng } from '../../numeric/rng.ts';
import type { ComparisonScores, Difference, MethodScore } from './comparisonResult.ts';
import {
  collectUnits,
  type FoldPrediction,
  type HeldOutUnits,
  scoreMethod,
  sharesOf,
} from './methodScore.ts';
import { scoreRoutes } from './outcomeScores.ts';
import { bootstrapRatios, type UnitRatio } from './pairedBootstrap.ts';

const REFERENCE = 'causal-entropy';
const DRAWS = 2_000;
const LEVEL = 0.95;
const STREAM = 'comparison bootstrap';

/** Compares all methods with causal entropy, or with the first one where that is not among them. */
export function compareMethods(folds: readonly FoldPrediction[], seed: number): ComparisonScores {
  const names = Object.keys(folds[0].methods);
  const reference = names.includes(REFERENCE) ? REFERENCE : names[0];
  const units = collectUnits(folds);
  const scores = new Map(names.map((name) => [name, scoreMethod(name, folds, units)]));
  const referenceScore = scores.get(reference);
  const others = names.filter((name) => name !== reference);

  const ratios = others.flatMap((name): UnitRatio[] => {
    const unitSums = scores.get(name)?.unitSums;
    const base = referenceScore?.unitSums;
    if (!unitSums || !base) return [];
    const numerator = unitSums.map((sum, u) => units.weight[u] * (sum - base[u]));
    const decisions = units.decisions.map((n, u) => units.weight[u] * n);
    return [
      { numerator, denominator: decisions },
      { numerator, denominator: units.weight },
    ];
  });
  const intervals = bootstrapRatios(ratios, DRAWS, LEVEL, createRng(seed, STREAM));
  let next = 0;
  const differences = others.map((method): Difference => {
    const ours = scores.get(method);
    const known = ours?.unitSums && referenceScore?.unitSums;
    const estimated = () => withInterval(ratios[next], intervals[next++]);
    const foldsWon = shareWon(ours?.score, referenceScore?.score);
    const why = ours?.failure || referenceScore?.failure || '';
    const reasons: Record<string, string> = {};
    if (!known) Object.assign(reasons, { perDecision: why, perTrajectory: why });
    if (foldsWon === null) reasons.foldsWon = why || 'a fold has no number of its own';
    return {
      method,
      reference,
      perDecision: known ? estimated() : null,
      perTrajectory: known ? estimated() : null,
      foldsWon,
      ...(Object.keys(reasons).length > 0 ? { reasons } : {}),
    };
  });
  return {
    reference,
    folds: folds.length,
    trajectories: units.weight.length,
    decisions: units.decisions.reduce((a, b) => a + b, 0),
    ...shortestScore(folds, units),
    bootstrap: { draws: DRAWS, level: LEVEL, unit: 'trajectory', seed, stream: STREAM },
    methods: Object.fromEntries([...scores].map(([name, { score }]) => [name, score])),
    differences,
  };
}

/** What shortest paths predict of the routes; nothing where there are none. */
function shortestScore(
  folds: readonly FoldPrediction[],
  units: HeldOutUnits,
): Pick<ComparisonScores, 'shortest'> {
  const parts = folds.flatMap((fold) =>
    fold.shortest ? [{ ...fold.shortest, share: sharesOf(fold, units) }] : [],
  );
  const routes = parts.length === folds.length ? scoreRoutes(parts) : null;
  return routes ? { shortest: { by: parts[0].by, routes } } : {};
}

function withInterval(
  { numerator, denominator }: UnitRatio,
  interval: [number, number] | null,
): NonNullable<Difference['perDecision']> {
  const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
  const estimate = sum(numerator) / sum(denominator);
  if (interval) return { estimate, interval };
  const why = 'an interval needs more than a few trajectories, of positive weight';
  return { estimate, interval: null, reasons: { interval: why } };
}

/** Share of folds in which `score` is above `reference`; null where a fold lacks a number. */
function shareWon(score?: MethodScore, reference?: MethodScore): number | null {
  if (!score || !reference) return null;
  let won = 0;
  for (let f = 0; f < score.folds.length; f++) {
    const [ours, theirs] = [score.folds[f].perDecision, reference.folds[f].perDecision];
    if (ours === null || theirs === null) return null;
    won += ours > theirs ? 1 : ours === theirs ? 0.5 : 0;
  }
  return won / score.folds.length;
}
