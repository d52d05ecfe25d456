/**
 * Numbers that change as learning goes on: step sizes, temperatures, shares of chance.
 *
 *   a number       x(n) = x
 *   linear         from `from` to `to` in `over` counts, then `to`
 *   exponential    x(n) = from (to / from)^(n / over), then `to`
 *   harmonic       x(n) = from / (1 + n / halfLife): Robbins and Monro's Σ x = ∞, Σ x² < ∞
 *
 * Reference: Robbins & Monro (1951), Annals of Mathematical Statistics 22.
 */

import { z } from 'zod';

const ends = { from: z.number().min(0), to: z.number().min(0), over: z.number().positive() };

export const Schedule = z.union([
  z.number().min(0),
  z.strictObject({ kind: z.literal('linear'), ...ends }),
  z.strictObject({
    kind: z.literal('exponential'),
    ...ends,
    from: z.number().positive(),
    to: z.number().positive(),
  }),
  z.strictObject({
    kind: z.literal('harmonic'),
    from: z.number().positive(),
    halfLife: z.number().positive(),
  }),
]);
export type Schedule = z.output<typeof Schedule>;

/** @param n how often it was asked before: 0 at first */
export function scheduled(schedule: Schedule, n: number): number {
  if (typeof schedule === 'number') return schedule;
  if (schedule.kind === 'harmonic') return schedule.from / (1 + n / schedule.halfLife);
  const { kind, from, to, over } = schedule;
  const share = Math.min(1, n / over);
  return kind === 'linear' ? from + (to - from) * share : from * (to / from) ** share;
}
