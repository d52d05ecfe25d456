import fc from 'fast-check';
import { expect, test } from 'vitest';
import { similarSets } from '../../../src/evaluation/profile/similarSets.ts';

test('similarSets finds the pairs that comparing each with each finds', () => {
  const sets = fc.array(fc.uniqueArray(fc.constantFrom(...'abcdefghijklmno'), { minLength: 1 }), {
    maxLength: 25,
  });
  fc.assert(
    fc.property(sets, fc.constantFrom(0.5, 0.6, 0.75, 0.8, 0.9, 1), (sets, threshold) => {
      const expected: string[] = [];
      for (let i = 0; i < sets.length; i++)
        for (let j = 0; j < i; j++) {
          const shared = sets[i].filter((element) => sets[j].includes(element)).length;
          const either = new Set([...sets[i], ...sets[j]]).size;
          if (shared >= threshold * either - 1e-9) expected.push(`${j} ${i}`);
        }
      const found = similarSets(sets, threshold) ?? [];
      expect(found.map((pair) => pair.sort((a, b) => a - b).join(' ')).sort()).toEqual(
        expected.sort(),
      );
    }),
  );
});
