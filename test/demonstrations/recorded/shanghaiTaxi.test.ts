import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { dataFile } from '../../../src/demonstrations/recorded/dataHome.ts';
import {
  type ShanghaiTaxi,
  type ShanghaiTaxiOptions,
  shanghaiTaxi,
} from '../../../src/demonstrations/recorded/shanghaiTaxi.ts';
import { isDeterministic } from '../../../src/mdp/mdp.ts';
import type { Trajectories } from '../../../src/mdp/trajectories.ts';
import { hasSharedData } from '../../support/sharedData.ts';

function pathsOf({ world, trajectories }: ShanghaiTaxi): string[][] {
  const { count, rowStart, state } = trajectories;
  return Array.from({ length: count }, (_, i) =>
    Array.from(state.subarray(rowStart[i], rowStart[i + 1]), (s) => world.stateNames[s]),
  );
}

function namesIn({ names, folds }: Trajectories, fold: string): string[] {
  return names.filter((_, i) => folds?.[i] === fold);
}

const byNumber = (a: string, b: string) => Number(a) - Number(b);

describe.skipIf(!hasSharedData('shanghai_taxi'))('shanghaiTaxi', () => {
  const rowsOf = (file: string) =>
    readFileSync(dataFile('shanghai_taxi', file), 'utf8')
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => line.split(','));
  let data: ShanghaiTaxi;
  beforeAll(async () => {
    data = await shanghaiTaxi();
  });

  test('has the counts of its data card', () => {
    const { world, goals, trajectories, files } = data;
    expect(world.mdp.stateCount).toBe(714);
    expect(world.mdp.pairCount).toBe(1_737);
    expect(goals).toHaveLength(664);
    expect(trajectories.count).toBe(24_468);
    expect(trajectories.state).toHaveLength(477_216);
    expect(files.map(({ name, rows }) => [name, rows])).toEqual([
      ['nodes.csv', 320],
      ['edges.csv', 714],
      ['transitions.csv', 1_737],
      ['trips.csv', 24_468],
    ]);
    const paths = pathsOf(data);
    expect(new Set(paths.map((path) => path.join(' '))).size).toBe(16_075);
    expect(new Set(paths.map((path) => `${path[0]} ${path.at(-1)}`)).size).toBe(12_110);
    const lengths = paths.map((path) => path.length);
    expect([Math.min(...lengths), Math.max(...lengths)]).toEqual([15, 49]);
    expect(paths.filter((path) => new Set(path).size < path.length)).toEqual([]);
  });

  test('has the published folds', () => {
    const sizes = ['0', '1', '2', '3', '4'].map((k) => namesIn(data.trajectories, k).length);
    expect(sizes).toEqual([4_893, 4_893, 4_893, 4_893, 4_896]);
  });

  test('has the turns of the file, a move named by the link entered', () => {
    const { mdp, stateNames, actionNames, pairAction } = data.world;
    expect(isDeterministic(mdp)).toBe(true);
    const turns = stateNames.flatMap((from, s) =>
      Array.from(
        mdp.nextState.subarray(mdp.pairStart[s], mdp.pairStart[s + 1]),
        (to) => `${from},${stateNames[to]}`,
      ),
    );
    expect(turns.sort()).toEqual(
      rowsOf('transitions.csv')
        .map(([from, , to]) => `${from},${to}`)
        .sort(),
    );
    pairAction.forEach((action, pair) => {
      expect(actionNames[action]).toBe(stateNames[mdp.nextState[pair]]);
    });
  });

  test('sees length, turns and a constant, and the class of the road if wanted', async () => {
    const { world, features } = await shanghaiTaxi({ roadClasses: true });
    const { mdp, stateNames } = world;
    const classes = ['primary', 'secondary', 'tertiary', 'unclassified', 'living street'];
    expect(data.features.names).toEqual([
      'length',
      'left turn',
      'right turn',
      'U-turn',
      'link constant',
    ]);
    expect(features.names).toEqual([...data.features.names, ...classes]);
    const edges = new Map(rowsOf('edges.csv').map((edge) => [edge[0], edge]));
    const codes = new Map(rowsOf('transitions.csv').map(([a, code, b]) => [`${a},${b}`, code]));
    const used = new Set<string>();
    stateNames.forEach((from, s) => {
      for (let pair = mdp.pairStart[s]; pair < mdp.pairStart[s + 1]; pair++) {
        const to = stateNames[mdp.nextState[pair]];
        const [, , , roadClass, length] = edges.get(to) ?? [];
        used.add(roadClass);
        const code = codes.get(`${from},${to}`);
        const five = [
          Number(length) / 100,
          code === '6' ? 1 : 0,
          code === '2' ? 1 : 0,
          code === '4' ? 1 : 0,
          1,
        ];
        expect(Array.from(data.features.values.subarray(5 * pair, 5 * pair + 5))).toEqual(five);
        expect(Array.from(features.values.subarray(10 * pair, 10 * pair + 10))).toEqual([
          ...five,
          ...classes.map((name) => (roadClass.replace('_', ' ') === name ? 1 : 0)),
        ]);
      }
    });
    expect([...used].sort()).toEqual(
      [...classes, 'residential'].sort().map((c) => c.replace(' ', '_')),
    );
  });

  test('follows every trip link by link to its goal, which it meets nowhere before', () => {
    const { world, goals, trajectories } = data;
    const { rowStart, state, pair, goal, stopped, names, weight } = trajectories;
    const { pairStart, nextState } = world.mdp;
    expect(pathsOf(data).map((path, i) => [names[i], path.join(' ')])).toEqual(
      rowsOf('trips.csv').map(([trip, , path]) => [trip, path]),
    );
    const ends = new Set(Array.from(rowStart.subarray(1), (start) => start - 1));
    const wrong = Array.from(pair).filter((p, row) =>
      ends.has(row)
        ? p !== -1
        : p < pairStart[state[row]] ||
          p >= pairStart[state[row] + 1] ||
          nextState[p] !== state[row + 1],
    );
    expect(wrong).toEqual([]);
    const misled = Array.from(goal).filter((g, i) => {
      const { absorbing, stopState, stopReward } = goals[g];
      const row = state.subarray(rowStart[i], rowStart[i + 1]).indexOf(stopState[0]);
      return !absorbing || stopReward[0] !== 0 || row !== rowStart[i + 1] - rowStart[i] - 1;
    });
    expect(misled).toEqual([]);
    expect(goals.every(({ name, stopState: [s] }) => world.stateNames[s] === name)).toBe(true);
    expect(stopped.every((mark) => mark === 0)).toBe(true);
    expect(weight.every((w) => w === 1)).toBe(true);
  });

  test('knows where the links lie: none is shorter than the straight line between its ends', () => {
    expect(data.links).toHaveLength(714);
    const { mdp } = data.world;
    for (const { from, to, length } of data.links) {
      const north = (to.latitude - from.latitude) * 111_320;
      const east = (to.longitude - from.longitude) * 111_320 * Math.cos((31.2 * Math.PI) / 180);
      // The earth's radius varies by 0.3 percent.
      expect(length).toBeGreaterThan(0.995 * Math.hypot(north, east));
    }
    for (let s = 0; s < mdp.stateCount; s++)
      for (let pair = mdp.pairStart[s]; pair < mdp.pairStart[s + 1]; pair++)
        expect(data.links[mdp.nextState[pair]].from).toEqual(data.links[s].to);
  });

  test.each([
    [0, 100],
    [2, 1_000],
    [4, 10_000],
  ] as const)('fold %i trains on its published %i trips', async (fold, trainSize) => {
    const { trajectories, goals } = await shanghaiTaxi({ fold, trainSize });
    const published = rowsOf('train_subsets.csv')
      .filter(([k, size]) => k === `${fold}` && size === `${trainSize}`)
      .map(([, , trip]) => trip);
    expect(published).toHaveLength(trainSize);
    expect(namesIn(trajectories, 'train')).toEqual(published.sort(byNumber));
    expect(namesIn(trajectories, 'test')).toEqual(namesIn(data.trajectories, `${fold}`));
    expect(trajectories.count).toBe(trainSize + namesIn(data.trajectories, `${fold}`).length);
    expect(goals).toEqual(data.goals);
  });

  test('a fold without a size trains on all others', async () => {
    const { trajectories } = await shanghaiTaxi({ fold: 4 });
    expect(trajectories.names).toEqual(data.trajectories.names);
    expect(namesIn(trajectories, 'test')).toEqual(namesIn(data.trajectories, '4'));
    expect(namesIn(trajectories, 'train')).toHaveLength(4 * 4_893);
  });
});

