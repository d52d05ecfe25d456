/**
 * Fits a linear reward and then a network beside it, by exact planning:
 *
 * 1. The linear reward alone, exactly; the network begins as 0, so nothing is lost by adding it.
 * 2. Both together on some of the trajectories, until the likelihood of those held out has not risen
 *    for a while.
 * 3. Both together on all trajectories, for as many iterations as were best; by Adam, whose rate falls
 *    to a tenth here, until the rates of all iterations add up to those of the best.
 *
 * Where no iteration was better than the linear reward, that is what remains.
 *
 * The same seed gives the same bits, also across an interruption. Plans begin from those before, so
 * every few iterations they are forgotten, and only from there can one go on: what came after is done
 * again, and so are the linear fits.
 *
 * References: Ziebart, Bagnell & Dey (2010), ICML; Wulfmeier, Ondruska & Posner (2015), arXiv
 * 1507.04888, algorithm 1; Goodfellow, Bengio & Courville (2016), Deep learning, algorithm 7.2.
 */

import { z } from 'zod';
import { engineAtOnce } from '../../networks/openEngine.ts';
import { createRng } from '../../numeric/rng.ts';
import type { Step } from '../../optimizers/minimizer.ts';
import { networkReward } from '../../rewards/networkReward.ts';
import { type Fit, type FitOptions, type FitProgress, finish } from '../algorithm.ts';
import { parameterSpace } from '../parameters.ts';
import type { Problem } from '../problem.ts';
import { describeNetwork, type Learned } from './describeNetwork.ts';
import { NetworkOptions } from './networkOptions.ts';
import { type NetworkLearner, networkPart } from './networkPart.ts';
import { networkSearch, networkSplit, Search } from './networkSearch.ts';
import type { RewardLikelihood } from './rewardLikelihood.ts';

/** Iterations from one place where a fit can be gone on with to the next. */
const ANCHOR = 5;
/** Mean of a rate that falls to a tenth, as a share of what it was. */
const MEAN_RATE = 0.55;

/** Where a fit can be gone on with: in which part, which is to begin where `inner` is null. */
const Anchor = z.object({
  part: z.enum(['linear', 'search', 'final']),
  inner: z.record(z.string(), z.unknown()).nullable(),
  search: Search.nullable(),
  plans: z.int().describe('Goals planned for until there, beside those of the linear fits'),
});
type Anchor = z.output<typeof Anchor>;

const BEGINNING: Anchor = { part: 'linear', inner: null, search: null, plans: 0 };

