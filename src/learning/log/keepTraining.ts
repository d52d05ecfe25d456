/**
 * Training that is kept on the disk as it goes on, so that it can be killed at any moment:
 *
 *   FOLDER/curve.csv, curve.jsonl, events…   one row a report
 *   FOLDER/latest/                           where to go on
 *   FOLDER/best/                             the checkpoint with the highest score so far
 *
 * Begun again on the same folder it goes on from `latest`, to the same bits.
 */

import { join } from 'node:path';
import { z } from 'zod';
import {
  type Checkpoint,
  hasCheckpoint,
  loadCheckpoint,
  saveCheckpoint,
} from '../../networks/checkpoint.ts';
import { type CurveRow, TrainingLog } from './trainingLog.ts';

/** What training tells now and then. */
export interface TrainingReport {
  readonly step: number;
  /** The same names in every report. */
  readonly row: CurveRow;
  checkpoint(): Checkpoint;
}

/** The report with the highest score. */
export interface BestSoFar {
  readonly step: number;
  readonly score: number;
}

export interface KeptTraining<Result> {
  readonly result: Result;
  /** Null where nothing was scored. */
  readonly best: BestSoFar | null;
}

export interface KeepTrainingOptions<Report extends TrainingReport> {
  /** What the checkpoints are called. */
  readonly kind: string;
  /** Higher is better; goes into the curve as `score`. Scores that decide are to be confirmed on others. */
  readonly score?: (report: Report) => number;
}

const Latest = z.strictObject({
  best: z.strictObject({ step: z.int(), score: z.number() }).nullable(),
  training: z.unknown(),
});

/**
 * Runs `train` from the beginning, or from where the folder stands; passes its reports on when they
 * are kept.
 *
 * @throws SyntaxError where the folder holds a checkpoint of something else
 */
export function* keepTraining<Report extends TrainingReport, Result>(
  folder: string,
  train: (from: Checkpoint | undefined) => Generator<Report, Result>,
  { kind, score }: KeepTrainingOptions<Report>,
): Generator<Report, KeptTraining<Result>> {
  const place = join(folder, 'latest');
  const stored = hasCheckpoint(place) ? loadCheckpoint(place, kind) : null;
  const latest = stored ? Latest.parse(stored.state) : null;
  let best = latest?.best ?? null;
  const keptTo = stored ? z.looseObject({ step: z.int() }).parse(latest?.training).step : null;
  const training = train(stored ? { ...stored, state: latest?.training } : undefined);
  let log: TrainingLog | null = null;
  for (;;) {
    const next = training.next();
    if (next.done) return { result: next.value, best };
    const report = next.value;
    const { step, row } = report;
    // One that is already there: a finished run begun again.
    if (keptTo !== null && step <= keptTo) continue;
    const value = score ? score(report) : null;
    const columns = [...Object.keys(row), ...(score ? ['score'] : [])];
    log ??= new TrainingLog(folder, columns, keptTo);
    log.add(step, { ...row, ...(score ? { score: value } : {}) });
    const checkpoint = report.checkpoint();
    if (value !== null && Number.isFinite(value) && (best === null || value > best.score)) {
      best = { step, score: value };
      saveCheckpoint(join(folder, 'best'), checkpoint);
    }
    // The curve first: rows beyond the checkpoint are dropped when the run goes on.
    saveCheckpoint(place, { ...checkpoint, state: { best, training: checkpoint.state } });
    yield report;
  }
}
