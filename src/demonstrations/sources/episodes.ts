/**
 * Episodes as simulators and learners record them: observations and actions as numbers, of which
 * there may be many per step, and rewards.
 *
 * An episode of T decisions has T + 1 observations where the one it ended in was recorded, else T.
 * How it ended is one of three things, which must not be confused: `terminated` in a state from which
 * nothing more can come, `truncated` by a limit of time though it could have gone on, `cut-off`
 * because the recording stops there.
 */

import { z } from 'zod';
import type { FieldValue, Source, SourceItem } from './source.ts';

export type EpisodeEnd = 'terminated' | 'truncated' | 'cut-off';

/** What one observation or action is: the number of a state or choice, or named coordinates. */
export type EpisodeSpace =
  | { readonly kind: 'discrete' }
  | { readonly kind: 'box'; readonly names: readonly string[] };

export interface EpisodeLayout {
  readonly observations: EpisodeSpace;
  readonly actions: EpisodeSpace;
  readonly hasRewards: boolean;
}

export interface Episode {
  readonly name: string;
  /** Decisions T. */
  readonly steps: number;
  /** [(T + 1 or T) · width] */
  readonly observations: Float64Array;
  /** [T · width] */
  readonly actions: Float64Array;
  /** [T], or null where none were recorded. */
  readonly rewards: Float64Array | null;
  readonly end: EpisodeEnd;
}

/** A file of episodes, opened: what they are made of is known, and they can be read one by one. */
export interface EpisodeFile {
  /** Base name. */
  readonly name: string;
  /** Absolute paths. */
  readonly files: readonly string[];
  readonly layout: EpisodeLayout;
  /** What a user should know though nothing is wrong. */
  readonly warnings: readonly string[];
  /** Yields every episode, in order; may be called again. Throws a TableError where one is broken. */
  readonly read: () => AsyncGenerator<Episode>;
}

/** Many episodes as flat arrays: what a network is trained on. */
export interface Episodes {
  readonly layout: EpisodeLayout;
  readonly count: number;
  readonly names: readonly string[];
  /** [episodes + 1] first decision of each episode among `actions` and `rewards`. */
  readonly stepStart: Int32Array;
  /** [episodes + 1] first observation of each; one more than decisions where the last is known. */
  readonly observationStart: Int32Array;
  readonly observationWidth: number;
  /** [observations · observationWidth] */
  readonly observations: Float64Array;
  readonly actionWidth: number;
  /** [decisions · actionWidth] */
  readonly actions: Float64Array;
  /** [decisions], or null where none were recorded. */
  readonly rewards: Float64Array | null;
  /** [episodes] */
  readonly ends: readonly EpisodeEnd[];
}

export const EpisodeOptions = z.strictObject({
  timeLimit: z
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe('Decisions after which episodes were stopped; null where there was no limit'),
  maxUnpacked: z
    .int()
    .positive()
    .default(2 ** 31)
    .describe('Most bytes that one array may hold'),
});
/** What a caller may write; every field optional. */
export type EpisodeOptions = z.input<typeof EpisodeOptions>;

/** Numbers per observation or action. */
export function widthOf(space: EpisodeSpace): number {
  return space.kind === 'discrete' ? 1 : space.names.length;
}

/** Reads all episodes of a file into memory. */
export async function readEpisodes(file: EpisodeFile): Promise<Episodes> {
  const all: Episode[] = [];
  for await (const episode of file.read()) all.push(episode);
  const observationWidth = widthOf(file.layout.observations);
  const starts = (size: (episode: Episode) => number): Int32Array => {
    const start = new Int32Array(all.length + 1);
    all.forEach((episode, i) => {
      start[i + 1] = start[i] + size(episode);
    });
    return start;
  };
  return {
    layout: file.layout,
    count: all.length,
    names: all.map(({ name }) => name),
    stepStart: starts(({ steps }) => steps),
    observationStart: starts(({ observations }) => observations.length / observationWidth),
    observationWidth,
    observations: joined(all.map(({ observations }) => observations)),
    actionWidth: widthOf(file.layout.actions),
    actions: joined(all.map(({ actions }) => actions)),
    rewards: file.layout.hasRewards ? joined(all.map(({ rewards }) => rewards!)) : null,
    ends: all.map(({ end }) => end),
  };
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Names of the columns that hold a space: `discrete` alone, or one per coordinate. */
function columnsOf(space: EpisodeSpace, discrete: string): readonly string[] {
  return space.kind === 'discrete' ? [discrete] : space.names;
}

/** Columns of the table that holds such episodes. */
export function episodeColumns({ observations, actions, hasRewards }: EpisodeLayout): string[] {
  return [
    'trajectory',
    'step',
    ...columnsOf(observations, 'state'),
    ...columnsOf(actions, 'action'),
    ...(hasRewards ? ['reward'] : []),
    'end',
  ];
}

/**
 * The steps of episodes as records: one per decision, and one without action for the observation
 * that an episode ended in. `end` stands in an episode's last record and is null before.
 */
export function episodeSource(file: EpisodeFile): Source {
  return {
    name: file.name,
    files: file.files,
    unit: 'record',
    async *read() {
      let place = 0;
      for await (const episode of file.read()) {
        const items = stepsOf(episode, file.layout).map((fields): SourceItem => {
          place++;
          return { place, fields };
        });
        if (items.length > 0) yield items;
      }
    },
  };
}

function stepsOf(episode: Episode, layout: EpisodeLayout): Record<string, FieldValue>[] {
  const observed = columnsOf(layout.observations, 'state');
  const acted = columnsOf(layout.actions, 'action');
  const rows = Math.max(episode.steps, episode.observations.length / observed.length);
  return Array.from({ length: rows }, (_, t) => {
    const fields: Record<string, FieldValue> = { trajectory: episode.name, step: t };
    const decided = t < episode.steps;
    observed.forEach((name, i) => {
      fields[name] = episode.observations[t * observed.length + i];
    });
    acted.forEach((name, i) => {
      fields[name] = decided ? episode.actions[t * acted.length + i] : null;
    });
    if (layout.hasRewards) fields.reward = decided ? episode.rewards![t] : null;
    fields.end = t === rows - 1 ? episode.end : null;
    return fields;
  });
}
