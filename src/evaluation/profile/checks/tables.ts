/** Whether every table can be read, and whether its features can tell choices apart. */

import { quoted } from '../../../demonstrations/tables/tableError.ts';
import type { FeatureMatrix } from '../../../features/featureMatrix.ts';
import { count } from '../../report/words.ts';
import { type Checked, type Finding, MOST_EXAMPLES } from '../finding.ts';

export interface TableMeasures {
  /** What is wrong with tables that cannot be read. */
  readonly unreadable: readonly string[];
  /** Features that have the same value everywhere; null without features. */
  readonly constantFeatures: readonly string[] | null;
}

export function tables(
  unreadable: readonly string[],
  features: FeatureMatrix | null,
): Checked<TableMeasures> {
  const constantFeatures =
    features?.names.filter((_, f) => isConstant(features.values, features.names.length, f)) ?? null;
  const findings = unreadable.map((message) => refused(message));
  if (features && constantFeatures && constantFeatures.length > 0)
    findings.push({
      check: 'tables',
      level: 'warning',
      share: constantFeatures.length / features.names.length,
      found: `${count(constantFeatures.length, 'feature has', 'features have')} the same value everywhere.`,
      meaning:
        'Without goals the data do not identify such a coefficient, and a fit says so; with goals it is the price of a further step.',
      examples: constantFeatures.slice(0, MOST_EXAMPLES).map(quoted),
    });
  return { findings, measures: { unreadable, constantFeatures } };
}

/** The finding that a fit refuses the tables, in its own words. */
export function refused(message: string): Finding {
  return {
    check: 'tables',
    level: 'failure',
    share: 1,
    found: `${message}.`,
    meaning: 'A fit refuses the tables, with these words.',
    examples: [],
  };
}

function isConstant(values: Float64Array, width: number, feature: number): boolean {
  for (let at = feature; at < values.length; at += width)
    if (values[at] !== values[feature]) return false;
  return true;
}
