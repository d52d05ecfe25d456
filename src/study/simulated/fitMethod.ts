/** One method of a study in a simulator, fitted from one seed in this thread, and judged. */

import { featureGaps, type PolicyGap } from '../../evaluation/imitation/featureGaps.ts';
import { meanReturn } from '../../evaluation/simulated/meanReturn.ts';
import type {
  RoundResult,
  SimulatedMethodResult,
} from '../../evaluation/simulated/simulatedResult.ts';
import { type PackedCheckpoint, packCheckpoint } from '../../networks/packedCheckpoint.ts';
import type { Checkpoint } from '../../optimizers/minimizer.ts';
import type { SimulatedSpecification } from '../simulatedStudy.ts';
import { episodeLikelihoods, evaluationOf, trueReturns } from './judgedPolicy.ts';
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
  const result: RoundResult = { round, theta: { ...theta }, gaps: { ...gaps }, logLikelihood };
  const evaluation = evaluationOf(prepared);
  if (!evaluation) return result;
  const { every = Math.max(1, Math.round(roundsOf(specification, prepared) / LOOKS)) } = evaluation;
  if ((round - 1) % every !== 0) return result;
  const mean = (playing: 'greedy' | 'sampled'): number => {
    const { looked = LOOKED } = evaluation;
    const returns = trueReturns(policy, prepared, playing, seed, looked);
    return returns.reduce((sum, x) => sum + x, 0) / looked;
  };
  return { ...result, returns: { greedy: mean('greedy'), sampled: mean('sampled') } };
}

function roundsOf(specification: SimulatedSpecification, { study }: PreparedSimulated): number {
  const fit =
    specification.method === 'causal-entropy-simulator' ? (specification.fit ?? study.fit) : null;
  return fit?.rounds ?? 60;
}

function judged(
  { policy, stop, stopReason, evaluations, fit, agent, backend, kept }: Learned,
  specification: SimulatedSpecification,
  prepared: PreparedSimulated,
  seed: number,
  { rounds, seconds }: { rounds: RoundResult[]; seconds: number },
): FinishedFit {
  const { problem, fitted, heldOut } = prepared;
  const { demonstrations } = problem;
  const own = total(episodeLikelihoods(policy, demonstrations, fitted));
  const others = episodeLikelihoods(policy, demonstrations, heldOut);
  const arrays: Record<string, Float64Array> = {};
  if (heldOut.length > 0) arrays['held-out-log-likelihood'] = others;
  const returnOf = (playing: 'greedy' | 'sampled') => {
    const returns = trueReturns(policy, prepared, playing, seed);
    arrays[`returns-${playing}`] = returns;
    return meanReturn(returns);
  };
  const isJudged = evaluationOf(prepared) !== null;
  const measured = featureGaps(policy, problem, COMPARED, seed);
  const impossible = 'a recorded action has probability 0';
  const reasons = {
    gradientNorm: fit ? 'gaps and their errors tell it, feature by feature' : 'nothing is matched',
    ...(own === null ? { logLikelihood: impossible } : {}),
    ...(isJudged ? {} : { returns: NO_RETURN }),
    ...(heldOut.length > 0 ? {} : { heldOut: 'nothing was held out' }),
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
    heldOut:
      heldOut.length === 0
        ? null
        : {
            trajectories: heldOut.length,
            decisions: prepared.data.heldOut?.decisions ?? 0,
            logLikelihood: total(others),
            ...(total(others) === null ? { reasons: { logLikelihood: impossible } } : {}),
          },
    gaps: measured.map((gap) => ownGap(gap, fit)),
    returns: isJudged ? { greedy: returnOf('greedy'), sampled: returnOf('sampled') } : null,
    rounds: fit ? rounds : null,
    simulatedSteps: fit?.simulatedSteps ?? 0,
    agent,
    reasons,
  };
  return { done: result, backend, policy: packCheckpoint(kept), arrays };
}

const NO_RETURN = 'the study says that the rewards of its world mean nothing';

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
