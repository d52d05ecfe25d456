/** Tests that a study names: what they need, and what they say where they cannot be made. */

import { expect, test } from 'vitest';
import { runStudy } from '../../../src/study/run/runStudy.ts';
import type { Cell, Study, StudyTest } from '../../../src/study/study.ts';
import { goOrWait } from '../../support/choiceProblem.ts';

/** A cell of the counts, with the parameter held or not. */
function cell(name: string, counts: [number, number][], held?: number): Cell {
  const { world, features, trajectories } = goOrWait(counts);
  return {
    name,
    data: () => ({ trajectories, files: [] }),
    world,
    features: () => features,
    discount: 0.5,
    methods: ['causal-entropy'],
    ...(held === undefined ? {} : { fit: { fix: { go: held } } }),
  };
}

const cells = [
  cell('free', [[5, 2]]),
  cell('held', [[5, 2]], 0),
  cell('other', [[5, 3]], 0),
  cell('runs away', [[5, 0]]),
];

async function outcomeOf(entry: Partial<StudyTest>) {
  const study: Study = {
    name: 'study',
    title: 'A study',
    cells,
    tests: [
      {
        name: 'even odds',
        hypothesis: 'go = 0',
        restricted: { cell: 'held' },
        full: { cell: 'free' },
        degrees: 1,
        ...entry,
      },
    ],
  };
  const { result } = await runStudy(study);
  if (!result.tests) throw new Error('no tests');
  return result.tests[0];
}

test('a likelihood ratio stands beside what was printed', async () => {
  const wanted = 2 * (5 * Math.log(5 / 7) + 2 * Math.log(2 / 7) - 7 * Math.log(0.5));
  const published = [
    { quantity: 'ratio', published: 1.3, source: 'table 1', tolerance: { absolute: 0.1 } },
    { quantity: 'ratio', published: 2.3, source: 'table 2', tolerance: { absolute: 0.1 } },
  ];
  const outcome = await outcomeOf({ published });
  expect(outcome.statistic).toBeCloseTo(wanted, 8);
  expect(outcome.published.map(({ passed }) => passed)).toEqual([
    Math.abs(wanted - 1.3) <= 0.1,
    Math.abs(wanted - 2.3) <= 0.1,
  ]);
});

test.each([
  ['other decisions', { restricted: { cell: 'other' } }, /same decisions \(8 .*7/],
  ['a fit that ran away', { full: { cell: 'runs away' } }, /unbounded/],
  [
    'fits in the wrong order',
    { restricted: { cell: 'free' }, full: { cell: 'held' } },
    /more likely/,
  ],
])('%s give no number', async (_, entry, why) => {
  const published = [{ quantity: 'ratio', published: 1.3, source: 'table 1' }];
  const outcome = await outcomeOf({ ...entry, published });
  expect(outcome).toMatchObject({ statistic: null, p: null });
  expect(outcome.reasons?.statistic).toMatch(why);
  expect(outcome.published[0]).toMatchObject({ ours: null, difference: null });
});

test('fits that are not there are refused', async () => {
  await expect(outcomeOf({ full: { cell: 'fre' } })).rejects.toThrow(/no cell "fre"/);
  await expect(outcomeOf({ full: {} })).rejects.toThrow(/must name a cell/);
  await expect(outcomeOf({ full: { cell: 'free', method: 'x' } })).rejects.toThrow(/no method "x"/);
});
