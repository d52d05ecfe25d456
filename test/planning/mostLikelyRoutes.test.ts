import fc from 'fast-check';
import { expect, test } from 'vitest';
import { graphWorld } from '../../src/environments/graphWorld.ts';
import { slipGrid } from '../../src/environments/gridworld.ts';
import type { Goal } from '../../src/mdp/goal.ts';
import type { Mdp } from '../../src/mdp/mdp.ts';
import { followRoute, mostLikelyRoutes } from '../../src/planning/mostLikelyRoutes.ts';

function graph(edges: readonly (readonly number[])[]): Mdp {
  const start = Int32Array.from({ length: edges.length + 1 }, (_, s) =>
    edges.slice(0, s).reduce((sum, list) => sum + list.length, 0),
  );
  return graphWorld(edges.map(String), start, Int32Array.from(edges.flat())).mdp;
}

function absorbing(state: number): Goal {
  return {
    name: `${state}`,
    absorbing: true,
    stopState: Int32Array.of(state),
    stopReward: new Float64Array(1),
  };
}

const exits = (stops: Readonly<Record<number, number>>): Goal => ({
  name: 'outside',
  absorbing: false,
  stopState: Int32Array.from(Object.keys(stops), Number),
  stopReward: Float64Array.from(Object.values(stops)),
});

/** The best total reward over all routes without circles, by trying them all. */
function bestByTrying(
  mdp: Mdp,
  goal: Goal,
  reward: Float64Array,
  at: number,
  seen: readonly number[],
): number {
  const stop = goal.stopState.indexOf(at);
  let best = stop < 0 ? Number.NEGATIVE_INFINITY : goal.stopReward[stop];
  if (goal.absorbing && stop >= 0) return best;
  for (let pair = mdp.pairStart[at]; pair < mdp.pairStart[at + 1]; pair++) {
    const next = mdp.nextState[pair];
    if (seen.includes(next) || next === at) continue;
    best = Math.max(best, reward[pair] + bestByTrying(mdp, goal, reward, next, [...seen, at]));
  }
  return best;
}

/** Small graphs with costs, some of them 0, and with prices of exits of either sign. */
const routing = fc.integer({ min: 2, max: 6 }).chain((size) =>
  fc
    .record({
      edges: fc.array(fc.uniqueArray(fc.nat(size - 1), { maxLength: 3 }), {
        minLength: size,
        maxLength: size,
      }),
      goal: fc.oneof(
        fc.nat(size - 1).map(absorbing),
        fc
          .dictionary(fc.nat(size - 1).map(String), fc.integer({ min: -3, max: 3 }), { minKeys: 1 })
          .map(exits),
      ),
      costs: fc.array(fc.nat(4), { minLength: 3 * size, maxLength: 3 * size }),
    })
    .map(({ edges, goal, costs }) => {
      const mdp = graph(edges);
      return { mdp, goal, reward: Float64Array.from(costs.slice(0, mdp.pairCount), (c) => -c) };
    }),
);

test('mostLikelyRoutes finds what trying all routes finds, and routes that earn it', () => {
  fc.assert(
    fc.property(routing, ({ mdp, goal, reward }) => {
      const routes = mostLikelyRoutes(mdp, goal, reward);
      for (let s = 0; s < mdp.stateCount; s++) {
        const best = bestByTrying(mdp, goal, reward, s, []);
        expect(routes.value[s]).toBe(best);
        const route = followRoute(mdp, routes, s);
        if (best === Number.NEGATIVE_INFINITY) {
          expect(route).toBeNull();
          continue;
        }
        if (!route) throw new Error('no route');
        let earned = goal.stopReward[goal.stopState.indexOf(route[route.length - 1])];
        for (let i = 0; i + 1 < route.length; i++) {
          const { pairStart, nextState } = mdp;
          const pair = nextState.subarray(0, pairStart[route[i] + 1]).lastIndexOf(route[i + 1]);
          expect(pair).toBeGreaterThanOrEqual(pairStart[route[i]]);
          earned += reward[pair];
        }
        expect(earned).toBe(best);
        expect(new Set(route).size).toBe(route.length);
      }
    }),
  );
});

test('mostLikelyRoutes finds the same in whatever order it looks', () => {
  fc.assert(
    fc.property(routing, fc.infiniteStream(fc.nat()), ({ mdp, goal, reward }, draws) => {
      const order = Int32Array.from({ length: mdp.stateCount }, (_, s) => s);
      const key = order.map(() => draws.next().value ?? 0);
      order.sort((a, b) => key[a] - key[b]);
      const { value } = mostLikelyRoutes(mdp, goal, reward, order);
      expect(value).toEqual(mostLikelyRoutes(mdp, goal, reward).value);
    }),
  );
});

test('mostLikelyRoutes may gain on the way while no circle pays', () => {
  // 0 → 1 earns 2, but 1 → 0 costs 3; 2 is the goal.
  const mdp = graph([[1, 2], [0, 2], []]);
  const routes = mostLikelyRoutes(mdp, absorbing(2), Float64Array.of(2, -1, -3, -1.5));
  expect([...routes.value]).toEqual([0.5, -1.5, 0]);
  expect(followRoute(mdp, routes, 0)).toEqual(Int32Array.of(0, 1, 2));
});

test('mostLikelyRoutes passes an exit where going on is better, and stops where it is not', () => {
  const mdp = graph([[1], [2], []]);
  const cheapFirst = mostLikelyRoutes(mdp, exits({ 1: -1, 2: -9 }), Float64Array.of(-1, -1));
  expect(followRoute(mdp, cheapFirst, 0)).toEqual(Int32Array.of(0, 1));
  const cheapLast = mostLikelyRoutes(mdp, exits({ 1: -9, 2: -1 }), Float64Array.of(-1, -1));
  expect(followRoute(mdp, cheapLast, 0)).toEqual(Int32Array.of(0, 1, 2));
});

test('mostLikelyRoutes refuses circles that pay, luck, and rewards of another world', () => {
  const mdp = graph([[1], [0, 2], []]);
  expect(() => mostLikelyRoutes(mdp, absorbing(2), Float64Array.of(1, -0.5, 0))).toThrow(
    'Cannot find routes: going round in circles pays under this reward',
  );
  // A circle out of the goal's reach is nobody's way.
  const apart = mostLikelyRoutes(graph([[1], [0], []]), absorbing(2), Float64Array.of(1, 1));
  expect(apart.value[0]).toBe(Number.NEGATIVE_INFINITY);
  expect(() => mostLikelyRoutes(mdp, absorbing(2), new Float64Array(2))).toThrow(
    'reward must have 3 entries (one per pair), got 2',
  );
  const { mdp: slippery } = slipGrid({ size: 3, slip: 0.1 });
  expect(() =>
    mostLikelyRoutes(slippery, absorbing(0), new Float64Array(slippery.pairCount)),
  ).toThrow('every pair must have exactly one successor');
});
