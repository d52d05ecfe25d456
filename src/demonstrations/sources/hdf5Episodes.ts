/** Episodes of an HDF5 file, whose layout is told by what stands at its top. */

import { basename } from 'node:path';
import { quotedList, TableError } from '../tables/tableError.ts';
import { openD4rl } from './d4rlEpisodes.ts';
import { type EpisodeFile, EpisodeOptions } from './episodes.ts';
import { openHdf5 } from './hdf5File.ts';
import { openMinari } from './minariEpisodes.ts';

/** Opens a file in the layout of Minari or of D4RL. */
export async function openHdf5Episodes(
  path: string,
  options: EpisodeOptions = {},
): Promise<EpisodeFile> {
  const given = EpisodeOptions.parse(options);
  const file = await openHdf5(path, given.maxUnpacked);
  let keys: readonly string[];
  try {
    keys = file.keys('') ?? [];
  } finally {
    file.close();
  }
  if (keys.some((key) => /^episode_\d+$/.test(key))) return openMinari(path, given);
  if (keys.includes('observations') || keys.includes('actions')) return openD4rl(path, given);
  throw new TableError(
    basename(path),
    null,
    `has neither groups episode_0, episode_1, … (Minari) nor arrays observations, actions, rewards, terminals (D4RL); it has ${keys.length === 0 ? 'nothing' : quotedList(keys, 12)}`,
  );
}
