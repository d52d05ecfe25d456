/**
 * The likelihood-ratio test of a restricted fit within a full one, to the same decisions:
 *
 *   LR = 2 (LL_full − LL_restricted)  ~  χ²(parameters that the full one leaves free beyond)
 *
 * References: Neyman & Pearson (1928), Biometrika 20A; Wilks (1938), Annals of Mathematical
 * Statistics 9, 60–62.
 */

import { chiSquareOutcome, type TestOutcome } from './testOutcome.ts';

/** How much higher (relative to its size) a likelihood may be for rounding alone. */
const ROUND_OFF = 1e-8;

/**
 * @param degrees how many restrictions part the two
 * @throws RangeError where the restricted fit is more likely: then it is not within the other, or
 *   one of them is no maximum
 */
export function likelihoodRatioTest(
  restricted: number,
  full: number,
  degrees: number,
  notes: readonly string[] = [],
): TestOutcome {
  if (!(degrees >= 1 && Number.isInteger(degrees)))
    throw new RangeError(
      `Cannot compare likelihoods: the full fit must have more free parameters than the restricted one, got ${degrees} more`,
    );
  if (!Number.isFinite(restricted) || !Number.isFinite(full))
    throw new RangeError(`Cannot compare likelihoods: got ${restricted} and ${full}`);
  const ratio = 2 * (full - restricted);
  if (ratio < -ROUND_OFF * Math.max(1, Math.abs(full)))
    throw new RangeError(
      `Cannot compare likelihoods: the restricted fit is more likely (${restricted}) than the full one (${full}), so it is not a special case of it, or the full fit is no maximum`,
    );
  const told = { test: 'likelihood-ratio', ...(notes.length > 0 ? { notes: [...notes] } : {}) };
  return chiSquareOutcome(told as { test: 'likelihood-ratio' }, Math.max(0, ratio), degrees);
}
