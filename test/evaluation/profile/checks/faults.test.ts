import { describe, expect, test } from 'vitest';
import { lineWorld, look } from '../../../support/profiledTables.ts';

const transitions = lineWorld(4);
const clean = 'trajectory,step,state,action a,0,s0,up a,1,s1,down b,0,s2,up b,1,s3,';

describe('of clean tables', () => {
  test('no check fails', async () => {
    const { profile, measures } = await look({ transitions, trajectories: clean });
    expect(profile.passed).toBe(true);
    expect(measures.moves.faults).toEqual({});
    expect(measures.steps).toEqual({ withGaps: 0, withRepeats: 0, contradicting: {} });
    expect(measures.lengths).toMatchObject({ decisions: 3, trajectories: 2, rows: 4, empty: 0 });
  });
});

describe('steps', () => {
  test('that are missing or there twice are counted by trajectory', async () => {
    const { of, measures } = await look({
      transitions,
      trajectories: `${clean} c,0,s0,up c,2,s2,up d,1,s1,up e,0,s0,up e,1,s1,up e,1,s1,up`,
    });
    expect(measures.steps).toMatchObject({ withGaps: 2, withRepeats: 1 });
    const [first, second] = of('steps');
    expect(first).toMatchObject({ level: 'failure', share: 2 / 5 });
    expect(first.examples).toEqual(['trajectories.csv:7: step 2', 'trajectories.csv:8: step 1']);
    expect(second.found).toBe('1 trajectory has steps that are there more than once.');
  });

  test('a trajectory that says two goals, folds or persons is told', async () => {
    const { of, measures } = await look({
      transitions,
      trajectories:
        'trajectory,step,state,action,goal,fold,person a,0,s0,up,s3,1,p a,1,s1,up,s2,1,p a,2,s2,up,s2,1,q b,0,s0,up,s3,1,p',
    });
    expect(measures.steps.contradicting).toEqual({ goal: 1, person: 1 });
    expect(of('steps').map(({ found }) => found)).toEqual([
      '1 trajectory has more than one goal.',
      '1 trajectory has more than one person.',
    ]);
  });
});

describe('moves', () => {
  test('every kind of fault is counted, by rows and by trajectories', async () => {
    const { of, measures } = await look({
      transitions: `${transitions} s4,stay,s4`,
      trajectories: `trajectory,step,state,action a,0,s0,up a,1,s3,up a,2,s0,up a,3,s1,
        b,0,nowhere,up b,1,s1,stay b,2,s1, b,3,s2,up c,0,s0,up c,1,s3,`,
    });
    expect(measures.moves.faults).toEqual({
      'unknown state': { rows: 1, trajectories: 1 },
      'unavailable action': { rows: 1, trajectories: 1 },
      'impossible move': { rows: 3, trajectories: 2 },
      'missing action': { rows: 1, trajectories: 1 },
    });
    const impossible = of('moves').find(({ found }) => found.startsWith('3 moves lead where'));
    expect(impossible).toMatchObject({ level: 'failure', share: 2 / 3 });
    expect(impossible?.examples[0]).toBe('trajectories.csv:2: state "s0", action "up" to "s3"');
  });

  test('without a column of actions a move must lead somewhere, by one action', async () => {
    const { measures } = await look({
      transitions:
        'state,action,next_state s0,up,s1 s0,jump,s1 s0,stay,s0 s1,up,s2 s1,down,s0 s2,down,s1',
      trajectories: 'trajectory,step,state a,0,s0 a,1,s1 a,2,s2 a,3,s0',
    });
    expect(measures.moves.faults).toEqual({
      'ambiguous move': { rows: 1, trajectories: 1 },
      'impossible move': { rows: 1, trajectories: 1 },
    });
  });

  test('a transition of probability 0 is an impossible move', async () => {
    const { measures } = await look({
      transitions:
        'state,action,next_state,probability s0,go,s1,1 s0,go,s0,0 s1,go,s0,1 s1,no,s1,1',
      trajectories: 'trajectory,step,state,action a,0,s0,go a,1,s0,go a,2,s1,no',
    });
    expect(measures.moves.faults).toEqual({ 'impossible move': { rows: 1, trajectories: 1 } });
  });
});

describe('tables', () => {
  test('that cannot be read are told with their place, and the others are looked at', async () => {
    const { profile, of, measures } = await look({
      transitions: 'state,action,next_state,probability s0,up,s1,0.4 s1,up,s1,1',
      trajectories: clean,
    });
    expect(of('tables')[0]).toMatchObject({ level: 'failure' });
    expect(of('tables')[0].found).toMatch(/^transitions\.csv:2: the probabilities of .* sum to 1/);
    expect(profile.passed).toBe(false);
    expect(measures.lengths.decisions).toBe(3);
  });

  test('features: a pair without a row fails, one with the same value everywhere is a warning', async () => {
    const features = (rows: string) => `state,slope,one ${rows}`;
    const all = 's0,0,1 s1,1,1 s2,2,1 s3,3,1';
    const { of, profile } = await look({
      transitions,
      trajectories: clean,
      features: features(all),
    });
    expect(of('tables')).toMatchObject([{ level: 'warning', examples: ['"one"'] }]);
    expect(profile.passed).toBe(true);
    const missing = await look({ transitions, trajectories: clean, features: features('s0,0,1') });
    expect(missing.profile.passed).toBe(false);
  });

  test('without transitions the world is what was seen', async () => {
    const { data, profile, measures } = await look({ trajectories: clean });
    expect(profile.passed).toBe(true);
    expect(data.world.stateNames).toEqual(['s0', 's1', 's2', 's3']);
    expect(measures.coverage).toMatchObject({ states: 4, visited: 4, pairs: 2, taken: 2 });
  });
});
