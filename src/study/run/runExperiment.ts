/** Runs the methods of one experiment, each wherever it is told to. */

import type { Fit, FitProgress } from '../../algorithms/algorithm.ts';
import { fitEngine } from '../../algorithms/fitEngine.ts';
import { decisionsPerTrajectory, type Problem } from '../../algorithms/problem.ts';
import { algorithms } from '../../algorithms/registry.ts';
import { summarizeData } from '../../evaluation/dataSummary.ts';
import { type Inference, standardErrors } from '../../evaluation/inference/standardErrors.ts';
import { methodResult } from '../../evaluation/methodResult.ts';
import type { ExperimentResult, MethodResult, ModelSummary } from '../../evaluation/resultFile.ts';
import { discountOf } from '../../mdp/timeStructure.ts';
import type { Checkpoint } from '../../optimizers/minimizer.ts';
import { minimizers } from '../../optimizers/registry.ts';
import type { PreparedExperiment } from '../experiment.ts';
import { withPictureArrays } from '../output/pictureArrays.ts';
import { withSamplePaths } from '../output/samplePaths.ts';
import { type FullSpecification, specificationsOf, specifiedProblem } from '../specifications.ts';
import type { Experiment, FirstStage } from '../study.ts';
import { firstStageErrors } from './firstStageUncertainty.ts';
import { heldOutArrays } from './heldOutArrays.ts';
import { besidePublished } from './published.ts';

/** What is kept of a method so that an interrupted run can go on. */
export type MethodState =
  | { readonly done: MethodResult; readonly arrays: Readonly<Record<string, Float64Array>> }
  | { readonly checkpoint: Checkpoint };

export interface ExperimentProgress extends FitProgress {
  /** Its name in the result. */
  readonly method: string;
}

/** Lowest and highest value, null for an open end. */
type ModelBounds = [number | null, number | null];

/** Told what happens, and asked what happened before. */
export interface RunObserver {
  /** How many fits there are, those already done included. */
  onPlan?(fits: number): void;
  /** State of a method left by an interrupted run, if any. */
  resume(cell: string, method: string): MethodState | undefined;
  /** After every iteration; may throw to interrupt. */
  onProgress(cell: string, progress: ExperimentProgress): Promise<void>;
  onMethod(cell: string, method: string, state: MethodState): Promise<void>;
}

/** What a method leaves when it is done. */
export type FinishedMethod = Extract<MethodState, { readonly done: unknown }>;

/** One fit: a method of a cell, with what it needs. */
export interface FitJob {
  readonly cell: string;
  readonly specification: FullSpecification;
  readonly prepared: PreparedExperiment;
  readonly seed: number;
  /** Where an interrupted run left it. */
  readonly checkpoint: Checkpoint | undefined;
}

/** Told after every iteration; may throw to end the fit. */
export type FitListener = (progress: ExperimentProgress) => Promise<void>;

export interface ExperimentRun {
  readonly result: ExperimentResult;
  readonly prepared: PreparedExperiment;
  /** The flat arrays of each method, by name. */
  readonly arrays: Readonly<Record<string, Readonly<Record<string, Float64Array>>>>;
}

/**
 * @param run does one fit; may be called for the next before the last is done
 */
export async function runExperiment(
  cell: string,
  experiment: Experiment,
  prepared: PreparedExperiment,
  seed: number,
  observer: RunObserver,
  run: (fit: FitJob) => Promise<FinishedMethod>,
): Promise<ExperimentRun> {
  const finished = await Promise.all(
    specificationsOf(experiment).map(async (specification) => {
      const method = specification.name;
      const before = observer.resume(cell, method);
      const checkpoint = before && 'checkpoint' in before ? before.checkpoint : undefined;
      const state =
        before && 'done' in before
          ? before
          : await run({ cell, specification, prepared, seed, checkpoint });
      await observer.onMethod(cell, method, state);
      return { method, state };
    }),
  );
  const methods = Object.fromEntries(finished.map(({ method, state }) => [method, state.done]));
  const arrays = Object.fromEntries(finished.map(({ method, state }) => [method, state.arrays]));
  const { problem, recordings, warnings } = prepared;
  const result: ExperimentResult = {
    data: summarizeData(problem, recordings.files, warnings),
    model: summarizeModel(problem, experiment),
    methods,
    published: besidePublished(experiment.published ?? [], methods),
  };
  const pictured = withPictureArrays(problem, arrays);
  return {
    result,
    prepared,
    arrays: withSamplePaths(problem, prepared.heldOut ?? problem.trajectories, pictured),
  };
}

