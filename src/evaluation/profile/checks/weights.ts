/**
 * How unequal trajectories count.
 *
 *   effective number = (Σ w)² / Σ w²     (Kish 1965)
 */

import { count, fixed, percent } from '../../report/words.ts';
import type { Checked, Finding } from '../finding.ts';
import type { Profiled } from '../profiled.ts';

export interface WeightMeasures {
  /** Trajectories of weight 0. */
  readonly zero: number;
  readonly least: number;
  readonly most: number;
  /** As many of equal weight would say as much; null where all weights are 0. */
  readonly effective: number | null;
}

export function weights({ recording, trajectories }: Profiled): Checked<WeightMeasures | null> {
  if (!recording.columns.includes('weight')) return { findings: [], measures: null };
  const { weight, count: all } = trajectories;
  const sum = weight.reduce((total, w) => total + w, 0);
  const squares = weight.reduce((total, w) => total + w * w, 0);
  const zero = weight.filter((w) => w === 0).length;
  const effective = sum > 0 ? sum ** 2 / squares : null;
  const findings: Finding[] = [];
  if (effective === null)
    findings.push({
      check: 'weights',
      level: 'failure',
      share: 1,
      found: 'All weights are 0.',
      meaning: 'There is nothing to fit to.',
      examples: [],
    });
  else {
    if (zero > 0)
      findings.push({
        check: 'weights',
        level: 'note',
        share: zero / all,
        found: `${count(zero, 'trajectory has', 'trajectories have')} weight 0.`,
        meaning: 'They are counted among the trajectories and change nothing in a fit.',
        examples: [],
      });
    if (effective < all * (1 - 1e-9))
      findings.push({
        check: 'weights',
        level: effective < all / 2 ? 'warning' : 'note',
        share: 1 - effective / all,
        found: `With their weights ${count(all, 'trajectory says', 'trajectories say')} as much as ${fixed(effective, 1)} equal ones (${percent(effective / all)}).`,
        meaning:
          'A weight multiplies scores: only the sandwich standard errors stay right where weights are not counts.',
        examples: [],
      });
  }
  return {
    findings,
    measures: {
      zero,
      least: weight.reduce((a, b) => Math.min(a, b)),
      most: weight.reduce((a, b) => Math.max(a, b)),
      effective,
    },
  };
}
