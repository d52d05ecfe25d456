/** Fits side by side: what is printed, what is withheld, and that any name is safe in any format. */

import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { fitTable } from '../../../src/evaluation/report/fitTable.ts';
import { fitTableHtml } from '../../../src/evaluation/report/fitTableHtml.ts';
import { fitTableLatex } from '../../../src/evaluation/report/fitTableLatex.ts';
import { fitTableText } from '../../../src/evaluation/report/fitTableText.ts';
import type {
  CellResult,
  MethodResult,
  ParameterResult,
  ResultFile,
} from '../../../src/evaluation/resultFile.ts';
import { normalTwoSided } from '../../../src/numeric/normal.ts';

function parameter(name: string, estimate: number | null, error: number | null): ParameterResult {
  const p = estimate === null || error === null ? null : normalTwoSided(estimate / error);
  return {
    name,
    estimate,
    standardErrors: {
      hessian: error,
      outerProduct: error && 2 * error,
      outerProductTrajectory: null,
      sandwich: error,
      reasons: { outerProductTrajectory: 'fewer trajectories than parameters' },
    },
    p: {
      hessian: p,
      outerProduct: p,
      outerProductTrajectory: null,
      sandwich: p,
    },
  };
}

function method(parameters: ParameterResult[], more: Partial<MethodResult> = {}): MethodResult {
  return {
    stop: 'converged',
    logLikelihood: -1234.5678,
    gradientNorm: 1e-12,
    evaluations: 5,
    seconds: 0.1,
    parameters,
    heldOut: null,
    rhoSquared: 0.25,
    aic: 2473.1,
    bic: 2480.2,
    freeParameters: parameters.length,
    ...more,
  };
}

function cell(name: string, methods: CellResult['methods'], discount = 0.9): CellResult {
  return {
    name,
    data: {
      trajectories: 1000,
      decisions: 20000,
      states: 3,
      actions: 2,
      goals: 0,
      cutOff: 0,
      empty: 0,
      files: [{ name: 't.csv', sha256: 'abc', rows: 3 }],
    },
    model: { time: 'discounted', discount, temperature: 1, features: ['a'], l2: 0 },
    methods,
    published: [],
  };
}

function resultOf(...cells: CellResult[]): ResultFile {
  return {
    format: 1,
    revealed: '0.1.0',
    study: 'example',
    title: 'An example',
    seed: 0,
    backend: null,
    cells,
  };
}

const settings = { errors: 'sandwich', stars: true } as const;

test('fitTable has a column per fit, a row per parameter and stars by the normal distribution', () => {
  const result = resultOf(
    // 1.7, 2, 2.6 and 1.6 standard errors from 0: p = .089, .046, .0093 and .11.
    cell('A', { one: method([parameter('x', 1.7, 1), parameter('y', -0.02, 0.01)]) }),
    cell('B', { one: method([parameter('y', 2600, 1000), parameter('z', 1.6, 1)]) }, 0.5),
  );
  const table = fitTable([{ name: 'example', result }], settings);
  expect(table.columns).toEqual(['A', 'B']);
  expect(table.rows).toEqual([
    { parameter: 'x', entries: [{ estimate: '1.700', stars: '*', below: '1.000' }, null] },
    {
      parameter: 'y',
      entries: [
        { estimate: '−0.0200', stars: '**', below: '0.0100' },
        { estimate: '2600', stars: '***', below: '1000' },
      ],
    },
    { parameter: 'z', entries: [null, { estimate: '1.600', stars: '', below: '1.000' }] },
  ]);
  const measures = Object.fromEntries(table.measures.map(({ name, values }) => [name, values]));
  expect(measures).toMatchObject({
    'Log-likelihood': ['−1234.568', '−1234.568'],
    'ρ²': ['0.2500', '0.2500'],
    Decisions: ['20,000', '20,000'],
    Trajectories: ['1,000', '1,000'],
    Discount: ['0.9', '0.5'],
  });
  expect(measures).not.toHaveProperty('Stop');
  expect(measures).not.toHaveProperty('Held out, per decision');
});

test('fitTable prints no number that does not exist', () => {
  const parameters = [
    { ...parameter('given', 2, null), held: 'fixed' as const },
    { ...parameter('stopped', 1, null), held: 'at-bound' as const },
    parameter('open', 5, null),
    parameter('away', -40, null),
    parameter('sure', 1, 0.1),
  ];
  const result = resultOf(
    cell('A', {
      one: method(parameters, {
        stop: 'unbounded',
        stopReason: 'it runs',
        unidentified: [{ direction: { open: 1 }, words: 'nothing' }],
        unbounded: ['away'],
        aic: null,
      }),
    }),
  );
  const named = [{ name: 'example', result }];
  const { rows, measures, notes } = fitTable(named, { ...settings, stars: false });
  expect(rows.map(({ entries }) => entries[0])).toEqual([
    { estimate: '2', stars: '', below: 'fixed' },
    { estimate: '1', stars: '', below: 'at bound' },
    { estimate: '–', stars: '', below: 'not identified' },
    { estimate: '−∞', stars: '', below: 'unbounded' },
    { estimate: '1.000', stars: '', below: '0.100' },
  ]);
  expect(measures.map(({ name }) => name)).not.toContain('AIC');
  expect(measures.at(-1)).toEqual({ name: 'Stop', values: ['unbounded'] });
  expect(notes).toContain('one unbounded: it runs.');
  const other = fitTable(named, { errors: 'outerProductTrajectory', stars: true });
  expect(other.rows[4].entries[0]).toEqual({ estimate: '1', stars: '', below: '–' });
  expect(other.notes.join(' ')).toContain('fewer trajectories than parameters');
});

