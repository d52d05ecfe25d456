/**
 * How one acts while still learning.
 *
 *   ε-greedy      the best action by Q with 1 − ε, any with ε; equals share
 *   Boltzmann     π(a) ∝ exp(Q(a) / τ)
 *   count bonus   the best by Q(a) + b / √(n(s, a) + 1), equals sharing, where n counts the choices made.
 *                 The bonus b / √n is also paid on top of each reward, so that it is felt from afar
 *
 * References: Sutton & Barto (2018), §2.2 and 2.7; Strehl & Littman (2008), J. Computer and System
 * Sciences 74 (the bonus).
 */

import { z } from 'zod';
import { softmaxRow } from '../gradients/softmaxPolicy.ts';
import { Schedule, scheduled } from '../schedule.ts';

export const Exploration = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('epsilon-greedy'),
    epsilon: Schedule.default(0.1).describe('ε by episode'),
  }),
  z.strictObject({
    kind: z.literal('boltzmann'),
    temperature: Schedule.default(1).describe('τ by episode, in units of reward'),
  }),
  z.strictObject({
    kind: z.literal('count-bonus'),
    bonus: z.number().positive().default(1).describe('b, in units of reward'),
  }),
]);
export type Exploration = z.output<typeof Exploration>;

/**
 * Overwrites `out[first … end − 1]` with the probabilities of acting.
 *
 * @param q [pairs]
 * @param visits [pairs] n
 * @param episode from 0, for schedules
 * @param out [pairs]
 * @throws RangeError where a schedule leaves its range: ε above 1, a temperature of 0
 */
export function writeExploration(
  exploration: Exploration,
  q: Float64Array,
  visits: Float64Array,
  first: number,
  end: number,
  episode: number,
  out: Float64Array,
): void {
  switch (exploration.kind) {
    case 'epsilon-greedy': {
      const epsilon = scheduled(exploration.epsilon, episode);
      if (!(epsilon <= 1)) throw new RangeError(`Cannot explore: ε must be ≤ 1, got ${epsilon}`);
      for (let i = first; i < end; i++) out[i] = q[i];
      shareAmongBest(out, first, end);
      const each = epsilon / (end - first);
      for (let i = first; i < end; i++) out[i] = (1 - epsilon) * out[i] + each;
      return;
    }
    case 'boltzmann': {
      const temperature = scheduled(exploration.temperature, episode);
      if (!(temperature > 0))
        throw new RangeError(`Cannot explore: the temperature must be > 0, got ${temperature}`);
      softmaxRow(q, first, end, out, temperature);
      return;
    }
    case 'count-bonus':
      for (let i = first; i < end; i++)
        out[i] = q[i] + exploration.bonus / Math.sqrt(visits[i] + 1);
      shareAmongBest(out, first, end);
  }
}

/** What is paid for trying, on top of the reward of the choice that makes it `visits` ≥ 1. */
export function explorationBonus(exploration: Exploration, visits: number): number {
  return exploration.kind === 'count-bonus' ? exploration.bonus / Math.sqrt(visits) : 0;
}

/** Overwrites `x[first … end − 1]` with 1 / count for its largest entries and 0 for the rest. */
function shareAmongBest(x: Float64Array, first: number, end: number): void {
  let best = Number.NEGATIVE_INFINITY;
  let count = 0;
  for (let i = first; i < end; i++)
    if (x[i] > best) {
      best = x[i];
      count = 1;
    } else if (x[i] === best) count++;
  for (let i = first; i < end; i++) x[i] = x[i] === best ? 1 / count : 0;
}
