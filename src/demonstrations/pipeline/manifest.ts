/**
 * What a run says about itself: from what, by which rules, how many rows passed each stage, and why
 * the others did not. It holds no time and no path, so that the same input gives the same bytes.
 */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Source } from '../sources/source.ts';
import type { Learned } from './encode.ts';
import type { StageCounts } from './stage.ts';

export interface HashedFile {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** A stage: rows in + inserted = rows out + merged + those refused. */
export interface StageReport extends Readonly<StageCounts> {
  readonly settings: Readonly<Record<string, unknown>>;
  /** What it found beside counts, such as how far points lie from the centres of their states. */
  readonly measures?: Readonly<Record<string, unknown>>;
}

export interface Manifest {
  readonly format: 1;
  /** Version of the program. */
  readonly revealed: string;
  /** SHA-256 of everything that decides what is written: the same for the same run. */
  readonly run: string | null;
  readonly seed: number;
  readonly source: {
    readonly name: string;
    readonly unit: Source['unit'];
    /** Empty for records in memory. */
    readonly files: readonly HashedFile[];
  };
  readonly stages: readonly StageReport[];
  readonly learned: Learned['from'];
  readonly tracks: number;
  readonly rows: number;
  readonly deadLetters: number;
  /** The files that were written, this one not counted; empty where none were. */
  readonly files: readonly HashedFile[];
}

export async function hashFile(path: string): Promise<HashedFile> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  const { size } = await stat(path);
  return { name: basename(path), sha256: hash.digest('hex'), bytes: size };
}

export function stageReport(
  counts: StageCounts,
  settings: Readonly<Record<string, unknown>>,
  measures: Readonly<Record<string, unknown>> | null,
): StageReport {
  return {
    ...counts,
    refused: byName(counts.refused),
    notes: byName(counts.notes),
    settings,
    ...(measures ? { measures } : {}),
  };
}

function byName(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}
