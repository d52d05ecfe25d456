import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Episode,
  type EpisodeEnd,
  type EpisodeFile,
  episodeColumns,
  episodeSource,
  readEpisodes,
} from '../../../src/demonstrations/sources/episodes.ts';
import { openEpisodesTable } from '../../../src/demonstrations/sources/episodesTable.ts';
import { openHdf5Episodes } from '../../../src/demonstrations/sources/hdf5Episodes.ts';
import { openNpz } from '../../../src/demonstrations/sources/npzEpisodes.ts';
import { writeRecords } from '../../../src/demonstrations/sources/writeRecords.ts';
import { type ExpectedEpisode, expected, expert, recording } from '../../support/recordings.ts';
import { failure, lines, tableFile } from '../tables/tableFiles.ts';

async function all(file: EpisodeFile): Promise<Episode[]> {
  const episodes: Episode[] = [];
  for await (const episode of file.read()) episodes.push(episode);
  return episodes;
}

/** What other programs say, as we hold it. */
function ours(episodes: readonly ExpectedEpisode[]): Omit<Episode, 'name'>[] {
  return episodes.map(({ observations, actions, rewards, end }) => ({
    steps: actions.length,
    observations: Float64Array.from(observations.flat()),
    actions: Float64Array.from(actions.flat()),
    rewards: Float64Array.from(rewards),
    end: end as EpisodeEnd,
  }));
}

const unnamed = (episodes: Episode[]) => episodes.map(({ name: _, ...rest }) => rest);
const BOX = {
  observations: { kind: 'box', names: ['obs_0', 'obs_1'] },
  actions: { kind: 'box', names: ['act_0'] },
  hasRewards: true,
};
const DISCRETE = {
  observations: { kind: 'discrete' },
  actions: { kind: 'discrete' },
  hasRewards: true,
};

describe('archives of imitation', () => {
  // The archive knows two ends only: by itself, or not.
  const asFlagged = (episodes: Omit<Episode, 'name'>[]) =>
    episodes.map((e) => ({ ...e, end: e.end === 'terminated' ? e.end : ('cut-off' as const) }));

  test.each([
    ['imitation.npz', expected.continuous, BOX],
    ['imitationDiscrete.npz', expected.discrete, DISCRETE],
  ])('%s holds what numpy wrote', async (name, wanted, layout) => {
    const file = await openNpz(recording(name));
    expect(file.layout).toEqual(layout);
    expect(unnamed(await all(file))).toEqual(asFlagged(ours(wanted)));
    expect(file.warnings).toEqual([
      `${name}: 2 of 4 episodes say that they ended by themselves; this layout says so at limits of time too: give the limit if there was one`,
    ]);
  });

  test('a limit of time makes those that reached it truncated', async () => {
    const path = recording('imitation.npz');
    const file = await openNpz(path, { timeLimit: 5 });
    expect(file.warnings).toEqual([]);
    expect((await all(file)).map(({ end }) => end)).toEqual([
      'terminated',
      'cut-off',
      'cut-off',
      'terminated',
    ]);
    const three = await failure(openNpz(path, { timeLimit: 3 }));
    expect(three).toBe(
      'TableError: imitation.npz: array "indices" gives trajectory 3 5 decisions, above the limit of 3',
    );
  });

  test.each([
    ['cartpole_0_final.npz', 57, 26_964, 4, 1, 500],
    ['pendulum_0_final.npz', 56, 11_200, 3, 1, 200],
  ])('%s: published lengths', async (name, count, decisions, width, acted, limit) => {
    const path = expert(name);
    if (path === null) return;
    const episodes = await readEpisodes(await openNpz(path, { timeLimit: limit }));
    expect(episodes).toMatchObject({ count, observationWidth: width, actionWidth: acted });
    expect(episodes.stepStart[count]).toBe(decisions);
    expect(episodes.observationStart[count]).toBe(decisions + count);
    for (let i = 0; i < count; i++) {
      const steps = episodes.stepStart[i + 1] - episodes.stepStart[i];
      expect(steps).toBeLessThanOrEqual(limit);
      expect(episodes.ends[i]).toBe(steps === limit ? 'truncated' : 'terminated');
    }
  });
});

