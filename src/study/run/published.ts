/** Our numbers beside published ones. */

import type { ComparisonScores } from '../../evaluation/comparison/comparisonResult.ts';
import type { MethodResult, PublishedResult } from '../../evaluation/resultFile.ts';
import type { Published } from '../study.ts';

const METHOD = 'causal-entropy';

/** The published numbers of an experiment. */
export function besidePublished(
  published: readonly Published[],
  methods: Readonly<Record<string, MethodResult>>,
): PublishedResult[] {
  return published.map((entry) => {
    const { of } = entry;
    const method = methods[entry.method ?? METHOD];
    if (typeof of === 'string') return beside(entry, method?.[of]);
    if ('heldOut' in of) return beside(entry, null);
    const wanted = 'parameter' in of ? of.parameter : of.standardError;
    const parameter = method?.parameters.find(({ name }) => name === wanted);
    if ('parameter' in of) return beside(entry, parameter?.estimate);
    return beside(entry, parameter?.standardErrors?.[of.kind]);
  });
}

/** The published means over folds; numbers of fits to all recordings are not a comparison's. */
export function besideComparison(
  published: readonly Published[],
  { methods }: ComparisonScores,
): PublishedResult[] {
  return published.flatMap((entry) => {
    const { of } = entry;
    if (typeof of === 'string' || !('heldOut' in of)) return [];
    return [beside(entry, methods[entry.method ?? METHOD]?.foldMean?.[of.heldOut])];
  });
}

/** @param missing what to say where there is no number of ours */
export function beside(
  entry: Omit<Published, 'of'>,
  ours: number | null | undefined,
  missing = `the method "${entry.method ?? METHOD}" brought no such number`,
): PublishedResult {
  const { quantity, published, source, tolerance } = entry;
  if (ours === null || ours === undefined)
    return {
      quantity,
      published,
      ours: null,
      difference: null,
      source,
      reasons: { ours: missing },
    };
  const difference = ours - published;
  const limit =
    tolerance === undefined
      ? undefined
      : 'absolute' in tolerance
        ? tolerance.absolute
        : tolerance.relative * Math.abs(published);
  return {
    quantity,
    published,
    ours,
    difference,
    source,
    ...(limit === undefined ? {} : { passed: Math.abs(difference) <= limit }),
  };
}
