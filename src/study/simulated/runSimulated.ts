/** Runs a study in a simulator: every method from every seed, side by side, into one result. */

import { hasArrived } from '../../algorithms/algorithm.ts';
import { bootstrapRatios } from '../../evaluation/comparison/pairedBootstrap.ts';
import type {
  HeldOutDifference,
  SimulatedCell,
  SimulatedFile,
} from '../../evaluation/simulated/simulatedResult.ts';
import { createRng } from '../../numeric/rng.ts';
import type { ParallelRun } from '../run/fitRunner.ts';
import { type SideBySide, sideBySide } from '../run/sideBySide.ts';
import { sibling } from '../run/threads.ts';
import type { SimulatedSpecification, SimulatedStudy } from '../simulatedStudy.ts';
import type { Source } from '../source.ts';
import { version } from '../version.ts';
import { checkMethod } from './checkMethod.ts';
import { type FinishedFit, type FitNews, fitMethod, type SimulatedJob } from './fitMethod.ts';
import { decided, type PreparedSimulated, prepareSimulated } from './prepareSimulated.ts';
import { simulatedExperiment } from './simulatedExperiment.ts';
import { simulatedSpecifications } from './simulatedSpecifications.ts';
import type { SimulatedOrder } from './simulatedThread.ts';

/** A fit that is done, or where it could go on. */
export type SimulatedState = FinishedFit | NonNullable<FitNews['saved']>;

/** Told what happens, and asked what happened before. */
export interface SimulatedObserver {
  /** How many fits there are, those already done included. */
  onPlan?(fits: number): void;
  /** What an interrupted run left of a fit to the same episodes. */
  resume(cell: string, method: string, digest: string): SimulatedState | undefined;
  /** May throw to interrupt. */
  onNews(cell: string, method: string, news: FitNews): Promise<void>;
  onFinished(cell: string, method: string, finished: FinishedFit): Promise<void>;
}

const silentObserver: SimulatedObserver = {
  resume: () => undefined,
  onNews: async () => {},
  onFinished: async () => {},
};

export interface SimulatedRun {
  readonly result: SimulatedFile;
  /** By cell and method. */
  readonly fits: ReadonlyMap<string, Readonly<Record<string, FinishedFit>>>;
}

class BetterThere extends Error {}

const LEVEL = 0.95;
const DRAWS = 1000;

/**
 * @param parallel how to use threads; everything is done in this one where absent. The result is the
 *   same but for the seconds
 * @throws RangeError, TypeError or SyntaxError where episodes, world, features and methods do not fit
 */
export async function runSimulated(
  study: SimulatedStudy,
  seed = 0,
  observer: SimulatedObserver = silentObserver,
  parallel: ParallelRun | null = null,
): Promise<SimulatedRun> {
  const { seeds = 1 } = study;
  const specifications = simulatedSpecifications(study);
  const prepared = await prepareSimulated(study, seed);
  for (const specification of specifications) await checkMethod(specification, prepared);
  const cells = Array.from({ length: seeds }, (_, i) => ({
    name: `seed ${seed + i}`,
    seed: seed + i,
    // judging begins before fitting, so that a start that is none is told at once
    experiment: simulatedExperiment(prepared, seed + i),
  }));
  const jobs = cells.flatMap((cell) =>
    specifications.map((specification) => ({ cell, specification })),
  );
  const before = jobs.map(({ cell, specification }) =>
    observer.resume(cell.name, specification.name, prepared.digest),
  );
  const left = before.filter((state) => !state || !('done' in state)).length;
  const runner = openRunner(left, seed, prepared, observer, parallel);
  let finished: FinishedFit[];
  try {
    observer.onPlan?.(jobs.length);
    finished = await Promise.all(
      jobs.map(async ({ cell, specification }, i) => {
        const state = before[i];
        const saved = state && 'checkpoint' in state ? state : undefined;
        const fit =
          state && 'done' in state
            ? state
            : await runner.run({ cell: cell.name, specification, seed: cell.seed, saved });
        await observer.onFinished(cell.name, specification.name, fit);
        return fit;
      }),
    );
  } finally {
    await runner.close();
  }
  const fits = new Map(
    cells.map(({ name }, c) => [
      name,
      Object.fromEntries(
        specifications.map((specification, s) => [
          specification.name,
          finished[c * specifications.length + s],
        ]),
      ),
    ]),
  );
  const results = cells.map((cell): SimulatedCell => {
    const methods = Object.entries(fits.get(cell.name) ?? {});
    return {
      name: cell.name,
      seed: cell.seed,
      ...cell.experiment,
      methods: Object.fromEntries(methods.map(([name, { done }]) => [name, done])),
    };
  });
  return { result: resultOf(prepared, seed, specifications, results, fits), fits };
}

