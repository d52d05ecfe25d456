import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sessions } from '../../../src/demonstrations/pipeline/sessions.ts';
import { cleanRows, passed, type Seen, seenColumns } from './recordings.ts';

const at = (id: string, ...times: number[]): Seen[] => times.map((t) => ({ id, t, x: t }));
const timesOf = (tracks: readonly { name: string; times: readonly number[] | null }[]) =>
  Object.fromEntries(tracks.map(({ name, times }) => [name, times]));

describe('sessions', () => {
  test('end where the person does, and are cut at a gap, a jump and a speed', async () => {
    const rows = cleanRows([...at('a', 0, 1, 5, 6), ...at('b', 0, 2)]);
    const { out, notes } = await passed(sessions(seenColumns, { gap: 2 }), rows);
    expect(timesOf(out)).toEqual({ a: [0, 1], 'a#2': [5, 6], b: [0, 2] });
    expect(out.map(({ end }) => end)).toEqual(['cut', 'truncated', 'truncated']);
    expect(notes).toEqual({ 'cut: gap': 1, tracks: 3 });

    const jumpy = cleanRows([
      { id: 'a', t: 0, x: 0 },
      { id: 'a', t: 1, x: 1 },
      { id: 'a', t: 2, x: 9 },
      { id: 'a', t: 12, x: 17 },
    ]);
    const jumps = await passed(sessions(seenColumns, { jump: 7 }), jumpy);
    expect(timesOf(jumps.out)).toEqual({ a: [0, 1], 'a#2': [2], 'a#3': [12] });
    const fast = await passed(sessions(seenColumns, { speed: 7 }), jumpy);
    expect(timesOf(fast.out)).toEqual({ a: [0, 1], 'a#2': [2, 12] });
  });

  test('end as a row says: terminated, truncated, and the person begins anew', async () => {
    const rows = cleanRows([
      { id: 'a', t: 0, x: 0, done: 'no' },
      { id: 'a', t: 1, x: 1, done: 'yes' },
      { id: 'a', t: 2, x: 0, done: 'time limit' },
      { id: 'a', t: 3, x: 0, done: 'no' },
    ]);
    const ends = { yes: 'terminated', 'time limit': 'truncated' } as const;
    const { out } = await passed(
      sessions<(typeof rows)[0]['values']>({
        ...seenColumns,
        end: ({ done }) => ends[done as 'yes'] ?? null,
      }),
      rows,
    );
    expect(out.map(({ name, end, places }) => [name, end, places])).toEqual([
      ['a', 'terminated', [1, 2]],
      ['a#2', 'truncated', [3]],
      ['a#3', 'truncated', [4]],
    ]);
  });

  test('refuse what is late, and put in order what is late by no more than the window', async () => {
    const rows = cleanRows(at('a', 0, 2, 1, 3));
    const strict = await passed(sessions(seenColumns), rows);
    expect(timesOf(strict.out)).toEqual({ a: [0, 2, 3] });
    expect(strict.refused.map(({ place }) => place)).toEqual([3]);
    const patient = await passed(sessions(seenColumns, { window: 1 }), rows);
    expect(timesOf(patient.out)).toEqual({ a: [0, 1, 2, 3] });
    expect(patient.refused).toEqual([]);
  });

  test.each([
    ['first', [1, 4], [3]],
    ['last', [3, 4], [1]],
    ['reject', [4], [1, 3]],
  ] as const)(
    'keep the %s of several rows of one time, and one of exact copies',
    async (duplicates, kept, lost) => {
      const rows = cleanRows([
        { id: 'a', t: 0, x: 1 },
        { id: 'a', t: 0, x: 1 },
        { id: 'a', t: 0, x: 2 },
        { id: 'a', t: 1, x: 2 },
      ]);
      const { out, refused } = await passed(sessions(seenColumns, { duplicates }), rows);
      expect(out.map(({ places }) => places)).toEqual([kept]);
      expect(refused.map(({ place }) => place).sort()).toEqual([2, ...lost].sort());
    },
  );

  test('refuse a person who comes back where rows should stand together', async () => {
    const rows = cleanRows([...at('a', 0), ...at('b', 0), ...at('a', 1)]);
    const { out, refused } = await passed(sessions(seenColumns), rows);
    expect(timesOf(out)).toEqual({ a: [0], b: [0] });
    expect(refused.map(({ place, reason }) => [place, reason])).toEqual([
      [3, 'rows of one person do not stand together'],
    ]);
  });

  test('know a track that overlaps another of its person', async () => {
    const trips = [
      { id: 'a', trip: '1', t: 0, x: 0 },
      { id: 'a', trip: '1', t: 4, x: 0 },
      { id: 'a', trip: '2', t: 3, x: 0 },
      { id: 'a', trip: '2', t: 5, x: 0 },
      { id: 'b', trip: '3', t: 3, x: 0 },
      { id: 'a', trip: '4', t: 4, x: 0 },
      { id: 'a', trip: '4', t: 6, x: 0 },
    ];
    const columns = { ...seenColumns, trajectory: (row: (typeof trips)[0]) => row.trip };
    const kept = await passed(sessions(columns), cleanRows(trips));
    expect(kept.notes['tracks that overlap another of their person']).toBe(1);
    const { out, refused } = await passed(
      sessions(columns, { overlaps: 'reject' }),
      cleanRows(trips),
    );
    expect(out.map(({ name, person }) => [name, person])).toEqual([
      ['1', 'a'],
      ['3', 'b'],
      ['4', 'a'],
    ]);
    expect(refused.map(({ place }) => place)).toEqual([3, 4]);
  });

  test('have names of their own, whatever people are called', async () => {
    const names = ['a', 'a#2', 'a##2', 'a#', 'a~2'];
    const rows = cleanRows(names.flatMap((id) => at(id, 0, 9, 18)));
    const { out } = await passed(sessions(seenColumns, { gap: 1 }), rows);
    expect(new Set(out.map(({ name }) => name)).size).toBe(15);
  });

  test('are the same for rows of people grouped and interleaved in any way', async () => {
    const people = fc.array(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 6 }), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(people, fc.infiniteStream(fc.nat(3)), async (steps, order) => {
        const queues = steps.map((gaps, person) => {
          let t = 0;
          return gaps.map((gap) => {
            t += gap;
            return { id: String(person), t, x: 0 };
          });
        });
        const grouped = queues.flat();
        const waiting = queues.map((rows) => [...rows]);
        const mixed: Seen[] = [];
        while (mixed.length < grouped.length) {
          const open = waiting.filter((rows) => rows.length > 0);
          mixed.push(open[order.next().value % open.length].shift()!);
        }
        const options = { gap: 2, rows: 'interleaved' } as const;
        const one = await passed(sessions(seenColumns, { gap: 2 }), cleanRows(grouped));
        const other = await passed(sessions(seenColumns, options), cleanRows(mixed));
        expect(timesOf(other.out)).toEqual(timesOf(one.out));
      }),
    );
  });

  test('are the same for rows within the window in any order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(30), { maxLength: 12 }),
        fc.integer({ min: 0, max: 12 }),
        async (times, window) => {
          const ordered = [...times].sort((a, b) => a - b);
          const { out, refused } = await passed(
            sessions(seenColumns, { window }),
            cleanRows(at('a', ...times)),
          );
          expect(out.flatMap((track) => track.times ?? []).length + refused.length).toBe(
            times.length,
          );
          const kept = out.flatMap((track) => [...(track.times ?? [])]);
          expect(kept).toEqual([...kept].sort((a, b) => a - b));
          if (window >= times.length) expect(kept).toEqual(ordered);
        },
      ),
    );
  });

  test('refuse to hold more rows than they may', async () => {
    const rows = cleanRows(at('a', 0, 1, 2));
    const limited = passed(sessions(seenColumns, { mostOpenRows: 2 }), rows);
    await expect(limited).rejects.toThrow(/more than 2 rows wait/);
  });

  test('ask for the columns that their rules need', () => {
    const { person, point, time } = seenColumns;
    expect(() => sessions({ person, point }, { gap: 1 })).toThrow(/give "time"/);
    expect(() => sessions({ person, time, state: (r: Seen) => r.id }, { jump: 1 })).toThrow(
      /give "point"/,
    );
    expect(() => sessions({ person, time })).toThrow(/neither a "point" nor a "state"/);
  });
});
