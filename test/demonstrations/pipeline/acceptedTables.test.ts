/** What a pipeline writes is what a fit accepts: by hand where it was not, and whatever the rows. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { field } from '../../../src/demonstrations/pipeline/field.ts';
import type { GoalRule } from '../../../src/demonstrations/pipeline/goals.ts';
import { pipeline, type TrackPipeline } from '../../../src/demonstrations/pipeline/pipeline.ts';
import type { Values } from '../../../src/demonstrations/pipeline/track.ts';
import { recordsSource } from '../../../src/demonstrations/sources/recordsSource.ts';
import { loadPlainTables } from '../../../src/demonstrations/tables/plainTables.ts';
import type { TimeStructure } from '../../../src/mdp/timeStructure.ts';
import { expectNoRowLost, SeenFields, seenColumns, unitCells } from './recordings.ts';

const home = mkdtempSync(join(tmpdir(), 'revealed-accepted-'));
afterAll(() => rmSync(home, { recursive: true }));
let folders = 0;
const newFolder = () => join(home, String(++folders));

function contents(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
}

function load(folder: string, time: TimeStructure) {
  const path = (name: string) => join(folder, `${name}.csv`);
  return loadPlainTables(
    {
      transitions: path('transitions'),
      features: path('features'),
      trajectories: path('trajectories'),
    },
    time,
  );
}

const ActedFields = z.object({
  id: field.text(),
  state: field.text(),
  action: field.missing(field.text()),
  fold: field.text(),
});
type Acted = z.output<typeof ActedFields>;
const actedRows = (walks: Readonly<Record<string, string>>) =>
  Object.entries(walks).flatMap(([id, walk]) =>
    walk.split(' ').map((row) => {
      const [state, action = ''] = row.split(':');
      return { id, state, action, fold: id[0] };
    }),
  );
/** Walks such as `a:go b`, by the name of who walked, whose first letter is the fold. */
const acted = (walks: Readonly<Record<string, string>>, test: string[] = []) =>
  pipeline(recordsSource(actedRows(walks)))
    .clean(ActedFields)
    .sessions(
      { person: (r) => r.id, state: (r) => r.state, action: (r: Acted) => r.action },
      { lastRow: 'terminated' },
    )
    .split({ fold: ({ first }) => first.fold, test });

