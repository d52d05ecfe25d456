import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { field } from '../../../src/demonstrations/pipeline/field.ts';
import { pipeline, type TrackPipeline } from '../../../src/demonstrations/pipeline/pipeline.ts';
import { csvSource } from '../../../src/demonstrations/sources/csvSource.ts';
import { recordsSource } from '../../../src/demonstrations/sources/recordsSource.ts';
import { loadPlainTables } from '../../../src/demonstrations/tables/plainTables.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { expectNoRowLost, type Seen, SeenFields, seenColumns, unitCells } from './recordings.ts';

const home = mkdtempSync(join(tmpdir(), 'revealed-pipeline-'));
afterAll(() => rmSync(home, { recursive: true }));
let folders = 0;
const newFolder = () => join(home, String(++folders));

/** People who walk up a line with some noise, and rows that are wrong in every way. */
function walks(people: number, rng = createRng(0, 'walks')): string {
  const lines = ['id,t,x'];
  for (let person = 0; person < people; person++) {
    let x = rng() * 3;
    for (let t = 0; t < 12 + 10 * rng(); t++) {
      x += rng() * 1.5 - 0.4;
      const late = rng() < 0.05 ? 3 : 0;
      lines.push(`p${person},${t - late},${rng() < 0.03 ? 'NA' : x}`);
      if (rng() < 0.03) lines.push(lines.at(-1) ?? '');
      if (rng() < 0.02) lines.push('p0,"1,2');
    }
  }
  return `${lines.join('\n')}\n`;
}

const csv = join(home, 'walks.csv');
writeFileSync(csv, walks(40));

const walkers = (path = csv): TrackPipeline<Seen> =>
  pipeline(csvSource(path))
    .clean(SeenFields, { 'far away': ({ x }) => x > 12 })
    .sessions(seenColumns, { window: 1, jump: 1.05, lastRow: 'terminated' })
    .split({ folds: 4, test: ['4'] })
    .discretize(unitCells)
    .actions({ moves: { within: 1 }, stays: 'collapse', jumps: 'insert' })
    .goals('last', { unfinished: 'keep' })
    .features({ up: ({ from, to }) => (to?.[0] ?? 0) - (from?.[0] ?? 0) });

function contents(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
}

