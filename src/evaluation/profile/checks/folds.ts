/** How what is held out is balanced, and whether the same people are on both sides. */

import { quoted } from '../../../demonstrations/tables/tableError.ts';
import { count, percent } from '../../report/words.ts';
import { type Checked, type Finding, MOST_EXAMPLES } from '../finding.ts';
import { decisionsOf, type Profiled, whoOf } from '../profiled.ts';

export interface FoldMeasures {
  readonly folds: readonly {
    readonly fold: string;
    readonly trajectories: number;
    readonly decisions: number;
  }[];
  /** People with trajectories in several folds; null where people are not known. */
  readonly peopleInSeveral: number | null;
}

/** A fold of less than so large a share of the mean is small. */
const SMALL = 0.5;

export function folds(data: Profiled): Checked<FoldMeasures | null> {
  const { recording } = data;
  if (!recording.folds) return { findings: [], measures: null };
  const decisions = decisionsOf(data);
  const byFold = new Map<string, { trajectories: number; decisions: number }>();
  recording.folds.forEach((fold, i) => {
    const sums = byFold.get(fold) ?? { trajectories: 0, decisions: 0 };
    sums.trajectories++;
    sums.decisions += decisions[i];
    byFold.set(fold, sums);
  });
  const sizes = [...byFold]
    .map(([fold, sums]) => ({ fold, ...sums }))
    .sort((a, b) => (a.fold < b.fold ? -1 : 1));
  const findings: Finding[] = [];
  const mean = sizes.reduce((sum, { decisions }) => sum + decisions, 0) / sizes.length;
  const [smallest] = [...sizes].sort((a, b) => a.decisions - b.decisions);
  const [largest] = [...sizes].sort((a, b) => b.decisions - a.decisions);
  if (sizes.length === 1)
    findings.push({
      check: 'folds',
      level: 'warning',
      share: 1,
      found: `All trajectories are in one fold, ${quoted(smallest.fold)}.`,
      meaning: 'Nothing can be held out by it: revealed compare refuses.',
      examples: [],
    });
  else {
    const isSmall = smallest.decisions < SMALL * mean;
    findings.push({
      check: 'folds',
      level: isSmall ? 'warning' : 'note',
      share: mean === 0 ? 1 : 1 - smallest.decisions / mean,
      found: `${count(sizes.length, 'fold')} of ${smallest.decisions.toLocaleString('en-US')} (${quoted(smallest.fold)}) to ${count(largest.decisions, 'decision')} (${quoted(largest.fold)}).`,
      meaning: isSmall
        ? 'What is predicted in the smallest says little; means over folds and means over decisions differ.'
        : 'They are balanced well enough.',
      examples: [],
    });
  }
  let peopleInSeveral: number | null = null;
  if (recording.persons) {
    const { who, names } = whoOf(data);
    const foldsOf = names.map(() => new Set<string>());
    recording.folds.forEach((fold, i) => {
      foldsOf[who[i]].add(fold);
    });
    const several = names.filter((_, person) => foldsOf[person].size > 1);
    peopleInSeveral = several.length;
    if (several.length > 0)
      findings.push({
        check: 'folds',
        level: 'warning',
        share: several.length / names.length,
        found: `${count(several.length, 'person has', 'people have')} trajectories in several folds (${percent(several.length / names.length)}).`,
        meaning:
          'Who is predicted was partly learned from: that tells how well the same people are predicted on another day, not how well strangers are.',
        examples: several.slice(0, MOST_EXAMPLES).map(quoted),
      });
  }
  return { findings, measures: { folds: sizes, peopleInSeveral } };
}
