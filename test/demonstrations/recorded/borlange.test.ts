import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Borlange, borlange } from '../../../src/demonstrations/recorded/borlange.ts';
import { dataFile } from '../../../src/demonstrations/recorded/dataHome.ts';
import { isDeterministic } from '../../../src/mdp/mdp.ts';
import { hasSharedData } from '../../support/sharedData.ts';

describe.skipIf(!hasSharedData('borlange'))('borlange', () => {
  const rowsOf = (file: string) =>
    readFileSync(dataFile('borlange', file), 'utf8')
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => line.split(','));
  let data: Borlange;
  beforeAll(async () => {
    data = await borlange();
  });

  test('has the counts of its data card', () => {
    const { world, goals, trajectories, files } = data;
    expect(world.mdp.stateCount).toBe(7_288);
    expect(world.mdp.pairCount).toBe(20_196);
    expect(goals).toHaveLength(466);
    expect(trajectories.count).toBe(1_832);
    expect(trajectories.state).toHaveLength(37_167);
    expect(files.map(({ name, rows }) => [name, rows])).toEqual([
      ['links.csv', 7_288],
      ['transitions.csv', 20_196],
      ['trips.csv', 37_167],
      ['destinations.csv', 1_256],
    ]);
    expect(goals.reduce((sum, goal) => sum + goal.stopState.length, 0)).toBe(1_256);
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
        .map(([from, to]) => `${from},${to}`)
        .sort(),
    );
    pairAction.forEach((action, pair) => {
      expect(actionNames[action]).toBe(stateNames[mdp.nextState[pair]]);
    });
  });

  test('sees time of the link entered, left turns, a constant and U-turns', () => {
    const { world, features } = data;
    const { mdp, stateNames } = world;
    expect(features.names).toEqual(['travel time', 'left turn', 'link constant', 'U-turn']);
    const minutes = new Map(rowsOf('links.csv').map(([link, time]) => [link, Number(time)]));
    const angles = new Map(
      rowsOf('transitions.csv').map(([from, to, , angle]) => [`${from},${to}`, angle]),
    );
    expect([...angles.values()].filter((angle) => angle === '')).toHaveLength(2);
    stateNames.forEach((from, s) => {
      for (let pair = mdp.pairStart[s]; pair < mdp.pairStart[s + 1]; pair++) {
        const to = stateNames[mdp.nextState[pair]];
        const angle = Number(angles.get(`${from},${to}`));
        const back = angle > 3.1 || angle < -3.1;
        const left = angle < -0.5236 && !back;
        expect(Array.from(features.values.subarray(4 * pair, 4 * pair + 4))).toEqual([
          minutes.get(to),
          left ? 1 : 0,
          1,
          back ? 1 : 0,
        ]);
      }
    });
  });

  test('follows every trip link by link and ends it at an exit of its destination', () => {
    const { world, goals, trajectories } = data;
    const { rowStart, state, pair, goal, stopped, names, weight } = trajectories;
    const { pairStart, nextState } = world.mdp;
    const followed: string[][] = [];
    for (let i = 0; i < trajectories.count; i++) {
      for (let row = rowStart[i]; row < rowStart[i + 1]; row++) {
        const step = row - rowStart[i];
        followed.push([names[i], goals[goal[i]].name, `${step}`, world.stateNames[state[row]]]);
      }
    }
    expect(followed).toEqual(rowsOf('trips.csv'));

    const ends = new Set(Array.from(rowStart.subarray(1), (start) => start - 1));
    const wrong = Array.from(pair).filter((p, row) =>
      ends.has(row)
        ? p !== -1
        : p < pairStart[state[row]] ||
          p >= pairStart[state[row] + 1] ||
          nextState[p] !== state[row + 1],
    );
    expect(wrong).toEqual([]);
    goal.forEach((g, i) => {
      expect(goals[g].stopState).toContain(state[rowStart[i + 1] - 1]);
    });
    expect(stopped.every((mark) => mark === 1)).toBe(true);
    expect(weight.every((w) => w === 1)).toBe(true);
  });

  test('gives each destination its exits, free of charge and in order', () => {
    const { world, goals } = data;
    const exits = goals.flatMap(({ name, stopState }) =>
      Array.from(stopState, (s) => `${name},${world.stateNames[s]}`),
    );
    expect(exits.sort()).toEqual(
      rowsOf('destinations.csv')
        .map((row) => row.join(','))
        .sort(),
    );
    for (const { absorbing, stopState, stopReward } of goals) {
      expect(absorbing).toBe(false);
      expect(stopReward).toEqual(new Float64Array(stopState.length));
      expect(stopState).toEqual(stopState.slice().sort());
    }
  });
});

