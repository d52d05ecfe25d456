/** One method of a study in a simulator, fitted from one seed in this thread, and judged. */

import { SimulatedOptions } from '../../algorithms/simulated/simulatedOptions.ts';
import { featureGaps, type PolicyGap } from '../../evaluation/imitation/featureGaps.ts';
import type { Imitator } from '../../evaluation/imitation/imitator.ts';
import type { Playing } from '../../evaluation/imitation/playedEpisodes.ts';
import { meanReturn } from '../../evaluation/simulated/meanReturn.ts';
import type {
  HeldOutScores,
  RoundResult,
  SimulatedMethodResult,
} from '../../evaluation/simulated/simulatedResult.ts';
import type { CloningRows } from '../../learning/cloning/cloningRows.ts';
import { type PackedCheckpoint, packCheckpoint } from '../../networks/packedCheckpoint.ts';
import type { Checkpoint } from '../../optimizers/minimizer.ts';
import type { SimulatedFitSettings, SimulatedSpecification } from '../simulatedStudy.ts';
import {
  episodeLikelihoods,
  evaluationOf,
  heldOutScores,
  NO_RETURN,
  trueReturns,
} from './judgedPolicy.ts';
import { type Learned, type LearningProgress, learnPolicy, problemOf } from './learnedPolicies.ts';
import type { PreparedSimulated } from './prepareSimulated.ts';

/** Which fit of a run. */
export interface SimulatedJob {
  readonly cell: string;
  readonly specification: SimulatedSpecification;
  readonly seed: number;
  /** What an interrupted run left of it. */
  readonly saved?: SavedFit | undefined;
}

/** A fit on its way, as plain JSON. */
export interface SavedFit {
  readonly checkpoint: Checkpoint;
  readonly rounds: readonly RoundResult[];
  readonly seconds: number;
}

/** A fit that is done, as plain JSON but for its arrays. */
export interface FinishedFit {
  readonly done: SimulatedMethodResult;
  readonly backend: string;
  /** What was learned. */
  readonly policy: PackedCheckpoint;
  /** Flat arrays to be kept beside the result, by name. */
  readonly arrays: Readonly<Record<string, Float64Array>>;
}

export interface FitNews {
  readonly words: string;
  /** Where it could go on from; null where it begins anew. */
  readonly saved: SavedFit | null;
}

/** Looks at the return while a reward is fitted, where nothing else is said. */
const LOOKS = 12;
const LOOKED = 20;
/** Of a fit, where nothing else is said. */
const ROUNDS = SimulatedOptions.shape.rounds.parse(undefined);
/** Episodes of a policy whose features are compared with those demonstrated. */
const COMPARED = 100;

/** @param onNews told after every step; may throw to end it */
export async function fitMethod(
  { specification, seed, saved }: SimulatedJob,
  prepared: PreparedSimulated,
  onNews: (news: FitNews) => Promise<void>,
): Promise<FinishedFit> {
  const rounds: RoundResult[] = [...(saved?.rounds ?? [])];
  let started = performance.now() - 1000 * (saved?.seconds ?? 0);
  const learning = await learnPolicy(specification, prepared, seed, saved?.checkpoint);
  let next = learning.next();
  for (; !next.done; next = learning.next()) {
    const paused = performance.now();
    const { words, round } = next.value;
    const seconds = (paused - started) / 1000;
    if (round) rounds.push(roundOf(round, specification, prepared, seed));
    await onNews({
      words,
      saved: round ? { checkpoint: round.progress.checkpoint, rounds: [...rounds], seconds } : null,
    });
    started += performance.now() - paused;
  }
  const seconds = (performance.now() - started) / 1000;
  return judged(next.value, specification, prepared, seed, { rounds, seconds });
}

function roundOf(
  { progress, policy }: NonNullable<LearningProgress['round']>,
  specification: SimulatedSpecification,
  prepared: PreparedSimulated,
  seed: number,
): RoundResult {
  const { round, theta, gaps, logLikelihood } = progress;
  // thousands of numbers of a network tell nobody anything
  const { names } = problemOf(specification, prepared).features;
  const named = Object.fromEntries(
    names.flatMap((name) => (name in theta ? [[name, theta[name]]] : [])),
  );
  const result: RoundResult = { round, theta: named, gaps: { ...gaps }, logLikelihood };
  const evaluation = evaluationOf(prepared);
  if (!evaluation) return result;
  const {
    every = Math.max(
      1,
      Math.round((settingsOf(specification, prepared)?.rounds ?? ROUNDS) / LOOKS),
    ),
  } = evaluation;
  if ((round - 1) % every !== 0) return result;
  const mean = (playing: Playing): number => {
    const { looked = LOOKED } = evaluation;
    const returns = trueReturns(policy.policy, prepared, playing, seed, looked);
    return returns.reduce((sum, x) => sum + x, 0) / looked;
  };
  return { ...result, returns: { greedy: mean('greedy'), sampled: mean('sampled') } };
}

