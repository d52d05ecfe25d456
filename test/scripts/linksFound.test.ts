import { expect, test } from 'vitest';
import { linksFound } from '../../scripts/mapMatching/linksFound.ts';

test('linksFound counts links found in order, and those that are too many', () => {
  expect(linksFound([1, 2, 3, 4], [1, 2, 3, 4])).toEqual({ driven: 4, found: 4, wrong: 0 });
  expect(linksFound([1, 2, 3, 4], [1, 9, 3])).toEqual({ driven: 4, found: 2, wrong: 1 });
  expect(linksFound([1, 2, 3], [3, 2, 1])).toEqual({ driven: 3, found: 1, wrong: 2 });
  expect(linksFound([1, 2], [])).toEqual({ driven: 2, found: 0, wrong: 0 });
});
