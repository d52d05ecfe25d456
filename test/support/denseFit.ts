/**
 * The maximiser θ̂ by damped Newton on the exact Hessian, and whether it can be trusted: is the
 * optimum a point (identified), is it at a finite place (bounded), is it the only one.
 *
 *   (−H + λ diag) step = g,   λ raised until the step climbs, lowered after
 *
 * Everything is done in units of each feature's largest size, so that "small" means the same for
 * a feature in metres and one in kilometres.
 */

import { solveDense, symmetricSpectrum } from './denseLinearAlgebra.ts';
import { type DenseObjective, denseObjective } from './denseObjective.ts';
import { type DenseProblem, denseProblem } from './denseProblem.ts';
import { seededRandom } from './seededRandom.ts';
import type { FitSettings, Tables } from './tables.ts';

export interface DenseFit {
  readonly problem: DenseProblem;
  /** [features] θ̂; fixed parameters at their value. */
  readonly theta: readonly number[];
  readonly logLikelihood: number;
  /** [features] √ diag (−H)⁻¹ of the objective; 0 for fixed parameters. */
  readonly standardErrors: readonly number[];
  /** The gradient vanishes at θ̂. */
  readonly converged: boolean;
  /** Smallest eigenvalue of −H per decision without the penalty, in scaled units. */
  readonly information: number;
  /** The largest |θ̂| in scaled units. */
  readonly reach: number;
  /** All starts lead to the same θ̂. */
  readonly unique: boolean;
  /** θ = 0 (with the fixed values) has finite values. */
  readonly feasibleAtZero: boolean;
}

/** Reads the tables and returns their θ̂, or null where no feasible θ was found. */
export function denseFit(
  tables: Tables,
  settings: FitSettings,
  hints: readonly (readonly number[])[] = [],
): DenseFit | null {
  const problem = denseProblem(tables, settings);
  const scale = featureSizes(problem);
  const names = problem.featureNames;
  const fixed = names.map((name) => settings.fixed?.get(name));
  const free = names.map((_, k) => k).filter((k) => fixed[k] === undefined);
  const place = (phi: readonly number[]) => {
    const theta = fixed.map((value) => value ?? 0);
    free.forEach((k, i) => {
      theta[k] = phi[i] / scale[k];
    });
    return theta;
  };
  const objective = (phi: readonly number[]): DenseObjective | null => {
    const full = denseObjective(problem, place(phi), settings);
    if (!full) return null;
    return {
      ...full,
      gradient: free.map((k) => full.gradient[k] / scale[k]),
      hessian: free.map((k) => free.map((l) => full.hessian[k][l] / (scale[k] * scale[l]))),
    };
  };

  const starts = hints.map((theta) => free.map((k) => theta[k] * scale[k]));
  const zero = free.map(() => 0);
  const found = feasibleStart(objective, zero);
  if (found) starts.push(found);
  const climbs = starts.flatMap((start) => maximise(objective, start) ?? []);
  if (climbs.length === 0) return null;
  const best = climbs.reduce((a, b) => (b.at.value > a.at.value ? b : a));
  const unique = climbs.every((climb) =>
    climb.phi.every((x, i) => Math.abs(x - best.phi[i]) <= 1e-6 * (1 + Math.abs(x))),
  );
  const decisions = Math.max(problem.counts.decisions, 1);
  const minus = best.at.hessian.map((row) => row.map((h) => -h));
  const l2 = settings.l2 ?? 0;
  const unpenalised = minus.map((row, i) =>
    row.map((h, j) => (i === j ? h - l2 / scale[free[i]] ** 2 : h)),
  );
  const inverse = solveDense(
    minus,
    minus.map((row, i) => row.map((_, j) => (i === j ? 1 : 0))),
  );
  const standardErrors = names.map(() => 0);
  free.forEach((k, i) => {
    standardErrors[k] = inverse ? Math.sqrt(inverse[i][i]) / scale[k] : Number.POSITIVE_INFINITY;
  });
  return {
    problem,
    theta: place(best.phi),
    logLikelihood: best.at.logLikelihood,
    standardErrors,
    converged: Math.max(0, ...best.at.gradient.map(Math.abs)) <= 1e-9 * decisions,
    information: Math.min(...symmetricSpectrum(unpenalised)) / decisions,
    reach: Math.max(0, ...best.phi.map(Math.abs)),
    unique,
    feasibleAtZero: objective(zero) !== null,
  };
}

/** [features] the largest |f| over all moves of all tasks; 1 for a feature that is always 0. */
function featureSizes(problem: DenseProblem): number[] {
  return problem.featureNames.map(
    (_, k) =>
      Math.max(
        0,
        ...problem.tasks.flatMap((task) =>
          task.moves.flatMap((moves) => moves.map((move) => Math.abs(move.features[k]))),
        ),
      ) || 1,
  );
}

type Objective = (phi: readonly number[]) => DenseObjective | null;

/** θ = 0, or else ever longer steps along single features and random directions. */
function feasibleStart(objective: Objective, zero: readonly number[]): number[] | null {
  if (objective(zero)) return [...zero];
  const random = seededRandom(1);
  const directions = zero.flatMap((_, k) =>
    [-1, 1].map((sign) => zero.map((_, l) => (l === k ? sign : 0))),
  );
  for (let extra = 0; extra < 30; extra++) directions.push(zero.map(() => random.normal()));
  for (let length = 1; length <= 64; length *= 2) {
    for (const direction of directions) {
      const start = direction.map((x) => length * x);
      if (objective(start)) return start;
    }
  }
  return null;
}

function maximise(
  objective: Objective,
  start: readonly number[],
): { phi: number[]; at: DenseObjective } | null {
  const first = objective(start);
  if (!first) return null;
  let phi = [...start];
  let at: DenseObjective = first;
  let damping = 0;
  for (let iteration = 0; iteration < 300; iteration++) {
    const { gradient, hessian, value } = at;
    const system = hessian.map((row, i) => row.map((h, j) => (i === j ? damping - h : -h)));
    const step =
      Math.min(...symmetricSpectrum(system)) > 0 &&
      solveDense(
        system,
        gradient.map((g) => [g]),
      );
    if (step) {
      const next = phi.map((x, i) => x + step[i][0]);
      const there = objective(next);
      const slope = gradient.reduce((sum, g, i) => sum + g * step[i][0], 0);
      // Within rounding of the top the value cannot tell, and the gradient decides.
      const rounding = 1e-13 * Math.abs(value);
      const climbs = there && there.value - value >= 1e-4 * slope - rounding;
      if (there && climbs && (slope > rounding || norm(there.gradient) < norm(gradient))) {
        [phi, at] = [next, there];
        damping = damping > 1e-6 ? damping / 8 : 0;
        continue;
      }
      if (slope <= rounding && damping === 0) break;
    }
    damping = damping === 0 ? 1e-4 * (1 + norm(gradient)) : damping * 4;
    if (damping > 1e15) break;
  }
  return { phi, at };
}

function norm(vector: readonly number[]): number {
  return Math.max(0, ...vector.map(Math.abs));
}
