import fc from 'fast-check';
import { expect, test } from 'vitest';
import { simulators } from '../../src/environments/simulators.ts';
import { WALK_FASTEST, WALK_SECONDS, Walk } from '../../src/environments/walk.ts';

const coordinate = (most: number) => fc.double({ min: -most, max: most, noNaN: true });
const state = fc.tuple(coordinate(20), coordinate(20), coordinate(2), coordinate(2));
const pushes = fc.array(fc.tuple(coordinate(4), coordinate(4)), { minLength: 1, maxLength: 12 });

interface Step {
  readonly state: readonly number[];
  readonly reward: number;
  readonly terminated: boolean;
}

/** Until it ends or there is nothing more to do. */
function follow(
  from: readonly number[],
  actions: readonly (readonly number[])[],
  world = new Walk(),
): Step[] {
  world.startAt(from);
  const steps: Step[] = [];
  for (const action of actions) {
    const reward = world.step(Float64Array.from(action));
    steps.push({ state: [...world.state], reward, terminated: world.terminated });
    if (world.terminated) break;
  }
  return steps;
}

test('Walk goes straight on at the same speed where nothing pushes, and time is all it pays', () => {
  fc.assert(
    fc.property(state, fc.integer({ min: 1, max: 30 }), ([ahead, aside, forward, left], count) => {
      const steps = follow([ahead, aside, forward, left], new Array(count).fill([0, 0]));
      for (const [t, { state: at, reward, terminated }] of steps.entries()) {
        const seconds = (t + 1) * WALK_SECONDS;
        expect(at[0]).toBeCloseTo(ahead - forward * seconds, 10);
        expect(at[1]).toBeCloseTo(aside + left * seconds, 10);
        expect(at.slice(2)).toEqual([forward, left]);
        expect(reward).toBe(-WALK_SECONDS);
        expect(terminated).toBe(Math.hypot(at[0], at[1]) < 0.5);
      }
    }),
  );
});

test('Walk is the same in a mirror', () => {
  fc.assert(
    fc.property(state, pushes, ([ahead, aside, forward, left], actions) => {
      const seen = follow([ahead, aside, forward, left], actions);
      const mirrored = follow(
        [ahead, -aside, forward, -left],
        actions.map(([a, b]) => [a, -b]),
      );
      expect(mirrored).toHaveLength(seen.length);
      for (const [t, step] of mirrored.entries()) {
        const [x, y, v, w] = step.state;
        // 0 − y, so that 0 is no −0
        expect({ ...step, state: [x, 0 - y, v, 0 - w].map((z) => z + 0) }).toEqual({
          ...seen[t],
          state: seen[t].state.map((z) => z + 0),
        });
      }
    }),
  );
});

test('Walk knows no direction but that of its destination: turned by a right angle it is the same', () => {
  // where the destination lies in (along the axis, to the left) is (ahead, −aside)
  const turned = ([ahead, aside, forward, left]: readonly number[]) => [
    aside,
    -ahead,
    -left,
    forward,
  ];
  fc.assert(
    fc.property(state, pushes, (from, actions) => {
      const seen = follow(from, actions);
      const other = follow(
        turned(from),
        actions.map(([a, b]) => [-b, a]),
      );
      expect(other.map(({ terminated }) => terminated)).toEqual(
        seen.map(({ terminated }) => terminated),
      );
      for (const [t, step] of other.entries())
        for (const [i, x] of turned(seen[t].state).entries())
          expect(step.state[i]).toBeCloseTo(x, 10);
    }),
  );
});

test('Walk is never faster than said, and keeps its direction where it would be', () => {
  const [{ state: after, reward }] = follow([15, 0, 2.4, 1.8], [[3, 2.25]]);
  // (3.6, 2.7) m/s are 4.5
  expect(after[2]).toBeCloseTo((WALK_FASTEST * 4) / 5, 12);
  expect(after[3]).toBeCloseTo((WALK_FASTEST * 3) / 5, 12);
  expect(reward).toBeCloseTo(-(1 + 9 + 2.25 ** 2) * WALK_SECONDS, 12);
});

test('Walk cuts off what is beyond the box, and both have their options', () => {
  const world = simulators.walk.build({ push: 1, reach: 3, timeLimit: 2 }) as Walk;
  expect([...world.actions.low, ...world.actions.high]).toEqual([-1, -1, 1, 1]);
  expect(follow([9, 0, 1, 0], [[50, -50]], world)).toEqual(follow([9, 0, 1, 0], [[1, -1]], world));
  const [{ terminated }] = follow([3.3, 0, 1, 0], [[0, 0]], world);
  expect(terminated).toBe(true);
  world.startAt([9, 0, 1, 0]);
  world.step(Float64Array.of(0, 0));
  world.step(Float64Array.of(0, 0));
  expect([world.terminated, world.truncated]).toEqual([false, true]);
  expect(() => simulators.walk.build({ reach: 0 })).toThrow();
});
