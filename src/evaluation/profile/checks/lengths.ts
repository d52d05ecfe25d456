/** How long trajectories are, in decisions. */

import { quoted } from '../../../demonstrations/tables/tableError.ts';
import { count, percent } from '../../report/words.ts';
import { type Checked, type Finding, MOST_EXAMPLES } from '../finding.ts';
import { decisionsOf, type Profiled } from '../profiled.ts';
import { quantile } from '../robust.ts';

export interface LengthMeasures {
  readonly trajectories: number;
  readonly rows: number;
  readonly decisions: number;
  /** Without any decision. */
  readonly empty: number;
  readonly shortest: number;
  readonly lowerQuarter: number;
  readonly median: number;
  readonly upperQuarter: number;
  readonly longest: number;
  /** Share of all decisions that the longest trajectory holds. */
  readonly longestShare: number;
}

/** Of how many trajectories on one that holds a large share is worth a word. */
const MANY = 10;
const LARGE = 0.2;

export function lengths(data: Profiled): Checked<LengthMeasures> {
  const { names, state } = data.recording;
  const decisions = decisionsOf(data);
  const total = decisions.reduce((sum, n) => sum + n, 0);
  const empty = decisions.filter((n) => n === 0).length;
  const longest = decisions.reduce((most, n, i) => (n > decisions[most] ? i : most), 0);
  const measures: LengthMeasures = {
    trajectories: names.length,
    rows: state.length,
    decisions: total,
    empty,
    shortest: quantile(decisions, 0) ?? 0,
    lowerQuarter: quantile(decisions, 0.25) ?? 0,
    median: quantile(decisions, 0.5) ?? 0,
    upperQuarter: quantile(decisions, 0.75) ?? 0,
    longest: decisions[longest],
    longestShare: total === 0 ? 0 : decisions[longest] / total,
  };
  const findings: Finding[] = [];
  if (empty > 0)
    findings.push({
      check: 'lengths',
      level: empty / names.length >= 0.5 ? 'warning' : 'note',
      share: empty / names.length,
      found: `${count(empty, 'trajectory holds', 'trajectories hold')} no decision (${percent(empty / names.length)}).`,
      meaning: 'They contribute nothing to a fit.',
      examples: names
        .filter((_, i) => decisions[i] === 0)
        .slice(0, MOST_EXAMPLES)
        .map(quoted),
    });
  if (names.length >= MANY && measures.longestShare > LARGE)
    findings.push({
      check: 'lengths',
      level: 'warning',
      share: measures.longestShare,
      found: `Trajectory ${quoted(names[longest])} alone holds ${percent(measures.longestShare)} of all decisions (${measures.longest.toLocaleString('en-US')}).`,
      meaning:
        'The fit is mostly about it, and robust standard errors rest on few independent pieces. Weights, or cutting it into sessions, may help.',
      examples: [],
    });
  return { findings, measures };
}
