/** Draws of a bootstrap in a worker thread, which opens the result itself and keeps it. */

import type { BootstrapDraw, BootstrapKind } from '../../evaluation/inference/bootstrapResult.ts';
import { inThread } from '../run/threads.ts';
import { bootstrapDraw } from './bootstrapDraw.ts';
import { type ReopenedFit, reopen, type Wanted } from './reopen.ts';

/** Which draw to do, as plain data. */
export interface DrawOrder {
  readonly path: string;
  readonly wanted: Wanted;
  readonly kind: BootstrapKind;
  readonly seed: number;
  readonly draw: number;
}

let opened: { readonly key: string; readonly fit: ReopenedFit } | null = null;

export const runInThread = inThread(async (order: DrawOrder): Promise<BootstrapDraw> => {
  const { path, wanted, kind, seed, draw } = order;
  const key = JSON.stringify([path, wanted]);
  if (opened?.key !== key) opened = { key, fit: await reopen(path, wanted) };
  return bootstrapDraw(opened.fit, kind, seed, draw);
});
