import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { graphWorld } from '../../../src/environments/graphWorld.ts';
import { editDistance, routeMatch } from '../../../src/evaluation/comparison/routeMatch.ts';
import type { Goal } from '../../../src/mdp/goal.ts';
import type { Trajectories } from '../../../src/mdp/trajectories.ts';

const word = fc.array(fc.nat(3), { maxLength: 6 }).map((states) => Int32Array.from(states));

/** The recursion that defines it. */
function editsByDefinition(a: readonly number[], b: readonly number[]): number {
  if (a.length === 0 || b.length === 0) return a.length + b.length;
  const [restA, restB] = [a.slice(1), b.slice(1)];
  return Math.min(
    editsByDefinition(restA, restB) + (a[0] === b[0] ? 0 : 1),
    1 + editsByDefinition(restA, b),
    1 + editsByDefinition(a, restB),
  );
}

test('editDistance is the recursion that defines it', () => {
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(editDistance(a, b)).toBe(editsByDefinition([...a], [...b]));
    }),
  );
});

test('editDistance is a metric', () => {
  fc.assert(
    fc.property(word, word, word, (a, b, c) => {
      expect(editDistance(a, a)).toBe(0);
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
    }),
  );
});

describe('routeMatch', () => {
  // Two ways from 0 to 3: by 1, which is cheap, or by 2; 3 goes on to 4.
  const { mdp } = graphWorld(
    ['0', '1', '2', '3', '4'],
    Int32Array.of(0, 2, 3, 4, 5, 5),
    Int32Array.of(1, 2, 3, 3, 4),
  );
  const PAIR = new Map([
    ['01', 0],
    ['02', 1],
    ['13', 2],
    ['23', 3],
    ['34', 4],
  ]);
  const cheapBy1 = Float64Array.of(-1, -2, -1, -1, -1);
  const toState = (state: number): Goal => ({
    name: `${state}`,
    absorbing: true,
    stopState: Int32Array.of(state),
    stopReward: new Float64Array(1),
  });
  const walk = (
    paths: readonly string[],
    more: Partial<Pick<Trajectories, 'weight' | 'goal' | 'stopped'>> = {},
  ): Trajectories => {
    const rows = paths.map((path) => [...path].map(Number));
    const lengths = rows.map((row) => row.length);
    return {
      count: paths.length,
      rowStart: Int32Array.from({ length: paths.length + 1 }, (_, i) =>
        lengths.slice(0, i).reduce((a, b) => a + b, 0),
      ),
      state: Int32Array.from(rows.flat()),
      pair: Int32Array.from(
        paths.flatMap((path) =>
          [...path].map((_, i) =>
            i + 1 < path.length ? (PAIR.get(path.slice(i, i + 2)) ?? -9) : -1,
          ),
        ),
      ),
      goal: new Int32Array(paths.length),
      weight: new Float64Array(paths.length).fill(1),
      stopped: new Uint8Array(paths.length),
      names: [...paths],
      folds: null,
      ...more,
    };
  };

  test('counts exact routes, edits per state recorded, and the nearest of several', () => {
    // Predicted is 0134: one of three is that, two others differ in one of four states.
    const match = routeMatch(mdp, [toState(4)], walk(['0134', '0234', '0234']), cheapBy1);
    expect(match).toEqual({
      trajectories: 3,
      exact: 1 / 3,
      editDistance: 0.5 / 3,
      nearest: { exact: 1, editDistance: 0 },
    });
  });

  test('takes as near only routes between the same ends', () => {
    const match = routeMatch(mdp, [toState(4)], walk(['134', '0234']), cheapBy1);
    expect(match.exact).toBe(0.5);
    expect(match.nearest).toEqual({ exact: 0.5, editDistance: 0.125 });
    const otherGoal = walk(['0134', '023'], { goal: Int32Array.of(0, 1) });
    expect(routeMatch(mdp, [toState(4), toState(3)], otherGoal, cheapBy1).nearest.exact).toBe(0.5);
  });

  test('weighs trajectories', () => {
    const weighted = walk(['0134', '0234'], { weight: Float64Array.of(3, 1) });
    expect(routeMatch(mdp, [toState(4)], weighted, cheapBy1)).toMatchObject({
      exact: 0.75,
      editDistance: 0.25 / 4,
    });
  });

  test('leaves out what is cut off or empty, and is null where nothing is left', () => {
    const paths = walk(['013', '4', '0134']);
    expect(routeMatch(mdp, [toState(4)], paths, cheapBy1)).toMatchObject({
      trajectories: 1,
      exact: 1,
    });
    expect(routeMatch(mdp, [toState(4)], walk(['01', '4']), cheapBy1)).toEqual({
      trajectories: 0,
      exact: null,
      editDistance: null,
      nearest: { exact: null, editDistance: null },
    });
  });

  test('takes the state that a last move leads to as the end', () => {
    const all = walk(['0134', '0234']);
    const unfinished: Trajectories = {
      ...all,
      rowStart: Int32Array.of(0, 3, 6),
      state: Int32Array.of(0, 1, 3, 0, 2, 3),
      pair: Int32Array.of(0, 2, 4, 1, 3, 4),
    };
    expect(routeMatch(mdp, [toState(4)], unfinished, cheapBy1)).toEqual(
      routeMatch(mdp, [toState(4)], all, cheapBy1),
    );
  });

  test('with exits counts who stopped, wherever the exit was', () => {
    const outside: Goal = {
      name: 'outside',
      absorbing: false,
      stopState: Int32Array.of(1, 3),
      stopReward: Float64Array.of(-5, 0),
    };
    // Predicted is 013: the exit at 1 is dear.
    const paths = walk(['013', '01', '013', '3'], { stopped: Uint8Array.of(1, 1, 0, 1) });
    expect(routeMatch(mdp, [outside], paths, cheapBy1)).toEqual({
      trajectories: 3,
      exact: 2 / 3,
      editDistance: 0.5 / 3,
      nearest: { exact: 1, editDistance: 0 },
    });
  });
});
