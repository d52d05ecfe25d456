/**
 * Expectation maximisation for classes of demonstrators: who belongs where, then the fit of each
 * class with everybody weighted by that.
 *
 *   E:  ρᵢₖ ∝ share_k exp ℓᵢ(θ_k)
 *   M:  θ_k = argmax Σᵢ wᵢ ρᵢₖ ℓᵢ(θ) − (λ/2) ‖θ‖²,   share_k = Σᵢ wᵢ ρᵢₖ / Σᵢ wᵢ
 *
 * A few Newton steps uphill stand for the maximum of M; as long as a step does not lower what M
 * maximises, the likelihood of the mixture cannot fall. It rises fast at first and then crawls, so
 * this is only the beginning of a fit: Newton on the mixture itself is its end.
 *
 * Reference: Dempster, Laird & Rubin (1977), Journal of the Royal Statistical Society B 39(1).
 */

import { lbfgs } from '../optimizers/lbfgs.ts';
import { trustRegionNewton } from '../optimizers/trustRegionNewton.ts';
import { likelihoodMoments } from '../planning/moments.ts';
import { linearReward } from '../rewards/linearReward.ts';
import type { Classes, ClassSpace } from './classSpace.ts';
import { createCriterion } from './createCriterion.ts';
import { minimizeInStages, NEWTON_LIMIT, type Stage } from './fitStages.ts';
import { linearObjective } from './linearObjective.ts';
import { memberships } from './memberships.ts';
import { decisionsPerTrajectory, type Problem } from './problem.ts';
import { createTrajectoryScores } from './trajectoryScores.ts';

export interface EmSettings {
  readonly l2: number;
  readonly maxIterations: number;
  /** Stop when the log-likelihood rises by less than this per trajectory. */
  readonly tolerance: number;
}

export interface EmStep {
  readonly iteration: number;
  readonly classes: Classes;
  /** Log-likelihood of the mixture at `classes`, penalty included. */
  readonly value: number;
}

/** A class whose members weigh less than this all together keeps its θ. */
const EMPTY = 1e-8;
/** The smallest share of a trajectory in a class that its fit looks at. */
const NEGLIGIBLE = 1e-12;
const ROUND_OFF = 1e-9;

/**
 * Improves classes step by step; the first step reported is the start itself. Returns null where
 * the start is infeasible.
 *
 * @param start the classes, or [trajectories × classes] who belongs where and a θ to begin at
 */
export function* expectationMaximization(
  problem: Problem,
  space: ClassSpace,
  start: Classes | { readonly posterior: Float64Array; readonly theta: Float64Array },
  { l2, maxIterations, tolerance }: EmSettings,
): Generator<EmStep, EmStep | null> {
  const { classCount } = space;
  const { count, weight } = problem.trajectories;
  const engines = Array.from({ length: classCount }, () =>
    createTrajectoryScores(problem, 'likelihoods'),
  );
  const posterior = new Float64Array(count * classCount);
  const total = new Float64Array(count);

  /** The E step; returns the penalised log-likelihood, or null where a class is infeasible. */
  const expect = ({ theta, share }: Classes): number | null => {
    if (!engines.every((engine, k) => engine.evaluate(theta[k]))) return null;
    memberships(
      engines.map(({ logLikelihood }) => logLikelihood),
      share,
      posterior,
      total,
    );
    let value = 0;
    for (let i = 0; i < count; i++) value += weight[i] * total[i];
    for (const own of theta) for (const t of own) value -= 0.5 * l2 * t * t;
    return value;
  };

  let classes: Classes;
  if ('share' in start) classes = start;
  else {
    posterior.set(start.posterior);
    const same = Array.from({ length: classCount }, () => start.theta);
    classes = maximize(problem, space, posterior, same, l2, FIRST_STEPS);
  }
  const first = expect(classes);
  if (first === null) return null;
  let step: EmStep = { iteration: 0, classes, value: first };
  yield step;
  const enough = tolerance * weight.reduce((a, b) => a + b, 0);
  while (step.iteration < maxIterations) {
    const next = maximize(problem, space, posterior, step.classes.theta, l2, STEPS);
    const value = expect(next);
    // Next to the edge of feasibility, or in round-off, there is nothing more to be had this way.
    if (value === null || !(value >= step.value - ROUND_OFF * (1 + Math.abs(step.value)))) break;
    const gain = value - step.value;
    step = { iteration: step.iteration + 1, classes: next, value };
    yield step;
    if (gain < enough) break;
  }
  return step;
}

/** Newton steps of an M step, and of the first one, which begins far away. */
const STEPS = 3;
const FIRST_STEPS = 12;

function maximize(
  problem: Problem,
  space: ClassSpace,
  posterior: Float64Array,
  theta: readonly Float64Array[],
  l2: number,
  steps: number,
): Classes {
  const { classCount } = space;
  const { weight } = problem.trajectories;
  const share = new Float64Array(classCount);
  let all = 0;
  weight.forEach((w, i) => {
    all += w;
    for (let k = 0; k < classCount; k++) share[k] += w * posterior[i * classCount + k];
  });
  return {
    theta: theta.map((own, k) => {
      if (share[k] < EMPTY * all) return own;
      const members = weight.map((w, i) => {
        const rho = posterior[i * classCount + k];
        return rho < NEGLIGIBLE ? 0 : w * rho;
      });
      return fitClass(problem, space, members, own, l2, steps);
    }),
    // A share of exactly 0 would have no logarithm.
    share: share.map((sum) => Math.max(sum / all, Number.MIN_VALUE)),
  };
}

/** Takes a few steps uphill in the likelihood of one class's weighted members. */
function fitClass(
  problem: Problem,
  { one }: ClassSpace,
  members: Float64Array,
  theta: Float64Array,
  l2: number,
  steps: number,
): Float64Array {
  const { world, goals, trajectories, time, features } = problem;
  const part: Problem = { ...problem, trajectories: { ...trajectories, weight: members } };
  const decisions = decisionsPerTrajectory(part).reduce((sum, n, i) => sum + n * members[i], 0);
  const criterion = createCriterion(
    part,
    likelihoodMoments(world.mdp, goals, part.trajectories, time),
  );
  const objective = linearObjective(
    criterion,
    linearReward(world.mdp, features),
    features,
    world.mdp.pairCount,
    one,
    decisions,
    l2,
  );
  const byGradients = (criterion.curvatureIsDear ?? false) || one.free.length > NEWTON_LIMIT;
  const stage: Stage = byGradients
    ? { name: 'lbfgs', minimizer: lbfgs, tolerance: 1e-7, maxIterations: 2 * steps }
    : { name: 'newton', minimizer: trustRegionNewton, tolerance: 1e-7, maxIterations: steps };
  const start = objective.coordinatesOf(theta);
  const run = minimizeInStages(objective, start, one, decisions, [stage], undefined);
  let next = run.next();
  while (!next.done) next = run.next();
  const { stop, x } = next.value;
  return stop === 'infeasible' || stop === 'not-finite' ? theta : objective.thetaOf(x);
}