describe('the world of a pipeline', () => {
  const stood = { alone: [5.5], beside: [1.5], walker: [0.5, 1.5], back: [8.5, 9.5, 8.5] };
  const rows = Object.entries(stood).flatMap(([id, xs]) => xs.map((x, t) => ({ id, t, x })));
  const standing = () =>
    pipeline(recordsSource(rows))
      .clean(SeenFields)
      .sessions(seenColumns)
      .discretize({
        ...unitCells,
        // Cells of which those that nobody stood in are no states.
        learn: (points) => {
          const cells = [...new Set(Array.from(points, Math.floor))].sort();
          return {
            ...unitCells.learn(points),
            stateCount: cells.length,
            stateName: (state) => `s${cells[state]}`,
            stateOf: (point) => cells.indexOf(Math.floor(point[0])),
            center(state, out) {
              out[0] = cells[state] + 0.5;
            },
          };
        },
      })
      .actions({ moves: { within: 1 }, stays: 'collapse' })
      .goals('last', { unfinished: 'keep' })
      .features({ one: () => -1 });

  test('refuses who stood where no move leads, and keeps who stood where one does', async () => {
    const folder = newFolder();
    const manifest = await standing().write(folder);
    expectNoRowLost(manifest);
    const { trajectories, world } = await load(folder, { kind: 'undiscounted' });
    expect(trajectories.names).toEqual(['back', 'beside', 'walker']);
    expect(world.stateNames).toEqual(['s0', 's1', 's8', 's9']);
    expect(manifest.stages.at(-1)).toMatchObject({
      stage: 'world',
      refused: { 'no move leads to or from a state of the track': 1 },
    });
    const letters = readFileSync(join(folder, 'dead-letters.jsonl'), 'utf8').trim().split('\n');
    expect(letters.map((text) => JSON.parse(text)).find(({ stage }) => stage === 'world')).toEqual({
      file: 'records',
      place: 1,
      unit: 'record',
      stage: 'world',
      reason: 'no move leads to or from a state of the track',
      detail: 'track alone',
    });
  });

  test('says so where nothing is left, and writes no tables', async () => {
    const alone = pipeline(recordsSource([{ id: 'a', t: 0, x: 3.5 }]))
      .clean(SeenFields)
      .sessions(seenColumns)
      .discretize(unitCells);
    const folder = newFolder();
    await expect(alone.write(folder)).rejects.toThrow(
      /none of its 1 records is left; most \(1\) were refused by world: no move/,
    );
    expect(readdirSync(folder)).not.toContain('trajectories.csv');
    await expect(alone.collect()).rejects.toThrow(/none of its 1 records is left/);
  });

  test('counts inserted rows that go no further as refused, never below 0', async () => {
    // From 0 to 3 and back: two rows are inserted each way, and the goal is where it begins.
    const { manifest } = await pipeline(
      recordsSource([0.5, 3.5, 0.5].map((x, t) => ({ id: 'a', t, x }))),
    )
      .clean(SeenFields)
      .sessions(seenColumns)
      .discretize(unitCells)
      .actions({ moves: { within: 1 }, jumps: 'insert' })
      .goals('last', { unfinished: 'keep' })
      .collect();
    expectNoRowLost(manifest);
    expect(manifest.stages[4]).toMatchObject({
      stage: 'goals',
      in: 7,
      out: 1,
      inserted: 0,
      refused: {
        'recorded after the goal was reached': 2,
        'inserted beside recorded rows that are refused': 4,
      },
    });
  });

  test('has shares of the folds that teach, and of all where those lack an outcome', async () => {
    const walks = { l1: 'a:x b', l2: 'a:x b', l3: 'a:x c', h1: 'a:x c', h2: 'a:y d', h3: 'b:x e' };
    const both = { l4: 'e:x a', h4: 'e:x a', h5: 'e:x b' };
    const { moves, manifest } = await acted({ ...walks, ...both }, ['h']).collect();
    const told = moves.map((m) => [`${m.state} ${m.action} ${m.nextState}`, m.probability]);
    expect(told).toEqual([
      ['a x b', 2 / 3],
      ['a x c', 1 / 3],
      ['a y d', 1],
      ['b x e', 1],
      ['e x a', 2 / 3],
      ['e x b', 1 / 3],
    ]);
    expect(manifest.stages.at(-1)).toMatchObject({
      settings: { shares: expect.stringContaining('not held out') },
      measures: { states: 5, moves: 6, heldOut: ['h'], movesOnlyHeldOut: 3, sharesWithHeldOut: 3 },
    });
  });

  test('ends a part at a row without action, and leaves out what led nobody knows where', async () => {
    const walks = { a1: 'a:x b d:y a', a2: 'd:y', a3: 'a:z', b1: 'a:x b' };
    const { tracks, manifest } = await acted(walks).collect();
    expectNoRowLost(manifest);
    expect(tracks.map(({ name, states, actions, end }) => [name, states, actions, end])).toEqual([
      ['a1', ['a', 'b'], ['x', null], 'cut'],
      ['a1~2', ['d', 'a'], ['y', null], 'terminated'],
      ['a2', ['d'], ['y'], 'terminated'],
      ['a3', ['a'], [null], 'terminated'],
      ['b1', ['a', 'b'], ['x', null], 'terminated'],
    ]);
    const notes = manifest.stages.map((stage) => stage.notes);
    expect(notes.at(-2)).toEqual({ 'cut: no action': 1 });
    expect(notes.at(-1)).toEqual({
      'last actions left out: where they lead was never recorded': 1,
    });
  });

  test('refuses a track that cannot get to its goal, unless it shall be kept', async () => {
    const walks = { a: 'a:x b', b: 'b:y c', c: 'd:x a', g: 'c:y b' };
    const goal: GoalRule<Values> = ({ name }) => (name === 'c' ? 'a' : 'd');
    const { tracks, manifest } = await acted(walks).goals(goal).collect();
    expectNoRowLost(manifest);
    expect(tracks.map(({ name }) => name)).toEqual(['c']);
    expect(manifest.stages.at(-1)?.refused).toEqual({
      'no moves lead for certain from the track to its goal': 6,
    });
    const folder = newFolder();
    const kept = acted(walks).goals(goal, { unreachable: 'keep' });
    await kept.features({ one: () => 1 }).write(folder);
    const { trajectories } = await load(folder, { kind: 'discounted', discount: 0.9 });
    expect(trajectories.names).toEqual(['a', 'b', 'c', 'g']);
    await expect(load(folder, { kind: 'undiscounted' })).rejects.toThrow(/cannot be reached/);
  });
});

