/** Recorded behaviour, checked: what is wrong or odd in it, worst first, and what was measured. */

import { version } from '../../demonstrations/programVersion.ts';
import type { TableFile } from '../../demonstrations/tables/table.ts';
import { choices } from './checks/choices.ts';
import { coverage } from './checks/coverage.ts';
import { duplicates } from './checks/duplicates.ts';
import { dynamics } from './checks/dynamics.ts';
import { ends } from './checks/ends.ts';
import { folds } from './checks/folds.ts';
import { goals } from './checks/goals.ts';
import { lengths } from './checks/lengths.ts';
import { moves } from './checks/moves.ts';
import { people } from './checks/people.ts';
import { steps } from './checks/steps.ts';
import { refused, tables } from './checks/tables.ts';
import { weights } from './checks/weights.ts';
import { type Finding, worstFirst } from './finding.ts';
import type { PipelineSummary } from './pipelineSummary.ts';
import type { Profiled } from './profiled.ts';
import type { ProfileSource } from './readProfiled.ts';

/** What each check of a recording measured. A check is one file and one line here. */
const checks = {
  steps,
  moves,
  goals,
  choices,
  people,
  lengths,
  duplicates,
  folds,
  ends,
  dynamics,
  weights,
  coverage,
} as const;

export type ProfileMeasures = {
  readonly [Check in keyof typeof checks]: ReturnType<(typeof checks)[Check]>['measures'];
};

export interface Profile {
  readonly format: 1;
  /** Version of the program. */
  readonly revealed: string;
  readonly name: string;
  /** Whether no check failed: a fit takes the tables, and nothing says that it would be wrong. */
  readonly passed: boolean;
  /** Worst first. */
  readonly findings: readonly Finding[];
  readonly tables: ReturnType<typeof tables>['measures'];
  /** Null where the trajectories could not be read. */
  readonly measures: ProfileMeasures | null;
  readonly files: readonly TableFile[];
  readonly warnings: readonly string[];
  /** What the pipeline that wrote the tables says of itself; null where none did. */
  readonly pipeline: PipelineSummary | null;
}

/** @param name by which the recording is called */
export function profileOf(
  name: string,
  { data, files, warnings, unreadable }: ProfileSource,
  pipeline: PipelineSummary | null,
): Profile {
  const ofTables = tables(unreadable, data?.features ?? null);
  const checked = data && checkAll(data);
  const findings = [...ofTables.findings, ...(checked?.findings ?? [])];
  // What a fit says first is among the findings in most cases; a refusal that is not must be told.
  const isFailed = findings.some(({ level }) => level === 'failure');
  if (data?.refusal && !isFailed) findings.push(refused(data.refusal));
  return {
    format: 1,
    revealed: version,
    name,
    passed: findings.every(({ level }) => level !== 'failure'),
    findings: worstFirst(findings),
    tables: ofTables.measures,
    measures: checked?.measures ?? null,
    files,
    warnings,
    pipeline,
  };
}

function checkAll(data: Profiled): { findings: Finding[]; measures: ProfileMeasures } {
  const findings: Finding[] = [];
  const measures = Object.entries(checks).map(([name, check]) => {
    const checked = check(data);
    findings.push(...checked.findings);
    return [name, checked.measures];
  });
  return { findings, measures: Object.fromEntries(measures) as ProfileMeasures };
}
