import { describe, expect, test } from 'vitest';
import { chiSquareTail } from '../../../../src/numeric/chiSquare.ts';
import { lineWorld, look } from '../../../support/profiledTables.ts';

const HEAD = 'trajectory,step,state,action';

describe('choices', () => {
  test('shares are of the decisions that offer an action; what is never taken is told', async () => {
    const { measures, of } = await look({
      transitions: `${lineWorld(2)} s0,rest,s0 s2,only,s0`,
      trajectories: `${HEAD} a,0,s0,up a,1,s1,down a,2,s0,up b,0,s2,only b,1,s0,`,
    });
    expect(measures.choices).toMatchObject({ decisions: 4, withoutAlternative: 1 });
    expect(measures.choices.actions).toEqual([
      { action: 'up', taken: 2, offered: 3 },
      { action: 'down', taken: 1, offered: 3 },
      { action: 'only', taken: 1, offered: 1 },
      { action: 'rest', taken: 0, offered: 2 },
    ]);
    expect(of('choices').map(({ level, found }) => [level, found])).toEqual([
      ['warning', '1 action was offered and never taken.'],
      ['note', '25.0 % of the 4 decisions had no alternative (1).'],
    ]);
  });

  test('who never had an alternative reveals nothing: a failure', async () => {
    const { of } = await look({
      transitions: 'state,next_state s0,s1 s1,s0',
      trajectories: 'trajectory,step,state a,0,s0 a,1,s1 a,2,s0',
    });
    expect(of('choices')).toMatchObject([{ level: 'failure' }]);
  });
});

describe('coverage', () => {
  test('counts states, choices, and who alone was where', async () => {
    const { measures } = await look({
      transitions: lineWorld(5),
      trajectories: `${HEAD},person a,0,s0,up,p a,1,s1,up,p a,2,s2,,p b,0,s0,up,p b,1,s1,,p c,0,s1,up,q c,1,s2,down,q`,
    });
    expect(measures.coverage).toMatchObject({
      states: 5,
      visited: 3,
      pairs: 10,
      taken: 3,
      offered: 6,
      byOneTrajectory: 0,
      byOnePerson: 1,
      persons: 2,
      visits: [
        { low: 0, high: 0, count: 2 },
        { low: 1, high: 1, count: 0 },
        { low: 2, high: 3, count: 3 },
      ],
    });
  });
});

describe('dynamics', () => {
  const coin =
    'state,action,next_state,probability s,go,s,0.5 s,go,t,0.5 s,no,s,1 t,go,s,1 t,no,t,1';
  /** So many trajectories of one move from s, to s and to t. */
  const moved = (toS: number, toT: number) =>
    `${HEAD} ${Array.from({ length: toS + toT }, (_, i) => `x${i},0,s,go x${i},1,${i < toS ? 's' : 't'},`).join(' ')}`;

  test('X² of recorded against listed probabilities, by hand', async () => {
    const { measures, of } = await look({ transitions: coin, trajectories: moved(32, 8) });
    expect(measures.dynamics.agreement).toMatchObject({ pairs: 1, degrees: 1 });
    expect(measures.dynamics.agreement?.statistic).toBeCloseTo(14.4, 12);
    expect(measures.dynamics.agreement?.p).toBeCloseTo(chiSquareTail(14.4, 1), 12);
    expect(of('dynamics')[0]).toMatchObject({
      level: 'warning',
      examples: ['state "s", action "go" to "s": listed 50.0 %, recorded 80.0 % of 40'],
    });
  });

  test('rare outcomes are taken together, and what is too rare is added to the next', async () => {
    const listed = (shares: readonly number[]) =>
      `state,action,next_state,probability ${shares.map((p, k) => `s,go,t${k},${p}`).join(' ')} s,no,s,1`;
    const trajectories = (counts: readonly number[]) => {
      const rows = counts.flatMap((n, k) =>
        Array.from({ length: n }, (_, i) => `x${k}.${i},0,s,go x${k}.${i},1,t${k},`),
      );
      return `${HEAD} ${rows.join(' ')}`;
    };
    // Expected 60, 32, 4, 4: the last two together 8.
    const joint = await look({
      transitions: listed([0.6, 0.32, 0.04, 0.04]),
      trajectories: trajectories([60, 30, 6, 4]),
    });
    expect(joint.measures.dynamics.agreement).toMatchObject({ degrees: 2 });
    expect(joint.measures.dynamics.agreement?.statistic).toBeCloseTo(4 / 32 + 4 / 8, 12);
    // Expected 60, 37, 3: the last is too rare and goes with 37.
    const added = await look({
      transitions: listed([0.6, 0.37, 0.03]),
      trajectories: trajectories([50, 44, 6]),
    });
    expect(added.measures.dynamics.agreement).toMatchObject({ degrees: 1 });
    expect(added.measures.dynamics.agreement?.statistic).toBeCloseTo(100 / 60 + 100 / 40, 12);
  });

  test('probabilities that are the recorded shares are called estimated here', async () => {
    const { measures, of } = await look({ transitions: coin, trajectories: moved(20, 20) });
    expect(measures.dynamics).toMatchObject({
      isEstimatedHere: true,
      seenTwice: 1,
      oneSuccessor: 0,
    });
    expect(of('dynamics').map(({ level }) => level)).toEqual(['note', 'note']);
  });

  test('certain moves look certain', async () => {
    const { measures, of } = await look({
      transitions: lineWorld(3),
      trajectories: `${HEAD} a,0,s0,up a,1,s1,down a,2,s0,up a,3,s1,`,
    });
    expect(measures.dynamics).toMatchObject({ seenTwice: 1, oneSuccessor: 1, agreement: null });
    expect(of('dynamics')[0].found).toMatch(/^100\.0 % of the 1 choice made twice/);
  });
});

describe('lengths and weights', () => {
  test('empty trajectories, and one that holds most, are told', async () => {
    const short = Array.from({ length: 10 }, (_, i) => `t${i},0,s0,up`).join(' ');
    const long = Array.from(
      { length: 30 },
      (_, k) => `long,${k},s${k % 2},${k % 2 ? 'down' : 'up'}`,
    );
    const { measures, of } = await look({
      transitions: lineWorld(3),
      trajectories: `${HEAD} ${short} ${long.join(' ')} none,0,s1,`,
    });
    expect(measures.lengths).toMatchObject({
      trajectories: 12,
      decisions: 40,
      empty: 1,
      shortest: 0,
      median: 1,
      longest: 30,
      longestShare: 0.75,
    });
    expect(of('lengths').map(({ level }) => level)).toEqual(['warning', 'note']);
  });

  test('weights: the effective number is (Σ w)² / Σ w²; all zero is a failure', async () => {
    const weighted = (weights: readonly number[]) => ({
      transitions: lineWorld(3),
      trajectories: `${HEAD},weight ${weights.map((w, i) => `t${i},0,s0,up,${w}`).join(' ')}`,
    });
    const { measures } = await look(weighted([1, 2, 3, 0]));
    expect(measures.weights).toEqual({ zero: 1, least: 0, most: 3, effective: 36 / 14 });
    const none = await look(weighted([0, 0]));
    expect(none.of('weights')).toMatchObject([{ level: 'failure' }]);
    expect(none.measures.weights?.effective).toBeNull();
    const equal = await look(weighted([2, 2]));
    expect(equal.of('weights')).toEqual([]);
  });
});
