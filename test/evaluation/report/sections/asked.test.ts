/** What is said of a model. */

import { expect, test } from 'vitest';
import { asked } from '../../../../src/evaluation/report/sections/asked.ts';
import { resultOf, written } from '../madeUp.ts';

test('asked says which method sees fewer features than there are', () => {
  const result = resultOf(null);
  if (!('methods' in result)) throw new Error('wanted a single fit');
  const { a } = result.methods;
  expect(written(asked, result)?.text).toContain('linear in 2 features: x, y');
  const methods = { all: { ...a, features: ['y', 'x'] }, few: { ...a, features: ['y'] } };
  const text = written(asked, { ...result, methods })?.text;
  expect(text).toContain('linear in at most 2 features: x, y; few sees 1 of them: y');
  expect(text).not.toContain('all sees');
});
