/**
 * A pipeline run to a folder: plain tables, a manifest, and a file of what was refused. Files carry
 * their names only when everything is whole; until then they are `.partial`, and `checkpoint.json`
 * says how far they can be trusted.
 *
 * The first half reads the source once, and tracks go to a file of their own. The second half reads
 * that file to learn states from, and again to make the tables; interrupted, it begins anew.
 */

import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { version } from '../programVersion.ts';
import {
  CHECKPOINT,
  type Checkpoint,
  fingerprintOf,
  loadCheckpoint,
  saveCheckpoint,
} from './checkpoint.ts';
import { settingsOfGathering } from './collect.ts';
import { deadLetter, deadLetterLine } from './deadLetter.ts';
import { encode, learn } from './encode.ts';
import { gather, nothingLeft } from './gather.ts';
import { hashFile, type Manifest, stageReport } from './manifest.ts';
import { makeWhole, openPartial, partialPath } from './partialFile.ts';
import type { Plan } from './plan.ts';
import { readSpool, spoolLine } from './spool.ts';
import { type Refusal, settingsOf } from './stage.ts';
import type { Values } from './track.ts';
import * as tables from './trackTables.ts';

export const WriteOptions = z.strictObject({
  seed: z.int().default(0).describe('Seed of every random draw'),
  resume: z.boolean().default(false).describe('Go on with an interrupted run in the folder'),
  checkpointEvery: z
    .int()
    .positive()
    .default(200_000)
    .describe('Records of the source between two checkpoints; it does not change the output'),
});
/** What a caller may write. */
export type WriteOptions = z.input<typeof WriteOptions>;

export interface PipelineProgress {
  readonly phase: Checkpoint['phase'];
  /** Records of the source that were read. */
  readonly records: number;
}

const TRACKS = 'gathered.jsonl';
const LETTERS = 'dead-letters.jsonl';
const DISCRETIZER = 'discretizer.json';
const MANIFEST = 'manifest.json';

