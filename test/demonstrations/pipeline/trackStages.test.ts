import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { actions } from '../../../src/demonstrations/pipeline/actions.ts';
import { discretize } from '../../../src/demonstrations/pipeline/discretize.ts';
import { field } from '../../../src/demonstrations/pipeline/field.ts';
import { goals } from '../../../src/demonstrations/pipeline/goals.ts';
import { learnedPoints } from '../../../src/demonstrations/pipeline/learnedPoints.ts';
import { graphOfEdges, graphWithin } from '../../../src/demonstrations/pipeline/moveGraph.ts';
import { split } from '../../../src/demonstrations/pipeline/split.ts';
import { rowsOf, type Stage } from '../../../src/demonstrations/pipeline/stage.ts';
import type { Track } from '../../../src/demonstrations/pipeline/track.ts';
import { passed, unitCells } from './recordings.ts';

function track(states: readonly string[] | null, more: Partial<Track> = {}): Track {
  const rows = states?.length ?? more.places?.length ?? 0;
  return {
    name: 'a',
    person: 'a',
    fold: null,
    weight: 1,
    goal: null,
    end: 'terminated',
    first: {},
    last: {},
    places: Array.from({ length: rows }, (_, i) => i + 1),
    times: Array.from({ length: rows }, (_, i) => i),
    points: null,
    states,
    actions: null,
    ...more,
  };
}
const at = (...points: number[]): Track =>
  track(null, { places: points.map((_, i) => i + 1), times: points.map((_, i) => i), points });
const line = graphWithin(unitCells.learn(new Float64Array(1)), 1);
const told = (tracks: readonly Track[]) =>
  tracks.map(({ name, end, states }) => [name, end, states?.join(' ')]);

describe('actions', () => {
  test('keep stays, or make one row of them', async () => {
    const stayed = [track(['s1', 's1', 's2', 's2', 's1'])];
    const kept = await passed(actions(line), stayed);
    expect(told(kept.out)).toEqual([['a', 'terminated', 's1 s1 s2 s2 s1']]);
    const one = await passed(actions(line, { stays: 'collapse' }), stayed);
    expect(one.out[0]).toMatchObject({
      states: ['s1', 's2', 's1'],
      places: [1, 3, 5],
      times: [0, 2, 4],
    });
  });

  test('cut, fill or refuse a step that no move joins', async () => {
    const jumped = [track(['s1', 's2', 's5', 's6'])];
    const cut = await passed(actions(line), jumped);
    expect(told(cut.out)).toEqual([
      ['a', 'cut', 's1 s2'],
      ['a~2', 'terminated', 's5 s6'],
    ]);
    const filled = await passed(actions(line, { jumps: 'insert' }), jumped);
    expect(filled.out[0]).toMatchObject({
      states: ['s1', 's2', 's3', 's4', 's5', 's6'],
      places: [1, 2, 0, 0, 3, 4],
    });
    expect(filled.out[0].times?.[2]).toBeCloseTo(4 / 3, 12);
    const few = await passed(actions(line, { jumps: 'insert', insertAtMost: 1 }), jumped);
    expect(told(few.out)).toEqual(told(cut.out));
    const none = await passed(actions(line, { jumps: 'reject' }), jumped);
    expect(none.out).toEqual([]);
    expect(none.refused.map(({ place }) => place)).toEqual([1, 2, 3, 4]);
  });

  test('do not change rows whose actions were recorded', async () => {
    const recorded = [track(['s1', 's2'], { actions: ['up', null] })];
    expect((await passed(actions(null), recorded)).out).toEqual(recorded);
    await expect(passed(actions(line), recorded)).rejects.toThrow(/its actions were recorded/);
    await expect(passed(actions(null), [track(null)])).rejects.toThrow(/discretise them first/);
  });
});

describe('moves', () => {
  test('join states whose centres are near, both ways', () => {
    fc.assert(
      fc.property(fc.nat(9), fc.nat(9), fc.integer({ min: 1, max: 9 }), (a, b, reach) => {
        const graph = graphWithin(unitCells.learn(new Float64Array(1)), reach);
        const near = a !== b && Math.abs(a - b) <= reach;
        expect(graph.allows(`s${a}`, `s${b}`)).toBe(near);
        expect(graph.allows(`s${b}`, `s${a}`)).toBe(near);
      }),
    );
  });

  test('lead along the shortest way of those that are short enough, as all ways do', () => {
    const names = ['0', '1', '2', '3', '4'];
    const edge = fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names));
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 12 }), fc.nat(3), (edges, most) => {
        const graph = graphOfEdges([...edges, ['0', '0'], ['4', '4']]);
        // Breadth first: how many steps it takes from 0.
        const steps = new Map([['0', 0]]);
        for (const [state, far] of steps)
          for (const [from, to] of edges)
            if (from === state && !steps.has(to)) steps.set(to, far + 1);
        const way = graph.between('0', '4', most);
        const needed = (steps.get('4') ?? Number.POSITIVE_INFINITY) - 1;
        if (needed > most) expect(way).toBeNull();
        else {
          expect(way?.length).toBe(needed);
          const whole = ['0', ...(way ?? []), '4'];
          for (let i = 1; i < whole.length; i++)
            expect(graph.allows(whole[i - 1], whole[i])).toBe(true);
        }
      }),
    );
  });
});

