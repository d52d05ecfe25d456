/**
 * The shipped studies of pedestrians on cells of one and a half metres, where they take seconds. What must hold is
 * what they claim: a fit arrives, distance and turning cost, and whoever knows where people go
 * predicts their ways better than single choices do.
 */

import { expect, test } from 'vitest';
import { dataCards } from '../../../src/demonstrations/recorded/dataCard.ts';
import { pedestrians } from '../../../src/demonstrations/recorded/pedestrians.ts';
import { loadRunnable, loadStudy } from '../../../src/study/loadStudy.ts';
import { runStudy } from '../../../src/study/run/runStudy.ts';
import type { Study } from '../../../src/study/study.ts';

/** A shipped study of splits, on wide cells and of one of its splits. */
async function coarse(name: string, split: number): Promise<Study> {
  const { study } = await loadStudy(name);
  if (study.cells || !study.splits) throw new Error('it has no splits');
  const { splits } = study;
  const read = await pedestrians({ size: 1.5 });
  return {
    ...study,
    data: () => read,
    splits: async (data) => {
      const all = await splits(data);
      return { ...all, splits: all.splits.slice(split, split + 1) };
    },
    wholeTrips: false,
  };
}

test('pedestrians finds that distance and turning cost, and foretells a third scene', {
  timeout: 120_000,
}, async () => {
  const { result } = await runStudy(await coarse('pedestrians', 0));
  if (!('cells' in result)) throw new Error('it has no cells');
  const [{ name, methods }] = result.cells;
  expect(name).toBe('to zara01');
  for (const { stop } of Object.values(methods)) expect(stop).toBe('converged');
  const [distance, turning] = methods['causal-entropy'].parameters;
  for (const { estimate, standardErrors } of [distance, turning])
    expect(Number(estimate) + 3 * Number(standardErrors?.sandwich)).toBeLessThan(0);
  const heldOut = (method: string) => Number(methods[method].heldOut?.logLikelihood);
  expect(methods['causal-entropy'].heldOut?.trajectories).toBe(74);
  expect(heldOut('causal-entropy')).toBeGreaterThan(heldOut('behavior-cloning-features'));
  // More features of the same people are never less likely, where they are fitted.
  expect(methods['causal-entropy'].logLikelihood).toBeGreaterThan(
    Number(methods['distance alone'].logLikelihood),
  );
});

test('the data card names the studies that are shipped with it', async () => {
  const card = dataCards().find(({ name }) => name === 'pedestrians');
  expect(card?.studies).toEqual([
    'pedestrians',
    'pedestrians-later',
    'pedestrians-resolution',
    'pedestrians-continuous',
  ]);
  for (const name of card?.studies ?? [])
    expect((await loadRunnable(name)).runnable.name).toBe(name);
});

test('pedestrians-later lets a table of moves compete, and it loses', {
  timeout: 120_000,
}, async () => {
  const { result } = await runStudy(await coarse('pedestrians-later', 2));
  if (!('comparison' in result) || !result.comparison) throw new Error('nothing is compared');
  const { methods } = result.comparison;
  const perDecision = (method: string) => Number(methods[method]?.perDecision);
  for (const other of [
    'behavior-cloning-features',
    'behavior-cloning',
    'behavior-cloning-per-goal',
  ])
    expect(perDecision('causal-entropy')).toBeGreaterThan(perDecision(other));
});
