/** Answers that could not be kept or drawn are refused, by question and field. */

import { describe, expect, test } from 'vitest';
import { checkedAnswer } from '../../../src/evaluation/inquiry/questionResult.ts';
import type { Answer, AnswerTable, Chart } from '../../../src/study/inquiry.ts';

const table: AnswerTable = {
  title: 'Values',
  columns: ['name', 'value'],
  rows: [
    ['a', 1],
    ['b', null],
  ],
  note: 'b has none',
};
const chart: Chart = {
  name: 'chart',
  title: 'A chart',
  caption: 'Higher is better.',
  kind: 'curves',
  x: { label: 'x', scale: 'log' },
  y: { label: 'y' },
  series: [{ name: 'one', points: [{ x: 1, y: -2, low: -3, high: 0 }] }],
  marks: [{ axis: 'y', at: 0, label: 'zero' }],
};
const answer: Answer = {
  sentence: 'So it is.',
  findings: [{ claim: 'It is', holds: true, evidence: '1 = 1', law: true }],
  tables: [table],
  charts: [chart],
};

test('checkedAnswer returns an answer as it is', () => {
  expect(checkedAnswer('why', answer)).toEqual(answer);
});

const withTable = (change: Partial<AnswerTable>) => ({
  ...answer,
  tables: [{ ...table, ...change }],
});
const withChart = (change: Partial<Chart>) => ({ ...answer, charts: [{ ...chart, ...change }] });
const points = (...of: object[]) => withChart({ series: [{ name: 's', points: of as never }] });

describe('checkedAnswer names the question and the field of', () => {
  test.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /it: .*object/],
    ['no sentence', { ...answer, sentence: '' }, /sentence: must not be empty/],
    [
      'NaN in a table',
      withTable({ rows: [['a', Number.NaN]] }),
      /tables\[0\]\.rows\[0\]\[1\]: .*NaN/,
    ],
    ['an infinite number', withTable({ rows: [['a', -Infinity]] }), /rows\[0\]\[1\]: .*-Infinity/],
    ['a row too short', withTable({ rows: [['a']] }), /rows\[0\]: wanted 2 cells/],
    ['null without a note', withTable({ note: '' }), /rows\[1\]\[1\]: is null, and no note/],
    ['NaN in a curve', points({ x: 1, y: Number.NaN }), /series\[0\]\.points\[0\]\.y: .*NaN/],
    ['half an interval', points({ x: 1, y: 1, low: 0 }), /points\[0\]\.high: is missing/],
    ['an interval upside down', points({ x: 1, y: 1, low: 2, high: 0 }), /low: is above high/],
    ['a category on a curve', points({ x: 'a', y: 1 }), /points\[0\]\.x: wanted a number, got a/],
    ['zero on a logarithmic axis', points({ x: 0, y: 1 }), /x: wanted above 0/],
    ['no point at all', points(), /series: hold no point/],
    ['no series', withChart({ series: [] }), /series: must have at least one/],
    ['two series of one name', withChart({ series: [...chart.series, ...chart.series] }), /"one"/],
    [
      'two charts of one name',
      { ...answer, charts: [chart, chart] },
      /charts\[1\]\.name: is "chart"/,
    ],
    ['a mark nowhere', withChart({ marks: [{ axis: 'x', at: 0, label: '' }] }), /marks\[0\]\.at/],
    [
      'a mark between categories',
      withChart({
        kind: 'bars',
        x: { label: '' },
        series: [{ name: 's', points: [{ x: 'a', y: 1 }] }],
        marks: [{ axis: 'x', at: 1, label: '' }],
      }),
      /marks\[0\]\.axis: categories/,
    ],
  ])('%s', (_, given, says) => {
    expect(() => checkedAnswer('why', given)).toThrow(RangeError);
    expect(() => checkedAnswer('why', given)).toThrow(/^Cannot keep the answer to "why": /);
    expect(() => checkedAnswer('why', given)).toThrow(says);
  });
});

test('a logarithmic axis of values refuses an interval that reaches zero', () => {
  const given = withChart({
    y: { label: 'y', scale: 'log' },
    marks: [],
    series: [{ name: 's', points: [{ x: 1, y: 1, low: 0, high: 2 }] }],
  });
  expect(() => checkedAnswer('why', given)).toThrow(/points\[0\]\.low: wanted above 0/);
});
