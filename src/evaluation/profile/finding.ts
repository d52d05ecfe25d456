/** What a check of recorded behaviour found: in words, with its numbers, and what it means for a fit. */

/**
 * - `failure`: a fit would be refused, or would be wrong
 * - `warning`: a fit runs, and says something else than its reader may think
 * - `note`: worth knowing
 */
export type Level = 'failure' | 'warning' | 'note';

const LEVELS: readonly Level[] = ['failure', 'warning', 'note'];

export interface Finding {
  /** The check that found it. */
  readonly check: string;
  readonly level: Level;
  /** Share, from 0 to 1, of what was looked at that it concerns. */
  readonly share: number;
  /** What was found: one sentence, with its numbers. */
  readonly found: string;
  /** What that means for a fit, and what may be done. */
  readonly meaning: string;
  /** A few places or names, to look it up. */
  readonly examples: readonly string[];
}

/** What a check finds, and what it measured on the way. */
export interface Checked<Measures> {
  readonly findings: readonly Finding[];
  readonly measures: Measures;
}

/** How many examples a finding gives. */
export const MOST_EXAMPLES = 5;

/** Worst first: by level, then by how much it concerns; otherwise as they came. */
export function worstFirst(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || b.share - a.share,
  );
}
