/** Opens a study in a simulator again, with one of the policies that its run kept. */

import { dirname, join } from 'node:path';
import { nearestName } from '../../demonstrations/nearestName.ts';
import type { Imitator } from '../../evaluation/imitation/imitator.ts';
import {
  isSimulatedFile,
  type SimulatedCell,
  simulatedCellsOf,
} from '../../evaluation/simulated/simulatedResult.ts';
import { isSimulated } from '../loadStudy.ts';
import { policyFolder } from '../output/outputDirectory.ts';
import { keptPolicy } from '../simulated/keptPolicy.ts';
import { type PreparedSimulated, prepareSimulated } from '../simulated/prepareSimulated.ts';
import { simulatedSpecifications } from '../simulated/simulatedSpecifications.ts';
import { openRunnable, Source } from '../source.ts';
import { readRunFile, type Wanted } from './reopen.ts';

export interface ReopenedPolicy {
  readonly cell: SimulatedCell;
  readonly method: string;
  readonly prepared: PreparedSimulated;
  readonly policy: Imitator;
}

/**
 * Opens one policy of a result; null where the result is of another kind. Throws where its study or its
 * episodes have changed.
 *
 * @param path of result.json, or of its folder
 * @param wanted the first cell and the first method where absent
 */
export async function reopenSimulated(
  path: string,
  wanted: Wanted,
): Promise<ReopenedPolicy | null> {
  const { result, file } = readRunFile(path);
  if ('questions' in result || !isSimulatedFile(result)) return null;
  const directory = dirname(file);
  const cells = simulatedCellsOf(result);
  const cell = pick(
    'cell',
    cells.map(({ name }) => name),
    wanted.cell,
    file,
  );
  const [{ methods }] = cells;
  const method = pick('method', Object.keys(methods), wanted.method, file);
  const refuse = (why: string): never => {
    throw new RangeError(`Cannot open ${file} again: ${why}; run it again`);
  };
  const source = Source.safeParse(result.source);
  if (!source.success) return refuse('it does not say what was run ("source")');
  const { runnable } = await openRunnable(source.data, result.seed, directory);
  if (!isSimulated(runnable)) return refuse('its study is in no simulator any more');
  const specification = simulatedSpecifications(runnable).find(({ name }) => name === method);
  if (!specification) return refuse(`its study no longer has the method "${method}"`);
  const prepared = await prepareSimulated(runnable, result.seed);
  const now = new Map(prepared.data.files.map(({ name, sha256 }) => [name, sha256]));
  const found = cells.find(({ name }) => name === cell) as SimulatedCell;
  for (const { name, sha256 } of found.data.files)
    if (now.get(name) !== sha256) refuse(`${name} has changed since`);
  const folder = join(directory, policyFolder(cell, method));
  const policy = await keptPolicy(specification, prepared, folder);
  return { cell: found, method, prepared, policy };
}

function pick(
  what: string,
  names: readonly string[],
  wanted: string | undefined,
  file: string,
): string {
  if (wanted === undefined) return names[0];
  if (names.includes(wanted)) return wanted;
  const near = nearestName(wanted, names);
  throw new RangeError(
    `Cannot find ${what} "${wanted}" in ${file}: there are ${names.join(', ')}${near === null ? '' : `; did you mean "${near}"?`}`,
  );
}
