/** What an import says: what was found, what was written, and what somebody should look at. */

import { join } from 'node:path';
import {
  type EpisodeFile,
  type EpisodeSpace,
  widthOf,
} from '../demonstrations/sources/episodes.ts';
import type { Proposal } from '../demonstrations/sources/proposeSchema.ts';
import type { RecordSchema } from '../demonstrations/sources/recordSchema.ts';
import type { Source } from '../demonstrations/sources/source.ts';

/** What the episodes of a file are like. */
export interface EpisodeCounts {
  readonly episodes: number;
  readonly decisions: number;
  /** Decisions of the shortest and of the longest; null without episodes. */
  readonly shortest: number | null;
  readonly longest: number | null;
  readonly terminated: number;
  readonly truncated: number;
  readonly cutOff: number;
  /** Episodes whose last observation was recorded. */
  readonly withLastObservation: number;
  readonly observations: EpisodeSpace;
  readonly actions: EpisodeSpace;
  readonly rewards: boolean;
}

/** What `import.json` says of one file. */
export interface Imported {
  readonly format: 1;
  readonly revealed: string;
  readonly source: {
    readonly name: string;
    readonly format: string;
    /** Of every file that was read. */
    readonly files: readonly { readonly name: string; readonly sha256: string }[];
    readonly options: Readonly<Record<string, unknown>>;
  };
  /** Where the table lies, relative to the folder that was named. */
  readonly table: string;
  readonly rows: number;
  /** Records that could not be read, listed in `rejected.jsonl`. */
  readonly rejected: number;
  readonly columns: readonly string[];
  readonly schema: RecordSchema | null;
  readonly episodes: EpisodeCounts | null;
  readonly warnings: readonly string[];
}

/** Returns the file, counted as it is read, and what was counted so far. */
export function countEpisodes(file: EpisodeFile): {
  readonly file: EpisodeFile;
  readonly counts: () => EpisodeCounts;
} {
  const { observations, actions, hasRewards } = file.layout;
  const width = widthOf(observations);
  const ends = { terminated: 0, truncated: 0, 'cut-off': 0 };
  let [episodes, decisions, withLastObservation] = [0, 0, 0];
  let [shortest, longest] = [Number.POSITIVE_INFINITY, 0];
  return {
    file: {
      ...file,
      async *read() {
        for await (const episode of file.read()) {
          episodes++;
          decisions += episode.steps;
          shortest = Math.min(shortest, episode.steps);
          longest = Math.max(longest, episode.steps);
          ends[episode.end]++;
          if (episode.observations.length > episode.steps * width) withLastObservation++;
          yield episode;
        }
      },
    },
    counts: () => ({
      episodes,
      decisions,
      shortest: episodes === 0 ? null : shortest,
      longest: episodes === 0 ? null : longest,
      terminated: ends.terminated,
      truncated: ends.truncated,
      cutOff: ends['cut-off'],
      withLastObservation,
      observations,
      actions,
      rewards: hasRewards,
    }),
  };
}

/** Returns what one import did, in words. */
export function importWords(
  { source, table, rows, rejected, columns, episodes }: Imported,
  folder: string,
): string {
  const lines = [`${source.name} (${source.format})`];
  if (episodes !== null)
    lines.push(
      `  ${counted(episodes.episodes, 'episode')} with ${counted(episodes.decisions, 'decision')}, ${episodes.shortest} to ${episodes.longest} each`,
      `  observations: ${spaceWords(episodes.observations)}; actions: ${spaceWords(episodes.actions)}; ${episodes.rewards ? 'rewards' : 'no rewards'}`,
      `  ${episodes.terminated} terminated, ${episodes.truncated} truncated by a limit of time, ${episodes.cutOff} cut off; the last observation is known in ${episodes.withLastObservation}`,
    );
  else lines.push(`  ${counted(columns.length, 'column')}: ${columns.join(', ')}`);
  lines.push(`  ${counted(rows, 'row')} written to ${join(folder, table)}`);
  if (rejected > 0)
    lines.push(
      `  ${counted(rejected, 'record')} rejected; each with its place and reason in ${join(folder, 'rejected.jsonl')}`,
    );
  return `${lines.join('\n')}\n`;
}

/** Returns what a proposal rests on, in words. */
export function proposalWords(
  { records, more, malformed, fields }: Proposal,
  { name, unit }: Source,
): string {
  const looked = `${more ? 'the first ' : ''}${counted(records, 'record')}`;
  const lines = [
    `${name}: proposed from ${looked}${malformed === 0 ? '' : `; ${counted(malformed, unit)} could not be read`}`,
  ];
  for (const { name: field, kind, seen, missing, doubts } of fields) {
    const absent = missing === 0 ? '' : `, ${missing} without a value`;
    lines.push(`  ${field}: ${kind} (seen in ${seen}${absent})`);
    for (const doubt of doubts) lines.push(`    look at this: ${doubt}`);
  }
  return `${lines.join('\n')}\n`;
}

function spaceWords(space: EpisodeSpace): string {
  return space.kind === 'discrete' ? 'one of a number' : counted(space.names.length, 'number');
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`;
}
