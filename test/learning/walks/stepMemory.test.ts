import { expect, test } from 'vitest';
import { TabularSimulator } from '../../../src/environments/tabularSimulator.ts';
import { createExplorer } from '../../../src/learning/walks/exploreSteps.ts';
import { oneLayer } from '../../../src/learning/walks/layeredWalk.ts';
import { BLOCKS, createStepMemory } from '../../../src/learning/walks/stepMemory.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { gridProblem } from '../../support/gridProblem.ts';

const { world } = gridProblem({ kind: 'discounted', discount: 0.8 }, 2);
const { mdp } = world;

/** p(next | pair) of dynamics, 0 where it is not listed. */
function chance(dynamics: typeof mdp, pair: number, next: number): number {
  let sum = 0;
  for (let k = dynamics.transitionStart[pair]; k < dynamics.transitionStart[pair + 1]; k++)
    if (dynamics.nextState[k] === next) sum += dynamics.probability[k];
  return sum;
}

test('stepMemory shows the shares of what it was told, all in all and without a block', () => {
  const memory = createStepMemory(mdp.pairCount);
  const told: number[] = [];
  for (let i = 0; i < 50; i++) {
    const next = i % 3 === 0 ? 1 : 4;
    told.push(next);
    memory.remember(7, next);
  }
  const share = (of: readonly number[]): number => of.filter((n) => n === 1).length / of.length;
  expect(memory.outcomes[7]).toBe(50);
  expect(chance(memory.dynamics(mdp), 7, 1)).toBeCloseTo(share(told), 12);
  for (let block = 0; block < BLOCKS; block++) {
    // pair 7 begins with block 7
    const rest = told.filter((_, i) => (7 + i) % BLOCKS !== block);
    expect(chance(memory.dynamics(mdp, block), 7, 1)).toBeCloseTo(share(rest), 12);
  }
});

test('stepMemory: what was never tried leads back, and a lone outcome is not left out', () => {
  const memory = createStepMemory(mdp.pairCount);
  memory.remember(0, 3);
  const untried = mdp.pairStart[5];
  for (let block = -1; block < BLOCKS; block++) {
    expect(chance(memory.dynamics(mdp, block), untried, 5)).toBe(1);
    expect(chance(memory.dynamics(mdp, block), 0, 3)).toBe(1);
  }
});

test('stepMemory goes on from its state', () => {
  const memory = createStepMemory(mdp.pairCount);
  for (let i = 0; i < 40; i++) memory.remember(i % 4, i % 5);
  const again = createStepMemory(mdp.pairCount, JSON.parse(JSON.stringify(memory.state())));
  for (const one of [memory, again]) for (let i = 0; i < 9; i++) one.remember(2, i % 2);
  expect(again.state()).toEqual(memory.state());
  expect(again.outcomes).toEqual(memory.outcomes);
});

test('exploreSteps tries every choice of every state it meets, and its shares are the chances', () => {
  const memory = createStepMemory(mdp.pairCount);
  const task = {
    world,
    outcomes: {
      start: mdp.transitionStart,
      to: mdp.nextState,
      probability: mdp.probability,
      reward: new Float64Array(mdp.nextState.length),
    },
    reward: new Float64Array(mdp.pairCount),
    initial: new Float64Array(mdp.stateCount).fill(1),
    timeLimit: Number.POSITIVE_INFINITY,
  };
  const explore = createExplorer(
    {
      pairStart: mdp.pairStart,
      layers: oneLayer,
      simulate: (rng) => new TabularSimulator(task, rng),
    },
    memory,
    {
      temperature: 1,
      curiosity: 0.2,
      episodeLength: 5,
      begin: (walk) => walk.startAt(0, 0),
      acting: createRng(1, 'acting'),
      chance: createRng(1, 'chance'),
    },
  );
  const steps = explore(new Float64Array(mdp.pairCount), 20);
  // a slippery grid is connected: from one corner everything is met
  expect(memory.outcomes.every((n) => n >= 10)).toBe(true);
  expect(memory.outcomes.reduce((sum, n) => sum + n, 0)).toBe(steps);
  explore(new Float64Array(mdp.pairCount), 40_000);
  const shown = memory.dynamics(mdp);
  let [squares, degrees] = [0, 0];
  for (let pair = 0; pair < mdp.pairCount; pair++) {
    let outcomes = 0;
    for (let s = 0; s < mdp.stateCount; s++) {
      const p = chance(mdp, pair, s);
      expect(p > 0 || chance(shown, pair, s) === 0).toBe(true);
      if (p === 0) continue;
      squares += (memory.outcomes[pair] * (chance(shown, pair, s) - p) ** 2) / p;
      outcomes++;
    }
    degrees += outcomes - 1;
  }
  // χ² within four of its standard deviations
  expect(Math.abs(squares - degrees)).toBeLessThan(4 * Math.sqrt(2 * degrees));
});
