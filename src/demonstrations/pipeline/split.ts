/**
 * Folds by person: which tracks teach and which are held out, known from the name alone, so that a
 * stream can be split as it passes and more data never move anybody to another fold.
 */

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Stage, settingsOf } from './stage.ts';
import type { Track, Values } from './track.ts';

export const SplitOptions = z.strictObject({
  folds: z.int().min(2).optional().describe('Into how many folds people are dealt by their names'),
  by: z
    .enum(['person', 'trajectory'])
    .default('person')
    .describe('What is never parted; one person in two folds is known before being predicted'),
  seed: z.int().default(0).describe('Seed of the dealing'),
  test: z
    .array(z.string())
    .default([])
    .describe('Folds from which nothing is learned but which recorded steps are possible'),
});
/** What a caller may write. */
export type SplitOptions<Row extends Values = Values> = z.input<typeof SplitOptions> & {
  /** Names the fold of a track, in place of `folds`. */
  readonly fold?: (track: Track<Row>) => string;
};

/** Gives every track a fold, called 1, 2, … where people are dealt. */
export function split<Row extends Values>({
  fold,
  ...options
}: SplitOptions<Row>): Stage<Track<Row>, Track<Row>> {
  const { folds, by, seed, test } = SplitOptions.parse(options);
  if ((folds === undefined) === (fold === undefined))
    throw new RangeError(
      'Cannot split: give either the number of "folds", or "fold", which names the fold of a track',
    );
  const foldOf =
    fold ??
    ((track: Track<Row>) =>
      String(1 + hashBelow(folds!, seed, by === 'person' ? track.person : track.name)));
  return {
    name: 'split',
    settings: settingsOf({ folds, fold, by: folds === undefined ? undefined : by, seed, test }),
    begin(outlet) {
      return {
        take(track) {
          const name = foldOf(track);
          if (name === '')
            throw new RangeError(
              `Cannot split: the fold of track "${track.name}" must have a name`,
            );
          outlet.emit({ ...track, fold: name });
        },
        finish() {},
        save: () => null,
      };
    },
  };
}

/** A whole number below `count`, the same for the same seed and name. */
function hashBelow(count: number, seed: number, name: string): number {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, name]))
    .digest();
  return digest.readUIntBE(0, 6) % count;
}
