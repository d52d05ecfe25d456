import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTaskValues } from '../../src/planning/taskValues.ts';
import { expectClose } from '../support/closeness.ts';
import {
  goalState,
  graphOf,
  iteratedValue,
  randomRoutes,
  rewardOf,
} from '../support/randomRoutes.ts';

test('createTaskValues gives each goal the values that Bellman sweeps settle at', () => {
  fc.assert(
    fc.property(fc.nat(100_000), (seed) => {
      const { mdp, goals, moments, features, theta, temperature } = randomRoutes(seed);
      const reward = rewardOf(mdp, features, theta);
      const valuesOf = createTaskValues(mdp, goals, moments, reward, { discount: 1, temperature });
      for (const task of moments.tasks) {
        const value = valuesOf(task) ?? new Float64Array(0);
        const wanted = iteratedValue(mdp, goals[task.goal], reward, temperature);
        expectClose(
          [...task.visited].map((s) => value[s]),
          [...task.visited].map((s) => wanted[s]),
          1e-7,
        );
      }
    }),
    { seed: 1, numRuns: 40 },
  );
});

/** A line of states that can be walked both ways, heading for its end. */
function line(length: number) {
  const moves = Array.from({ length: length - 1 }, (_, s) => [
    [s, s + 1],
    [s + 1, s],
  ]).flat() as [number, number][];
  const mdp = graphOf(length, moves);
  const goals = [goalState(length - 1)];
  const visited = Int32Array.from({ length }, (_, s) => s);
  const none = { state: new Int32Array(0), time: new Int32Array(0), weight: new Float64Array(0) };
  const task = { goal: 0, ...none, visited, decisions: none };
  const moments = { counts: new Float64Array(mdp.pairCount), stopReward: 0, tasks: [task] };
  return { mdp, goals, task, moments };
}

test('createTaskValues goes on in logarithms where exp(V) is too small for a number', () => {
  const { mdp, goals, task, moments } = line(60);
  const reward = new Float64Array(mdp.pairCount).fill(-40);
  const options = { discount: 1, temperature: 1 };
  const value = createTaskValues(mdp, goals, moments, reward, options)(task);
  // exp(−40) per step: going back is worth nothing next to it, so V is the distance, to 1e-30
  expectClose(
    value ?? [],
    Array.from({ length: 60 }, (_, s) => -40 * (59 - s)),
    1e-9,
  );
});

test('createTaskValues has none where moving about for ever pays', () => {
  const { mdp, goals, task, moments } = line(5);
  const reward = new Float64Array(mdp.pairCount).fill(0.1);
  const options = { discount: 1, temperature: 1 };
  expect(createTaskValues(mdp, goals, moments, reward, options)(task)).toBeNull();
});
