/** A pipeline run in memory: everything it makes, for data that fit there. */

import { version } from '../programVersion.ts';
import { type DeadLetter, deadLetter } from './deadLetter.ts';
import { encode, type Learned, learn } from './encode.ts';
import { gather, nothingLeft } from './gather.ts';
import { hashFile, type Manifest, stageReport } from './manifest.ts';
import type { Plan } from './plan.ts';
import type { StateVisits, WorldMove } from './recordedWorld.ts';
import type { Refusal } from './stage.ts';
import type { Track, Values } from './track.ts';

export interface Collected<Row extends Values> {
  /** Finished tracks; `states` is never null. */
  readonly tracks: readonly Track<Row>[];
  readonly states: readonly StateVisits[];
  readonly moves: readonly WorldMove[];
  readonly learned: Learned;
  readonly deadLetters: readonly DeadLetter[];
  readonly manifest: Manifest;
}

export async function collect<Row extends Values>(
  plan: Plan<Row>,
  seed: number,
): Promise<Collected<Row>> {
  const { source } = plan;
  const deadLetters: DeadLetter[] = [];
  const onRefused = (refusal: Refusal, stage: string) =>
    deadLetters.push(deadLetter(source, stage, refusal));
  const gathered: Track<Row>[] = [];
  const gathering = gather(plan, null, (track) => gathered.push(track), onRefused);
  for await (const _ of gathering.batches()) {
    // Reading on is all there is to do.
  }
  const learned = await learn(plan, () => gathered, seed);
  const tracks: Track<Row>[] = [];
  const encoding = encode(plan, learned, (track) => tracks.push(track), onRefused);
  for (const track of gathered) encoding.take(track);
  if (tracks.length === 0)
    throw nothingLeft(source.name, [...gathering.counts, ...encoding.counts]);
  return {
    tracks,
    states: encoding.states(),
    moves: learned.known.moves,
    learned,
    deadLetters,
    manifest: {
      format: 1,
      revealed: version,
      run: null,
      seed,
      source: {
        name: source.name,
        unit: source.unit,
        files: await Promise.all(source.files.map(hashFile)),
      },
      stages: [
        ...gathering.counts.map((counts, i) =>
          stageReport(counts, settingsOfGathering(plan)[i], null),
        ),
        ...encoding.counts.map((counts, i) =>
          stageReport(counts, encoding.settings[i], encoding.measures()[i]),
        ),
      ],
      learned: learned.from,
      tracks: tracks.length,
      rows: tracks.reduce((sum, { places }) => sum + places.length, 0),
      deadLetters: deadLetters.length,
      files: [],
    },
  };
}

/** What the stages up to the split were asked for. */
export function settingsOfGathering<Row extends Values>({ clean, sessions, split }: Plan<Row>) {
  return [clean.settings, sessions.settings, ...(split ? [split.stage.settings] : [])];
}
