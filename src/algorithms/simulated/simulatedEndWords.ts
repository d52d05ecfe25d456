/** Why a fit in a simulator stopped, in words. */

import type { Gap } from '../sampled/sampledGap.ts';
import type { SampledLoopEnd } from '../sampled/sampledLoop.ts';

interface NamedGap {
  readonly name: string;
  /** Per step, in units of the feature. */
  readonly gap: number;
  readonly error: number;
  readonly isWithin: boolean;
}

/**
 * @param gaps of the features
 * @param gap the same as the loop sees it
 * @param where along or of what a reward that ran away did so
 */
export function simulatedEndWords(
  { stop, rounds }: Pick<SampledLoopEnd, 'stop' | 'rounds'>,
  gaps: readonly NamedGap[],
  { isHeld, error, wanted }: Gap,
  where: string,
): string {
  const told = (some: readonly NamedGap[]): string =>
    some.map((one) => `"${one.name}" (${short(one.gap, 2)} ± ${short(one.error, 1)})`).join(', ');
  if (gaps.length === 0)
    return 'no parameter was free: a policy was learned for the reward that was given';
  if (stop === 'matched-within-error')
    return `every feature's gap is within its error: ${told(gaps)} per step`;
  const after = `after ${rounds} ${rounds === 1 ? 'round' : 'rounds'}`;
  if (stop === 'not-finite' || stop === 'unbounded')
    return `the reward ${where} ran away ${after}: values were beyond what can be learned. The last reward that could be planned for is kept. Smaller steps (gain), a penalty (l2) or a bound give a finite answer`;
  const open = gaps.filter(({ isWithin }) => !isWithin);
  if (open.length > 0)
    return `not matched ${after}: what is expected of ${told(open)} per step differs from what was demonstrated; more rounds bring it closer, if any such reward does`;
  const vague = gaps.filter((_, i) => !isHeld[i] && error[i] > wanted[i]);
  return `the gap of ${told(vague)} per step is within its error, but that is too large to say much; more episodes at the end (compared) sharpen it`;
}

function short(x: number, digits: number): string {
  return String(Number(x.toPrecision(digits)));
}
