import { expect, test } from 'vitest';
import { ownedBy, partOf } from '../../src/networks/checkpointParts.ts';

test('what owners write together each of them reads alone', () => {
  const one = { first: Float32Array.of(1), 'second part': Float32Array.of(2) };
  const other = { first: Float32Array.of(3) };
  const arrays = { ...ownedBy('one', one), ...ownedBy('other', other) };
  const whole = { kind: 'both', state: { round: 1 }, arrays };
  expect(partOf('other', whole).arrays).toEqual(other);
  expect(partOf('one', whole).arrays).toEqual(one);
  expect(partOf('none', whole).arrays).toEqual({});
});
