/** What was fitted by a linear reward and a network beside it, as a fit. */

import type { NetworkReward } from '../../rewards/networkReward.ts';
import type { Fit } from '../algorithm.ts';
import type { Problem } from '../problem.ts';
import type { Search } from './networkSearch.ts';
import type { RewardLikelihood } from './rewardLikelihood.ts';

const UNSURE =
  'the network beside it was stopped before an optimum: there is no curvature to take an error from';

/** Where the minimisation on everything ended. */
export interface Learned {
  readonly theta: Float64Array;
  readonly stop: Fit['stop'];
  readonly gradientNorm: number | null;
  readonly evaluations: number;
}

export interface NetworkFitParts {
  readonly problem: Problem;
  readonly likelihood: RewardLikelihood;
  readonly reward: NetworkReward;
  /** The fit of the linear part alone. */
  readonly linear: Fit;
  readonly learned: Learned;
  /** Null where nothing was held out. */
  readonly search: Search | null;
  /** How many trajectories were held out. */
  readonly held: number;
  /** What the result tells of the network besides. */
  readonly told: Readonly<Record<string, unknown>>;
}

export function describeNetwork(parts: NetworkFitParts): Fit {
  const { problem, likelihood, reward, linear, learned, search, held, told } = parts;
  const { world, features } = problem;
  const { theta, stop, gradientNorm, evaluations } = learned;
  const rewardIn = (there: Problem): Float64Array => {
    const same = there.world === world && there.features === features;
    if (!same) return reward.elsewhere(theta, there.world.mdp, there.features);
    const out = new Float64Array(world.mdp.pairCount);
    reward.evaluate(theta, out);
    return out;
  };
  const here = rewardIn(problem);
  const scoreOf = (part: Problem): number | null => {
    const value = likelihood.criterion(part).evaluate(here, new Float64Array(here.length));
    return Number.isFinite(value) ? value : null;
  };
  const network = {
    ...told,
    iterations: search?.best ?? null,
    linearLogLikelihood: linear.logLikelihood,
    heldOut: search
      ? {
          trajectories: held,
          linear: search.linear,
          network: search.highest,
          ...(search.linear === null
            ? { reasons: { linear: 'the linear reward is not feasible on these trajectories' } }
            : {}),
        }
      : null,
  };
  const hasLearned = search === null || search.best > 0;
  return {
    stop,
    stopReason: stopWords(stop, search),
    logLikelihood: scoreOf(problem),
    gradientNorm,
    evaluations: linear.evaluations + evaluations,
    parameters: linear.parameters.map((parameter, k) => ({
      ...parameter,
      estimate: theta[k],
      ...(parameter.held ? {} : { unsure: UNSURE }),
    })),
    unidentified: linear.unidentified,
    unbounded: [],
    freedom: linear.freedom + (hasLearned ? reward.size - reward.linearSize : 0),
    information: null,
    details: { ...linear.details, network },
    arrays: {
      reward: here,
      network: theta.slice(reward.linearSize),
      ...likelihood.arrays(problem, here),
    },
    predict: (others) => scoreOf({ ...problem, trajectories: others }),
    predictChoices: (others, visit) =>
      likelihood.choices({ ...problem, trajectories: others }, here, visit),
    behaviorIn: (there) => likelihood.behavior(there, rewardIn(there)),
  };
}

function stopWords(stop: Fit['stop'], search: Search | null): string | null {
  if (search?.best === 0)
    return 'no network told held-out trajectories better than the linear reward alone, which is what remains';
  if (stop === 'stopped-early')
    return `learned for the ${search?.best} iterations after which held-out trajectories were told best`;
  return stop === 'converged' ? null : 'the network had not settled when the iterations ran out';
}
