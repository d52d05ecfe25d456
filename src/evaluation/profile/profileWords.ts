/** A profile for a terminal: what was read, and what was found in it, worst first. */

import { colors } from '../colors.ts';
import { count, percent, tidy } from '../report/words.ts';
import type { Level } from './finding.ts';
import type { Profile } from './profile.ts';

const paint: Readonly<Record<Level, (text: string) => string>> = {
  failure: colors.red,
  warning: colors.yellow,
  note: colors.dim,
};

export function profileWords(profile: Profile): string {
  const lines = [colors.bold(profile.name), ...factsOf(profile).map((fact) => `  ${fact}`), ''];
  for (const { level, found, meaning, examples } of profile.findings) {
    lines.push(`  ${paint[level](level.padEnd(8))} ${found}`);
    lines.push(`           ${colors.dim(meaning)}`);
    for (const example of examples) lines.push(`           - ${example}`);
  }
  lines.push('', `  ${verdictOf(profile)}`, '');
  return lines.join('\n');
}

/** What was read, in a line or two. */
export function factsOf({ measures, pipeline }: Profile): string[] {
  const facts: string[] = [];
  if (measures) {
    const { lengths, coverage, goals } = measures;
    const { trajectories, decisions, median, shortest, longest } = lengths;
    const by =
      coverage.persons === null ? '' : ` by ${count(coverage.persons, 'person', 'people')}`;
    const towards = goals.goals > 0 ? `, heading for ${count(goals.goals, 'goal')}` : '';
    facts.push(
      `${count(decisions, 'decision')} in ${count(trajectories, 'trajectory', 'trajectories')}${by}${towards}; ${shortest.toLocaleString('en-US')} to ${longest.toLocaleString('en-US')} decisions each, half of them at most ${tidy(median)}.`,
      `${coverage.visited.toLocaleString('en-US')} of ${count(coverage.states, 'state')} visited, ${coverage.taken.toLocaleString('en-US')} of ${count(coverage.pairs, 'choice')} made (${percent(coverage.pairs === 0 ? 0 : coverage.taken / coverage.pairs)}).`,
    );
  }
  if (pipeline) {
    const [first] = pipeline.stages;
    const read = first ? ` of ${count(first.in, 'record')}` : '';
    facts.push(
      `Written by a pipeline: ${count(pipeline.rows, 'row')} in ${count(pipeline.tracks, 'track')}${read} of ${pipeline.source.name}; ${count(pipeline.deadLetters, 'refusal')}.`,
    );
  }
  return facts;
}

/** What it all comes to. */
export function verdictOf({ findings, passed }: Profile): string {
  const of = (wanted: Level): number => findings.filter(({ level }) => level === wanted).length;
  const rest = `${count(of('warning'), 'warning')}, ${count(of('note'), 'note')}`;
  return passed
    ? `No check failed (${rest}).`
    : `${count(of('failure'), 'check')} failed (${rest}): a fit would be refused, or wrong.`;
}
