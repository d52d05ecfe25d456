/**
 * The likelihood of a mixture of rewards, with gradient and exact curvature.
 *
 *   log L = Σᵢ wᵢ log Σ_k share_k exp ℓᵢ(θ_k) − (λ/2) Σ θ²
 *   ∇     = Σᵢ wᵢ gᵢ,   gᵢ = E[cᵢₖ] = ( ρᵢₖ sᵢₖ for every k, ρᵢ − share )
 *   ∇²    = Σᵢ wᵢ ( E[∂²ᵢₖ] + E[cᵢₖ cᵢₖᵀ] − gᵢ gᵢᵀ )
 *
 * with cᵢₖ the score if i were known to be of class k and E the mean over ρᵢ. Σᵢ wᵢ ρᵢₖ ∂²ℓᵢ(θ_k) is
 * the curvature of class k's own fit with these weights.
 *
 * Reference: Louis (1982), Journal of the Royal Statistical Society B 44(2), eq. 3.2.
 */

import { likelihoodMoments } from '../planning/moments.ts';
import { linearReward } from '../rewards/linearReward.ts';
import type { Classes, ClassSpace } from './classSpace.ts';
import { createCriterion } from './createCriterion.ts';
import type { LinearObjective } from './linearObjective.ts';
import { memberships } from './memberships.ts';
import type { Problem } from './problem.ts';
import { createTrajectoryScores, type TrajectoryScores } from './trajectoryScores.ts';

/** What the minimiser sees is minus log L per decision, as for a single class. */
export interface MixtureObjective extends LinearObjective {
  /** The classes of the latest evaluation. */
  latest(): Classes;
  /** [trajectories × classes] ρ of the latest evaluation. */
  readonly posterior: Float64Array;
  /** [trajectories] log Lᵢ of the latest evaluation. */
  readonly logLikelihood: Float64Array;
  /** [classes] likelihoods and scores of trajectories, of the latest evaluation. */
  readonly ofClass: readonly TrajectoryScores[];
}

