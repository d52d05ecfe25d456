/**
 * What the data leave open is said, in the right words, and no number is invented for it: fits
 * through `revealed fit`, by planning and by cloning.
 */

import { describe, expect, test } from 'vitest';
import {
  type FitOutcome,
  fitTables,
  lines,
  methodOf,
  type TableTexts,
} from '../support/commandLine.ts';
import { go, jump, type OfMove, roomAfter, rooms } from '../support/rooms.ts';

const BOTH = ['--methods', 'causal-entropy,behavior-cloning-features'];
const FOREVER = ['--discount', '0.9', ...BOTH];
const METHODS = ['causal-entropy', 'behavior-cloning-features'];
const evenly: OfMove = () => 1;
const ROOM: Readonly<Record<string, number>> = { a: 1, b: -2, c: 0.5 };

/** What a fit says is open: words and directions; checks that nothing is invented for it. */
function openOf(outcome: FitOutcome, method = 'causal-entropy') {
  const fit = methodOf(outcome, method);
  const open = fit.unidentified ?? [];
  const involved = new Set(open.flatMap(({ direction }) => Object.keys(direction)));
  for (const { name, standardErrors, reasons } of fit.parameters) {
    if (fit.stop !== 'converged' || involved.has(name)) {
      expect(standardErrors).toBeNull();
      expect(reasons?.standardErrors).toMatch(/not identified|did not converge|infinity/);
    } else expect(standardErrors?.hessian).toBeGreaterThan(0);
  }
  if (open.length > 0) expect(outcome.code).toBe(1);
  return open;
}

describe('collinear features', () => {
  const both: OfMove = (room, move) => 2 * go(room, move) + 3 * jump(room, move);

  test('are named with their relation', async () => {
    const outcome = await fitTables(rooms({ go, jump, both }, evenly), ...FOREVER);
    for (const method of METHODS) {
      const [{ direction, words }, ...others] = openOf(outcome, method);
      expect(others).toEqual([]);
      expect(words).toMatch(/^collinear features, "both" = 2 · "go" \+ 3 · "jump" everywhere/);
      expect(direction.go / direction.both).toBeCloseTo(-2, 9);
      expect(direction.jump / direction.both).toBeCloseTo(-3, 9);
      // The likelihood is that of the model without the third.
    }
    const without = await fitTables(rooms({ go, jump }, evenly), ...FOREVER);
    expect(methodOf(outcome).logLikelihood).toBeCloseTo(
      methodOf(without).logLikelihood ?? Number.NaN,
      9,
    );
    expect(methodOf(outcome).freeParameters).toBe(2);
  });

  test('of any sizes are told apart from what only looks alike', async () => {
    const alike =
      (difference: number): OfMove =>
      (room, move) =>
        1e6 * go(room, move) + 1e6 * difference * (room === 'a' ? 1 : -0.3) * jump(room, move);
    const exact = await fitTables(rooms({ go, alike: alike(0) }, evenly), ...FOREVER);
    const near = await fitTables(rooms({ go, alike: alike(1e-9) }, evenly), ...FOREVER);
    const apart = await fitTables(rooms({ go, alike: alike(0.01) }, evenly), ...FOREVER);
    for (const method of METHODS) {
      expect(openOf(exact, method)[0].words).toMatch(/"alike" = 1000000 · "go" everywhere/);
      expect(openOf(near, method)[0].words).toMatch(/^collinear .* all but exactly everywhere/);
      expect(methodOf(near, method).unbounded).toBeUndefined();
      expect(openOf(apart, method)).toEqual([]);
    }
    expect(apart.code).toBe(0);
  });

  test('and a runaway beside them are each called what they are', async () => {
    const twice: OfMove = (room, move) => 2 * go(room, move);
    const never: OfMove = (_, move) => (move === 'jump' ? 0 : 1);
    const outcome = await fitTables(rooms({ go, twice, jump }, never), ...FOREVER);
    for (const method of METHODS) {
      const fit = methodOf(outcome, method);
      expect(fit.stop).toBe('unbounded');
      expect(fit.unbounded).toEqual(['jump']);
      expect(openOf(outcome, method).map(({ words }) => words)).toEqual([
        expect.stringMatching(/^collinear features, "twice" = 2 · "go"/),
      ]);
    }
  });

  test('that a penalty holds are confessed', async () => {
    const outcome = await fitTables(rooms({ go, jump, both }, evenly), ...FOREVER, '--l2', '1');
    for (const method of METHODS) {
      const { stop, unidentified, heldByPenalty } = methodOf(outcome, method);
      expect(stop).toBe('converged');
      expect(unidentified).toBeUndefined();
      expect(heldByPenalty?.unidentified[0].words).toMatch(/^collinear features, "both" = /);
      expect(heldByPenalty?.unbounded).toEqual([]);
    }
    expect(outcome.stdout).toMatch(/Held by the penalty alone: collinear/);
    const harmless = await fitTables(rooms({ go, jump }, evenly), ...FOREVER, '--l2', '1');
    for (const method of METHODS) expect(methodOf(harmless, method).heldByPenalty).toBeUndefined();
  });
});