/** A block of four one-way links a → b → c → d → a, back from b to a, and three trips. */
const tiny = {
  'nodes.csv': 'node_id,lat,lon\n1,31.2,121.4\n2,31.3,121.4\n3,31.3,121.5\n4,31.2,121.5\n',
  'edges.csv': [
    'edge_id,from_node,to_node,road_class,length_m,oneway,lanes',
    'a,1,2,residential,100,1,',
    'b,2,3,living_street,200,1,2',
    'c,3,4,primary,50,1,',
    'd,4,1,tertiary,400,1,',
  ].join('\n'),
  'transitions.csv': [
    'from_edge,direction_code,to_edge',
    'c,1,d',
    'a,6,b',
    'd,0,a',
    'b,2,c',
    'b,4,a',
  ].join('\n'),
  'trips.csv': ['trip_id,test_fold,edge_path', 'x,0,a b c', 'y,1,d a b', 'z,2,b c'].join('\n'),
  'train_subsets.csv': ['fold,train_size,trip_id', '0,100,z', '1,100,x', '1,100,z'].join('\n'),
};

describe('shanghaiTaxi on files made up here', () => {
  const home = mkdtempSync(join(tmpdir(), 'shanghai-'));
  const read = (files: Partial<typeof tiny> = {}, options: ShanghaiTaxiOptions = {}) => {
    mkdirSync(join(home, 'shanghai_taxi'), { recursive: true });
    for (const [file, text] of Object.entries({ ...tiny, ...files }))
      writeFileSync(join(home, 'shanghai_taxi', file), text);
    vi.stubEnv('REVEALED_DATA', home);
    return shanghaiTaxi(options);
  };
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true, force: true });
  });

  test('sorts turns, and takes diagonals and straight on for no turn', async () => {
    const { world, features } = await read({}, { roadClasses: true });
    expect([...world.mdp.pairStart]).toEqual([0, 1, 3, 4, 5]);
    expect([...world.mdp.nextState]).toEqual([1, 0, 2, 3, 0]);
    expect([...features.values]).toEqual(
      [
        [2, 1, 0, 0, 1, 0, 0, 0, 0, 1],
        [1, 0, 0, 1, 1, 0, 0, 0, 0, 0],
        [0.5, 0, 1, 0, 1, 1, 0, 0, 0, 0],
        [4, 0, 0, 0, 1, 0, 0, 1, 0, 0],
        [1, 0, 0, 0, 1, 0, 0, 0, 0, 0],
      ].flat(),
    );
  });

  test('has goals for all ends of trips, whichever of them are chosen', async () => {
    const { goals, trajectories, links, files } = await read({}, { fold: 0, trainSize: 100 });
    expect(goals.map(({ name }) => name)).toEqual(['b', 'c']);
    expect(trajectories.names).toEqual(['x', 'z']);
    expect(trajectories.folds).toEqual(['test', 'train']);
    expect([...trajectories.goal]).toEqual([1, 1]);
    expect([...trajectories.pair]).toEqual([0, 2, -1, 2, -1]);
    expect(links[2]).toEqual({
      from: { latitude: 31.3, longitude: 121.5 },
      to: { latitude: 31.2, longitude: 121.5 },
      roadClass: 'primary',
      length: 50,
    });
    expect(files.at(-1)).toMatchObject({ name: 'train_subsets.csv', rows: 3 });
  });

  test.each([
    ['trips.csv', 'y,1,d a b', 'y,1,d a e', 'trips.csv:3: there is no link "e"'],
    ['trips.csv', 'y,1,d a b', 'y,1,d b', 'trips.csv:3: there is no turn from d to b'],
    ['trips.csv', 'z,2,b c', 'z,2,c d a b c', 'trips.csv:4: trip z passes link c, where it ends'],
    ['trips.csv', 'y,1', 'y,5', 'trips.csv:3: "test_fold" must be a fold from 0 to 4, got "5"'],
    ['trips.csv', 'y,1', 'x,1', 'trips.csv:3: trip "x" is there twice'],
    ['transitions.csv', 'b,2,c', 'b,2,a', 'the turn from b to a is there twice'],
    ['transitions.csv', 'b,2,c', 'b,8,c', '"direction_code" must be a direction from 0 to 7'],
    ['edges.csv', 'c,3,4', 'c,3,5', 'edges.csv:4: there is no node "5"'],
    ['edges.csv', 'c,3,4', 'b,3,4', 'edges.csv:4: link "b" is there twice'],
    ['edges.csv', 'primary', 'canal', '"road_class" must be one of primary, secondary'],
    ['train_subsets.csv', '1,100,x', '1,100,w', 'train_subsets.csv:3: there is no trip "w"'],
    ['train_subsets.csv', '1,100,x', '1,100,y', 'train_subsets.csv:3: fold 1 tests on trip "y"'],
  ] as const)('%s with %j as %j is refused', async (file, from, to, message) => {
    expect(tiny[file]).toContain(from);
    const spoilt = { [file]: tiny[file].replace(from, to) };
    await expect(read(spoilt, { fold: 1, trainSize: 100 })).rejects.toThrow(message);
  });

  test('options that do not go together are refused', async () => {
    await expect(read({}, { trainSize: 100 })).rejects.toThrow('give \\"fold\\" too');
    await expect(read({}, { fold: 5 })).rejects.toThrow('fold');
    await expect(read({}, { fold: 1, trainSize: 500 as 100 })).rejects.toThrow('trainSize');
  });
});
