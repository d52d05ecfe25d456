/** The mean return of some episodes, with its interval where there is one. */

import { meanInterval } from '../inference/meanInterval.ts';
import type { MeanReturn } from './simulatedResult.ts';

/** @param returns at least one */
export function meanReturn(returns: Float64Array): MeanReturn {
  if (returns.length > 1) return { ...meanInterval(returns), episodes: returns.length };
  const reason = 'one episode has no spread';
  return {
    value: returns[0],
    low: null,
    high: null,
    episodes: 1,
    reasons: { low: reason, high: reason },
  };
}
