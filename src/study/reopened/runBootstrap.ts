/** The bootstrap of a fit: its draws, side by side, and what they come to. */

import { bootstrapNumbers } from '../../evaluation/inference/bootstrapIntervals.ts';
import type {
  BootstrapDraw,
  BootstrapKind,
  BootstrapResult,
} from '../../evaluation/inference/bootstrapResult.ts';
import { sideBySide, type Workers } from '../run/sideBySide.ts';
import { sibling } from '../run/threads.ts';
import { version } from '../version.ts';
import { bootstrapDraw, STREAM, STUDENTISED_BY } from './bootstrapDraw.ts';
import type { DrawOrder } from './bootstrapThread.ts';
import { type ReopenedFit, reopen, type Wanted } from './reopen.ts';

export interface BootstrapSettings {
  readonly kind: BootstrapKind;
  readonly draws: number;
  /** Of the intervals, in (0, 1). */
  readonly level: number;
  readonly seed: number;
  readonly workers: Workers;
  readonly signal?: AbortSignal;
}

/** Told what happens, and asked what happened before. */
export interface BootstrapObserver {
  /** A draw that an interrupted run left. */
  resume(draw: number): BootstrapDraw | undefined;
  onDraw(draw: number, outcome: BootstrapDraw): Promise<void>;
  /** Often, so that signals arrive; may throw to interrupt. */
  breathe(): Promise<void>;
}

class BetterThere extends Error {}

const WORDS = {
  trajectory: 'as many trajectories drawn with replacement from those of the fit',
  parametric: 'behaviour drawn from the fitted reward, with the starts, goals and lengths recorded',
} as const satisfies Record<BootstrapKind, string>;

/** @param path of result.json, or of its folder; as `reopen` takes it */
export async function runBootstrap(
  path: string,
  wanted: Wanted,
  settings: BootstrapSettings,
  observer: BootstrapObserver,
): Promise<BootstrapResult> {
  const { kind, draws: drawCount, seed, workers, signal } = settings;
  const fit = await reopen(path, wanted);
  refuseUnfit(fit, kind);
  const draws = Array.from({ length: drawCount }, (_, draw) => draw);
  const open = draws.filter((draw) => observer.resume(draw) === undefined);
  const side = sideBySide<DrawOrder, BootstrapDraw, never, number>({
    workers,
    jobCount: open.length,
    module: sibling(import.meta.url, 'bootstrapThread'),
    order: (draw) => ({ path, wanted, kind, seed, draw }),
    async here(draw, giveUp) {
      try {
        return await bootstrapDraw(fit, kind, seed, draw, async () => {
          await observer.breathe();
          if (giveUp()) throw new BetterThere();
        });
      } catch (error) {
        if (error instanceof BetterThere) return null;
        throw error;
      }
    },
  });
  signal?.addEventListener('abort', () => void side.close(), { once: true });
  try {
    const refits = await Promise.all(
      draws.map(async (draw) => {
        const before = observer.resume(draw);
        if (before) return before;
        const outcome = await side.run(draw);
        await observer.onDraw(draw, outcome);
        return outcome;
      }),
    );
    return summarizeDraws(path, fit, settings, refits);
  } finally {
    await side.close();
  }
}

/** Throws where drawing again makes no sense. */
function refuseUnfit({ method, specification, cell, problem }: ReopenedFit, kind: BootstrapKind) {
  const what = `"${specification.name}" of "${cell.name}"`;
  if (method.stop !== 'converged')
    throw new RangeError(
      `Cannot bootstrap ${what}: the fit did not converge (${method.stop}${method.stopReason === undefined ? '' : `: ${method.stopReason}`})`,
    );
  if (kind === 'parametric' && !specification.method.startsWith('causal-entropy'))
    throw new RangeError(
      `Cannot draw behaviour from ${what}: only causal entropy says how people act on the way to a goal; take --kind trajectory`,
    );
  if (kind === 'trajectory' && problem.trajectories.count < 2)
    throw new RangeError(
      `Cannot resample the trajectories of ${what}: there is only ${problem.trajectories.count}; take --kind parametric`,
    );
}

function summarizeDraws(
  path: string,
  fit: ReopenedFit,
  { kind, level, seed }: BootstrapSettings,
  refits: BootstrapDraw[],
): BootstrapResult {
  const { result, cell, method, specification } = fit;
  const by = STUDENTISED_BY[kind];
  const stops: Record<string, number> = {};
  for (const { stop } of refits) stops[stop] = (stops[stop] ?? 0) + 1;
  const parameters = method.parameters.map((parameter, k): BootstrapResult['parameters'][0] => {
    const { name, held, standardErrors } = parameter;
    const estimate = fit.theta[k];
    const { reasons: _, ...formula } = standardErrors ?? {};
    const common = { name, estimate, ...(held ? { held } : {}), formula };
    const flat = method.unidentified?.find(({ direction }) => Object.hasOwn(direction, name));
    const why = flat
      ? `not identified: ${flat.words}`
      : held === 'fixed'
        ? 'the value was given, not estimated'
        : null;
    if (why !== null) {
      const keys = ['standardError', 'bias', 'percentile', 'basic', 'studentised'];
      return {
        ...common,
        standardError: null,
        bias: null,
        intervals: { percentile: null, basic: null, studentised: null },
        reasons: Object.fromEntries(keys.map((key) => [key, why])),
      };
    }
    const own = refits.map(({ estimates, errors }) =>
      estimates ? { estimate: estimates[k], error: errors?.[k] ?? null } : null,
    );
    const found = bootstrapNumbers(estimate, standardErrors?.[by] ?? null, own, level);
    const { percentile, basic, studentised } = found.intervals;
    const copy = (ends: readonly [number, number] | null) =>
      ends && ([...ends] as [number, number]);
    return {
      ...common,
      standardError: found.standardError,
      bias: found.bias,
      intervals: {
        percentile: copy(percentile),
        basic: copy(basic),
        studentised: copy(studentised),
      },
      reasons: { ...found.reasons },
    };
  });
  return {
    format: 1,
    revealed: version,
    result: path,
    study: result.study,
    cell: cell.name,
    method: specification.name,
    kind,
    words: WORDS[kind],
    level,
    seed,
    stream: STREAM,
    draws: refits.length,
    stops,
    studentisedBy: by,
    parameters,
    notes: notesOf(fit, refits.length - (stops.converged ?? 0)),
    refits,
  };
}

function notesOf({ method, prepared }: ReopenedFit, failed: number): string[] {
  const notes: string[] = [];
  if (failed > 0)
    notes.push(
      `${failed} refits failed: standard errors and biases leave them out, intervals count them as beyond either end`,
    );
  if (prepared.recordings.firstStage)
    notes.push(
      'the dynamics stay as they were estimated: their uncertainty is not in these numbers',
    );
  if (method.parameters.some(({ held }) => held === 'at-bound'))
    notes.push(
      'an estimate is stopped by its bound, where the bootstrap is known to fail (Andrews 2000, Econometrica 68)',
    );
  return notes;
}
