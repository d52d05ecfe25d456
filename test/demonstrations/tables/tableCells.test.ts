import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDecimal } from '../../../src/demonstrations/tables/tableCells.ts';

test('parseDecimal gives back every finite number that is written out', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(parseDecimal(String(value))).toBe(Object.is(value, -0) ? 0 : value);
    }),
    { seed: 1 },
  );
});

test.each(['1', '+1', '1.', '01', '.1e1', '10E-1'])('parseDecimal reads %j as 1', (text) => {
  expect(parseDecimal(text)).toBe(1);
});

test.each([
  '',
  ' 1',
  '1 ',
  '1e',
  'e1',
  '.',
  '1,5',
  '0x1',
  '0b1',
  '1_000',
  'NaN',
  'Infinity',
  '1e999',
  '--1',
])('parseDecimal refuses %j', (text) => {
  expect(parseDecimal(text)).toBeNaN();
});
