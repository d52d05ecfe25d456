/** Reads stored reference numbers of test/references; what made them is written there. */

import { readFileSync } from 'node:fs';
import { expectClose } from './closeness.ts';

export function readReference<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../references/${name}.json`, import.meta.url), 'utf8'));
}

/** Numbers nested in arrays to any depth. */
export type Nested = number | readonly Nested[];

/** Returns the numbers in reading order. */
export function flatten(nested: Nested): number[] {
  return typeof nested === 'number' ? [nested] : nested.flatMap(flatten);
}

/** Expects the numbers of a reference, to what both sides' arithmetic allows. */
export function expectReference(
  actual: ArrayLike<number>,
  reference: Nested,
  tolerance = 1e-8,
): void {
  expectClose(actual, flatten(reference), tolerance);
}