describe('goals', () => {
  test('are the last state of a track that was finished, and end it there', async () => {
    const { out, refused } = await passed(goals('last'), [
      track(['s1', 's3', 's2', 's3']),
      track(['s1', 's2'], { name: 'b', end: 'cut' }),
    ]);
    expect(out).toMatchObject([{ goal: 's3', states: ['s1', 's3'], end: 'terminated' }]);
    expect(refused.map(({ place, reason }) => [place, reason])).toEqual([
      [3, 'recorded after the goal was reached'],
      [4, 'recorded after the goal was reached'],
      [1, 'track is cut: its goal is not known'],
      [2, 'track is cut: its goal is not known'],
    ]);
    const whole = await passed(goals('last', { passing: 'reject' }), [
      track(['s1', 's3', 's1', 's3']),
    ]);
    expect(whole.out).toEqual([]);
  });

  test('may be given, and need not be reached', async () => {
    const toNine = goals(({ name }) => (name === 'a' ? 's9' : null));
    const { out, refused } = await passed(toNine, [
      track(['s1', 's2'], { end: 'cut' }),
      track(['s1'], { name: 'b' }),
    ]);
    expect(out).toMatchObject([{ goal: 's9', end: 'cut', states: ['s1', 's2'] }]);
    expect(refused).toMatchObject([{ place: 1, reason: 'track has no goal' }]);
  });

  test('leave no action where they are reached', async () => {
    const { out } = await passed(goals('last'), [track(['s1', 's2'], { actions: ['up', 'up'] })]);
    expect(out[0].actions).toEqual(['up', null]);
  });
});

describe('discretize', () => {
  const cells = unitCells.learn(new Float64Array(1));
  const walk = [at(0.5, 1.5, -3, 2.25)];

  test('parts a track, leaves out the point or refuses the track where a point has no state', async () => {
    const cut = await passed(discretize(cells), walk);
    expect(told(cut.out)).toEqual([
      ['a', 'cut', 's0 s1'],
      ['a#~2', 'terminated', 's2'],
    ]);
    const dropped = await passed(discretize(cells, { outside: 'drop' }), walk);
    expect(dropped.out[0]).toMatchObject({ states: ['s0', 's1', 's2'], places: [1, 2, 4] });
    const refused = await passed(discretize(cells, { outside: 'reject' }), walk);
    expect([refused.out, refused.refused.length]).toEqual([[], 4]);
  });

  test('says how far points lie from the centres of their states', () => {
    const run = discretize(cells).begin({
      emit: () => {},
      refuse: () => {},
      merge: () => {},
      insert: () => {},
      note: () => {},
    });
    for (const each of walk) run.take(each);
    expect(run.measures?.()).toEqual({
      states: 10,
      statesVisited: 3,
      rmsDistanceToCenter: Math.sqrt(0.25 ** 2 / 3),
      shareOutside: 0.25,
    });
  });
});

describe('split', () => {
  test('keeps a person in one fold, the same however many others there are', async () => {
    const people = Array.from({ length: 300 }, (_, i) => track(['s'], { person: `p${i % 100}` }));
    const { out } = await passed(split({ folds: 5 }), people);
    const foldOf = new Map(out.map(({ person, fold }) => [person, fold]));
    for (const { person, fold } of out) expect(fold).toBe(foldOf.get(person));
    const sizes = ['1', '2', '3', '4', '5'].map((f) => [...foldOf.values()].filter((x) => x === f));
    for (const fold of sizes) expect(fold.length).toBeGreaterThan(8);
    const alone = await passed(split({ folds: 5 }), people.slice(0, 1));
    expect(alone.out[0].fold).toBe(out[0].fold);
    const other = await passed(split({ folds: 5, seed: 1 }), people);
    expect(other.out.map(({ fold }) => fold)).not.toEqual(out.map(({ fold }) => fold));
  });

  test('is either by number or by name', () => {
    expect(() => split({})).toThrow(/give either/);
    expect(() => split({ folds: 2, fold: () => 'x' })).toThrow(/give either/);
  });
});