test('fitTable names fits by what tells them apart, and shows those that are asked for', () => {
  const both = { m1: method([parameter('x', 1, 1)]), m2: method([parameter('x', 2, 1)]) };
  const one = { name: 'first', result: resultOf(cell('A', both), cell('B', both)) };
  const two = { name: 'second', result: resultOf(cell('A', { m1: both.m1 })) };
  expect(fitTable([one, two], settings).columns).toEqual([
    'first, A, m1',
    'first, A, m2',
    'first, B, m1',
    'first, B, m2',
    'second, A, m1',
  ]);
  const part = { ...settings, cells: ['A'], methods: ['m1'] };
  expect(fitTable([one, two], part).columns).toEqual(['first', 'second']);
  const wrong = (more: object) => () => fitTable([one], { ...settings, ...more });
  expect(wrong({ cells: ['C'] })).toThrow('Cannot show cell "C": there are "A", "B"');
  expect(wrong({ methods: ['m'] })).toThrow('Cannot show method "m": there are "m1", "m2"');
  const blank = resultOf(cell('A', { clone: method([]) }));
  expect(() => fitTable([{ name: 'x', result: blank }], settings)).toThrow(
    /none of the fits has parameters/,
  );
});

test('fitTable warns where the fits are of other data', () => {
  const a = cell('A', { m: method([parameter('x', 1, 1)]) });
  const b = { ...a, name: 'B', data: { ...a.data, decisions: 7 } };
  const notes = (cells: CellResult[]) =>
    fitTable([{ name: 'x', result: resultOf(...cells) }], settings).notes.join(' ');
  expect(notes([a, b])).toContain('their likelihoods do not compare');
  expect(notes([a, { ...a, name: 'B' }])).not.toContain('do not compare');
});

describe('any name is safe', () => {
  const names = [
    '<script>alert(1)</script>',
    'a & b_c % $ # {d} ~ ^ \\e "f" [g] | * \'h\'',
    'θ₁ ρ² Straße café naïve Łódź 中文 😀',
    'two\nlines\n\n\tand a tab',
  ];
  const result = resultOf(
    cell(names[0], { m: method(names.map((name) => parameter(name, 1, 0.1))) }),
    cell(names[1], { m: method(names.map((name) => parameter(name, 1, 0.1))) }),
  );
  const table = fitTable([{ name: 'x', result }], settings);

  test('in HTML', () => {
    const { document } = parseHTML(`<html><body>${fitTableHtml(table).html}</body></html>`);
    expect(document.querySelectorAll('script').length).toBe(0);
    const rows = [...document.querySelectorAll('tbody tr')];
    const heads = rows.map((row) => row.querySelector('th')?.textContent);
    // Line ends become spaces: what else is there stays as it is.
    expect(heads.slice(0, 4)).toEqual(names.map((name) => name.replace(/[\n\t]+/g, ' ')));
    for (const row of rows) expect(row.children.length).toBe(3);
    expect(document.querySelectorAll('thead th')[1].textContent).toBe(names[1]);
  });

  test('in LaTeX', () => {
    const latex = fitTableLatex(table);
    const lines = latex.trimEnd().split('\n');
    expect([...latex].filter((c) => c > '~')).toEqual([]);
    const rows = lines.filter((line) => line.endsWith('\\\\') && !line.includes('\\multicolumn'));
    expect(rows.length).toBe(2 + 2 * names.length + table.measures.length);
    for (const row of rows) {
      const bare = row.replace(/\\\\$/, '').replace(/\\./g, '');
      // Two separators for three columns, and nothing else that means something to TeX.
      expect(bare.match(/&/g)?.length).toBe(2);
      expect(bare).not.toMatch(/[$#_%~^]/);
      const depth = [...bare].reduce((d, c) => d + (c === '{' ? 1 : c === '}' ? -1 : 0), 0);
      expect(depth).toBe(0);
    }
    const row = (k: number) => lines[6 + 2 * k].split(' & ')[0];
    expect(row(0)).toBe(
      '\\ensuremath{<}script\\ensuremath{>}alert(1)\\ensuremath{<}/script\\ensuremath{>}',
    );
    expect(row(2)).toBe(
      "\\ensuremath{\\theta}\\textsubscript{1} \\ensuremath{\\rho}\\textsuperscript{2} Stra\\ss{}e caf\\'{e} na\\\"{i}ve \\L{}\\'{o}d\\'{z} U+4E2DU+6587 U+1F600",
    );
    const commands = new Set(latex.match(/\\[a-zA-Z]+/g));
    expect([...commands].map((name) => name.slice(1)).sort()).toEqual(
      [
        ...['L', 'begin', 'bottomrule', 'end', 'ensuremath', 'footnotesize', 'linewidth'],
        ...['midrule', 'multicolumn', 'rho', 'ss', 'textasciicircum', 'textasciitilde'],
        ...['textbackslash', 'textsubscript', 'textsuperscript', 'theta', 'toprule', 'usepackage'],
      ].sort(),
    );
  });

  test('in text', () => {
    const text = fitTableText(table);
    for (const word of ['script', 'θ₁ ρ²', '(0.100)', '1.000***']) expect(text).toContain(word);
  });
});
