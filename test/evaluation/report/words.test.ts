import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { oddsWords, zeroWords } from '../../../src/evaluation/report/estimateWords.ts';
import {
  chance,
  fixed,
  listed,
  percent,
  shortened,
  signed,
  significant,
  tidy,
} from '../../../src/evaluation/report/words.ts';

/** A number back from its words. */
function read(text: string): number {
  const digits = '⁰¹²³⁴⁵⁶⁷⁸⁹';
  const [, mantissa, exponent] = /^(.*?)(?: × 10(.*))?$/.exec(text) ?? [];
  const power = [...(exponent ?? '')].map((c) => (c === '⁻' ? '-' : digits.indexOf(c))).join('');
  return Number(mantissa.replaceAll(',', '').replace('−', '-')) * 10 ** Number(power || 0);
}

describe('words', () => {
  test('significant is within half a digit of the number, whatever its size', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e12, max: 1e12, noNaN: true }), (x) => {
        fc.pre(Math.abs(x) > 1e-300);
        expect(Math.abs(read(significant(x, 4)) / x - 1)).toBeLessThan(5.1e-3);
        expect(Math.abs(read(tidy(x)) / x - 1)).toBeLessThan(5.1e-3);
      }),
    );
    expect(significant(0)).toBe('0');
    expect(significant(-1234.5678, 6)).toBe('−1,234.57');
    expect(significant(3.2e-5, 2)).toBe('3.2 × 10⁻⁵');
    expect(tidy(41)).toBe('41');
  });

  test('signs are true minus signs, and nothing is minus zero', () => {
    expect(fixed(-0.001, 2)).toBe('0.00');
    expect(signed(0.25, 2)).toBe('+0.25');
    expect(signed(0.001, 2)).toBe('0.00');
    expect(signed(-1.5, 1)).toBe('−1.5');
    expect(percent(0.5)).toBe('50.0 %');
    expect([percent(0), percent(1e-6), percent(1e-6, 2), percent(0.0005)]).toEqual([
      '0.0 %',
      '< 0.1 %',
      '< 0.01 %',
      '0.1 %',
    ]);
    expect(chance(1e-9)).toBe('< 0.0001');
  });

  test('lists and long names read as prose', () => {
    expect(listed(['a'])).toBe('a');
    expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
    expect(shortened('abcdef', 4)).toBe('abc…');
    expect([...shortened('👍👍👍👍', 3)].length).toBe(3);
  });
});

describe('estimateWords', () => {
  test('oddsWords names the factor exp(θ / τ), or what it takes to double the odds', () => {
    expect(oddsWords(Math.log(2), 1)).toBe(
      'a unit more of it multiplies the odds of a choice by 2.00',
    );
    expect(oddsWords(-2 * Math.log(2), 2)).toBe(
      'a unit more of it divides the odds of a choice by 2.00',
    );
    expect(oddsWords(10 * Math.log(2), 1)).toBe(
      'every 0.10 more of it doubles the odds of a choice',
    );
    expect(oddsWords(-0.01 * Math.log(2), 1)).toBe(
      'every 100 more of it halves the odds of a choice',
    );
    expect(oddsWords(0, 1)).toBe('it makes no difference to a choice');
  });

  test('zeroWords doubts what is within the 95 % interval around zero', () => {
    expect(zeroWords(1.95)).toMatch(/^only 1\.95 standard errors from zero: /);
    expect(zeroWords(-1.97)).toBe('1.97 standard errors from zero');
  });
});
