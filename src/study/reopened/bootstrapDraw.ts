/**
 * One draw of a bootstrap: data like those of a fit, and the fit to them, started at its estimates.
 *
 *   trajectory   n trajectories with replacement from the n that hold a decision; one drawn twice is
 *                two of them, as independent as the others, so that the sandwich of the refit is
 *                Σ m s sᵀ and not the Σ m² s sᵀ of a weight m
 *   parametric   the same starts, goals and lengths, behaviour drawn from the fitted reward
 *
 * A draw has a random stream of its own, so that it comes out the same wherever and whenever.
 */

import type { FitProgress } from '../../algorithms/algorithm.ts';
import { fitEngine } from '../../algorithms/fitEngine.ts';
import { decisionsPerTrajectory, type Problem } from '../../algorithms/problem.ts';
import { algorithms } from '../../algorithms/registry.ts';
import type { BootstrapDraw, BootstrapKind } from '../../evaluation/inference/bootstrapResult.ts';
import {
  type StandardErrorKind,
  standardErrors,
} from '../../evaluation/inference/standardErrors.ts';
import { simulateTrajectories } from '../../evaluation/prediction/simulateTrajectories.ts';
import { pickTrajectories, type Trajectories } from '../../mdp/trajectories.ts';
import { createRng, type Rng } from '../../numeric/rng.ts';
import { minimizers } from '../../optimizers/registry.ts';
import type { ReopenedFit } from './reopen.ts';

/** The name of a draw's random stream, but for its number. */
export const STREAM = 'bootstrap draw';

/** The standard error by which draws of a kind are studentised. */
export const STUDENTISED_BY = {
  trajectory: 'sandwich',
  parametric: 'hessian',
} as const satisfies Record<BootstrapKind, StandardErrorKind>;

/** What of a reopened fit a draw needs. */
export type BootstrappedFit = Pick<ReopenedFit, 'problem' | 'theta' | 'specification'> & {
  readonly method: { readonly unidentified?: readonly unknown[] | undefined };
};

/**
 * @param draw its number, from 0
 * @param onProgress told after every iteration; may throw to end the refit
 */
export async function bootstrapDraw(
  { problem, theta, specification, method }: BootstrappedFit,
  kind: BootstrapKind,
  seed: number,
  draw: number,
  onProgress: (progress: FitProgress) => Promise<void> = async () => {},
): Promise<BootstrapDraw> {
  const rng = createRng(seed, `${STREAM} ${draw}`);
  const trajectories: Trajectories =
    kind === 'trajectory'
      ? resampled(problem, rng)
      : simulateTrajectories(problem, theta, rng).trajectories;
  const algorithm = await algorithms[specification.method]();
  const { optimizer, ...options } = specification.fit;
  const engine = await fitEngine(algorithm, options);
  const start = problem.features.names.map((name, k): [string, number] => [name, theta[k]]);
  const steps = algorithm.fit(
    { ...problem, trajectories },
    {
      ...options,
      start: Object.fromEntries(start.filter(([name]) => !Object.hasOwn(options.fix ?? {}, name))),
      seed,
      ...(optimizer ? { optimizer: await minimizers[optimizer]() } : {}),
      ...(engine ? { engine } : {}),
    },
  );
  let next = steps.next();
  for (; !next.done; next = steps.next()) await onProgress(next.value);
  engine?.release();
  const { stop, parameters, unidentified, information } = next.value;
  const failed = (why: string): BootstrapDraw => ({ stop: why, estimates: null, errors: null });
  if (stop !== 'converged') return failed(stop);
  if (unidentified.length > (method.unidentified?.length ?? 0)) return failed('not-identified');
  const inference = information && standardErrors(information, parameters.length);
  return {
    stop,
    estimates: parameters.map(({ estimate }) => estimate),
    errors: parameters.map((_, k) => inference?.of(k).errors[STUDENTISED_BY[kind]] ?? null),
  };
}

/** As many trajectories drawn with replacement as hold a decision that counts, in their order. */
export function resampled(problem: Problem, rng: Rng): Trajectories {
  const { weight } = problem.trajectories;
  const decisions = decisionsPerTrajectory(problem);
  const units = [...weight.keys()].filter((i) => weight[i] > 0 && decisions[i] > 0);
  const drawn = units.map(() => units[Math.floor(rng() * units.length)]);
  return pickTrajectories(
    problem.trajectories,
    drawn.sort((a, b) => a - b),
  );
}