/** Does one fit in this thread. */
export async function runMethod(
  { specification, prepared, seed, checkpoint }: Omit<FitJob, 'cell'>,
  onProgress: FitListener,
): Promise<FinishedMethod> {
  const { name, method } = specification;
  const algorithm = await algorithms[method]();
  const { optimizer, ...options } = specification.fit;
  const minimizer = optimizer ? await minimizers[optimizer]() : undefined;
  const { heldOut, recordings, split } = prepared;
  const problem = specifiedProblem(prepared.problem, specification);
  const engine = await fitEngine(algorithm, options);
  const started = performance.now();
  let waited = 0;
  const steps = algorithm.fit(problem, {
    // Where splits are predicted the number of classes is not the question.
    classCheck: !split,
    ...options,
    seed: options.seed ?? seed,
    ...(minimizer ? { optimizer: minimizer } : {}),
    ...(engine ? { engine } : {}),
    ...(checkpoint ? { resume: checkpoint } : {}),
  });
  let next = steps.next();
  for (; !next.done; next = steps.next()) {
    const paused = performance.now();
    await onProgress({ ...next.value, method: name });
    waited += performance.now() - paused;
  }
  const fit: Fit = next.value;
  const seconds = (performance.now() - started - waited) / 1000;
  const inference = fit.information && standardErrors(fit.information, fit.parameters.length);
  const done = methodResult(fit, problem, {
    seconds,
    penalised: (options.l2 ?? 0) > 0,
    inference,
    firstStage: recordings.firstStage && summarizeFirstStage(recordings.firstStage),
    withFirstStage: prepared.firstStageUncertainty
      ? firstStageErrors(prepared, specification, fit, inference)
      : null,
    heldOut: heldOut && heldOut.count > 0 ? scoreHeldOut(prepared, fit) : null,
    specification:
      name === method && !specification.features
        ? null
        : { method, features: [...problem.features.names] },
  });
  const choices = split ? heldOutArrays(prepared, specification, fit) : {};
  engine?.release();
  return { done, arrays: { ...fit.arrays, ...covarianceArrays(inference), ...choices } };
}

function summarizeFirstStage({ sampling: _, parameters, ...others }: FirstStage) {
  return { ...others, parameters: [...parameters] };
}

/** Covariances of the estimates [parameters × parameters] as flat arrays, for predictions later. */
function covarianceArrays(inference: Inference | null): Record<string, Float64Array> {
  const kept: Record<string, Float64Array> = {};
  for (const kind of ['hessian', 'sandwich'] as const) {
    const covariance = inference?.covariance[kind];
    if (covariance instanceof Float64Array) kept[`covariance-${kind}`] = covariance;
  }
  return kept;
}

function scoreHeldOut({ problem, heldOut }: PreparedExperiment, fit: Fit): MethodResult['heldOut'] {
  if (!heldOut) return null;
  const decisions = decisionsPerTrajectory({ ...problem, trajectories: heldOut });
  const logLikelihood = fit.predict(heldOut);
  const counts = { trajectories: heldOut.count, decisions: decisions.reduce((a, b) => a + b, 0) };
  if (logLikelihood !== null && Number.isFinite(logLikelihood)) return { ...counts, logLikelihood };
  const reason =
    'the fitted model gives what was held out probability zero, or has no finite value';
  return { ...counts, logLikelihood: null, reasons: { logLikelihood: reason } };
}

/** What was asked, so that a result can be understood and used without its study. */
function summarizeModel(
  { time, temperature, features }: Problem,
  experiment: Experiment,
): ModelSummary {
  const { l2 = 0, start, fix, bounds } = experiment.fit ?? {};
  const holdOut = experiment.split?.name ?? experiment.holdOut;
  const end = (x: number): number | null => (Number.isFinite(x) ? x : null);
  const ends = Object.entries(bounds ?? {}).map(([name, [low, high]]): [string, ModelBounds] => [
    name,
    [end(low), end(high)],
  ]);
  return {
    time: time.kind,
    discount: discountOf(time),
    ...(time.kind === 'finite' ? { horizon: time.horizon } : {}),
    temperature,
    features: [...features.names],
    l2,
    ...(start ? { start: { ...start } } : {}),
    ...(fix ? { fix: { ...fix } } : {}),
    ...(bounds ? { bounds: Object.fromEntries(ends) } : {}),
    ...(holdOut === undefined ? {} : { holdOut }),
  };
}
