import { expect, test } from 'vitest';
import { prepareSimulated } from '../../../src/study/simulated/prepareSimulated.ts';
import { simulatedSpecifications } from '../../../src/study/simulated/simulatedSpecifications.ts';
import type { SimulatedStudy } from '../../../src/study/simulatedStudy.ts';
import { Ledge } from '../../support/ledge.ts';
import { ledgeStudy } from '../../support/ledgeStudy.ts';

const one = new Ledge();

test.each([
  [{ discuont: 0.9 }, 'it has no "discuont" (did you mean "discount"?)'],
  [{ discount: 1 }, 'discount must be a number from 0 on, below 1, got 1'],
  [{ temperature: 0 }, 'temperature must be a number above 0, got 0'],
  [{ evaluation: { episodes: 0 } }, 'evaluation.episodes must be a whole number from 1 on, got 0'],
  [{ evaluation: { evry: 1 } }, 'evaluation has no "evry" (did you mean "every"?)'],
  [{ evaluation: { starts: 'demos' } }, 'evaluation.starts must be "reset", "demonstrations" or'],
  [{ evaluation: { starts: [[1, 2]] } }, undefined],
  [{ holdOut: { cuont: 4 } }, 'holdOut must be { episodes }, { after }'],
  [{ holdOut: { count: 4, share: 0.5 } }, 'holdOut must be { episodes }, { after }'],
  [{ agent: { observationScale: 'wide' } }, 'agent.observationScale must be a list of numbers'],
  [{ demonstrations: () => null }, 'demonstrations must return episodes'],
  [{ simulator: () => ({}) }, 'a simulator has a method reset, got undefined'],
  [{ simulator: () => new Ledge(Number.NaN) }, 'the time limit must be at least 1, got NaN'],
  [{ simulator: () => one }, 'wanted a new one at every call'],
  [{ stateOf: () => [0, 1] }, 'a state of the world has 1 numbers, stateOf gives 2'],
  [{ offered: () => 3 }, 'wanted 1 to 2 of them, got 3'],
  [{ offered: () => 1 }, 'the first 1 actions are offered, demonstrated is 1'],
])('a study in a simulator with %o is refused', async (change, problem) => {
  const prepared = prepareSimulated({ ...ledgeStudy, ...change } as SimulatedStudy, 0);
  if (problem === undefined) expect((await prepared).problem.demonstrations.count).toBe(24);
  else await expect(prepared).rejects.toThrow(problem);
});

test.each([
  [null, 'a method is { name, method, … } or a text, got null'],
  [{ method: 'inverse-soft-bellman' }, 'a method is { name, method, … } or a text'],
  [
    { name: 'a', method: 'inverse-soft-bellman', agent: {} },
    'method "a" has no "agent"; it has name, method, fit',
  ],
])('a method of a study in a simulator written %o is refused', (method, problem) => {
  const study = { ...ledgeStudy, methods: [method] } as SimulatedStudy;
  expect(() => simulatedSpecifications(study)).toThrow(problem);
});