describe('files in the layout of Minari', () => {
  test.each([
    ['minari.hdf5', expected.continuous, BOX],
    ['minariDiscrete.hdf5', expected.discrete, DISCRETE],
  ])('%s holds what h5py wrote', async (name, wanted, layout) => {
    const file = await openHdf5Episodes(recording(name));
    expect(file.layout).toEqual(layout);
    // An episode without steps has no flags, so nothing says that it ended.
    expect(unnamed(await all(file))).toEqual(ours(wanted));
  });

  test('observations in parts stand side by side, episodes in the order of their numbers', async () => {
    const file = await openHdf5Episodes(recording('minariParts.hdf5'));
    expect(file.layout.observations).toEqual({
      kind: 'box',
      names: ['obs_achieved_goal_0', 'obs_observation_0'],
    });
    const episodes = await all(file);
    expect(episodes.map(({ name }) => name)).toEqual(Array.from({ length: 12 }, (_, i) => `${i}`));
    const swapped = ours(expected.continuous).map((episode) => ({
      ...episode,
      observations: episode.observations.map((_, i, values) => values[i % 2 ? i - 1 : i + 1]),
    }));
    expect(unnamed(episodes)).toEqual([...swapped, ...swapped, ...swapped]);
  });
});

describe('files in the layout of D4RL', () => {
  const flat = ours(expected.continuous).filter(({ steps }) => steps > 0);
  // That layout keeps rewards in single precision, and here the last episode was cut off.
  const wanted = flat.map((episode, i) => ({
    ...episode,
    rewards: Float64Array.from(Float32Array.from(episode.rewards!)),
    end: i === flat.length - 1 ? ('cut-off' as const) : episode.end,
  }));
  const withoutLast = wanted.map((episode) => ({
    ...episode,
    observations: episode.observations.slice(0, episode.steps * 2),
  }));

  test('with next_observations the last one is known', async () => {
    const file = await openHdf5Episodes(recording('d4rlNext.hdf5'));
    expect(unnamed(await all(file))).toEqual(wanted);
  });

  test('without them it is not, and nothing is put in its place', async () => {
    const file = await openHdf5Episodes(recording('d4rl.hdf5'));
    expect(unnamed(await all(file))).toEqual(withoutLast);
    const { observationStart, stepStart } = await readEpisodes(file);
    expect(observationStart).toEqual(stepStart);
  });

  test('without timeouts a limit of time parts the episodes, or they run together', async () => {
    const path = recording('d4rlNoTimeouts.hdf5');
    const told = await openHdf5Episodes(path, { timeLimit: 5 });
    expect(unnamed(await all(told))).toEqual(withoutLast);
    const untold = await openHdf5Episodes(path);
    expect(untold.warnings).toHaveLength(1);
    expect((await all(untold)).map(({ steps, end }) => [steps, end])).toEqual([
      [3, 'terminated'],
      [7, 'cut-off'],
    ]);
  });
});

