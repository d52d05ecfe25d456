import { expect, test } from 'vitest';
import { looksLikeColumn, nearestName } from '../../src/demonstrations/nearestName.ts';

test('nearestName forgives a third of the letters, and case', () => {
  const names = ['probability', 'state', 'next_state'];
  expect(nearestName('probabilty', names)).toBe('probability');
  expect(nearestName('tsate', names)).toBe('state');
  expect(nearestName('State', names)).toBe('state');
  expect(nearestName('next state', names)).toBe('next_state');
  expect(nearestName('action', names)).toBeNull();
  expect(nearestName('x', [])).toBeNull();
});

test('nearestName prefers the nearest of several', () => {
  expect(nearestName('left', ['lift', 'left2', 'LEFT'])).toBe('LEFT');
});

test.each([
  ['Goal', 'goal', true],
  ['next state', 'next_state', true],
  ['weights', 'weight', true],
  ['prob', 'probability', true],
  ['actoin', 'action', true],
  ['acton', 'action', true],
  ['height', 'weight', false],
  ['gold', 'goal', false],
  ['speed', 'step', false],
])('looksLikeColumn(%j, %j) is %j', (column, wanted, answer) => {
  expect(looksLikeColumn(column, wanted)).toBe(answer);
});
