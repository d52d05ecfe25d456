/** What it means that a fit stopped, in words. */

import type { Minimum } from '../optimizers/minimizer.ts';

/** Of coefficients that run to infinity. */
export function runawayWords(
  unbounded: readonly string[],
  criterion: 'likelihood' | 'feature-matching',
): string {
  const names = unbounded.map((name) => `"${name}"`).join(', ');
  const remedy = 'an L2 penalty (--l2) or a bound (--bounds) gives a finite answer';
  return criterion === 'likelihood'
    ? `the likelihood keeps rising as ${names} runs away: the data never (or always) show what it describes; ${remedy}`
    : `the dual keeps rising as ${names} runs away: no reward of these features makes people expected to do what was recorded, as where recordings end and the future does not; ${remedy}`;
}

/** Of a minimiser's end; null where it converged. */
export function stopWords({ stop, iterations, gradientNorm }: Minimum): string | null {
  switch (stop) {
    case 'converged':
      return null;
    case 'max-iterations':
      return `stopped after ${iterations} iterations with a score of ${gradientNorm.toExponential(1)} per decision`;
    case 'line-search-failed':
      return `no step improved the fit any more, with a score of ${gradientNorm.toExponential(1)} per decision left`;
    case 'infeasible':
      return 'the soft value is infinite at the start: moving about for ever pays';
    case 'not-finite':
      return 'the likelihood or its gradient was not a finite number: look for features of extreme size';
  }
}
