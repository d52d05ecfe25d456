/**
 * Maximum causal entropy by the loop whose planner is exchangeable, and with the planner that meets
 * the dynamics in a simulator only.
 *
 * The table of transitions serves to step through and to say what can be chosen; no probability of it
 * is read while fitting. What is reported of the fitted reward afterwards (likelihoods, predictions) is
 * planned exactly in the world as given; what the learner's own plan gives stands beside it.
 */

import { createSoftQLearner } from '../../learning/walks/softQLearner.ts';
import { engineAtOnce } from '../../networks/openEngine.ts';
import { rewardAt } from '../../rewards/linearReward.ts';
import {
  type Algorithm,
  type Fit,
  type FitOptions,
  type FitProgress,
  hasArrived,
} from '../algorithm.ts';
import type { Identification } from '../identification.ts';
import { logLikelihoodOf } from '../logLikelihoodAt.ts';
import { type ParameterSpace, parameterSpace } from '../parameters.ts';
import { plannedBehavior } from '../plannedBehavior.ts';
import { plannedChoices } from '../plannedChoices.ts';
import { type Problem, weightedDecisions } from '../problem.ts';
import { learnerWidth, networkLearner } from '../simulated/networkLearner.ts';
import { runawayWords } from '../stopWords.ts';
import { aliveOffset } from './aliveOffset.ts';
import { createExactPlanner } from './exactPlanner.ts';
import { knownIdentification } from './knownIdentification.ts';
import { createReplayPlanner } from './replayPlanner.ts';
import { plannerStateOf, type SampledLoopEnd, sampledLoop } from './sampledLoop.ts';
import { type SampledSettings, sampledSettings } from './sampledOptions.ts';
import type { SampledPlanner } from './sampledPlanner.ts';
import { sampledEndWords, samplingDetails } from './samplingDetails.ts';
import { createSimulatorPlanner } from './simulatorPlanner.ts';

export const causalEntropySimulator: Algorithm = {
  name: 'causal-entropy-simulator',
  summary:
    'Causal entropy by soft Q-learning on steps of a simulator and rollouts, without its dynamics',
  widestLayer: ({ sampling }) => (sampling?.planner === 'network' ? learnerWidth : null),
  fit: fitBySampling,
};

/** Fits a linear reward by the loop with any of its planners: `sampling.planner` says which. */
export function* fitBySampling(problem: Problem, options: FitOptions): Generator<FitProgress, Fit> {
  const { world, features, temperature, time } = problem;
  const layers = time.kind === 'finite' ? time.horizon : Math.max(1, problem.goals.length);
  const settings = sampledSettings(
    options.sampling,
    layers * world.mdp.pairCount,
    options.objective,
  );
  const space = parameterSpace(world.mdp, features, temperature, options);
  const offset = aliveOffset(world.mdp, temperature, settings.entropy);
  const planner = plannerOf(problem, options, settings, offset);
  const end = yield* sampledLoop(planner, space, {
    settings,
    tolerance: options.tolerance ?? 1e-9,
    maxRounds: Math.min(settings.rounds, options.maxIterations ?? settings.rounds),
    l2: options.l2 ?? 0,
    decisions: weightedDecisions(problem),
    resume: options.resume,
  });
  return fitOf(problem, options, { end, space, settings, planner });
}

function plannerOf(
  problem: Problem,
  { objective = 'likelihood', seed = 0, resume, engine: given }: FitOptions,
  settings: SampledSettings,
  offset: Float64Array,
): SampledPlanner {
  const options = { objective, offset, settings, seed, resume: plannerStateOf(resume) };
  switch (settings.planner) {
    case 'exact':
      return createExactPlanner(problem, objective, offset);
    case 'replay':
      return createReplayPlanner(problem, options);
    case 'rollouts':
      return createSimulatorPlanner(problem, options, createSoftQLearner);
    case 'network': {
      const engine = given ?? engineAtOnce();
      const planner = createSimulatorPlanner(problem, options, networkLearner(engine));
      return { ...planner, engine: engine.name };
    }
  }
}

/** What the loop left, and what it was. */
interface LoopRun {
  readonly end: SampledLoopEnd;
  readonly space: ParameterSpace;
  readonly settings: SampledSettings;
  readonly planner: SampledPlanner;
}

function fitOf(problem: Problem, options: FitOptions, run: LoopRun): Fit {
  const { end, space, settings } = run;
  const { theta } = end;
  const rewardIn = (there: Problem): Float64Array => {
    const { mdp } = there.world;
    const alive = aliveOffset(mdp, there.temperature, settings.entropy);
    return rewardAt(there, theta).map((r, pair) => r + alive[pair]);
  };
  const reward = rewardIn(problem);
  const likelihoodOf = (part: Problem): number | null => logLikelihoodOf(part, reward);
  const { unseen, details } = samplingDetails(problem, run);
  const known = identifyKnown(problem, options, run);
  const unbounded = known?.unbounded ?? [];
  const unidentified = known?.unidentified ?? unseen;
  const objective = options.objective ?? 'likelihood';
  return {
    stop: unbounded.length > 0 ? 'unbounded' : end.stop,
    stopReason:
      unbounded.length > 0 ? runawayWords(unbounded, objective) : sampledEndWords(problem, run),
    logLikelihood: likelihoodOf(problem),
    gradientNorm: end.gap.largest,
    evaluations: end.rounds,
    parameters: space.names.map((name, k) => {
      const i = space.free.indexOf(k);
      const estimate = theta[k];
      if (i < 0) return { name, estimate, held: 'fixed' };
      const [low, high] = space.bounds[k];
      return estimate <= low || estimate >= high
        ? { name, estimate, held: 'at-bound' }
        : { name, estimate };
    }),
    unidentified,
    unbounded,
    freedom: space.free.length - unidentified.length,
    information: null,
    details: { objective, ...details },
    arrays: { reward },
    predict: (others) => likelihoodOf({ ...problem, trajectories: others }),
    predictChoices: (others, visit) =>
      plannedChoices({ ...problem, trajectories: others }, reward, visit),
    behaviorIn: (there) => plannedBehavior(there, rewardIn(there)),
  };
}

/** Null where the planner knows no dynamics. */
function identifyKnown(
  { world, temperature }: Problem,
  { objective = 'likelihood', l2 = 0 }: FitOptions,
  { end, space, settings, planner }: LoopRun,
): Identification | null {
  if (!planner.known) return null;
  const offset = aliveOffset(world.mdp, temperature, settings.entropy);
  const arrived = hasArrived(end.stop);
  const { theta } = end;
  return knownIdentification(planner.known(), { objective, offset, space, l2, theta, arrived });
}
