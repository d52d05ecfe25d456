/**
 * Fits a linear reward and then a network beside it, by exact planning:
 *
 * 1. The linear reward alone, exactly; the network begins as 0, so nothing is lost by adding it.
 * 2. Both together on some of the trajectories by L-BFGS, until the likelihood of those held out has
 *    not risen for a while.
 * 3. Both together on all trajectories, for as many iterations as were best.
 *
 * Where no iteration was better than the linear reward, that is what remains.
 *
 * References: Ziebart, Bagnell & Dey (2010), ICML; Wulfmeier, Ondruska & Posner (2015), arXiv
 * 1507.04888, algorithm 1; Goodfellow, Bengio & Courville (2016), Deep learning, algorithm 7.2.
 */

import { selectTrajectories } from '../../mdp/trajectories.ts';
import { kernelEngine } from '../../networks/kernelEngine.ts';
import { createRng, permutation } from '../../numeric/rng.ts';
import { lbfgs } from '../../optimizers/lbfgs.ts';
import type { Checkpoint } from '../../optimizers/minimizer.ts';
import type { Criterion } from '../../planning/criterion.ts';
import { networkReward } from '../../rewards/networkReward.ts';
import {
  type Algorithm,
  type Fit,
  type FitOptions,
  type FitProgress,
  finish,
} from '../algorithm.ts';
import type { Behavior, VisitChoice } from '../behavior.ts';
import { parameterSpace } from '../parameters.ts';
import { type Problem, weightedDecisions } from '../problem.ts';
import { networkObjective } from './networkObjective.ts';
import { NetworkOptions } from './networkOptions.ts';

/** A rise of the held-out log-likelihood per decision below this is none. */
const RISE = 1e-6;
/** A score per decision that single precision can still tell from 0. */
const TOLERANCE = 1e-6;

/** What makes a likelihood of rewards of pairs. */
export interface RewardLikelihood {
  /** Fits the linear part alone. */
  readonly linear: Algorithm;
  criterion(problem: Problem): Criterion;
  choices(problem: Problem, reward: Float64Array, visit: VisitChoice): boolean;
  behavior(problem: Problem, reward: Float64Array): Behavior;
  /** What to keep beside the reward. */
  arrays(problem: Problem, reward: Float64Array): Record<string, Float64Array>;
}

/** Where a fit was interrupted; the linear fits are done again. */
interface Interrupted {
  readonly part: 'search' | 'final';
  readonly inner: Checkpoint;
  readonly search: Search;
}

/** How the held-out likelihood went. */
interface Search {
  readonly iterations: number;
  readonly best: number;
  /** Log-likelihood held out: of the linear reward alone, and at the best iteration. */
  readonly linear: number;
  readonly highest: number;
}

