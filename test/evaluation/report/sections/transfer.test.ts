/** What is said and drawn of a world that changed. */

import { expect, test } from 'vitest';
import { transfer } from '../../../../src/evaluation/report/sections/transfer.ts';
import type { ComparisonResult } from '../../../../src/evaluation/resultFile.ts';
import { comparisonOf, resultOf, score, written } from '../madeUp.ts';
import { at, isAffine, marks } from '../svgMarks.ts';

const home = comparisonOf(
  { a: score(-0.5), b: score(-0.4) },
  { estimate: 0.1, interval: [0.05, 0.15] },
);
const away = comparisonOf(
  { a: score(-0.6), b: score(-0.9) },
  { estimate: -0.3, interval: [-0.4, -0.2] },
);

function changed(more: Partial<NonNullable<ComparisonResult['transfer']>> = {}): ComparisonResult {
  return {
    ...away,
    transfer: {
      states: 40,
      choices: 100,
      gone: 1,
      added: 2,
      redirected: 0,
      changedStates: 3,
      recorded: true,
      decisionsWhereChanged: 0.25,
      files: [],
      home,
      verdicts: [
        {
          method: 'b',
          reference: 'a',
          home: 0.1,
          away: -0.3,
          whereChanged: -1.25,
          elsewhere: 0.0125,
          words: 'At home b, there a.',
        },
      ],
      ...more,
    },
  };
}

test('transfer says what changed, and holds every number of both worlds', () => {
  const { text = '' } = written(transfer, resultOf(changed())) ?? {};
  for (const words of [
    '1 choice is gone and 2 choices are new',
    '3 of 40 states are touched',
    '25.0 %',
    'At home b, there a.',
    ...['−0.50000', '−0.60000', '−0.1000', '−0.40000', '−0.90000', '−0.5000'],
    ...['+0.1000', '+0.0500 to +0.1500', '−0.3000', '−0.4000 to −0.2000', '−1.2500', '+0.0125'],
  ])
    expect(text).toContain(words);
});

test.each([330, 800])('transfer draws both worlds on one axis, %i pixels wide', (width) => {
  const figure = written(transfer, resultOf(changed()))?.figures.get('transfer');
  if (!figure) throw new Error('wanted a figure');
  const drawing = figure.draw(width);
  const dots = marks(drawing, 'estimate');
  const whiskers = marks(drawing, 'interval');
  expect([dots.length, whiskers.length]).toEqual([2, 2]);
  const drawn = [
    at(whiskers[1], 'x1'),
    at(dots[1], 'cx'),
    at(whiskers[1], 'x2'),
    at(whiskers[0], 'x1'),
    at(dots[0], 'cx'),
    at(whiskers[0], 'x2'),
  ];
  expect(isAffine([-0.4, -0.3, -0.2, 0.05, 0.1, 0.15], drawn)).toBe(true);
});

test('transfer without anything held out at home shows the changed world alone, and says why', () => {
  const page = written(
    transfer,
    resultOf(changed({ home: null, reasons: { home: 'no trajectory was held out at home' } })),
  );
  expect(page?.text).toContain('No trajectory was held out at home.');
  const figure = page?.figures.get('transfer');
  expect(figure && marks(figure.draw(800), 'estimate').length).toBe(1);
  expect(figure?.description).toContain('at home –');
});

test('transfer where nothing was recorded says so, and draws no likelihoods', () => {
  const nothing = comparisonOf({ a: score(null), b: score(null) }, null);
  const { transfer: change } = changed({
    recorded: false,
    decisionsWhereChanged: null,
    home: null,
  });
  const page = written(transfer, resultOf({ ...nothing, ...(change ? { transfer: change } : {}) }));
  expect(page?.text).toContain('No behaviour was recorded there');
  expect(page?.text).not.toContain('interval');
  expect(page?.figures.size).toBe(0);
});

test('transfer writes nothing where no world changed', () => {
  expect(written(transfer, resultOf(home))).toBeNull();
  expect(written(transfer, resultOf(null))).toBeNull();
});