describe('a table of episodes', () => {
  async function roundTrip(file: EpisodeFile): Promise<EpisodeFile> {
    const folder = dirname(tableFile('x', ''));
    const table = join(folder, 'trajectories.csv');
    const columns = new Map(episodeColumns(file.layout).map((name) => [name, 0]));
    const written = await writeRecords(episodeSource(file), columns, {
      table,
      rejected: join(folder, 'rejected.jsonl'),
    });
    expect(written.rejected).toBe(0);
    return openEpisodesTable(table);
  }

  test.each([
    ['imitation.npz', openNpz],
    ['imitationDiscrete.npz', openNpz],
    ['minari.hdf5', openHdf5Episodes],
    ['minariParts.hdf5', openHdf5Episodes],
    ['d4rl.hdf5', openHdf5Episodes],
    ['d4rlNext.hdf5', openHdf5Episodes],
  ])('%s comes back to the same bits', async (name, open) => {
    const file = await open(recording(name));
    const again = await roundTrip(file);
    expect(again.layout).toEqual(file.layout);
    expect(await all(again)).toEqual(await all(file));
  });

  test.each(['cartpole_0_final.npz', 'pendulum_0_final.npz'])('%s too', async (name) => {
    const path = expert(name);
    if (path === null) return;
    const file = await openNpz(path);
    const [before, after] = [await readEpisodes(file), await readEpisodes(await roundTrip(file))];
    for (const key of ['observations', 'actions', 'rewards'] as const)
      expect(bits(after[key]!).equals(bits(before[key]!))).toBe(true);
    expect(after.ends).toEqual(before.ends);
    expect(after.names).toEqual(before.names);
  });

  test('whatever doubles there are come back, −0, NaN and infinities too', async () => {
    const double = fc.oneof(fc.double(), fc.constantFrom(-0, Number.NaN, 5e-324, -1 / 0));
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            steps: fc.nat(3),
            values: fc.array(double, { minLength: 20, maxLength: 20 }),
            last: fc.boolean(),
            end: fc.constantFrom<EpisodeEnd>('terminated', 'truncated', 'cut-off'),
          }),
          { minLength: 1, maxLength: 3 },
        ),
        fc.boolean(),
        async (drawn, hasRewards) => {
          const episodes = drawn.map(({ steps, values, last, end }, i): Episode => {
            const seen = last || steps === 0 ? steps + 1 : steps;
            return {
              name: `${i},"`,
              steps,
              observations: Float64Array.from(values.slice(0, seen * 2)),
              actions: Float64Array.from(values.slice(8, 8 + steps)),
              rewards: hasRewards ? Float64Array.from(values.slice(12, 12 + steps)) : null,
              end,
            };
          });
          const file: EpisodeFile = {
            name: 'drawn',
            files: [],
            layout: {
              observations: { kind: 'box', names: ['obs_0', 'obs_1'] },
              actions: { kind: 'box', names: ['act_0'] },
              hasRewards,
            },
            warnings: [],
            async *read() {
              yield* episodes;
            },
          };
          expect(await all(await roundTrip(file))).toEqual(episodes);
        },
      ),
      { numRuns: 60 },
    );
  });

  const header = 'trajectory,step,obs_0,action,reward,end';
  test.each([
    [[header], 'a.csv: has not one line that is a record'],
    [['trajectory,step,state,action'], 'has not one line'],
    [
      ['trajectory,step,obs_0,action', 'x,0,1,2'],
      'a.csv:1: column "end" is missing; the header has "trajectory", "step", "obs_0", "action"',
    ],
    [
      ['trajectory,step,obs_0,state,action,end', 'x,0,1,2,1,'],
      'a.csv:1: wanted a column "state" or columns "obs_…", and not both',
    ],
    [[header, 'x,0,1,2,1,', 'x,2,1,,,cut-off'], 'a.csv:3: "step" must be 1, got "2"'],
    [
      [header, 'x,0,1,2,1,', 'y,0,1,2,1,cut-off'],
      'a.csv:3: trajectory "x" has no "end" in its last row, the one before',
    ],
    [[header, 'x,0,1,2,1,'], 'a.csv:2: trajectory "x" has no "end" in its last row'],
    [[header, 'x,0,1,2,1,over'], '"end" must be terminated, truncated, cut-off or empty'],
    [[header, 'x,0,1,2,,cut-off'], 'a.csv:2: "reward" is empty, but "action" is not'],
    [[header, 'x,0,one,2,1,cut-off'], 'a.csv:2: "obs_0" must be a number, got "one"'],
    [
      [header, 'x,0,1,,,cut-off', 'x,0,1,,,cut-off'],
      'a.csv:3: trajectory "x" goes on after its end',
    ],
    [[header, 'x,0,1,,,', 'x,1,1,,,cut-off'], 'a.csv:3: comes after a row without action'],
    [[header, 'x,0,1,2'], 'has not one line that is a record'],
  ])('%j is refused', async (rows, message) => {
    const path = tableFile('a.csv', lines(...rows));
    expect(await failure(openEpisodesTable(path).then(all))).toContain(message);
  });
});

function bits(values: Float64Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}