describe('a constant', () => {
  test.each([
    ['for ever', FOREVER],
    ['before a horizon', ['--horizon', '8', ...BOTH]],
  ])('%s is named', async (_, flags) => {
    const outcome = await fitTables(rooms({ go, five: () => 5 }, evenly), ...flags);
    for (const method of METHODS)
      expect(openOf(outcome, method).map(({ words }) => words)).toEqual([
        expect.stringMatching(/^feature "five" never varies, it is a constant everywhere/),
      ]);
  });

  test('is no matter of indifference where the task can end', async () => {
    const outcome = await fitTables(
      {
        transitions: lines('state,action,next_state', 's,go,end', 's,wait,s'),
        features: lines('state,action,step', 's,go,1', 's,wait,1'),
        trajectories: lines('trajectory,step,state,action', 'x,0,s,wait', 'x,1,s,go', 'y,0,s,go'),
      },
      '--discount',
      '0.5',
    );
    expect(openOf(outcome)).toEqual([]);
    expect(outcome.code).toBe(0);
  });

  test('of many states is named by few of them', async () => {
    const outcome = await fitTables(corridor(12), '--horizon', '6');
    const [{ direction, words }, ...others] = openOf(outcome);
    expect(others).toEqual([]);
    expect(Object.values(direction)).toHaveLength(12);
    for (const coefficient of Object.values(direction)) expect(coefficient).toBeCloseTo(1, 9);
    expect(words).toMatch(/^a constant on every state, "at 0" \+ .* \+ … \(12 features\)/);
    expect(words.length).toBeLessThan(300);
  });

  test('of more states than second derivatives are taken of is found too', async () => {
    const outcome = await fitTables(corridor(410), '--discount', '0.5');
    const fit = methodOf(outcome);
    expect(fit.stop === 'converged' && fit.unidentified === undefined).toBe(false);
    expect(fit.unidentified?.[0].words ?? '').toMatch(/^a constant on every state/);
    for (const { standardErrors } of fit.parameters) expect(standardErrors).toBeNull();
    expect(outcome.code).toBe(1);
  });
});

/** A corridor walked up and down, with a feature for each place in it. */
function corridor(size: number): TableTexts {
  const at = (i: number) => Math.min(Math.max(i, 0), size - 1);
  const places = Array.from({ length: size }, (_, i) => i);
  // Every place is met, and left both ways.
  const walks = places.flatMap((i) =>
    [1, -1, 0].map((by, k) => `x${i}-${k},0,${i},${['on', 'back', 'stay'][k]},${at(i + by)}`),
  );
  return {
    transitions: lines(
      'state,action,next_state',
      ...places.flatMap((i) => [
        `${i},on,${at(i + 1)}`,
        `${i},back,${at(i - 1)}`,
        `${i},stay,${i}`,
      ]),
    ),
    features: lines(
      `state,${places.map((i) => `at ${i}`).join(',')}`,
      ...places.map((i) => [i, ...places.map((j) => (i === j ? 1 : 0))].join(',')),
    ),
    trajectories: lines(
      'trajectory,step,state,action',
      ...walks.map((row) => row.split(',').slice(0, 4).join(',')),
    ),
  };
}