export function* fitNetwork(
  problem: Problem,
  options: FitOptions,
  likelihood: RewardLikelihood,
): Generator<FitProgress, Fit> {
  if (options.objective === 'feature-matching')
    throw new RangeError(
      'Cannot fit a network by feature matching: it has no features to match; use the likelihood',
    );
  const { resume, ...rest } = options;
  const settings = NetworkOptions.parse(options.network ?? {});
  const interrupted = resume?.network as Interrupted | undefined;
  const begin = interrupted ? rest : options;
  const linear = yield* likelihood.linear.fit(problem, begin);
  if (linear.logLikelihood === null || linear.stop === 'unbounded') return linear;

  const { world, features, trajectories } = problem;
  const engine = kernelEngine('kernels', 512);
  const reward = networkReward(world.mdp, features, engine, settings.hidden);
  const first = reward.draw(createRng(options.seed ?? 0, 'network'));
  const startAt = (fit: Fit): Float64Array => {
    const theta = new Float64Array(reward.size);
    fit.parameters.forEach(({ estimate }, k) => {
      theta[k] = estimate;
    });
    theta.set(first, reward.linearSize);
    return theta;
  };

  const held = heldOutOf(trajectories.count, settings.heldOut, options.seed ?? 0);
  let search: Search | null = interrupted?.search ?? null;
  if (held && interrupted?.part !== 'final') {
    const part = (inside: boolean): Problem => ({
      ...problem,
      trajectories: selectTrajectories(trajectories, (i) => held.has(i) === inside),
    });
    const training = part(false);
    const alone = finish(likelihood.linear.fit(training, rest));
    if (alone.logLikelihood !== null)
      search = yield* searchIterations(
        training,
        part(true),
        startAt(alone),
        interrupted?.inner ?? null,
        interrupted?.search ?? null,
      );
  }
  const iterations = search ? search.best : settings.maxIterations;
  const theta = yield* learn(startAt(linear), iterations, search, interrupted ?? null);
  return describe(theta, search);

  /** Minimises on the training part, watching the other. */
  function* searchIterations(
    training: Problem,
    watched: Problem,
    start: Float64Array,
    inner: Checkpoint | null,
    before: Search | null,
  ): Generator<FitProgress, Search> {
    const objective = objectiveOf(training);
    const decisions = weightedDecisions(training);
    const outside = likelihood.criterion(watched);
    const enough = RISE * weightedDecisions(watched);
    const rewards = new Float64Array(world.mdp.pairCount);
    const scratch = new Float64Array(world.mdp.pairCount);
    const score = (at: Float64Array): number => {
      reward.evaluate(at, rewards);
      return outside.evaluate(rewards, scratch);
    };
    const alone = before?.linear ?? score(start);
    let now: Search = before ?? { iterations: 0, best: 0, linear: alone, highest: alone };
    const steps = lbfgs.minimize(objective, objective.coordinatesOf(start), {
      tolerance: TOLERANCE,
      maxIterations: settings.maxIterations,
      lower: objective.lower,
      upper: objective.upper,
      ...(inner ? { resume: inner } : {}),
    });
    for (let next = steps.next(); !next.done; next = steps.next()) {
      const { iteration, value, gradientNorm, x, checkpoint } = next.value;
      const reached = score(objective.thetaOf(x));
      const better = reached > now.highest + enough;
      now = {
        ...now,
        iterations: iteration,
        ...(better ? { best: iteration, highest: reached } : {}),
      };
      yield {
        iteration,
        evaluations: objective.evaluations(),
        value: -value * decisions,
        gradientNorm,
        checkpoint: { network: { part: 'search', inner: checkpoint, search: now } },
      };
      if (iteration - now.best >= settings.patience) break;
    }
    return now;
  }

  /** Minimises on everything, for so many iterations. */
  function* learn(
    start: Float64Array,
    iterations: number,
    searched: Search | null,
    before: Interrupted | null,
  ): Generator<FitProgress, Learned> {
    const objective = objectiveOf(problem);
    const decisions = weightedDecisions(problem);
    const x = objective.coordinatesOf(start);
    const gradient = new Float64Array(x.length);
    if (iterations === 0)
      return { theta: start, stop: 'converged', gradientNorm: linear.gradientNorm, evaluations: 0 };
    const steps = lbfgs.minimize(objective, x, {
      tolerance: TOLERANCE,
      maxIterations: iterations,
      lower: objective.lower,
      upper: objective.upper,
      ...(before?.part === 'final' ? { resume: before.inner } : {}),
    });
    let next = steps.next();
    for (; !next.done; next = steps.next())
      yield {
        iteration: (searched?.iterations ?? 0) + next.value.iteration,
        evaluations: objective.evaluations(),
        value: -next.value.value * decisions,
        gradientNorm: next.value.gradientNorm,
        checkpoint: {
          network: { part: 'final', inner: next.value.checkpoint, search: searched },
        },
      };
    const end = next.value;
    gradient.set(end.gradient);
    return {
      theta: objective.thetaOf(end.x),
      stop: searched ? (ranOut(searched) ? 'max-iterations' : 'stopped-early') : end.stop,
      gradientNorm: Number.isFinite(end.gradientNorm) ? end.gradientNorm : null,
      evaluations: objective.evaluations(),
    };
  }

  /** Whether held-out trajectories were still told better when the iterations ran out. */
  function ranOut({ iterations, best }: Search): boolean {
    return iterations >= settings.maxIterations && iterations - best < settings.patience;
  }

  function objectiveOf(part: Problem) {
    const penalties = { linear: options.l2 ?? 0, network: settings.l2 };
    return networkObjective(
      likelihood.criterion(part),
      reward,
      world.mdp.pairCount,
      parameterSpace(world.mdp, features, problem.temperature, rest),
      weightedDecisions(part),
      penalties,
    );
  }

  function describe({ theta, stop, gradientNorm, evaluations }: Learned, told: Search | null): Fit {
    const learned = told === null || told.best > 0;
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
      hidden: settings.hidden,
      l2: settings.l2,
      iterations: told?.best ?? null,
      linearLogLikelihood: linear.logLikelihood,
      heldOut:
        held && told
          ? { trajectories: held.size, linear: told.linear, network: told.highest }
          : null,
      engine: engine.name,
    };
    return {
      stop,
      stopReason: stopWords(stop, told),
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
      freedom: linear.freedom + (learned ? reward.size - reward.linearSize : 0),
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
}

const UNSURE =
  'the network beside it was stopped before an optimum: there is no curvature to take an error from';

interface Learned {
  readonly theta: Float64Array;
  readonly stop: Fit['stop'];
  readonly gradientNorm: number | null;
  readonly evaluations: number;
}

function stopWords(stop: Fit['stop'], search: Search | null): string | null {
  if (search?.best === 0)
    return 'no network told held-out trajectories better than the linear reward alone, which is what remains';
  if (stop === 'stopped-early')
    return `learned for the ${search?.best} iterations after which held-out trajectories were told best`;
  return stop === 'converged' ? null : 'the network had not settled when the iterations ran out';
}

/** Which trajectories say how long to learn; null where there are none to spare. */
function heldOutOf(count: number, share: number, seed: number): Set<number> | null {
  if (share === 0 || count < 2) return null;
  const most = Math.min(count - 1, Math.max(1, Math.round(share * count)));
  return new Set(permutation(count, createRng(seed, 'held out of the network')).subarray(0, most));
}