/** A square of four links a → b → c → d → a with a U-turn, and two trips. */
const tiny = {
  'links.csv': 'link_id\na\nb\nc\nd\n',
  'transitions.csv': [
    'from_link,to_link,travel_time_min,turn_angle_rad',
    'c,d,4,-1.5',
    'a,b,2,',
    'b,a,1,-3.14159',
    'b,c,3,0.2',
    'd,a,1,-0.5236',
  ].join('\n'),
  'destinations.csv': 'destination_id,from_link\nhome,d\nhome,b\nwork,c\nnowhere,a\n',
  'trips.csv': [
    'trip_id,destination_id,step,link_id',
    '1,work,0,a',
    '1,work,1,b',
    '1,work,2,c',
    '2,home,0,d',
    '2,home,1,a',
  ].join('\n'),
};

describe('borlange on files made up here', () => {
  const home = mkdtempSync(join(tmpdir(), 'borlange-'));
  const read = (files: Partial<typeof tiny> = {}) => {
    mkdirSync(join(home, 'borlange'), { recursive: true });
    for (const [file, text] of Object.entries({ ...tiny, ...files })) {
      writeFileSync(join(home, 'borlange', file), text);
    }
    vi.stubEnv('REVEALED_DATA', home);
    return borlange();
  };
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true, force: true });
  });

  test('sorts turns, reads an empty angle as 0, and keeps left turns and U-turns apart', async () => {
    const { world, features } = await read();
    expect([...world.mdp.pairStart]).toEqual([0, 1, 3, 4, 5]);
    expect([...world.mdp.nextState]).toEqual([1, 0, 2, 3, 0]);
    expect([...features.values]).toEqual(
      [
        [2, 0, 1, 0],
        [1, 0, 1, 1],
        [3, 0, 1, 0],
        [4, 1, 1, 0],
        [1, 0, 1, 0],
      ].flat(),
    );
  });

  test('has goals for destinations that occur; a trip that ends at no exit is cut off', async () => {
    const { goals, trajectories } = await read();
    expect(goals.map(({ name, stopState }) => [name, ...stopState])).toEqual([
      ['work', 2],
      ['home', 1, 3],
    ]);
    expect([...trajectories.goal]).toEqual([0, 1]);
    expect([...trajectories.pair]).toEqual([0, 2, -1, 4, -1]);
    expect([...trajectories.stopped]).toEqual([1, 0]);
  });

  test.each([
    ['trips.csv', '2,home,0,d', '2,home,0,x', 'trips.csv:5: there is no link "x"'],
    ['trips.csv', '1,work,1,b', '1,work,1,c', 'trips.csv:3: there is no turn from a to c'],
    ['trips.csv', '1,work,2', '1,work,3', 'trips.csv:4: trip 1 must go on with step 2'],
    ['trips.csv', '1,work,2', '1,home,2', 'trips.csv:4: trip 1 must go on with step 2 and keep'],
    ['transitions.csv', 'b,c,3', 'b,a,3', 'the turn from b to a is there twice'],
    ['transitions.csv', 'b,c,3', 'b,c,-3', 'transitions.csv:5: "travel_time_min"'],
    ['transitions.csv', '0.2', 'left', '"turn_angle_rad" must be a finite decimal'],
    ['destinations.csv', 'work,c', 'work,e', 'destinations.csv:4: there is no link "e"'],
  ] as const)('%s with %j as %j is refused', async (file, from, to, message) => {
    expect(tiny[file]).toContain(from);
    await expect(read({ [file]: tiny[file].replace(from, to) })).rejects.toThrow(message);
  });
});