export function* fitNetwork(
  problem: Problem,
  options: FitOptions,
  likelihood: RewardLikelihood,
): Generator<FitProgress, Fit> {
  if (options.objective === 'feature-matching')
    throw new RangeError(
      'Cannot fit a network by feature matching: it has no features to match; use the likelihood',
    );
  const { resume, engine = engineAtOnce(), ...rest } = options;
  const settings = NetworkOptions.parse(options.network ?? {});
  const seed = options.seed ?? 0;
  let anchor = resume?.network ? Anchor.parse(resume.network) : BEGINNING;
  const { world, features } = problem;
  const linear = yield* linearPart(likelihood.linear.fit(problem, rest));
  if (linear.logLikelihood === null || linear.stop === 'unbounded') return linear;

  const reward = networkReward(world.mdp, features, engine, settings.hidden);
  const first = reward.draw(createRng(seed, 'network'));
  const tally = { plans: anchor.plans };
  const learner: NetworkLearner = {
    reward,
    space: parameterSpace(world.mdp, features, problem.temperature, rest),
    pairCount: world.mdp.pairCount,
    penalties: { linear: options.l2 ?? 0, network: settings.l2 },
    settings,
    seed,
    tally,
    criterion: (part) => likelihood.criterion(part),
  };
  const startAt = (fit: Fit): Float64Array => {
    const theta = new Float64Array(reward.size);
    fit.parameters.forEach(({ estimate }, k) => {
      theta[k] = estimate;
    });
    theta.set(first, reward.linearSize);
    return theta;
  };

  const split = networkSplit(problem, settings.heldOut, seed);
  let search = anchor.search;
  if (split && anchor.part !== 'final') {
    const alone = finish(likelihood.linear.fit(split.training, rest));
    if (alone.logLikelihood !== null) search = yield* searchPart(split, startAt(alone));
    anchor = { part: 'final', inner: null, search, plans: tally.plans };
  }
  const learned = yield* finalPart(startAt(linear));
  const { goalsPerStep } = settings;
  return describeNetwork({
    problem,
    likelihood,
    reward,
    linear,
    learned,
    search,
    held: split?.watched.trajectories.count ?? 0,
    told: {
      hidden: settings.hidden,
      l2: settings.l2,
      plans: tally.plans,
      ...(goalsPerStep === undefined ? {} : { goalsPerStep, rate: settings.rate }),
      engine: engine.name,
    },
  });

  /** The linear fit, which is done again after an interruption. */
  function* linearPart(steps: Generator<FitProgress, Fit>): Generator<FitProgress, Fit> {
    for (;;) {
      const next = steps.next();
      if (next.done) return next.value;
      yield { ...next.value, checkpoint: { network: anchor } };
    }
  }

  function* searchPart(
    parts: NonNullable<typeof split>,
    start: Float64Array,
  ): Generator<FitProgress, Search> {
    const { inner } = anchor;
    const before = inner && search ? { inner, search } : null;
    const steps = networkSearch(parts, learner, start, before);
    for (;;) {
      const next = steps.next();
      if (next.done) return next.value;
      const { step, search: now, decisions, forget } = next.value;
      yield progress('search', step, now, decisions, step.iteration, forget);
    }
  }

  /** Minimises on everything, for as many iterations as were best. */
  function* finalPart(start: Float64Array): Generator<FitProgress, Learned> {
    const best = search?.best ?? settings.maxIterations;
    if (best === 0)
      return { theta: start, stop: 'converged', gradientNorm: linear.gradientNorm, evaluations: 0 };
    const falls = settings.goalsPerStep !== undefined;
    const iterations = falls && search ? Math.ceil(best / MEAN_RATE) : best;
    const part = networkPart(problem, learner);
    const { inner } = anchor;
    const steps = part.minimize(start, iterations, falls, anchor.part === 'final' ? inner : null);
    let next = steps.next();
    for (; !next.done; next = steps.next()) {
      const number = (search?.iterations ?? 0) + next.value.iteration;
      yield progress('final', next.value, search, part.decisions, number, () => part.forget());
    }
    const { x, stop, gradientNorm, evaluations } = next.value;
    const early = ranOut(search) ? 'max-iterations' : 'stopped-early';
    const failed = stop === 'infeasible' || stop === 'not-finite';
    return {
      theta: part.thetaOf(x),
      stop: search && !failed ? early : stop,
      gradientNorm: Number.isFinite(gradientNorm) ? gradientNorm : null,
      evaluations,
    };
  }

  function progress(
    part: Anchor['part'],
    { iteration, evaluations, value, gradientNorm, checkpoint }: Step,
    now: Search | null,
    decisions: number,
    number: number,
    forget: () => void,
  ): FitProgress {
    if (iteration % ANCHOR === 0) {
      forget();
      anchor = { part, inner: checkpoint, search: now, plans: tally.plans };
    }
    return {
      iteration: number,
      evaluations,
      value: -value * decisions,
      gradientNorm,
      checkpoint: { network: anchor },
    };
  }

  /** Whether held-out trajectories were still told better when the iterations ran out. */
  function ranOut(told: Search | null): boolean {
    return (
      told !== null &&
      told.iterations >= settings.maxIterations &&
      told.iterations - told.best < settings.patience
    );
  }
}