/** How causal entropy is fitted; null for other methods. */
function settingsOf(
  specification: SimulatedSpecification,
  { study }: PreparedSimulated,
): SimulatedFitSettings | null {
  if (specification.method !== 'causal-entropy-simulator') return null;
  return specification.fit ?? study.fit ?? {};
}

function judged(
  { policy, stop, stopReason, evaluations, fit, agent, backend, kept }: Learned,
  specification: SimulatedSpecification,
  prepared: PreparedSimulated,
  seed: number,
  { rounds, seconds }: { rounds: RoundResult[]; seconds: number },
): FinishedFit {
  const { problem, rows } = prepared;
  const own = total(episodeLikelihoods(policy, rows.fitted));
  const others = rows.heldOut && episodeLikelihoods(policy, rows.heldOut);
  const arrays: Record<string, Float64Array> = {};
  if (others) arrays['held-out-log-likelihood'] = others;
  const returnOf = (playing: Playing) => {
    const returns = trueReturns(policy.policy, prepared, playing, seed);
    arrays[`returns-${playing}`] = returns;
    return meanReturn(returns);
  };
  const isJudged = evaluationOf(prepared) !== null;
  const measured = featureGaps(policy.policy, problem, COMPARED, seed);
  const reasons = {
    gradientNorm: fit ? 'gaps and their errors tell it, feature by feature' : 'nothing is matched',
    ...(own === null ? { logLikelihood: IMPOSSIBLE } : {}),
    ...(isJudged ? {} : { returns: NO_RETURN }),
    ...(others ? {} : { heldOut: 'nothing was held out' }),
    ...(fit ? {} : { rounds: 'no reward was fitted', agent: 'no reward was planned for' }),
  };
  const result: SimulatedMethodResult = {
    method: specification.method,
    ...(fit ? { features: [...problemOf(specification, prepared).features.names] } : {}),
    stop: stop as SimulatedMethodResult['stop'],
    stopReason,
    logLikelihood: own,
    gradientNorm: null,
    evaluations,
    seconds,
    parameters: (fit?.parameters ?? []).map(({ name, estimate, held }) => {
      const gap = fit?.gaps.find((one) => one.name === name);
      const monteCarloError = gap?.monteCarloError ?? null;
      return {
        name,
        estimate,
        standardErrors: null,
        monteCarloError,
        ...(held ? { held } : {}),
        reasons: {
          standardErrors: 'a fit from a simulator knows no curvature of the likelihood',
          ...(monteCarloError === null
            ? { monteCarloError: gap?.reason ?? `it was held: ${held ?? 'fixed'}` }
            : {}),
        },
      };
    }),
    heldOut: rows.heldOut && others ? heldOutOf(policy, rows.heldOut, others, seed) : null,
    gaps: measured.map((gap) => ownGap(gap, fit)),
    returns: isJudged ? { greedy: returnOf('greedy'), sampled: returnOf('sampled') } : null,
    rounds: fit ? rounds : null,
    simulatedSteps: fit?.simulatedSteps ?? 0,
    agent,
    reasons,
  };
  return { done: result, backend, policy: packCheckpoint(kept), arrays };
}

const IMPOSSIBLE = 'a recorded action has probability 0';

function heldOutOf(
  policy: Imitator,
  rows: CloningRows,
  logLikelihoods: Float64Array,
  seed: number,
): HeldOutScores {
  const logLikelihood = total(logLikelihoods);
  const isNumbered = rows.actions.kind === 'discrete';
  return {
    trajectories: rows.trajectories.length,
    decisions: rows.count,
    logLikelihood,
    ...heldOutScores(policy, rows, seed),
    reasons: {
      ...(logLikelihood === null ? { logLikelihood: IMPOSSIBLE } : {}),
      ...(isNumbered
        ? { coverage: 'actions are numbered: they have no order' }
        : {
            accuracy: 'actions fill a box: each has probability 0',
            calibration: 'actions fill a box: see coverage',
          }),
    },
  };
}

/** As the fit itself measured it, where it was one of those it matched. */
function ownGap(gap: PolicyGap, fit: Learned['fit']): PolicyGap {
  const own = fit?.gaps.find(({ name }) => name === gap.name);
  if (!own) return gap;
  const { name, demonstrated, error, isWithin } = own;
  return { name, demonstrated, gap: own.gap, error, isWithin };
}

function total(values: Float64Array): number | null {
  const sum = values.reduce((before, x) => before + x, 0);
  return Number.isFinite(sum) ? sum : null;
}