describe('a pipeline', () => {
  test('loses no row, and says why each one that is missing was refused', async () => {
    const folder = newFolder();
    const manifest = await walkers().write(folder);
    expectNoRowLost(manifest);
    const [cleaned, session] = manifest.stages;
    const lines = readFileSync(csv, 'utf8').trimEnd().split('\n');
    expect(cleaned.in).toBe(lines.length - 1);
    expect(Object.keys(cleaned.refused)).toEqual(
      expect.arrayContaining(['malformed', expect.stringContaining('"x" must be a finite')]),
    );
    expect(Object.keys(session.refused).length).toBeGreaterThan(0);
    const letters = readFileSync(join(folder, 'dead-letters.jsonl'), 'utf8').trimEnd().split('\n');
    expect(letters.length).toBe(manifest.deadLetters);
    for (const text of letters) {
      const { file, place, unit, stage, reason, row } = JSON.parse(text);
      expect([file, unit]).toEqual(['walks.csv', 'line']);
      const stageOf = manifest.stages.find((s) => s.stage === stage);
      expect(stageOf?.refused[reason]).toBeGreaterThan(0);
      if (stage === 'clean' && typeof row === 'object')
        expect(lines[place - 1]).toBe(`${row.id},${row.t},${row.x}`);
    }
  });

  test('writes the tables that a fit reads, with the rows and folds of its tracks', async () => {
    const folder = newFolder();
    const manifest = await walkers().write(folder);
    const { tracks } = await walkers().collect();
    const path = (name: string) => join(folder, `${name}.csv`);
    const tables = await loadPlainTables(
      {
        transitions: path('transitions'),
        features: path('features'),
        trajectories: path('trajectories'),
      },
      { kind: 'undiscounted' },
    );
    const { trajectories, world, goals } = tables;
    expect(trajectories.count).toBe(manifest.tracks);
    expect(trajectories.count).toBe(tracks.length);
    for (const track of tracks) {
      const i = trajectories.names.indexOf(track.name);
      const states = trajectories.state.subarray(
        trajectories.rowStart[i],
        trajectories.rowStart[i + 1],
      );
      expect(Array.from(states, (s) => world.stateNames[s])).toEqual(track.states);
      expect(trajectories.folds?.[i]).toBe(track.fold);
      expect(goals[trajectories.goal[i]].name).toBe(track.goal);
    }
    expect(manifest.learned?.folds).toEqual(['1', '2', '3']);
  });

  test('makes the same bytes of the same input, and of input read in other pieces', async () => {
    const [one, two] = [newFolder(), newFolder()];
    await walkers().write(one);
    await walkers().write(two, { checkpointEvery: 7 });
    expect(contents(two)).toEqual(contents(one));
    expect(Object.keys(contents(one)).sort()).toEqual([
      'dead-letters.jsonl',
      'discretizer.json',
      'features.csv',
      'manifest.json',
      'states.csv',
      'tracks.csv',
      'trajectories.csv',
      'transitions.csv',
    ]);
  });

  test('interrupted anywhere, any number of times, comes to the same bytes', async () => {
    const whole = newFolder();
    const pieces = newFolder();
    // Small pieces, so that there are many places to stop at.
    const small = join(home, 'small.csv');
    writeFileSync(small, walks(12));
    const inPieces = () => {
      const source = csvSource(small);
      const cut = {
        ...source,
        async *read() {
          for await (const batch of source.read())
            for (let i = 0; i < batch.length; i += 10) yield batch.slice(i, i + 10);
        },
      };
      return pipeline(cut)
        .clean(SeenFields)
        .sessions(seenColumns, { window: 2, jump: 1.05 })
        .split({ folds: 3, test: ['2'] })
        .discretize(unitCells)
        .actions({ moves: { within: 1 }, jumps: 'cut' });
    };
    await inPieces().write(whole);
    const expected = contents(whole);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(30), { maxLength: 8 }),
        fc.integer({ min: 1, max: 40 }),
        async (stops, checkpointEvery) => {
          rmSync(pieces, { recursive: true, force: true });
          for (const stop of stops) {
            const run = inPieces().writing(pieces, { resume: true, checkpointEvery });
            for (let k = 0; k < stop && !(await run.next()).done; k++);
            await run.return(undefined as never);
          }
          await inPieces().write(pieces, { resume: true, checkpointEvery });
          expect(contents(pieces)).toEqual(expected);
        },
      ),
      { numRuns: 20 },
    );
  });

  test('refuses to go on with the work of other options or other input', async () => {
    const folder = newFolder();
    const run = walkers().writing(folder);
    await run.next();
    await run.return(undefined as never);
    await expect(walkers().write(folder, { resume: true, seed: 1 })).rejects.toThrow(
      /input, options or version were others/,
    );
    expect(existsSync(join(folder, 'manifest.json'))).toBe(false);
    await walkers().write(folder, { seed: 1 });
    expect(existsSync(join(folder, 'checkpoint.json'))).toBe(false);
  });

  test('learns nothing from people who are held out', async () => {
    const seen: number[][] = [];
    const spying = {
      ...unitCells,
      learn: (points: Float64Array) => {
        seen.push([...points]);
        return unitCells.learn(points);
      },
    };
    const rows = Array.from({ length: 100 }, (_, i) => ({
      id: `p${i >> 1}`,
      t: i % 2,
      x: (i >> 1) / 10,
    }));
    const { tracks } = await pipeline(recordsSource(rows))
      .clean(SeenFields)
      .sessions(seenColumns)
      .split({ folds: 3, test: ['2'] })
      .discretize(spying)
      .collect();
    const taught = tracks
      .filter(({ fold }) => fold !== '2')
      .flatMap(({ first, last }) => [first.x, last.x]);
    expect(taught.length).toBeLessThan(100);
    expect(seen).toEqual([taught]);
  });

  test('estimates where recorded actions lead', async () => {
    const rows = [
      ['a', 'go'],
      ['b', 'go'],
      ['a', 'go'],
      ['a', 'wait'],
      ['a', ''],
    ].map(([state, action], t) => ({ state, action, t }));
    const folder = newFolder();
    await pipeline(recordsSource(rows))
      .clean(
        z.object({ state: field.text(), action: field.missing(field.text()), t: field.time() }),
      )
      .sessions({
        person: () => 'one',
        time: ({ t }) => t,
        state: ({ state }) => state,
        action: ({ action }) => action,
      })
      .write(folder);
    expect(contents(folder)['transitions.csv']).toBe(
      'state,action,next_state,probability\na,go,a,0.5\na,go,b,0.5\na,wait,a,1\nb,go,a,1\n',
    );
    expect(contents(folder)['trajectories.csv'].split('\n')[5]).toBe('one,4,a,,one');
  });
});
