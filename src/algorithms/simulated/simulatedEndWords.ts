/** Why a fit in a simulator stopped, in words. */

import type { ParameterSpace } from '../parameters.ts';
import type { SampledLoopEnd } from '../sampled/sampledLoop.ts';

/**
 * @param value [free] gaps per step, in units of their features
 * @param error [free] their standard errors
 */
export function simulatedEndWords(
  { stop, gap, rounds, theta }: SampledLoopEnd,
  { names, free, spread }: ParameterSpace,
  value: Float64Array,
  error: Float64Array,
): string {
  const of = (i: number): string => `"${names[free[i]]}"`;
  const told = (i: number): string =>
    `${of(i)} (${value[i].toPrecision(2)} ± ${error[i].toPrecision(1)})`;
  const all = Array.from(free.keys());
  if (all.length === 0)
    return 'no parameter was free: a policy was learned for the reward that was given';
  if (stop === 'matched-within-error')
    return `every feature's gap is within its error: ${all.map(told).join(', ')} per step`;
  const after = `after ${rounds} ${rounds === 1 ? 'round' : 'rounds'}`;
  if (stop === 'not-finite' || stop === 'unbounded') {
    const size = (i: number): number => Math.abs(theta[free[i]] * spread[i]);
    const largest = all.reduce((most, i) => (size(i) > size(most) ? i : most), 0);
    return `the reward ran away along ${of(largest)} ${after}, where values were beyond what can be learned; the last reward that could be planned for is kept. Smaller steps (gain), a penalty (l2) or a bound give a finite answer`;
  }
  const open = all.filter(
    (i) => !gap.isHeld[i] && Math.abs(gap.value[i]) > gap.within * gap.error[i],
  );
  if (open.length > 0)
    return `not matched ${after}: what is expected of ${open.map(told).join(', ')} per step differs from what was demonstrated; more rounds bring it closer, if any reward of these features does`;
  const vague = all.filter((i) => !gap.isHeld[i] && gap.error[i] > gap.wanted[i]);
  return `the gap of ${vague.map(told).join(', ')} per step is within its error, but that is too large to say much; more episodes at the end (compared) sharpen it`;
}
