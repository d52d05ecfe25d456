/**
 * Episodes of an HDF5 file in the layout of Minari: a group `episode_N` for each, with observations
 * (one more than decisions), actions, rewards, terminations and truncations. Observations that are
 * groups of arrays (dictionaries) become coordinates side by side, named after each array.
 *
 * Reference: Farama-Foundation/Minari, data set standard, version 0.5.
 */

import { basename, resolve } from 'node:path';
import type { z } from 'zod';
import { TableError } from '../tables/tableError.ts';
import { joinedSpace, spaceOf } from './arraySpaces.ts';
import {
  type Episode,
  type EpisodeEnd,
  type EpisodeFile,
  type EpisodeOptions,
  type EpisodeSpace,
  widthOf,
} from './episodes.ts';
import { type Hdf5Array, type Hdf5File, openHdf5 } from './hdf5File.ts';
import { ArrayError } from './npyArray.ts';

/** Arrays that are side by side one observation or action. */
interface Parts {
  readonly space: EpisodeSpace;
  readonly arrays: readonly Hdf5Array[];
  readonly rows: number;
}

/** Opens a file and looks at its first episode; the others must be alike. */
export async function openMinari(
  path: string,
  { maxUnpacked }: z.output<typeof EpisodeOptions>,
): Promise<EpisodeFile> {
  const name = basename(path);
  const first = await openHdf5(path, maxUnpacked);
  let groups: string[];
  let layout: EpisodeFile['layout'];
  try {
    groups = (first.keys('') ?? []).filter((key) => /^episode_\d+$/.test(key));
    groups.sort((a, b) => numberOf(a) - numberOf(b));
    layout = {
      observations: partsOf(name, first, `${groups[0]}/observations`, 'obs').space,
      actions: partsOf(name, first, `${groups[0]}/actions`, 'act').space,
      hasRewards: (first.keys(groups[0]) ?? []).includes('rewards'),
    };
  } finally {
    first.close();
  }
  return {
    name,
    files: [resolve(path)],
    layout,
    warnings: [],
    async *read() {
      const file = await openHdf5(path, maxUnpacked);
      try {
        for (const group of groups) yield episodeOf(name, file, group, layout);
      } finally {
        file.close();
      }
    },
  };
}

function episodeOf(
  name: string,
  file: Hdf5File,
  group: string,
  layout: EpisodeFile['layout'],
): Episode {
  const refuse = (member: string, problem: string): never => {
    throw new TableError(name, null, `"${group}/${member}" ${problem}`);
  };
  const observed = partsOf(name, file, `${group}/observations`, 'obs');
  const acted = partsOf(name, file, `${group}/actions`, 'act');
  if (!alike(observed.space, layout.observations))
    refuse('observations', 'is made of other columns than in the first episode');
  if (!alike(acted.space, layout.actions))
    refuse('actions', 'is made of other columns than in the first episode');
  const steps = acted.rows;
  if (observed.rows !== steps + 1)
    refuse('observations', `has ${observed.rows} rows for ${steps} actions, wanted one more`);
  const perStep = (member: string): Float64Array => {
    const array = file.array(`${group}/${member}`);
    if (array.shape.length !== 1 || array.shape[0] !== steps)
      refuse(member, `has the shape ${array.shape.join(' × ')} for ${steps} actions`);
    return array.rows(0, steps);
  };
  const terminations = perStep('terminations');
  const truncations = perStep('truncations');
  for (let t = 0; t + 1 < steps; t++)
    if (terminations[t] !== 0 || truncations[t] !== 0)
      refuse(
        terminations[t] !== 0 ? 'terminations' : 'truncations',
        `says that it ends at step ${t}, but it has ${steps} steps`,
      );
  // Where both are true the state is terminal; the limit only fell on the same step.
  const end: EpisodeEnd =
    terminations[steps - 1] > 0
      ? 'terminated'
      : truncations[steps - 1] > 0
        ? 'truncated'
        : 'cut-off';
  return {
    name: String(numberOf(group)),
    steps,
    observations: sideBySide(observed),
    actions: sideBySide(acted),
    rewards: layout.hasRewards ? perStep('rewards') : null,
    end,
  };
}

function numberOf(group: string): number {
  return Number(group.slice('episode_'.length));
}

/** Returns an array, or all those in a group and the groups in it, in the order of their names. */
function partsOf(name: string, file: Hdf5File, path: string, prefix: string): Parts {
  if (file.keys(path) === null) {
    const array = file.array(path);
    return { space: checkedSpace(name, array, prefix), arrays: [array], rows: array.shape[0] };
  }
  const arrays: Hdf5Array[] = [];
  const collect = (group: string): void => {
    for (const key of [...(file.keys(group) ?? [])].sort()) {
      const inner = `${group}/${key}`;
      if (file.keys(inner) === null) arrays.push(file.array(inner));
      else collect(inner);
    }
  };
  collect(path);
  if (arrays.length === 0) throw new TableError(name, null, `"${path}" holds no arrays`);
  const rows = arrays[0].shape[0];
  for (const array of arrays)
    if (array.shape[0] !== rows)
      throw new TableError(
        name,
        null,
        `"${array.path}" has ${array.shape[0]} rows, but "${arrays[0].path}" ${rows}`,
      );
  const spaces = arrays.map((array) => {
    const label = `${prefix}_${array.path.slice(path.length + 1).replaceAll('/', '.')}`;
    return [label, checkedSpace(name, array, label)] as const;
  });
  return { space: joinedSpace(spaces), arrays, rows };
}

function checkedSpace(name: string, array: Hdf5Array, prefix: string): EpisodeSpace {
  try {
    return spaceOf(array, prefix);
  } catch (error) {
    if (!(error instanceof ArrayError)) throw error;
    throw new TableError(name, null, `"${array.path}" ${error.message}`, { cause: error });
  }
}

function sideBySide({ space, arrays, rows }: Parts): Float64Array {
  if (arrays.length === 1) return arrays[0].rows(0, rows);
  const width = widthOf(space);
  const whole = new Float64Array(rows * width);
  let from = 0;
  for (const array of arrays) {
    const part = array.rows(0, rows);
    const columns = rows === 0 ? 0 : part.length / rows;
    for (let t = 0; t < rows; t++)
      for (let i = 0; i < columns; i++) whole[t * width + from + i] = part[t * columns + i];
    from += columns;
  }
  return whole;
}

function alike(a: EpisodeSpace, b: EpisodeSpace): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
