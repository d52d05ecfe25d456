import { describe, expect, test } from 'vitest';
import { lineWorld, look } from '../../../support/profiledTables.ts';

/** A walk up from a state, so many steps, as rows with a fold and a person. */
function walk(name: string, from: number, steps: number, rest: string): string {
  return Array.from({ length: steps }, (_, k) => `${name},${k},s${from + k},up,${rest}`).join(' ');
}

const HEAD = 'trajectory,step,state,action,fold,person';

describe('duplicates', () => {
  test('identical and nearly identical ones across folds are counted apart', async () => {
    const { measures, of } = await look({
      transitions: lineWorld(60),
      trajectories: [
        HEAD,
        walk('a', 0, 20, '1,p'),
        walk('copy', 0, 20, '2,q'),
        walk('near', 1, 20, '2,r'),
        walk('far', 4, 20, '2,s'),
        walk('other', 30, 20, '2,t'),
        walk('twin', 30, 20, '2,t'),
        walk('short', 0, 4, '1,u'),
        walk('also', 0, 4, '2,v'),
      ].join(' '),
    });
    // near shares 19 of 21 moves with a and its copy, far 16 of 24 with a and 17 of 23 with near.
    expect(measures.duplicates).toMatchObject({
      compared: 6,
      identical: 4,
      identicalOfOnePerson: 2,
      identicalAcross: 2,
      nearAcross: 3,
    });
    // Shares 1/6 and 5/6 of what is compared; two pairs of identical ones.
    expect(measures.duplicates.expectedAcross).toBeCloseTo(2 * 2 * 2 * (1 / 6) * (5 / 6), 12);
    const across = of('duplicates').find(({ found }) => found.includes('another fold'));
    expect(across).toMatchObject({ level: 'warning', share: 1 / 2 });
    expect(across?.examples[0]).toBe('"a" and "copy"');
  });

  test('without folds those that will be learned from and predicted at once are told', async () => {
    const rows = [walk('a', 0, 6, 'p'), walk('b', 0, 6, 'q'), walk('c', 3, 6, 'r')];
    const { measures, of } = await look({
      transitions: lineWorld(20),
      trajectories: `trajectory,step,state,action,person ${rows.join(' ')}`,
    });
    expect(measures.duplicates).toMatchObject({ identical: 2, nearAcross: null });
    expect(of('duplicates')).toMatchObject([{ level: 'note', share: 2 / 3 }]);
  });

  test('the same way to another goal is another way', async () => {
    const { measures } = await look({
      transitions: lineWorld(30),
      trajectories: [
        'trajectory,step,state,action,fold,person,goal',
        walk('a', 0, 20, '1,p,s25'),
        walk('b', 0, 20, '2,q,s26'),
      ].join(' '),
    });
    expect(measures.duplicates).toMatchObject({ identical: 0, nearAcross: 0 });
  });
});

describe('folds', () => {
  test('people in several folds, and small folds, are told', async () => {
    const { measures, of } = await look({
      transitions: lineWorld(30),
      trajectories: `${HEAD} ${walk('a', 0, 20, '1,p')} ${walk('b', 0, 2, '2,p')} ${walk('c', 0, 20, '3,q')}`,
    });
    expect(measures.folds).toEqual({
      folds: [
        { fold: '1', trajectories: 1, decisions: 20 },
        { fold: '2', trajectories: 1, decisions: 2 },
        { fold: '3', trajectories: 1, decisions: 20 },
      ],
      peopleInSeveral: 1,
    });
    expect(of('folds').map(({ level, share }) => [level, share])).toEqual([
      ['warning', 1 - 2 / 14],
      ['warning', 1 / 2],
    ]);
  });

  test('one fold alone can hold nothing out', async () => {
    const { of } = await look({
      transitions: lineWorld(30),
      trajectories: `${HEAD} ${walk('a', 0, 3, '1,p')}`,
    });
    expect(of('folds')).toMatchObject([{ level: 'warning', share: 1 }]);
  });
});
