/** Flags from schemas: what a text is read as, and which defaults help names. */

import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readFlags, readText, schemaFlags } from '../../src/cli/schemaFlags.ts';
import { Schedule } from '../../src/learning/schedule.ts';

const wide = {
  name: 'wide',
  options: z.strictObject({
    hidden: z.array(z.int().positive()).default([64, 64]).describe('Widths'),
    rate: Schedule.default(1e-3).describe('Rate'),
    dry: z.boolean().default(false).describe('Dry'),
    double: z.boolean().default(true).describe('Double'),
    seed: z.int().default(0),
  }),
  defaults: { rate: { kind: 'linear', from: 1, to: 0.5, over: 10 } },
};
const narrow = {
  name: 'narrow',
  options: z.strictObject({
    hidden: z.array(z.int().positive()).default([8]).describe('Widths'),
    loss: z.enum(['huber', 'squared']).default('huber').describe('Loss'),
  }),
  defaults: {},
};

describe('readText', () => {
  test.each([
    ['7', z.number(), 7],
    ['1e-3', Schedule, 1e-3],
    ['64,32', z.array(z.int()), [64, 32]],
    ['64', z.array(z.int()), [64]],
    ['true', z.boolean(), true],
    ['false', z.boolean(), false],
    ['tuned', z.union([z.number(), z.literal('tuned')]), 'tuned'],
    ['0.2', z.union([z.number(), z.literal('tuned')]), 0.2],
    ['huber', z.enum(['huber', 'squared']), 'huber'],
    ['linear:1:0.05:10000', Schedule, { kind: 'linear', from: 1, to: 0.05, over: 10_000 }],
    ['exponential:1:.1:5', Schedule, { kind: 'exponential', from: 1, to: 0.1, over: 5 }],
    ['harmonic:2:500', Schedule, { kind: 'harmonic', from: 2, halfLife: 500 }],
  ])('%s', (text, schema, value) => {
    expect(readText('--x', text, schema as z.ZodType)).toEqual(value);
  });

  test('what cannot be read is told with what was wanted', () => {
    const error = (text: string, schema: z.ZodType) => () => readText('--x', text, schema);
    expect(error('0', z.number().positive())).toThrow('--x: must be above 0, got "0"');
    expect(error('2', z.number().max(1))).toThrow('--x: must be at most 1, got "2"');
    expect(error('big', z.enum(['huber', 'squared']))).toThrow(
      '--x: wanted huber or squared, got "big"',
    );
    expect(error('a', z.number().describe('How much'))).toThrow('--x (How much): cannot read "a"');
    expect(error('1.5', z.int())).toThrow('--x');
  });
});

describe('schemaFlags', () => {
  const flags = schemaFlags([wide, narrow], ['seed']);

  test('each option is one flag, with the defaults of each case', () => {
    expect(Object.keys(flags)).toEqual(['hidden', 'rate', 'dry', 'double', 'loss']);
    expect(flags.hidden.description).toBe('Widths (64,64: wide; 8: narrow)');
    expect(flags.rate.description).toBe('Rate (linear:1:0.5:10: wide)');
  });

  test('what is off by default is a switch; the rest takes a value', () => {
    expect(flags.dry.safeParse(true).success).toBe(true);
    expect(flags.dry.safeParse('true').success).toBe(false);
    expect(flags.double.safeParse('false').success).toBe(true);
  });

  test('values are read by the case that counts, over its defaults', () => {
    expect(readFlags(wide, { hidden: '5', dry: true, double: undefined })).toEqual({
      rate: { kind: 'linear', from: 1, to: 0.5, over: 10 },
      hidden: [5],
      dry: true,
    });
    expect(() => readFlags(narrow, { rate: '1' })).toThrow(
      '--rate is no option of narrow; it has --hidden, --loss',
    );
    expect(() => readFlags(narrow, { los: 'huber' })).toThrow(
      '--los is no option of narrow (did you mean "loss"?); it has --hidden, --loss',
    );
  });
});
