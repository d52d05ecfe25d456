/**
 * The loose reading against the strict one: of tables that a fit takes it says the same, and tables
 * that a fit refuses it fails, for whatever is broken in them.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadPlainTables } from '../../../src/demonstrations/tables/plainTables.ts';
import { TableError } from '../../../src/demonstrations/tables/tableError.ts';
import { profileOf } from '../../../src/evaluation/profile/profile.ts';
import { type ProfiledFiles, readProfiled } from '../../../src/evaluation/profile/readProfiled.ts';
import type { TimeStructure } from '../../../src/mdp/timeStructure.ts';
import { problemKinds, randomProblem } from '../../support/randomProblem.ts';
import { type SeededRandom, seededRandom } from '../../support/seededRandom.ts';
import type { FitSettings, Tables, TrajectoryRow } from '../../support/tables.ts';
import { writeTables } from '../../support/writeTables.ts';

const home = mkdtempSync(join(tmpdir(), 'revealed-loose-'));
afterAll(() => rmSync(home, { recursive: true }));

const KEYS = ['transitions', 'features', 'trajectories', 'exits', 'initial'];

interface Written {
  readonly files: ProfiledFiles & { readonly transitions: string; readonly features: string };
  readonly time: TimeStructure;
}

let folders = 0;

function written(tables: Tables, settings: FitSettings, random: SeededRandom): Written {
  const args = writeTables(join(home, String(++folders)), tables, settings, random);
  const files = Object.fromEntries(
    KEYS.flatMap((key) => {
      const at = args.indexOf(`--${key}`);
      return at < 0 ? [] : [[key, args[at + 1]]];
    }),
  ) as unknown as Written['files'];
  const { horizon, discount = 1 } = settings;
  const time: TimeStructure =
    horizon !== undefined
      ? { kind: 'finite', horizon, discount }
      : discount < 1
        ? { kind: 'discounted', discount }
        : { kind: 'undiscounted' };
  return { files, time };
}

describe.each(problemKinds)('of %s', (kind) => {
  test.each([1])('the loose reading is the strict one, seed %i', async (seed) => {
    const { tables, settings } = randomProblem(kind, seed);
    const { files, time } = written(tables, settings, seededRandom(seed));
    const strict = await loadPlainTables(files, time);
    const { data, unreadable } = await readProfiled(files, time);
    expect(unreadable).toEqual([]);
    const { goal, persons: _, ...trajectories } = strict.trajectories;
    expect(data?.trajectories).toMatchObject(trajectories);
    const goalNames = Array.from(goal, (g) => strict.goals[g]?.name);
    expect(Array.from(data!.trajectories.goal, (g) => data!.goals[g]?.name)).toEqual(goalNames);
    let refusals = 0;
    const random = seededRandom(1000 + seed);
    for (let draw = 0; draw < 8; draw++)
      refusals += await refusedAlike(
        { ...tables, trajectories: damaged(tables.trajectories, random) },
        settings,
        random,
      );
    // So that what was broken was not harmless throughout.
    expect(refusals).toBeGreaterThan(2);
  });
});

/** Checks that tables fail where a fit refuses them, and there alone; 1 if it does. */
async function refusedAlike(
  tables: Tables,
  settings: FitSettings,
  random: SeededRandom,
): Promise<number> {
  const { files, time } = written(tables, settings, random);
  const refusal = await loadPlainTables(files, time).then(
    () => null,
    (error) => {
      if (error instanceof TableError) return error.message;
      throw error;
    },
  );
  const { findings } = profileOf('broken', await readProfiled(files, time), null);
  // What a fit takes and cannot learn from is not what this is about.
  const failures = findings.filter(
    ({ level, check }) => level === 'failure' && !['choices', 'weights'].includes(check),
  );
  expect(failures.length > 0, `${refusal} ${JSON.stringify(failures)}`).toBe(refusal !== null);
  // The checks themselves tell, rather than repeat what the fit said first.
  expect(failures.map(({ found }) => found)).not.toContain(`${refusal}.`);
  return refusal === null ? 0 : 1;
}

/** One thing changed in one row. */
function damaged(rows: readonly TrajectoryRow[], random: SeededRandom): TrajectoryRow[] {
  const at = random.integer(0, rows.length - 1);
  const other = rows[random.integer(0, rows.length - 1)];
  const own = rows[at];
  const kinds: (() => TrajectoryRow[])[] = [
    () => [...rows, own],
    () => rows.filter((_, i) => i !== at),
    () => rows.with(at, { ...own, state: other.state }),
    () => rows.with(at, { ...own, state: 'nowhere' }),
    () => rows.with(at, { ...own, step: own.step + 1 }),
    ...(own.action === undefined
      ? []
      : [
          () => rows.with(at, { ...own, action: other.action ?? '' }),
          () => rows.with(at, { ...own, action: 'unheard of' }),
          () => rows.with(at, { ...own, action: '' }),
        ]),
    ...(own.goal === undefined
      ? []
      : [
          () => rows.with(at, { ...own, goal: other.goal ?? '' }),
          () =>
            rows.map((row) =>
              row.trajectory === own.trajectory ? { ...row, goal: other.state } : row,
            ),
        ]),
  ];
  return kinds[random.integer(0, kinds.length - 1)]();
}