describe('potential shaping', () => {
  const shaped =
    (discount: number): OfMove =>
    (room, move) =>
      ROOM[room] - discount * ROOM[roomAfter(room, move)];

  test('is recognised for ever, alone and in a combination', async () => {
    const phi = shaped(0.9);
    const mixed: OfMove = (room, move) => phi(room, move) + 4 * go(room, move);
    const alone = await fitTables(rooms({ go, phi }, evenly), ...FOREVER);
    expect(openOf(alone)[0].words).toMatch(
      /^potential shaping, feature "phi" being Φ\(s\) − 0\.9 E Φ\(s′\)/,
    );
    // Without a future it is a feature like any other.
    expect(openOf(alone, 'behavior-cloning-features')).toEqual([]);
    const together = await fitTables(rooms({ go, mixed, jump }, evenly), ...FOREVER);
    const [{ direction, words }] = openOf(together);
    expect(words).toMatch(/^potential shaping, "go" − 0\.25 · "mixed"/);
    expect(direction.mixed / direction.go).toBeCloseTo(-1 / 4, 9);
  });

  test('for another discount is none', async () => {
    const outcome = await fitTables(rooms({ go, phi: shaped(0.8) }, evenly), ...FOREVER);
    expect(openOf(outcome)).toEqual([]);
    expect(outcome.code).toBe(0);
  });

  test('on the way to a goal is recognised: every way is as long', async () => {
    const outcome = await fitTables({
      transitions: lines(
        'state,action,next_state',
        's,left,l',
        's,right,r',
        'l,on,home',
        'r,on,home',
      ),
      features: lines(
        'state,action,step,left',
        's,left,1,1',
        's,right,1,0',
        'l,on,1,0',
        'r,on,1,0',
      ),
      trajectories: lines(
        'trajectory,step,state,action,goal',
        'x,0,s,left,home',
        'x,1,l,on,home',
        'y,0,s,right,home',
      ),
    });
    expect(openOf(outcome).map(({ words }) => words)).toEqual([
      expect.stringMatching(/^feature "step" never varies/),
    ]);
  });
});

describe('what the recorded people never met', () => {
  const APART: TableTexts = {
    transitions: lines(
      'state,action,next_state',
      'a,go,a',
      'a,wait,a',
      'far,go,far',
      'far,wait,far',
    ),
    features: lines('state,action,go,far', 'a,go,1,0', 'a,wait,0,0', 'far,go,1,1', 'far,wait,0,0'),
    trajectories: lines('trajectory,step,state,action', 'x,0,a,go', 'x,1,a,wait', 'x,2,a,wait'),
  };

  test('is said to be out of their reach', async () => {
    const outcome = await fitTables(APART, ...FOREVER);
    for (const method of METHODS)
      expect(openOf(outcome, method).map(({ words }) => words)).toEqual([
        expect.stringMatching(/^feature "far" is 0 wherever the recorded people could have come/),
      ]);
  });

  test('no choice at all, and no decision that counts', async () => {
    const forced = await fitTables(
      {
        transitions: lines('state,action,next_state', 's,on,s'),
        features: lines('state,action,f', 's,on,1'),
        trajectories: lines('trajectory,step,state,action', 'x,0,s,on'),
      },
      ...FOREVER,
    );
    const weightless = await fitTables(rooms({ go }, evenly, { weight: 0 }), ...FOREVER);
    for (const method of METHODS) {
      expect(openOf(forced, method)[0].words).toMatch(/^nobody whose decisions count had a choice/);
      expect(openOf(weightless, method)[0].words).toMatch(/^there is no decision that counts/);
      expect(methodOf(weightless, method).logLikelihood).toBeCloseTo(0, 12);
    }
  });
});

test('a flat likelihood leaves every parameter open', async () => {
  // Two rooms behind one door each, alike in everything: nothing that differs is ever chosen.
  const outcome = await fitTables(
    {
      transitions: lines('state,action,next_state', 's,x,s', 's,y,s'),
      features: lines('state,f,g', 's,1,2'),
      trajectories: lines('trajectory,step,state,action', 'i,0,s,x', 'i,1,s,y', 'i,2,s,x'),
    },
    ...FOREVER,
  );
  for (const method of METHODS) {
    const fit = methodOf(outcome, method);
    expect(openOf(outcome, method)).toHaveLength(2);
    expect(fit.logLikelihood).toBeCloseTo(3 * Math.log(1 / 2), 12);
    expect(fit.freeParameters).toBe(0);
  }
});
