/** One fit of a study in a worker thread, which opens the study itself and keeps what it read. */

import type { Checkpoint } from '../../optimizers/minimizer.ts';
import { type PreparedExperiment, prepareExperiment } from '../experiment.ts';
import { openSource, type Source } from '../source.ts';
import { specificationsOf } from '../specifications.ts';
import { cellsOfStudy } from '../splitStudy.ts';
import type { Cell } from '../study.ts';
import { type ExperimentProgress, type FinishedMethod, runMethod } from './runExperiment.ts';
import { inThread } from './threads.ts';

/** Which fit to do, as plain data. */
export interface FitOrder {
  readonly source: Source;
  readonly cell: string;
  /** Its name in the result. */
  readonly method: string;
  readonly seed: number;
  readonly checkpoint: Checkpoint | undefined;
}

/** Milliseconds between two pieces of progress that are worth telling another thread. */
const PACE = 50;

let opened: { readonly key: string; readonly cells: readonly Cell[] } | null = null;
/** The cell that was last worked on: the next fit is often of the same. */
let latest: { readonly cell: Cell; readonly prepared: PreparedExperiment } | null = null;

export const runInThread = inThread(
  async (
    order: FitOrder,
    post: (progress: ExperimentProgress) => void,
  ): Promise<FinishedMethod> => {
    const { method, seed, checkpoint } = order;
    const { cell, prepared } = await openCell(order);
    const specification = specificationsOf(cell).find(({ name }) => name === method);
    if (!specification) throw new TypeError(`Cannot find the fit "${method}" of "${cell.name}"`);
    let told = performance.now();
    return runMethod({ specification, prepared, seed, checkpoint }, async (progress) => {
      if (performance.now() - told < PACE) return;
      told = performance.now();
      post(progress);
    });
  },
);

async function openCell({ source, seed, cell: name }: FitOrder) {
  const key = JSON.stringify([source, seed]);
  if (opened?.key !== key) {
    const { study } = await openSource(source, seed);
    opened = { key, cells: await cellsOfStudy(study, seed) };
    latest = null;
  }
  const cell = opened.cells.find((candidate) => candidate.name === name);
  if (!cell) throw new TypeError(`Cannot find cell "${name}" in the study`);
  if (latest?.cell !== cell) latest = { cell, prepared: await prepareExperiment(cell) };
  return latest;
}
