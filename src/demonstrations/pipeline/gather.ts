/** The first half of a run: records through `clean`, `sessions` and `split`, to tracks. */

import type { Plan } from './plan.ts';
import { countedStage, noCounts, type Refusal, type StageCounts } from './stage.ts';
import type { Track, Values } from './track.ts';

/** What must be kept to go on in the midst of a source; plain data. */
export interface GatherState {
  /** Items of the source that were taken. */
  readonly items: number;
  readonly counts: readonly StageCounts[];
  readonly kept: readonly unknown[];
}

export interface Gathering {
  /** Yields after each batch of the source; reads on only when asked. */
  readonly batches: () => AsyncGenerator<void>;
  readonly counts: readonly StageCounts[];
  readonly state: () => GatherState;
}

/**
 * @param before where an earlier run stood, read back from JSON: what it took is skipped
 * @param onTrack is given every track
 * @param onRefused is told of every row that goes no further, and of the stage
 */
export function gather<Row extends Values>(
  { source, clean, sessions, split }: Plan<Row>,
  before: GatherState | null,
  onTrack: (track: Track<Row>) => void,
  onRefused: (refusal: Refusal, stage: string) => void,
): Gathering {
  const names = [clean.name, sessions.name, ...(split ? [split.stage.name] : [])];
  const counts = names.map((name, i) => before?.counts[i] ?? noCounts(name));
  const last = split
    ? countedStage(split.stage, counts[2], onTrack, onRefused, before?.kept[2])
    : null;
  const second = countedStage(
    sessions,
    counts[1],
    last ? last.take : onTrack,
    onRefused,
    before?.kept[1],
  );
  const first = countedStage(clean, counts[0], second.take, onRefused, before?.kept[0]);
  const runs = last ? [first, second, last] : [first, second];
  let items = before?.items ?? 0;
  return {
    counts,
    state: () => ({ items, counts, kept: runs.map((run) => run.save()) }),
    async *batches() {
      let skip = items;
      for await (const batch of source.read()) {
        const from = Math.min(skip, batch.length);
        skip -= from;
        for (let i = from; i < batch.length; i++) first.take(batch[i]);
        items += batch.length - from;
        yield;
      }
      if (skip > 0)
        throw new RangeError(
          `Cannot go on with an interrupted run: ${source.name} has ${skip} records fewer than it had`,
        );
      for (const run of runs) run.finish();
      if (counts[counts.length - 1].out === 0) throw nothingLeft(source.name, counts);
    },
  };
}

/** The error of a run that refused every row. */
export function nothingLeft(source: string, counts: readonly StageCounts[]): RangeError {
  const refused = counts.flatMap(({ stage, refused }) =>
    Object.entries(refused).map(([reason, rows]) => ({ stage, reason, rows })),
  );
  const { stage, reason, rows } = refused.sort((a, b) => b.rows - a.rows)[0] ?? {};
  return new RangeError(
    counts[0].in === 0
      ? `Cannot make trajectories of ${source}: it has no records`
      : `Cannot make trajectories of ${source}: none of its ${counts[0].in} records is left; most (${rows}) were refused by ${stage}: ${reason}`,
  );
}
