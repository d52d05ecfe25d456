/** Results with numbers made up, and a page that keeps the figures placed on it. */

import { parseHTML } from 'linkedom';
import type { Figure } from '../../../src/evaluation/report/figure.ts';
import { html } from '../../../src/evaluation/report/html.ts';
import type { Section } from '../../../src/evaluation/report/section.ts';
import type { ComparisonResult, ResultFile } from '../../../src/evaluation/resultFile.ts';
import { cellsOf } from '../../../src/evaluation/resultFile.ts';

type Score = ComparisonResult['methods'][string];

/** A score of so much per decision, with what else is given. */
export function score(perDecision: number | null, more: Partial<Score> = {}): Score {
  return {
    logLikelihood: perDecision === null ? null : 100 * perDecision,
    perDecision,
    perTrajectory: perDecision === null ? null : 10 * perDecision,
    foldMean: null,
    top1: perDecision === null ? null : 0.5,
    brier: null,
    calibration: null,
    folds: [],
    ...more,
  };
}

/** Methods `a`, the reference, and `b`, which is ahead by so much. */
export function comparisonOf(
  methods: { readonly a: Score; readonly b: Score },
  ahead: { readonly estimate: number; readonly interval: [number, number] | null } | null,
): ComparisonResult {
  return {
    reference: 'a',
    folds: 4,
    trajectories: 10,
    decisions: 100,
    bootstrap: { draws: 2000, level: 0.95, unit: 'trajectory', seed: 0, stream: 'made up' },
    methods,
    differences: [
      {
        method: 'b',
        reference: 'a',
        perDecision: ahead,
        perTrajectory: null,
        foldsWon: null,
        reasons: { perDecision: 'nothing was recorded', perTrajectory: 'made up' },
      },
    ],
    published: [],
  };
}

/** A result of a single fit, or of a comparison where one is given. */
export function resultOf(comparison: ComparisonResult | null): ResultFile {
  const experiment = {
    data: {
      trajectories: 10,
      decisions: 100,
      states: 5,
      actions: 2,
      goals: 0,
      cutOff: 0,
      empty: 0,
      files: [],
    },
    model: {
      time: 'discounted' as const,
      discount: 0.9,
      temperature: 1,
      features: ['x', 'y'],
      l2: 0,
    },
    methods: {
      a: {
        stop: 'converged' as const,
        logLikelihood: -50,
        gradientNorm: 1e-9,
        evaluations: 9,
        seconds: 0,
        parameters: [
          { name: 'x', estimate: 1, standardErrors: null },
          { name: 'y', estimate: -2, standardErrors: null },
        ],
        heldOut: null,
      },
    },
    published: [],
  };
  const heading = {
    format: 1 as const,
    revealed: '0.1.0',
    study: 'made-up',
    title: 'Made up',
    source: { tables: { transitions: 't.csv', trajectories: 'r.csv' } },
    seed: 0,
    backend: null,
  };
  return comparison
    ? { ...heading, cells: [{ name: 'made-up', ...experiment }], comparison }
    : { ...heading, ...experiment };
}

/** What a section writes: the words of its page, and its figures; null where it writes nothing. */
export function written(
  section: Section,
  result: ResultFile,
  others: Readonly<Record<string, unknown>> = {},
): { readonly text: string; readonly figures: ReadonlyMap<string, Figure> } | null {
  const figures = new Map<string, Figure>();
  const content = section.write({
    result,
    cells: cellsOf(result),
    others,
    summaries: {},
    array: () => null,
    place: (figure) => {
      figures.set(figure.name, figure);
      return html`<p>${figure.caption}</p>`;
    },
  });
  if (content === null) return null;
  const { document } = parseHTML(`<!doctype html><html><body>${content.html}</body></html>`);
  return { text: document.body.textContent ?? '', figures };
}
