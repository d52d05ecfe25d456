/**
 * Episodes of an .npz archive in the layout of `imitation` (Gleave et al. 2022): `obs` has one row
 * more than decisions in each trajectory, `acts` and `rews` one per decision; `indices` says at which
 * decision each trajectory but the first begins, `terminal` whether it ended by itself.
 *
 * `terminal` is true at limits of time as well: only the limit, where it is known, tells the two
 * apart. `infos` is a pickle and is not opened.
 */

import { type FileHandle, open } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { quotedList, TableError } from '../tables/tableError.ts';
import { spaceOf } from './arraySpaces.ts';
import { type Episode, type EpisodeFile, EpisodeOptions, widthOf } from './episodes.ts';
import { checkRegularFile } from './fileBytes.ts';
import { ArrayError, type NumberArray, npyArray } from './npyArray.ts';
import { unpackEntry, ZipError, zipEntries } from './zipEntries.ts';

const WANTED = ['obs', 'acts', 'indices', 'terminal'] as const;

/** Opens an archive and checks its arrays against each other; they are held in memory. */
export async function openNpz(path: string, options: EpisodeOptions = {}): Promise<EpisodeFile> {
  const { timeLimit, maxUnpacked } = EpisodeOptions.parse(options);
  const name = basename(path);
  const arrays = await readArrays(path, maxUnpacked);
  const refuse = (member: string, problem: string): never => {
    throw new TableError(name, null, `array "${member}" ${problem}`);
  };
  const { obs, acts, indices, terminal } = arrays;
  const rews = arrays.rews ?? null;
  const decisions = acts.shape[0] ?? 0;
  const count = indices.values.length + 1;
  if (terminal.values.length !== count)
    refuse(
      'terminal',
      `has ${terminal.values.length} entries for the ${count} trajectories of "indices"`,
    );
  if (rews !== null && rews.values.length !== decisions)
    refuse('rews', `has ${rews.values.length} numbers for ${decisions} actions`);
  if (obs.shape[0] !== decisions + count)
    refuse(
      'obs',
      `has ${obs.shape[0]} rows, wanted ${decisions + count}: one more than actions in each of ${count} trajectories`,
    );
  const start = Int32Array.of(0, ...indices.values, decisions);
  for (let i = 0; i < count; i++)
    if (!(start[i] <= start[i + 1]))
      refuse('indices', `goes back or beyond the ${decisions} actions at entry ${i + 1}`);
  const space = (member: 'obs' | 'acts', array: NumberArray, prefix: string) => {
    try {
      return spaceOf(array, prefix);
    } catch (error) {
      if (error instanceof ArrayError) refuse(member, error.message);
      throw error;
    }
  };
  const layout = {
    observations: space('obs', obs, 'obs'),
    actions: space('acts', acts, 'act'),
    hasRewards: rews !== null,
  };
  const seen = widthOf(layout.observations);
  const acted = widthOf(layout.actions);
  const steps = (i: number) => start[i + 1] - start[i];
  for (let i = 0; timeLimit !== null && i < count; i++)
    if (steps(i) > timeLimit)
      refuse(
        'indices',
        `gives trajectory ${i + 1} ${steps(i)} decisions, above the limit of ${timeLimit}`,
      );
  const ended = terminal.values.reduce((sum, flag) => sum + flag, 0);
  return {
    name,
    files: [resolve(path)],
    layout,
    warnings:
      timeLimit === null && ended > 0
        ? [
            `${name}: ${ended} of ${count} episodes say that they ended by themselves; this layout says so at limits of time too: give the limit if there was one`,
          ]
        : [],
    async *read() {
      for (let i = 0; i < count; i++) {
        const [from, to] = [start[i], start[i + 1]];
        const episode: Episode = {
          name: String(i),
          steps: to - from,
          observations: obs.values.slice((from + i) * seen, (to + i + 1) * seen),
          actions: acts.values.slice(from * acted, to * acted),
          rewards: rews?.values.slice(from, to) ?? null,
          end:
            terminal.values[i] === 0
              ? 'cut-off'
              : to - from === timeLimit
                ? 'truncated'
                : 'terminated',
        };
        yield episode;
      }
    },
  };
}

async function readArrays(
  path: string,
  limit: number,
): Promise<Record<(typeof WANTED)[number], NumberArray> & Partial<Record<'rews', NumberArray>>> {
  const file = basename(path);
  await checkRegularFile(path);
  let handle: FileHandle | null = null;
  let reading = '';
  try {
    handle = await open(path);
    const entries = await zipEntries(handle);
    const found: Record<string, NumberArray> = {};
    for (const member of [...WANTED, 'rews']) {
      const entry = entries.find(({ name }) => name === `${member}.npy`);
      if (entry === undefined && member === 'rews') continue;
      if (entry === undefined)
        throw new TableError(
          file,
          null,
          `has no array "${member}"; the layout of imitation has obs, acts, indices and terminal, this file has ${quotedList(
            entries.map(({ name }) => name),
            12,
          )}`,
        );
      const bytes = await unpackEntry(handle, entry, limit);
      reading = member;
      found[member] = npyArray(bytes);
      reading = '';
    }
    return found as Awaited<ReturnType<typeof readArrays>>;
  } catch (error) {
    if (error instanceof ArrayError)
      throw new TableError(file, null, `array "${reading}" ${error.message}`, { cause: error });
    if (error instanceof ZipError || (error instanceof Error && 'code' in error))
      throw new TableError(file, null, error.message, { cause: error });
    throw error;
  } finally {
    await handle?.close();
  }
}
