/**
 * Episodes of an HDF5 file in the layout of D4RL (Fu et al. 2020): flat arrays, one row per
 * decision, of observations, actions and rewards. An episode ends by itself where `terminals` is
 * true and by the limit of time where `timeouts` is; what comes after the last of them is cut off.
 *
 * The observation that an episode ended in is known only where `next_observations` is there. Files
 * without `timeouts` need the limit to be given, for else the episodes that it stopped run together.
 */

import { basename, resolve } from 'node:path';
import type { z } from 'zod';
import { TableError } from '../tables/tableError.ts';
import { spaceOf } from './arraySpaces.ts';
import {
  type Episode,
  type EpisodeEnd,
  type EpisodeFile,
  type EpisodeOptions,
  widthOf,
} from './episodes.ts';
import { type Hdf5Array, type Hdf5File, openHdf5 } from './hdf5File.ts';
import { ArrayError } from './npyArray.ts';

/** Rows read at a time: many episodes are short, and each access costs. */
const BLOCK = 4096;

/** Opens a file and checks the shapes of its arrays. */
export async function openD4rl(
  path: string,
  { timeLimit, maxUnpacked }: z.output<typeof EpisodeOptions>,
): Promise<EpisodeFile> {
  const name = basename(path);
  const first = await openHdf5(path, maxUnpacked);
  let layout: EpisodeFile['layout'];
  let hasTimeouts: boolean;
  let hasNext: boolean;
  try {
    const keys = first.keys('') ?? [];
    hasTimeouts = keys.includes('timeouts');
    hasNext = keys.includes('next_observations');
    layout = layoutOf(name, first, keys);
  } finally {
    first.close();
  }
  return {
    name,
    files: [resolve(path)],
    layout,
    warnings:
      hasTimeouts || timeLimit !== null
        ? []
        : [
            `${name}: has no "timeouts"; give the limit of time, or episodes that it stopped run together`,
          ],
    async *read() {
      const file = await openHdf5(path, maxUnpacked);
      try {
        yield* episodesOf(name, file, { layout, hasTimeouts, hasNext, timeLimit });
      } finally {
        file.close();
      }
    },
  };
}

function layoutOf(name: string, file: Hdf5File, keys: readonly string[]): EpisodeFile['layout'] {
  const observations = file.array('observations');
  const rows = observations.shape[0];
  const members = ['actions', 'terminals'];
  for (const optional of ['rewards', 'timeouts', 'next_observations'])
    if (keys.includes(optional)) members.push(optional);
  for (const member of members) {
    const { shape } = file.array(member);
    const flat = member !== 'actions' && member !== 'next_observations';
    const alike = member !== 'next_observations' || String(shape) === String(observations.shape);
    if (shape[0] !== rows || (flat && shape.some((size, axis) => axis > 0 && size !== 1)) || !alike)
      throw new TableError(
        name,
        null,
        `"${member}" has the shape ${shape.join(' × ')}, but "observations" ${observations.shape.join(' × ')}`,
      );
  }
  const space = (member: string, prefix: string) => {
    try {
      return spaceOf(file.array(member), prefix);
    } catch (error) {
      if (!(error instanceof ArrayError)) throw error;
      throw new TableError(name, null, `"${member}" ${error.message}`, { cause: error });
    }
  };
  return {
    observations: space('observations', 'obs'),
    actions: space('actions', 'act'),
    hasRewards: keys.includes('rewards'),
  };
}

function* episodesOf(
  name: string,
  file: Hdf5File,
  {
    layout,
    hasTimeouts,
    hasNext,
    timeLimit,
  }: {
    readonly layout: EpisodeFile['layout'];
    readonly hasTimeouts: boolean;
    readonly hasNext: boolean;
    readonly timeLimit: number | null;
  },
): Generator<Episode> {
  const reader = (member: string) => rowsInBlocks(file.array(member));
  const observations = reader('observations');
  const actions = reader('actions');
  const rewards = layout.hasRewards ? reader('rewards') : null;
  const terminals = reader('terminals');
  const timeouts = hasTimeouts ? reader('timeouts') : null;
  const next = hasNext ? reader('next_observations') : null;
  const width = widthOf(layout.observations);
  const total = file.array('observations').shape[0];
  let start = 0;
  let number = 0;
  for (let row = 0; row < total; row++) {
    const steps = row + 1 - start;
    const terminated = terminals(row, row + 1)[0] !== 0;
    const stopped = timeouts === null ? steps === timeLimit : timeouts(row, row + 1)[0] !== 0;
    if (!terminated && !stopped && row + 1 < total) continue;
    if (timeLimit !== null && steps > timeLimit)
      throw new TableError(
        name,
        null,
        `the episode of rows ${start} to ${row} has ${steps} steps, above the limit of ${timeLimit}`,
      );
    const end: EpisodeEnd = terminated ? 'terminated' : stopped ? 'truncated' : 'cut-off';
    const seen = new Float64Array((next === null ? steps : steps + 1) * width);
    seen.set(observations(start, row + 1));
    if (next !== null) seen.set(next(row, row + 1), steps * width);
    yield {
      name: String(number),
      steps,
      observations: seen,
      actions: actions(start, row + 1).slice(),
      rewards: rewards?.(start, row + 1).slice() ?? null,
      end,
    };
    start = row + 1;
    number++;
  }
}

/** Returns a reader of rows that keeps the block that it read last; the result is overwritten. */
function rowsInBlocks(array: Hdf5Array): (from: number, to: number) => Float64Array {
  const width = array.shape.slice(1).reduce((product, size) => product * size, 1);
  let first = 0;
  let last = 0;
  let block: Float64Array = new Float64Array(0);
  return (from, to) => {
    if (from < first || to > last) {
      first = from;
      last = Math.min(array.shape[0], Math.max(to, from + BLOCK));
      block = array.rows(first, last);
    }
    return block.subarray((from - first) * width, (to - first) * width);
  };
}
