import { describe, expect, test } from 'vitest';
import { lineWorld, look } from '../../../support/profiledTables.ts';

const HEAD = 'trajectory,step,state,action,goal';

describe('goals', () => {
  test('those that do not exist, are passed, or are not reached are counted', async () => {
    const { measures, of } = await look({
      transitions: lineWorld(4),
      trajectories: `${HEAD} a,0,s0,up,s2 a,1,s1,up,s2 a,2,s2,,s2
        b,0,s0,up,s2 b,1,s1,,s2 c,0,s1,up,s2 c,1,s2,up,s2 c,2,s3,,s2 d,0,s0,up,home`,
    });
    expect(measures.goals).toEqual({
      goals: 2,
      unknown: 1,
      passed: 1,
      unreachable: 0,
      cutOff: 2,
      tooLong: 0,
    });
    const [first, second, third] = of('goals');
    expect([first.level, second.level, third.level]).toEqual(['failure', 'failure', 'warning']);
    expect(first.found).toBe('1 trajectory has a goal that does not exist.');
    expect(second.examples).toEqual(['trajectories.csv:9: trajectory "c"']);
    expect(third.found).toBe('2 trajectories end before the goal (50.0 %).');
  });

  test('a state that cannot reach the goal fails without a discount, and warns with one', async () => {
    const tables = {
      transitions:
        'state,action,next_state s0,a,s1 s0,b,trap s1,a,s1 s1,b,s0 trap,a,trap trap,b,trap',
      trajectories: `${HEAD} a,0,s0,a,s1 a,1,s1,,s1 b,0,s0,b,s1 b,1,trap,a,s1`,
    };
    const { of, measures } = await look(tables);
    expect(measures.goals.unreachable).toBe(1);
    expect(of('goals')[0]).toMatchObject({
      level: 'failure',
      examples: ['trajectories.csv:4: state "s0", goal "s1"'],
    });
    const discounted = await look(tables, { kind: 'discounted', discount: 0.9 });
    expect(discounted.of('goals').map(({ level }) => level)).not.toContain('failure');
  });

  test('behind exits: a last row in an exit is a stop, elsewhere it is cut off', async () => {
    const { measures, profile } = await look({
      transitions: lineWorld(4),
      trajectories: `${HEAD} a,0,s0,up,out a,1,s1,,out b,0,s0,up,out b,1,s1,up,out b,2,s2,,out`,
      exits: 'goal,state out,s2 out,s3',
    });
    expect(measures.goals).toMatchObject({ cutOff: 1, unknown: 0, passed: 0 });
    expect(measures.lengths).toMatchObject({ decisions: 4, longest: 3 });
    expect(profile.passed).toBe(true);
  });

  test('a horizon is overrun, and missed', async () => {
    const { measures, profile } = await look(
      {
        transitions: lineWorld(4),
        trajectories: 'trajectory,step,state,action a,0,s0,up a,1,s1,up a,2,s2,up b,0,s0,up',
      },
      { kind: 'finite', horizon: 2, discount: 1 },
    );
    expect(measures.goals).toMatchObject({ tooLong: 1, cutOff: 1 });
    expect(profile.passed).toBe(false);
  });

  test('dead ends that are no goal are told', async () => {
    const { measures, of } = await look({
      transitions: 'state,action,next_state s0,a,s1 s0,b,end s1,a,s0 s1,b,s1',
      trajectories: `${HEAD} a,0,s0,a,s1 a,1,s1,,s1 b,0,s0,b,s1 b,1,end,,s1`,
    });
    expect(measures.ends).toMatchObject({ deadEnds: 1, endingThere: 1 });
    expect(of('ends')[0]).toMatchObject({ level: 'warning', examples: ['trajectory "b", "end"'] });
  });
});

describe('ends', () => {
  test('tracks of one person that lie in the same time are told, others are not', async () => {
    const trajectories = 'trajectory,step,state,action,person a,0,s0,up,p b,0,s0,up,p c,0,s0,up,q';
    const tracks = (first: number) =>
      `trajectory,person,end,first_time,last_time a,p,terminated,0,10 b,p,cut,${first},20 c,q,cut,5,9`;
    const transitions = lineWorld(3);
    const apart = await look({ transitions, trajectories, tracks: tracks(10) });
    expect(apart.measures.ends).toMatchObject({ sameTime: 0, said: { terminated: 1, cut: 2 } });
    const over = await look({ transitions, trajectories, tracks: tracks(9) });
    expect(over.measures.ends.sameTime).toBe(1);
    expect(over.of('ends').find(({ found }) => found.includes('begins'))?.examples).toEqual([
      'trajectory "b"',
    ]);
    expect(over.of('ends').find(({ found }) => found.includes('cut at'))).toMatchObject({
      level: 'warning',
      share: 2 / 3,
    });
  });

  test('rows that end one trajectory and begin another of the same person are told', async () => {
    const walk = (name: string, from: number, to: number, person: string) =>
      Array.from({ length: to - from }, (_, k) => `${name},${k},s${from + k},up,${person}`).join(
        ' ',
      );
    const tables = (person: string) => ({
      transitions: lineWorld(20),
      trajectories: `trajectory,step,state,action,person ${walk('a', 0, 10, 'p')} ${walk('b', 5, 15, person)}`,
    });
    const same = await look(tables('p'));
    expect(same.measures.ends.sameRows).toBe(1);
    expect(same.of('ends').map(({ examples }) => examples)).toContainEqual(['"a" and "b"']);
    expect((await look(tables('q'))).measures.ends.sameRows).toBe(0);
  });
});