/** Yields after each batch and at each border; to stop asking is to interrupt the run. */
export async function* writeFolder<Row extends Values>(
  plan: Plan<Row>,
  directory: string,
  options: WriteOptions = {},
): AsyncGenerator<PipelineProgress, Manifest> {
  const { seed, resume, checkpointEvery } = WriteOptions.parse(options);
  const { source } = plan;
  const at = (name: string) => join(directory, name);
  const sourceFiles = await Promise.all(source.files.map(hashFile));
  const fingerprint = fingerprintOf([
    version,
    seed,
    source.name,
    sourceFiles,
    settingsOfPlan(plan),
  ]);
  mkdirSync(directory, { recursive: true });

  let stand: Checkpoint | null = null;
  if (resume) {
    stand = loadCheckpoint(directory, fingerprint);
    const done = stand ? null : finishedManifest(at(MANIFEST), fingerprint);
    if (done) return done;
  }
  if (!stand) {
    rmSync(at(MANIFEST), { force: true });
    stand = {
      fingerprint,
      phase: 'gather',
      gathered: null,
      trackBytes: 0,
      letterBytes: 0,
      letters: 0,
    };
    saveCheckpoint(directory, stand);
  }
  const records = () => stand?.gathered?.items ?? 0;

  if (stand.phase === 'gather') {
    const spool = openPartial(at(TRACKS), stand.trackBytes);
    const refused = openPartial(at(LETTERS), stand.letterBytes);
    let { letters } = stand;
    const gathering = gather(
      plan,
      stand.gathered,
      (track) => spool.write(spoolLine(track)),
      (refusal, stage) => {
        letters++;
        refused.write(deadLetterLine(deadLetter(source, stage, refusal)));
      },
    );
    const save = (phase: Checkpoint['phase']) => {
      const trackBytes = spool.flush();
      const letterBytes = refused.flush();
      const gathered = gathering.state();
      stand = { fingerprint, phase, gathered, trackBytes, letterBytes, letters };
      saveCheckpoint(directory, stand);
    };
    try {
      for await (const _ of gathering.batches()) {
        const { items } = gathering.state();
        if (items - records() >= checkpointEvery) save('gather');
        yield { phase: 'gather', records: items };
      }
      save('encode');
    } finally {
      spool.close();
      refused.close();
    }
    yield { phase: 'encode', records: records() };
  }
  const names = filesOf(plan);
  if (stand.phase === 'encode') {
    await makeTables(stand);
    stand = { ...stand, phase: 'finish' };
    saveCheckpoint(directory, stand);
    yield { phase: 'finish', records: records() };
  }
  for (const name of names) {
    makeWhole(at(name));
    yield { phase: 'finish', records: records() };
  }
  rmSync(partialPath(at(TRACKS)), { force: true });
  rmSync(at(CHECKPOINT), { force: true });
  return JSON.parse(readFileSync(at(MANIFEST), 'utf8'));

  async function makeTables({ gathered, letterBytes, letters: before }: Checkpoint): Promise<void> {
    const tracksOf = () => readSpool<Row>(partialPath(at(TRACKS)));
    const learned = await learn(plan, tracksOf, seed);
    const shape = tables.tableShape(plan);
    const refused = openPartial(at(LETTERS), letterBytes);
    const trajectories = openPartial(at('trajectories.csv'), 0);
    const list = openPartial(at('tracks.csv'), 0);
    let letters = before;
    let trackCount = 0;
    let rows = 0;
    const encoding = encode(
      plan,
      learned,
      (track) => {
        trackCount++;
        rows += track.places.length;
        trajectories.write(tables.trajectoryLines(track, shape));
        list.write(tables.trackLine(track));
      },
      (refusal: Refusal, stage: string) => {
        letters++;
        refused.write(deadLetterLine(deadLetter(source, stage, refusal)));
      },
    );
    try {
      trajectories.write(tables.trajectoriesHeader(shape));
      list.write(tables.TRACKS_HEADER);
      for await (const track of tracksOf()) encoding.take(track);
      if (trackCount === 0)
        throw nothingLeft(source.name, [...(gathered?.counts ?? []), ...encoding.counts]);
      for (const file of [refused, trajectories, list]) file.flush();
    } finally {
      for (const file of [refused, trajectories, list]) file.close();
    }
    const { moves } = learned.known;
    writeLines(at('transitions.csv'), tables.transitionsTable(moves));
    if (learned.discretizer)
      writeLines(at(DISCRETIZER), [`${JSON.stringify(learned.discretizer.saved)}\n`]);
    writeLines(at('states.csv'), tables.statesTable(encoding.states(), learned));
    if (Object.keys(plan.features).length > 0)
      writeLines(at('features.csv'), tables.featuresTable(plan.features, moves, learned));

    const written = names.filter((name) => name !== MANIFEST);
    const hashed = await Promise.all(written.map((name) => hashFile(partialPath(at(name)))));
    const settings = settingsOfGathering(plan);
    const measures = encoding.measures();
    const manifest: Manifest = {
      format: 1,
      revealed: version,
      run: fingerprint,
      seed,
      source: { name: source.name, unit: source.unit, files: sourceFiles },
      stages: [
        ...(gathered?.counts ?? []).map((counts, i) => stageReport(counts, settings[i], null)),
        ...encoding.counts.map((counts, i) =>
          stageReport(counts, encoding.settings[i], measures[i]),
        ),
      ],
      learned: learned.from,
      tracks: trackCount,
      rows,
      deadLetters: letters,
      files: hashed.map((file, i) => ({ ...file, name: written[i] })),
    };
    writeLines(at(MANIFEST), [`${JSON.stringify(manifest, null, 2)}\n`]);
  }
}

/** Names of the files that a run writes, the manifest last: where it is, all others are. */
function filesOf<Row extends Values>({ discretize, features }: Plan<Row>): string[] {
  return [
    'transitions.csv',
    ...(Object.keys(features).length > 0 ? ['features.csv'] : []),
    'trajectories.csv',
    'tracks.csv',
    'states.csv',
    ...(discretize ? [DISCRETIZER] : []),
    LETTERS,
    MANIFEST,
  ];
}

function writeLines(path: string, lines: Iterable<string>): void {
  const file = openPartial(path, 0);
  try {
    for (const line of lines) file.write(line);
    file.flush();
  } finally {
    file.close();
  }
}

/** The manifest of a run that was finished before, if it was this one. */
function finishedManifest(path: string, fingerprint: string): Manifest | null {
  if (!existsSync(path)) return null;
  const manifest: Manifest = JSON.parse(readFileSync(path, 'utf8'));
  return manifest.run === fingerprint ? manifest : null;
}

function settingsOfPlan<Row extends Values>(plan: Plan<Row>): unknown {
  const { discretize, actions, goals, features } = plan;
  return [
    settingsOfGathering(plan),
    discretize && [discretize.rule.name, discretize.rule.dimension, settingsOf(discretize.options)],
    settingsOf(actions),
    goals && settingsOf(goals),
    settingsOf(features),
  ];
}
