/** What every test brings: a statistic, its distribution under the hypothesis, and how far out it is. */

import { z } from 'zod';
import { chiSquareTail } from '../../numeric/chiSquare.ts';

export const testNames = [
  'wald',
  'score',
  'likelihood-ratio',
  'vuong',
  'information-matrix',
] as const;

export const TestOutcome = z.object({
  test: z.enum(testNames),
  by: z.string().optional().describe('The covariance, products or correction it is made with'),
  statistic: z.number().nullable(),
  distribution: z
    .enum(['chi-square', 'chi-square-sum', 'normal'])
    .describe('Of the statistic under the hypothesis'),
  degrees: z.int().optional().describe('Degrees of freedom, of a chi-square'),
  p: z.number().nullable().describe('Chance of a statistic so far out, were the hypothesis true'),
  notes: z.array(z.string()).optional().describe('What to know before this is believed'),
  reasons: z.record(z.string(), z.string()).optional(),
});
export type TestOutcome = z.infer<typeof TestOutcome>;

/** The distribution as it is printed. */
export function distributionName({ distribution, degrees }: TestOutcome): string {
  if (distribution === 'normal') return 'normal';
  return distribution === 'chi-square' ? `χ²(${degrees ?? '–'})` : 'weighted χ²';
}

type Told = Pick<TestOutcome, 'test' | 'by' | 'notes'>;

/** A statistic that is chi-square under the hypothesis. */
export function chiSquareOutcome(told: Told, statistic: number, degrees: number): TestOutcome {
  return {
    ...told,
    statistic,
    distribution: 'chi-square',
    degrees,
    p: chiSquareTail(statistic, degrees),
  };
}

/** A test that cannot be made, and why. */
export function noOutcome(
  told: Told,
  distribution: TestOutcome['distribution'],
  reason: string,
  degrees?: number,
): TestOutcome {
  return {
    ...told,
    statistic: null,
    distribution,
    ...(degrees === undefined ? {} : { degrees }),
    p: null,
    reasons: { statistic: reason, p: reason },
  };
}