test('learnedPoints draws from all points alike where they are too many', async () => {
  const drawn = new Float64Array(40);
  for (let seed = 0; seed < 400; seed++) {
    const tracks = [at(...Array.from({ length: 40 }, (_, i) => i))];
    const { points, seen } = await learnedPoints(tracks, 1, [], 10, seed);
    expect([points.length, seen, new Set(points).size]).toEqual([10, 40, 10]);
    for (const x of points) drawn[x]++;
  }
  // Each is drawn 100 times on average, with standard deviation √(400 · ¼ · ¾) = 8.7.
  for (const times of drawn) expect(Math.abs(times - 100)).toBeLessThan(40);
});

test('no stage loses a row, whatever the tracks', async () => {
  const tracks = fc.array(
    fc
      .array(fc.integer({ min: -1, max: 11 }), { minLength: 1, maxLength: 8 })
      .map((xs) => at(...xs.map((x) => x + 0.5))),
    { minLength: 1, maxLength: 3 },
  );
  await fc.assert(
    fc.asyncProperty(
      tracks,
      fc.constantFrom('cut', 'drop', 'reject'),
      fc.constantFrom('cut', 'insert', 'reject'),
      fc.constantFrom('keep', 'collapse'),
      fc.integer({ min: 1, max: 3 }),
      async (recorded, outside, jumps, stays, atLeast) => {
        const stages: Stage<Track, Track>[] = [
          discretize(unitCells.learn(new Float64Array(1)), { outside }),
          actions(line, { jumps, stays, insertAtMost: 3, atLeast }),
          goals('last'),
        ];
        let items = recorded;
        for (const stage of stages) {
          let [merged, inserted, refused] = [0, 0, 0];
          const out: Track[] = [];
          const run = stage.begin({
            emit: (item) => out.push(item),
            refuse: () => refused++,
            merge: (rows) => {
              merged += rows;
            },
            insert: (rows) => {
              inserted += rows;
            },
            note: () => {},
          });
          for (const item of items) run.take(item);
          run.finish();
          const rows = (list: readonly Track[]) => list.reduce((n, item) => n + rowsOf(item), 0);
          expect(rows(items) + inserted).toBe(rows(out) + merged + refused);
          items = out;
        }
        for (const { states, goal } of items) {
          expect(states?.indexOf(goal ?? '')).toBe((states?.length ?? 0) - 1);
          for (let i = 1; i < (states?.length ?? 0); i++)
            expect(states![i] === states![i - 1] || line.allows(states![i - 1], states![i])).toBe(
              true,
            );
        }
      },
    ),
  );
});

describe('field', () => {
  const parse = (schema: z.ZodType, value: unknown) => {
    const { success, data, error } = z.object({ x: schema }).safeParse({ x: value });
    return success ? (data as { x: unknown }).x : error?.issues[0].message;
  };

  test.each([
    [field.number(), ' 1e-3 ', 0.001],
    [field.number(), 7n, 7],
    [field.number(), '', /finite decimal number/],
    [field.number(), '0x10', /finite decimal number/],
    [field.number(), Number.NaN, /finite decimal number/],
    [field.integer(), '12', 12],
    [field.integer(), '1.5', /whole number/],
    [field.text(), 3, '3'],
    [field.text(), '', /must not be empty/],
    [field.text(), undefined, /not among the fields/],
    [field.time(), '2024-05-01T08:30:00+02:00', Date.UTC(2024, 4, 1, 6, 30) / 1000],
    [field.time(), '2024-05-01 08:30:00.25Z', Date.UTC(2024, 4, 1, 8, 30) / 1000 + 0.25],
    [field.time(), '2024-05-01T08:30:00', /with its zone/],
    [field.time(), '12.5', 12.5],
    [field.time(), '2024-02-30T10:00:00Z', /its zone/],
    [field.time(), '2024-01-01T10:00:00+99:00', /its zone/],
    [field.vector(2), Float64Array.of(1, 2), [1, 2]],
    [field.vector(2), [1], /2 finite numbers/],
    [field.missing(field.number(), ['NA']), 'NA', null],
    [field.missing(field.number(), ['NA']), '2', 2],
    [field.missing(field.number(), ['NA']), '?', /finite decimal number/],
  ])('%#', (schema, value, wanted) => {
    if (wanted instanceof RegExp) expect(parse(schema, value)).toMatch(wanted);
    else expect(parse(schema, value)).toEqual(wanted);
  });
});
