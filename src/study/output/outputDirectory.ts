/**
 * What a run leaves in its folder: `result.json`, flat arrays with a manifest, and while it is under
 * way `state.json`, from which an interrupted run goes on.
 */

import { accessSync, constants, existsSync, mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { InquiryFile, ResultFile } from '../../evaluation/resultFile.ts';
import type { SimulatedFile } from '../../evaluation/simulated/simulatedResult.ts';
import { saveCheckpoint } from '../../networks/checkpoint.ts';
import { unpackCheckpoint } from '../../networks/packedCheckpoint.ts';
import type { StudyRun } from '../run/runStudy.ts';
import type { SimulatedRun } from '../simulated/runSimulated.ts';
import { fileName, writeArrays } from './flatArrays.ts';
import { json, writeWhole } from './wholeFile.ts';

/** Throws where nothing can be written to the folder; does not create it. */
export function checkWritable(directory: string): void {
  let existing = resolve(directory);
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  const refuse = (why: string): never => {
    throw new RangeError(
      `Cannot write to ${directory}: ${existing} ${why}; name another folder with --out`,
    );
  };
  if (!statSync(existing).isDirectory()) refuse('is not a folder');
  try {
    accessSync(existing, constants.W_OK | constants.X_OK);
  } catch {
    refuse('may not be written to');
  }
  try {
    rmdirSync(mkdtempSync(join(existing, '.revealed-')));
  } catch {
    // Where nothing can be, as in /proc, making a folder with its parents would never end.
    refuse('cannot hold files');
  }
}

/** Writes `result.json`, the arrays and their manifest. */
export function writeResult(directory: string, { result, runs }: StudyRun): void {
  const fits = [...runs].map(([cell, { arrays }]) => [cell, arrays] as const);
  writeArrays(directory, fits, 'cells' in result);
  writeWhole(join(directory, 'result.json'), json(result satisfies ResultFile));
}

/** Writes `result.json` of an inquiry; no arrays lie beside it, and the manifest says so. */
export function writeInquiryResult(directory: string, result: InquiryFile): void {
  writeArrays(directory, [], false);
  writeWhole(join(directory, 'result.json'), json(result));
}

/** Where a policy lies in the folder of a result. */
export function policyFolder(cell: string, method: string): string {
  return join('policies', fileName(cell), fileName(method));
}

/** Writes `result.json` of a study in a simulator, its arrays, and every policy as a checkpoint. */
export function writeSimulatedResult(directory: string, { result, fits }: SimulatedRun): void {
  const arrays = [...fits].map(
    ([cell, methods]) =>
      [
        cell,
        Object.fromEntries(Object.entries(methods).map(([name, { arrays }]) => [name, arrays])),
      ] as const,
  );
  writeArrays(directory, arrays, fits.size > 1);
  for (const [cell, methods] of fits)
    for (const [name, { policy }] of Object.entries(methods))
      saveCheckpoint(
        join(directory, policyFolder(cell, name)),
        unpackCheckpoint(policy, policy.kind),
      );
  writeWhole(join(directory, 'result.json'), json(result satisfies SimulatedFile));
}