/** @param decisions what the objective is divided by */
export function mixtureObjective(
  problem: Problem,
  space: ClassSpace,
  decisions: number,
  l2: number,
): MixtureObjective {
  const { classCount, one } = space;
  const { count, weight } = problem.trajectories;
  const features = one.names.length;
  const width = one.free.length;
  const logits = classCount * width;
  const size = logits + classCount - 1;
  const perDecision = 1 / (decisions || 1);
  const ofClass = Array.from({ length: classCount }, () =>
    createTrajectoryScores(problem, 'scores'),
  );
  const posterior = new Float64Array(count * classCount);
  const logLikelihood = new Float64Array(count);
  let evaluations = 0;
  let latest: Classes = space.classesAt(new Float64Array(size));

  /** Overwrites `out` [x] with cᵢₖ, the score of i if it were of class k. */
  const completeScore = (i: number, k: number, out: Float64Array): void => {
    out.fill(0);
    const { score } = ofClass[k];
    for (let a = 0; a < width; a++)
      out[k * width + a] = score[i * features + one.free[a]] / one.spread[a];
    for (let j = 0; j < classCount - 1; j++) out[logits + j] = (j === k ? 1 : 0) - latest.share[j];
  };

  const hessian = (_x: Float64Array, out: Float64Array): void => {
    out.fill(0);
    for (let k = 0; k < classCount; k++) addClassCurvature(k, out);
    const total = weight.reduce((a, b) => a + b, 0);
    const { share } = latest;
    for (let j = 0; j < classCount - 1; j++)
      for (let m = 0; m < classCount - 1; m++)
        out[(logits + j) * size + logits + m] -= total * share[j] * ((j === m ? 1 : 0) - share[m]);
    const complete = new Float64Array(size);
    const mean = new Float64Array(size);
    for (let i = 0; i < count; i++) {
      mean.fill(0);
      for (let k = 0; k < classCount; k++) {
        const rho = posterior[i * classCount + k];
        completeScore(i, k, complete);
        addProduct(weight[i] * rho, complete, out);
        for (let a = 0; a < size; a++) mean[a] += rho * complete[a];
      }
      addProduct(-weight[i], mean, out);
    }
    for (let a = 0; a < size; a++)
      for (let b = 0; b < size; b++) {
        const ridge = a === b && a < logits ? l2 / space.spread[a] ** 2 : 0;
        out[a * size + b] = perDecision * (ridge - out[a * size + b]);
      }
  };

  /** Adds Σᵢ wᵢ ρᵢₖ ∂²ℓᵢ(θ_k), in x. */
  function addClassCurvature(k: number, out: Float64Array): void {
    const { world, goals, trajectories, time } = problem;
    const own = weight.map((w, i) => w * posterior[i * classCount + k]);
    const part = { ...problem, trajectories: { ...trajectories, weight: own } };
    const moments = likelihoodMoments(world.mdp, goals, part.trajectories, time);
    const criterion = createCriterion(part, moments);
    const reward = new Float64Array(world.mdp.pairCount);
    linearReward(world.mdp, problem.features).evaluate(latest.theta[k], reward);
    criterion.evaluate(reward, new Float64Array(reward.length));
    const curvature = new Float64Array(features * features);
    criterion.curvature(problem.features, curvature);
    for (let a = 0; a < width; a++)
      for (let b = 0; b < width; b++)
        out[(k * width + a) * size + k * width + b] +=
          curvature[one.free[a] * features + one.free[b]] / (one.spread[a] * one.spread[b]);
  }

  return {
    size,
    posterior,
    logLikelihood,
    ofClass,
    latest: () => latest,
    evaluations: () => evaluations,
    thetaOf: (x) => flat(space.classesAt(x)),
    coordinatesOf: (theta) => {
      const thetas = Array.from({ length: classCount }, (_, k) =>
        theta.slice(k * features, (k + 1) * features),
      );
      return space.coordinatesOf({ theta: thetas, share: theta.slice(classCount * features) });
    },

    evaluate(x, gradient) {
      evaluations++;
      const classes = space.classesAt(x);
      const isFeasible = classes.theta.every((theta, k) => ofClass[k].evaluate(theta));
      if (!isFeasible) return Number.POSITIVE_INFINITY;
      latest = classes;
      const { theta, share } = classes;
      const logs = ofClass.map((one) => one.logLikelihood);
      memberships(logs, share, posterior, logLikelihood);
      gradient.fill(0);
      let value = 0;
      for (let i = 0; i < count; i++) {
        value += weight[i] * logLikelihood[i];
        for (let k = 0; k < classCount; k++) {
          const rho = weight[i] * posterior[i * classCount + k];
          const { score } = ofClass[k];
          for (let a = 0; a < width; a++)
            gradient[k * width + a] += rho * score[i * features + one.free[a]];
          if (k < classCount - 1) gradient[logits + k] += rho - weight[i] * share[k];
        }
      }
      let penalty = 0;
      for (let k = 0; k < classCount; k++) {
        for (const t of theta[k]) penalty += 0.5 * l2 * t * t;
        for (let a = 0; a < width; a++) {
          const g = gradient[k * width + a] - l2 * theta[k][one.free[a]];
          gradient[k * width + a] = g / one.spread[a];
        }
      }
      for (let a = 0; a < size; a++) gradient[a] *= -perDecision;
      return perDecision * (penalty - value);
    },
    hessian,
    uphillHessian: hessian,
  };
}

/** All θ, class after class, and then all shares: the values of the space's parameters. */
export function flat({ theta, share }: Classes): Float64Array {
  return Float64Array.from([...theta.flatMap((own) => [...own]), ...share]);
}

/** Adds weight · x xᵀ. */
function addProduct(weight: number, x: Float64Array, out: Float64Array): void {
  const size = x.length;
  for (let a = 0; a < size; a++) {
    const scaled = weight * x[a];
    if (scaled === 0) continue;
    for (let b = 0; b < size; b++) out[a * size + b] += scaled * x[b];
  }
}
