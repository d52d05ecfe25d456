import { describe, expect, test } from 'vitest';
import { choicesByOthers } from '../../../../src/evaluation/profile/choicesByOthers.ts';
import { whoOf } from '../../../../src/evaluation/profile/profiled.ts';
import { createRng } from '../../../../src/numeric/rng.ts';
import { lineWorld, look } from '../../../support/profiledTables.ts';

/** People on a line who step up with a probability of their own. */
function walkers(up: readonly number[], trips = 4, steps = 25): string {
  const rng = createRng(7, 'walkers');
  const rows: string[] = [];
  up.forEach((p, person) => {
    for (let trip = 0; trip < trips; trip++) {
      let at = 4;
      for (let step = 0; step < steps; step++) {
        const isUp = rng() < p;
        rows.push(`p${person}t${trip},${step},s${at},${isUp ? 'up' : 'down'},p${person}`);
        at = Math.min(8, Math.max(0, at + (isUp ? 1 : -1)));
      }
    }
  });
  return `trajectory,step,state,action,person ${rows.join(' ')}`;
}

describe('people', () => {
  test('who chooses unlike the others is named, and nobody else', async () => {
    const alike = Array.from({ length: 40 }, () => 0.5);
    const { measures, of } = await look({
      transitions: lineWorld(9),
      trajectories: walkers([...alike, 0.95]),
    });
    expect(measures.people.outliers.map(({ name }) => name)).toEqual(['p40']);
    expect(of('people')).toMatchObject([{ level: 'warning' }]);
    expect(of('people')[0].found).toMatch(/^1 of 41 people chooses unlike the others, with 100 of/);
  });

  test('of people who are all alike nobody is named', async () => {
    const alike = Array.from({ length: 60 }, () => 0.6);
    const { of } = await look({ transitions: lineWorld(9), trajectories: walkers(alike) });
    expect(of('people')).toEqual([]);
  });

  test('standard scores of people who are alike have mean near 0 and variance near 1', async () => {
    const alike = Array.from({ length: 200 }, () => 0.7);
    const { data } = await look({ transitions: lineWorld(9), trajectories: walkers(alike, 1) });
    const { who, names } = whoOf(data);
    const { standard } = choicesByOthers(data, who, names.length);
    const mean = standard.reduce((a, b) => a + b, 0) / standard.length;
    const variance = standard.reduce((sum, z) => sum + (z - mean) ** 2, 0) / standard.length;
    // Standard errors of 200 draws: 0.07 and 0.1; four of them.
    expect(Math.abs(mean)).toBeLessThan(0.28);
    expect(Math.abs(variance - 1)).toBeLessThan(0.4);
  });

  test('scores by hand: three people in one state', async () => {
    const rows = ['p,up', 'p,up', 'q,up', 'q,down', 'q,up', 'r,down'];
    const { data } = await look({
      transitions: 'state,action,next_state s,up,t s,down,t',
      trajectories: `trajectory,step,state,action,person ${rows.map((row, i) => `x${i},0,s,${row.split(',')[1]},${row.split(',')[0]}`).join(' ')}`,
    });
    const { who, names } = whoOf(data);
    const { standard, perDecision } = choicesByOthers(data, who, names.length);
    // All but p: up 2, down 2, so q(up) = (2 + ½) / (4 + 1) = ½, and no choice is rarer than another.
    expect(perDecision[names.indexOf('p')]).toBeCloseTo(Math.log(0.5), 12);
    expect(standard[names.indexOf('p')]).toBeNaN();
    // All but r: up 4, down 1: q(up) = 4.5 / 6.
    const [up, down] = [Math.log(0.75), Math.log(0.25)];
    const mean = 0.75 * up + 0.25 * down;
    const deviation = Math.sqrt(0.75 * 0.25) * (up - down);
    expect(perDecision[names.indexOf('r')]).toBeCloseTo(down, 12);
    expect(standard[names.indexOf('r')]).toBeCloseTo((down - mean) / deviation, 12);
  });

  test('far longer trajectories are told, and too few people are not judged', async () => {
    const lengths = [4, 5, 6, 7, 5, 6, 4, 5, 6, 7, 8, 5, 6, 5, 4, 6, 5, 7, 6, 5, 6, 300];
    const rows = lengths.flatMap((n, i) =>
      Array.from({ length: n }, (_, k) => `t${i},${k},s${k % 2},${k % 2 ? 'down' : 'up'}`),
    );
    const trajectories = `trajectory,step,state,action ${rows.join(' ')}`;
    const { of, measures } = await look({ transitions: lineWorld(3), trajectories });
    expect(of('people').map(({ examples }) => examples[0])).toContainEqual(
      expect.stringMatching(/^"t21": z = \d/),
    );
    expect(measures.people.of).toBe('trajectory');
    const few = await look({
      transitions: lineWorld(3),
      trajectories: 'trajectory,step,state,action a,0,s0,up b,0,s0,down',
    });
    expect(few.measures.people.reasons?.length).toBe('only 2 trajectories decide anything');
  });
});