/** Whether every reward was matched, and every clone stopped because it was best. */
export function simulatedSucceeded(cells: readonly SimulatedCell[]): boolean {
  return cells.every(({ methods }) =>
    Object.values(methods).every(
      // a number of updates is all that it is asked for
      ({ method, stop }) => method === 'inverse-soft-bellman' || hasArrived(stop),
    ),
  );
}

function resultOf(
  prepared: PreparedSimulated,
  seed: number,
  specifications: readonly SimulatedSpecification[],
  cells: readonly SimulatedCell[],
  fits: SimulatedRun['fits'],
): SimulatedFile {
  const { name, title, meaning } = prepared.study;
  const [backend] = [...fits.values()].flatMap((of) => Object.values(of).map((fit) => fit.backend));
  const differences = comparedOn(prepared, seed, specifications, [...fits.values()]);
  const heading = {
    format: 1 as const,
    revealed: version,
    study: name,
    title,
    seed,
    backend,
    ...(differences.length > 0 ? { comparison: { level: LEVEL, differences } } : {}),
  };
  const [{ name: _name, seed: _seed, ...only }] = cells;
  const result: SimulatedFile =
    cells.length === 1 ? { ...heading, ...only } : { ...heading, cells: [...cells] };
  const meant = meaning?.(result) ?? '';
  return meant === '' ? result : { ...result, meaning: meant };
}

/** Each method beside the clone, or beside the first where there is none, on the episodes held out. */
function comparedOn(
  { heldOut, problem }: PreparedSimulated,
  seed: number,
  specifications: readonly SimulatedSpecification[],
  cells: readonly Readonly<Record<string, FinishedFit>>[],
): HeldOutDifference[] {
  if (heldOut.length === 0) return [];
  const reference =
    specifications.find(({ method }) => method === 'behavior-cloning-network') ?? specifications[0];
  const others = specifications.filter(({ name }) => name !== reference.name);
  const denominator = Float64Array.from(heldOut, (e) => decided(problem.demonstrations, e));
  const all = denominator.reduce((sum, n) => sum + n, 0);
  const gains = others.map(({ name }) =>
    Float64Array.from(heldOut, (_, i) =>
      cells.reduce((sum, fits) => {
        const of = (method: string): number => fits[method].arrays['held-out-log-likelihood'][i];
        return sum + (of(name) - of(reference.name)) / cells.length;
      }, 0),
    ),
  );
  const intervals = bootstrapRatios(
    gains.map((numerator) => ({ numerator, denominator })),
    DRAWS,
    LEVEL,
    createRng(seed, 'held-out episodes drawn anew'),
  );
  return others.map(({ name }, m) => {
    const perDecision = gains[m].reduce((sum, x) => sum + x, 0) / all;
    const exists = Number.isFinite(perDecision);
    const why = 'one of the two gives an action that was taken probability 0';
    return {
      method: name,
      reference: reference.name,
      perDecision: exists ? perDecision : null,
      interval: exists ? intervals[m] : null,
      reasons: {
        ...(exists ? {} : { perDecision: why, interval: why }),
        ...(exists && intervals[m] === null
          ? { interval: 'one episode held out has no spread' }
          : {}),
      },
    };
  });
}

/** Fits here, or in threads once that pays. */
function openRunner(
  jobCount: number,
  seed: number,
  prepared: PreparedSimulated,
  observer: SimulatedObserver,
  parallel: ParallelRun | null,
): SideBySide<SimulatedJob, FinishedFit> {
  const { source = null, workers = 1 } = parallel ?? {};
  const runner = sideBySide<SimulatedOrder, FinishedFit, FitNews, SimulatedJob>({
    workers,
    jobCount,
    module: sibling(import.meta.url, 'simulatedThread'),
    order: ({ cell, specification, seed: cellSeed, saved }) => ({
      source: source as Source,
      seed,
      cell,
      cellSeed,
      method: specification.name,
      saved: saved ?? null,
    }),
    async here(job, giveUp) {
      try {
        return await fitMethod(job, prepared, async (news) => {
          await observer.onNews(job.cell, job.specification.name, news);
          if (giveUp()) throw new BetterThere();
        });
      } catch (error) {
        if (error instanceof BetterThere) return null;
        throw error;
      }
    },
    onNews: ({ cell, specification }, news) => observer.onNews(cell, specification.name, news),
  });
  parallel?.signal?.addEventListener('abort', () => void runner.close(), { once: true });
  return runner;
}
