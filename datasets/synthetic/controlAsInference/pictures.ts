/** Tables and charts that the questions share. */

import type { AnswerTable, Chart, ChartPoint } from 'revealed';
import type { InferenceAt } from './inferenceAt.ts';

/** Gaps below this are rounding, and have no place on an axis of ratios. */
const LEAST = 1e-12;

export function inferenceTable(solved: readonly InferenceAt[]): AnswerTable {
  return {
    title: 'Inference, in nats: log evidence, the bound of the maximum-entropy plan, and their gap',
    columns: ['temperature', 'log evidence', 'ELBO', 'gap', 'of start', 'of policy', 'of moves'],
    rows: solved.map(({ temperature, posterior, maxEnt: { elbo, divergence } }) => [
      temperature,
      posterior.logEvidence,
      elbo,
      ...[divergence.total, divergence.initial, divergence.policy, divergence.dynamics].map(
        (part) => (Math.abs(part) < LEAST ? 0 : part),
      ),
    ]),
    note: `Action prior: uniform. Parts below ${LEAST} are rounding and shown as 0.`,
  };
}

/** @param best the best return that is to be had */
export function returnChart(
  solved: readonly InferenceAt[],
  best: number,
  y: string,
  marks: Chart['marks'] = [],
): Chart {
  return {
    name: 'returns',
    title: 'What is expected and what is got, by temperature',
    caption:
      'The exact posterior expects luck that acting by it does not bring; the maximum-entropy plan leaves the moves as they are.',
    kind: 'curves',
    x: { label: 'temperature', scale: 'log' },
    y: { label: y },
    series: [
      { name: 'the exact posterior expects', points: along(solved, ({ expected }) => expected) },
      {
        name: 'acting by it gets',
        points: along(solved, ({ executed }) => executed.expectedReward),
      },
      {
        name: 'the maximum-entropy plan gets',
        points: along(solved, ({ maxEnt }) => maxEnt.expectedReward),
      },
    ],
    marks: [{ axis: 'y', at: best, label: 'best' }, ...marks],
  };
}

export function gapChart(solved: readonly InferenceAt[]): Chart {
  const part = (
    name: string,
    of: (divergence: InferenceAt['maxEnt']['divergence']) => number,
  ): Chart['series'][number] => ({
    name,
    points: along(solved, ({ maxEnt }) => of(maxEnt.divergence)).filter(({ y }) => y >= LEAST),
  });
  const parts = [
    part('gap', ({ total }) => total),
    part('of the start', ({ initial }) => initial),
    part('of the policy', ({ policy }) => policy),
    part('of the moves', ({ dynamics }) => dynamics),
  ];
  return {
    name: 'gap',
    title: 'How far the bound is from the evidence, and why',
    caption:
      'In nats, on an axis of ratios. The gap is the sum of its parts; parts that are 0 are not drawn.',
    kind: 'curves',
    x: { label: 'temperature', scale: 'log' },
    y: { label: 'nats', scale: 'log' },
    series: parts.filter(({ points }) => points.length > 0),
  };
}

/** A number in a sentence: with so many decimals, a true minus sign, and never below zero by rounding. */
export function inWords(x: number, decimals = 3): string {
  const text = Math.abs(x).toFixed(decimals);
  return x < 0 && Number(text) !== 0 ? `−${text}` : text;
}

export function along(
  solved: readonly InferenceAt[],
  value: (at: InferenceAt) => number,
): ChartPoint[] {
  return solved.map((at) => ({ x: at.temperature, y: value(at) }));
}
