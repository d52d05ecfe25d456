import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Goal } from '../../src/mdp/goal.ts';
import { type Mdp, statesOfPairs } from '../../src/mdp/mdp.ts';
import { distanceOrder, reachableFrom, taskSupport } from '../../src/mdp/reachability.ts';
import { arbitraryMdp } from '../support/arbitraryMdp.ts';

const arbitraryTask = fc
  .record({ mdp: arbitraryMdp(), absorbing: fc.boolean(), at: fc.array(fc.nat(5)) })
  .map(({ mdp, absorbing, at }): { mdp: Mdp; goal: Goal } => {
    const states = new Set([0, ...at].map((s) => s % mdp.stateCount));
    const stopState = Int32Array.from(states).sort();
    const stopReward = new Float64Array(stopState.length);
    return { mdp, goal: { name: 'goal', absorbing, stopState, stopReward } };
  });

/** Pairs that stay inside a set of states and are not taken where the goal absorbs. */
function pairsInside({ mdp, goal }: { mdp: Mdp; goal: Goal }, inside: Set<number>): number[] {
  const stateOfPair = statesOfPairs(mdp);
  return [...new Array(mdp.pairCount).keys()].filter(
    (pair) =>
      inside.has(stateOfPair[pair]) &&
      !(goal.absorbing && goal.stopState.includes(stateOfPair[pair])) &&
      successors(mdp, pair).every((s) => inside.has(s)),
  );
}

function successors({ transitionStart, nextState }: Mdp, pair: number): number[] {
  return [...nextState.subarray(transitionStart[pair], transitionStart[pair + 1])];
}

/** Whether every state of the set can come to the goal by pairs that stay inside. */
function isSafe(task: { mdp: Mdp; goal: Goal }, inside: Set<number>): boolean {
  const stateOfPair = statesOfPairs(task.mdp);
  const arrived = new Set([...task.goal.stopState].filter((s) => inside.has(s)));
  const pairs = pairsInside(task, inside);
  for (let turn = 0; turn < inside.size; turn++)
    for (const pair of pairs)
      if (successors(task.mdp, pair).some((s) => arrived.has(s))) arrived.add(stateOfPair[pair]);
  return arrived.size === inside.size;
}

test('taskSupport is the union of all sets of states that can keep to themselves and the goal', () => {
  fc.assert(
    fc.property(arbitraryTask, (task) => {
      const { stateCount, pairCount } = task.mdp;
      const union = new Set<number>();
      for (let bits = 0; bits < 2 ** stateCount; bits++) {
        const states = [...new Array(stateCount).keys()].filter((s) => (bits >> s) & 1);
        if (isSafe(task, new Set(states))) for (const s of states) union.add(s);
      }
      const { live, allowed } = taskSupport(task.mdp, task.goal);
      expect([...live]).toEqual([...new Array(stateCount).keys()].map((s) => +union.has(s)));
      const inside = new Set(pairsInside(task, union));
      expect([...allowed]).toEqual([...new Array(pairCount).keys()].map((p) => +inside.has(p)));
    }),
    { seed: 1, numRuns: 150 },
  );
});

test('reachableFrom is what walking brings within as many moves as there are states', () => {
  fc.assert(
    fc.property(arbitraryTask, fc.boolean(), (task, restricted) => {
      const { mdp, goal } = task;
      const allowed = restricted ? taskSupport(mdp, goal).allowed : null;
      const start = Int32Array.of(mdp.stateCount - 1);
      const walked = new Set(start);
      for (let move = 0; move < mdp.stateCount; move++)
        for (const s of [...walked])
          for (let pair = mdp.pairStart[s]; pair < mdp.pairStart[s + 1]; pair++)
            if (allowed?.[pair] !== 0) for (const to of successors(mdp, pair)) walked.add(to);
      const wanted = [...new Array(mdp.stateCount).keys()].map((s) => +walked.has(s));
      expect([...reachableFrom(mdp, start, allowed)]).toEqual(wanted);
    }),
    { seed: 2, numRuns: 60 },
  );
});

test('distanceOrder lists every state once, by the number of moves to the goal', () => {
  fc.assert(
    fc.property(arbitraryTask, ({ mdp, goal }) => {
      const stateOfPair = statesOfPairs(mdp);
      const distance = new Array<number>(mdp.stateCount).fill(Number.POSITIVE_INFINITY);
      for (const s of goal.stopState) distance[s] = 0;
      for (let turn = 0; turn < mdp.stateCount; turn++)
        for (let pair = 0; pair < mdp.pairCount; pair++)
          for (const to of successors(mdp, pair))
            distance[stateOfPair[pair]] = Math.min(distance[stateOfPair[pair]], distance[to] + 1);
      const order = distanceOrder(mdp, goal.stopState);
      expect([...order].sort()).toEqual([...new Array(mdp.stateCount).keys()]);
      const along = [...order].map((s) => distance[s]);
      expect(along).toEqual([...along].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
    }),
    { seed: 3, numRuns: 60 },
  );
});
