/** Studies that part their recordings: one cell per split, and what they come to together. */

import { describe, expect, test } from 'vitest';
import { loadStudy } from '../../src/study/loadStudy.ts';
import type { MethodState } from '../../src/study/run/runExperiment.ts';
import { runStudy, silentObserver } from '../../src/study/run/runStudy.ts';
import type { Study } from '../../src/study/study.ts';
import { gridProblem } from '../support/gridProblem.ts';
import { hasSharedData } from '../support/sharedData.ts';

const { world, features, trajectories } = gridProblem({ kind: 'discounted', discount: 0.9 }, 20);

/** Demonstrations on a small grid, tested on the even ones and then on the first five. */
const study: Study = {
  name: 'grid',
  title: 'A grid in two splits',
  data: () => ({ trajectories, files: [] }),
  world,
  features: () => features,
  discount: 0.9,
  splits: () => ({
    file: null,
    warnings: ['made up'],
    splits: [(i: number) => i % 2 === 0, (i: number) => i < 5].map((test, s) => ({
      name: `split ${s}`,
      isTest: Uint8Array.from({ length: trajectories.count }, (_, i) => Number(test(i))),
      isTrain: Uint8Array.from({ length: trajectories.count }, (_, i) => Number(!test(i))),
    })),
  }),
  published: [
    { quantity: 'fit', published: 0, of: 'logLikelihood', source: 'nowhere' },
    { quantity: 'mean', published: 0, of: { heldOut: 'perTrajectory' }, source: 'nowhere' },
  ],
};

test('a study with splits is compared over them, published means beside', async () => {
  const { result } = await runStudy(study);
  if (!('cells' in result) || !result.comparison) throw new Error('no comparison');
  const { cells, comparison } = result;
  expect(cells.map(({ name, data, published }) => [name, data.trajectories, published])).toEqual([
    ['split 0', 10, []],
    ['split 1', 15, []],
  ]);
  expect(cells[0].data.warnings).toContain('made up');
  expect(comparison.trajectories).toBe(12);
  expect(comparison.published).toEqual([
    expect.objectContaining({
      quantity: 'mean',
      ours: comparison.methods['causal-entropy'].foldMean?.perTrajectory,
    }),
  ]);
});

test('a comparison that goes on from saved methods ends where it would have ended', async () => {
  const states = new Map<string, MethodState>();
  const whole = await runStudy(study, 5, {
    ...silentObserver,
    onMethod: async (cell, method, state) => {
      states.set(`${cell}/${method}`, state);
    },
  });
  expect(states.size).toBe(4);
  let progressed = 0;
  const resumed = await runStudy(study, 5, {
    ...silentObserver,
    resume: (cell, method) => states.get(`${cell}/${method}`),
    onProgress: async () => {
      progressed++;
    },
  });
  expect(progressed).toBe(0);
  expect(resumed.result).toEqual(whole.result);
});

test('a published mean of a study without splits is told to be missing', async () => {
  const { splits: _, cells: __, ...single } = study as Extract<Study, { cells?: undefined }>;
  const { result } = await runStudy(single);
  if (!('published' in result)) throw new Error('no result of a single fit');
  expect(result.published[1]).toMatchObject({
    ours: null,
    reasons: { ours: expect.stringMatching('no such number') },
  });
});

describe.skipIf(!hasSharedData('borlange'))('borlange-splits', () => {
  test('predicts the trips as Knies et al. (2022) found, −5.65 each', {
    timeout: 180_000,
  }, async () => {
    const { study: shipped } = await loadStudy('borlange-splits');
    if (shipped.cells) throw new Error('it is a study of splits');
    const methods = shipped.methods?.slice(0, 1) ?? [];
    const { result } = await runStudy({ ...shipped, methods });
    if (!('cells' in result) || !result.comparison) throw new Error('no comparison');
    expect(result.cells.length).toBe(20);
    const [mean] = result.comparison.published;
    expect(mean.passed).toBe(true);
    expect(mean.ours?.toFixed(2)).toBe('-5.65');
  });
});