describe('whatever the rows and the steps, a fit accepts what is written', () => {
  /** Names that other names with the number of a part could be taken for, and that CSV must quote. */
  const person = fc.constantFrom('a', 'a~2', 'a#2', 'a#', 'b,"c"', ' d\n', 'é');
  const goalRules: Readonly<Record<string, GoalRule<Values>>> = {
    last: 'last',
    s3: () => 's3',
    'by name': ({ name }) => (name.startsWith('a') ? 's1' : null),
    nowhere: ({ person }) => (person === 'a' ? 'nowhere' : 's2'),
  };
  const goalStep = fc.option(
    fc.record({
      rule: fc.constantFrom('last', 'last', 's3', 'by name', 'nowhere'),
      unfinished: fc.constantFrom('reject', 'keep', 'keep'),
      passing: fc.constantFrom('stop', 'reject'),
      unreachable: fc.constantFrom('reject', 'keep'),
    }),
  );
  type GoalStep = typeof goalStep extends fc.Arbitrary<infer T> ? T : never;
  const withGoals = <Row extends Values>(steps: TrackPipeline<Row>, goal: GoalStep) => {
    if (!goal) return steps;
    const { rule, ...options } = goal;
    return steps.goals(goalRules[rule] as GoalRule<Row>, options);
  };

  /** Writes, interrupted and not, and loads; whether anything was left to write. */
  async function expectAccepted<Row extends Values>(
    made: () => TrackPipeline<Row>,
    goal: GoalStep,
    stop: number,
  ): Promise<boolean> {
    const steps = () => withGoals(made().features({ one: () => -1 }), goal);
    const folder = newFolder();
    const manifest = await steps()
      .write(folder)
      .catch((error) => {
        expect(error.message).toMatch(/^Cannot make trajectories of records: none of its/);
      });
    if (!manifest) return false;
    expectNoRowLost(manifest);
    for (const { in: came, out, merged, inserted, refused } of manifest.stages)
      for (const rows of [came, out, merged, inserted, ...Object.values(refused)])
        expect(rows).toBeGreaterThanOrEqual(0);
    const undiscounted = goal !== null && goal.unreachable === 'reject';
    const { trajectories } = await load(
      folder,
      undiscounted ? { kind: 'undiscounted' } : { kind: 'discounted', discount: 0.9 },
    );
    expect(trajectories.count).toBe(manifest.tracks);
    expect(trajectories.state.length).toBe(manifest.rows);

    const pieces = newFolder();
    const run = steps().writing(pieces, { checkpointEvery: 3 });
    for (let k = 0; k < stop && !(await run.next()).done; k++);
    await run.return(undefined as never);
    await steps().write(pieces, { resume: true, checkpointEvery: 3 });
    expect(contents(pieces)).toEqual(contents(folder));
    rmSync(folder, { recursive: true });
    rmSync(pieces, { recursive: true });
    return true;
  }

  test('of positions', async () => {
    const row = fc.record({ id: person, x: fc.integer({ min: -1, max: 10 }) });
    let written = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 25 }),
        fc.record({
          outside: fc.constantFrom('cut', 'drop', 'reject'),
          jumps: fc.constantFrom('cut', 'insert', 'reject'),
          stays: fc.constantFrom('keep', 'collapse'),
          atLeast: fc.constantFrom(1, 1, 2),
          insertAtMost: fc.constantFrom(1, 4),
        }),
        fc.constantFrom(
          'recorded' as const,
          { within: 1 },
          { within: 2.5 },
          { within: 0.5 },
          {
            edges: [
              ['s1', 's2'],
              ['s2', 's3'],
              ['s3', 's1'],
              ['s4', 's4'],
            ] as [string, string][],
          },
        ),
        goalStep,
        fc.nat(12),
        async (rows, { outside, ...rules }, moves, goal, stop) => {
          const records = rows.map(({ id, x }, t) => ({ id, t, x: x + 0.5 }));
          const made = () =>
            pipeline(recordsSource(records))
              .clean(SeenFields)
              .sessions(
                { ...seenColumns, weight: ({ x }) => (x > 9 ? 0 : 1e-7) },
                { rows: 'interleaved' },
              )
              .split({ folds: 2, test: [] })
              .discretize(unitCells, { outside })
              .actions({ ...rules, moves });
          if (await expectAccepted(made, goal, stop)) written++;
        },
      ),
      { numRuns: 60 },
    );
    expect(written).toBeGreaterThan(15);
  });

  test('of recorded states and actions', async () => {
    const row = fc.record({
      id: person,
      state: fc.constantFrom('s1', 's2', 's3', 's,4'),
      action: fc.constantFrom('x', 'x', 'y', ''),
    });
    let written = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 30 }),
        fc.constantFrom('cut', 'reject'),
        fc.constantFrom(1, 1, 2),
        goalStep,
        fc.nat(12),
        async (rows, jumps, atLeast, goal, stop) => {
          const records = rows.map((one) => ({ ...one, fold: one.id[0] }));
          const made = () =>
            pipeline(recordsSource(records))
              .clean(ActedFields)
              .sessions(
                {
                  person: (r) => r.id,
                  state: (r) => r.state,
                  action: (r: Acted) => r.action,
                },
                { rows: 'interleaved' },
              )
              .split({ fold: ({ first }) => first.fold, test: ['b', 'é'] })
              .actions({ jumps, atLeast });
          if (await expectAccepted(made, goal, stop)) written++;
        },
      ),
      { numRuns: 60 },
    );
    expect(written).toBeGreaterThan(15);
  });
});
