/** What is said and drawn of a search of features; a search of something else is left out. */

import { expect, test } from 'vitest';
import type { SearchResult } from '../../../../src/evaluation/comparison/searchResult.ts';
import { search } from '../../../../src/evaluation/report/sections/search.ts';
import { resultOf, written } from '../madeUp.ts';
import { at, isAffine, marks } from '../svgMarks.ts';

const found: SearchResult = {
  format: 1,
  revealed: '0.1.0',
  source: { tables: { transitions: 't.csv', trajectories: 'r.csv', folds: 4 } },
  seed: 0,
  method: 'causal-entropy',
  direction: 'forward',
  rule: 'sure',
  folds: 4,
  trajectories: 10,
  decisions: 100,
  path: [
    {
      action: 'start',
      feature: null,
      features: [],
      stop: 'infeasible',
      perDecision: null,
      perTrajectory: null,
      difference: null,
      candidates: [],
      reasons: { perDecision: 'moving about pays' },
    },
    {
      action: 'add',
      feature: 'x',
      features: ['x'],
      stop: 'converged',
      perDecision: -0.5,
      perTrajectory: -5,
      difference: { estimate: 0.05, interval: [0.02, 0.08] },
      candidates: [],
    },
  ],
  rejected: [
    {
      action: 'add',
      feature: 'y',
      stop: 'converged',
      perDecision: -0.49,
      perTrajectory: -4.9,
      difference: { estimate: 0.01, interval: [-0.01, 0.03] },
      helps: false,
    },
  ],
  ended: 'no other feature helps for sure',
  chosen: {
    features: ['x'],
    stop: 'converged',
    logLikelihood: -50,
    parameters: [{ name: 'x', estimate: 1.25, standardError: 0.125 }],
  },
  outer: {
    fold: 'last',
    trajectories: 3,
    decisions: 30,
    chosen: -0.55,
    all: -0.56,
    difference: { estimate: 0.01, interval: null },
  },
  warnings: ['too good'],
};

test('search shows the path, what was left, and how honest the numbers are', () => {
  const page = written(search, resultOf(null), { search: found });
  for (const words of [
    'Chosen: x: no other feature helps for sure.',
    'improves the prediction beyond its interval',
    'does not rule out that y would help',
    'Fold “last” (3 trajectories) took no part in the search',
    ...['−0.55000', '+0.05000', '+0.02000 to +0.08000', '−0.01000 to +0.03000', '1.2500'],
    'Start with none: moving about pays.',
    'Too good.',
  ])
    expect(page?.text).toContain(words);
  const figure = page?.figures.get('search');
  const drawing = figure?.draw(330);
  if (!drawing) throw new Error('wanted a figure');
  const [dots, whiskers] = [marks(drawing, 'estimate'), marks(drawing, 'interval')];
  expect([dots.length, whiskers.length]).toEqual([2, 2]);
  for (const [i, ends] of [
    [0.02, 0.05, 0.08],
    [-0.01, 0.01, 0.03],
  ].entries())
    expect(isAffine(ends, [at(whiskers[i], 'x1'), at(dots[i], 'cx'), at(whiskers[i], 'x2')])).toBe(
      true,
    );
});

test.each([
  [
    'other files',
    { ...found, source: { tables: { transitions: 'u.csv', trajectories: 'r.csv' } } },
  ],
  ['a study', { ...found, source: { study: 'bus-engine' } }],
  [
    'other features',
    { ...found, rejected: [], path: [{ ...found.path[1], feature: 'q', features: ['q'] }] },
  ],
])('search of %s is left out, and that is said', (_, other) => {
  const page = written(search, resultOf(null), { search: other });
  expect(page?.text).toContain('search.json in this folder is about another fit');
  expect(page?.figures.size).toBe(0);
});

test('search that is damaged is refused', () => {
  expect(() => written(search, resultOf(null), { search: { format: 2 } })).toThrow(
    /Cannot report search\.json: it is damaged or of another version/,
  );
});
