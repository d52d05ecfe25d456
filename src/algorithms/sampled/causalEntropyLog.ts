/**
 * Maximum causal entropy from nothing but a log of transitions: soft fitted Q-iteration on its counts.
 *
 * The fixed point of that iteration is the exact plan in the dynamics that the log shows, and so is
 * what its adjoint counts; both are found at once by the exact engines, without waiting for sweeps.
 * The fit is the maximum of the likelihood in those dynamics, `converged` as any exact fit; that they
 * are estimated is not in its standard errors. The table of transitions says what can be chosen;
 * likelihoods and predictions of the fitted reward are planned in the world as given, what the log's
 * own plan gives stands beside.
 */

import { rewardAt } from '../../rewards/linearReward.ts';
import type { Algorithm, Fit } from '../algorithm.ts';
import { causalEntropy } from '../causalEntropy.ts';
import { logLikelihoodAt } from '../logLikelihoodAt.ts';
import { planArrays } from '../planArrays.ts';
import { plannedBehavior } from '../plannedBehavior.ts';
import { plannedChoices } from '../plannedChoices.ts';
import type { Problem } from '../problem.ts';
import { loggedProblem } from './loggedProblem.ts';
import { sampledSettings } from './sampledOptions.ts';

/** A choice with fewer recorded outcomes than this is thin. */
const THIN = 5;

export const causalEntropyLog: Algorithm = {
  name: 'causal-entropy-log',
  summary: 'Causal entropy from recorded outcomes alone: the dynamics are what the log shows',
  *fit(problem, options) {
    const { pairCount } = problem.world.mdp;
    const { unseen, entropy } = sampledSettings(options.sampling, pairCount);
    if (entropy !== 'nats')
      throw new RangeError(
        'Cannot count entropy relative to choosing at random in causal-entropy-log: only causal-entropy-simulator does',
      );
    const logged = loggedProblem(problem, unseen);
    const inLog = yield* causalEntropy.fit(logged.problem, options);
    const theta = Float64Array.from(inLog.parameters, ({ estimate }) => estimate);
    const found = theta.every(Number.isFinite);
    const likelihoodOf = (part: Problem): number | null =>
      found ? logLikelihoodAt(part, theta) : null;
    const { recorded } = logged.dynamics;
    const fit: Fit = {
      ...inLog,
      logLikelihood: likelihoodOf(problem),
      details: {
        ...inLog.details,
        log: {
          outcomes: recorded.reduce((sum, n) => sum + n, 0),
          unseenChoices: logged.dynamics.unseen.length,
          thinChoices: recorded.filter((n) => n > 0 && n < THIN).length,
          ownLogLikelihood: inLog.logLikelihood,
        },
      },
      arrays: found
        ? { ...inLog.arrays, ...planArrays(problem, rewardAt(problem, theta)) }
        : inLog.arrays,
      predict: (others) => likelihoodOf({ ...problem, trajectories: others }),
      predictChoices: (others, visit) =>
        found &&
        plannedChoices({ ...problem, trajectories: others }, rewardAt(problem, theta), visit),
      behaviorIn: (there) => (found ? plannedBehavior(there, rewardAt(there, theta)) : null),
    };
    return fit;
  },
};
