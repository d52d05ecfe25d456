import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvSource } from '../../../src/demonstrations/sources/csvSource.ts';
import { fieldParser } from '../../../src/demonstrations/sources/parseField.ts';
import { proposeSchema } from '../../../src/demonstrations/sources/proposeSchema.ts';
import { FieldSchema, RecordSchema } from '../../../src/demonstrations/sources/recordSchema.ts';
import { recordsSource } from '../../../src/demonstrations/sources/recordsSource.ts';
import type { FieldValue } from '../../../src/demonstrations/sources/source.ts';
import { typedSource } from '../../../src/demonstrations/sources/typedSource.ts';
import { failure, lines, tableFile } from '../tables/tableFiles.ts';
import { readSource } from './readSource.ts';

/** Parses one value by a field, or says what is wrong. */
function parsed(field: object, value: FieldValue | undefined): FieldValue {
  const result = fieldParser(FieldSchema.parse(field))(value);
  return 'value' in result ? result.value : result.problem;
}

describe('each kind takes what it says and refuses the rest', () => {
  const comma = { kind: 'number', decimal: ',', thousands: '.' };
  test.each([
    [{ kind: 'integer' }, '-12', -12],
    [{ kind: 'integer' }, 12n, 12],
    [{ kind: 'integer' }, '1.0', 'must be a whole number within ±2⁵³'],
    [{ kind: 'integer' }, '9007199254740993', 'must be a whole number within ±2⁵³'],
    [{ kind: 'number' }, ' 1e-3 ', 0.001],
    [{ kind: 'number' }, '1,5', 'must be a finite number'],
    [{ kind: 'number' }, 'NaN', 'must be a finite number'],
    [{ kind: 'number' }, Number.NaN, 'must be a finite number'],
    [
      { kind: 'number' },
      2n ** 53n + 1n,
      'is a whole number beyond ±2⁵³ that no double equals; state it as text',
    ],
    [comma, '1.234,5', 1234.5],
    [comma, '1234,5', 1234.5],
    [comma, '12.34,5', 'must be a finite number with a decimal comma'],
    [comma, '1.5', 'must be a finite number with a decimal comma'],
    [{ kind: 'number', thousands: ',' }, '1,234,567.5', 1234567.5],
    [{ kind: 'number', unit: 'km/h', in: 'm/s' }, '36', 10],
    [{ kind: 'number', unit: 'ft', in: 'm' }, '10', 3.048],
    [{ kind: 'boolean', true: ['ja'], false: ['nein'] }, 'nein', false],
    [{ kind: 'boolean' }, 'True', 'must be one of "true", "false"'],
    [{ kind: 'category', values: ['left', 'right'] }, 'right', 'right'],
    [
      { kind: 'category', values: ['left', 'right'] },
      'rigth',
      'must be one of "left", "right"; did you mean "right"?',
    ],
    [{ kind: 'list', length: 2 }, Float64Array.of(1), 'must be a list of 2 numbers'],
    [{ kind: 'text' }, '', ''],
    [{ kind: 'text' }, null, 'is missing'],
    [{ kind: 'text' }, undefined, 'is missing'],
    [{ kind: 'number', missing: ['NA'] }, 'NA', null],
    [{ kind: 'number', missing: ['NA'] }, '', 'must be a finite number'],
    [{ kind: 'number', missing: [] }, null, null],
  ])('%o of %o', (field, value, wanted) => {
    expect(parsed(field, value)).toEqual(wanted);
  });
});

describe('times', () => {
  const utc = { kind: 'time', zone: 'UTC' };
  const sweden = { kind: 'time', zone: 'Europe/Stockholm' };
  const at = (text: string) => Date.parse(text) / 1000;
  test.each([
    [utc, '2024-05-01T12:00:00.25Z', at('2024-05-01T12:00:00.250Z')],
    [utc, '2024-05-01 12:00', at('2024-05-01T12:00:00Z')],
    [utc, '2024-05-01', at('2024-05-01T00:00:00Z')],
    [utc, '2024-05-01T12:00:00+02:00', at('2024-05-01T10:00:00Z')],
    [utc, '2024-05-01T12:00:00-0330', at('2024-05-01T15:30:00Z')],
    [utc, '2024-05-01T12:00:00+99:00', 'must be a time such as 2024-05-01T12:00:00Z'],
    [utc, '2024-04-31', 'must be a day and time that exist'],
    [utc, '2023-02-29', 'must be a day and time that exist'],
    [utc, '2024-02-29T24:00:00', 'must be a day and time that exist'],
    [utc, '01/05/2024', 'must be a time such as 2024-05-01T12:00:00Z'],
    [
      { kind: 'time', zone: 'written' },
      '2024-05-01T12:00:00',
      'must say its zone, as in 2024-05-01T12:00:00+02:00',
    ],
    [sweden, '2024-07-01 12:00:00', at('2024-07-01T10:00:00Z')],
    [sweden, '2024-01-01 12:00:00', at('2024-01-01T11:00:00Z')],
    [sweden, '2024-03-31 02:30:00', 'must be a time that the clocks of Europe/Stockholm show'],
    [
      sweden,
      '2024-10-27 02:30:00',
      'is shown twice by the clocks of Europe/Stockholm; say which is meant by "repeated"',
    ],
    [{ ...sweden, repeated: 'earlier' }, '2024-10-27 02:30:00', at('2024-10-27T00:30:00Z')],
    [{ ...sweden, repeated: 'later' }, '2024-10-27 02:30:00', at('2024-10-27T01:30:00Z')],
    [{ ...utc, format: 'dd/MM/yyyy HH:mm' }, '31/12/2023 23:59', at('2023-12-31T23:59:00Z')],
    [{ ...utc, format: 'M/d/yyyy h:mm a' }, '1/9/2024 12:05 AM', at('2024-01-09T00:05:00Z')],
    [{ ...utc, format: 'yyyyMMdd HHmmss.SSS' }, '20240109 010203.5', at('2024-01-09T01:02:03.5Z')],
    [{ ...utc, format: 'dd.MM.yyyy' }, '1.2.2024', 'must be a time written as dd.MM.yyyy'],
    [{ ...utc, format: 'unix-milliseconds' }, '1500', 1.5],
    [{ ...utc, format: 'unix-seconds' }, 1500, 1500],
    [{ ...utc, format: 'unix-seconds' }, 'noon', 'must be a number of seconds since 1970'],
  ])('%j of %j', (field, value, wanted) => {
    expect(parsed(field, value)).toEqual(wanted);
  });

  test('local times come back from every instant, summer and winter', () => {
    for (const zone of ['Europe/Stockholm', 'America/New_York', 'Australia/Lord_Howe']) {
      const clock = new Intl.DateTimeFormat('sv-SE', {
        timeZone: zone,
        dateStyle: 'short',
        timeStyle: 'medium',
      });
      const parsers = (['earlier', 'later'] as const).map((repeated) =>
        fieldParser(FieldSchema.parse({ kind: 'time', zone, repeated })),
      );
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 2_000_000_000 }), (seconds) => {
          const shown = clock.format(seconds * 1000);
          expect(parsers.map((parse) => parse(shown))).toContainEqual({ value: seconds });
        }),
        { numRuns: 300 },
      );
    }
  });
});

describe('a schema that cannot be meant is refused', () => {
  test.each([
    [{ kind: 'time', zone: '?' }, 'is not known from the text; state it'],
    [{ kind: 'time' }, 'zone'],
    [{ kind: 'time', zone: 'Sweden/Nowhere' }, 'or a name such as'],
    [{ kind: 'time', zone: 'UTC', format: 'HH:mm' }, 'wanted the year once'],
    [{ kind: 'number', unit: 'km', in: 's' }, 'has units that cannot be converted'],
    [{ kind: 'number', decimal: ',', thousands: ',' }, 'has the same mark'],
    [{ kind: 'float' }, 'kind'],
    [{ kind: 'text', colour: 'red' }, 'colour'],
  ])('%j', (field, message) => {
    const result = RecordSchema.safeParse({ fields: { x: field } });
    expect(result.success).toBe(false);
    expect(JSON.stringify(result.error?.issues)).toContain(message);
  });
});

test('typedSource names, types and converts fields, and says what does not fit and where', async () => {
  const path = tableFile('a.csv', lines('ID;v;note', 'x;3,6;', 'y;fast;', 'z;"7,2";late', 'w'));
  const source = typedSource(csvSource(path, { delimiter: ';' }), {
    others: 'drop',
    fields: {
      person: { kind: 'text', from: 'ID' },
      speed: { kind: 'number', from: 'v', decimal: ',', unit: 'km/h', in: 'm/s' },
    },
  });
  expect(await readSource(source)).toEqual({
    records: [
      { place: 2, fields: { person: 'x', speed: 1 } },
      { place: 4, fields: { person: 'z', speed: 2 } },
    ],
    malformed: [
      {
        place: 3,
        problem: '"v" must be a finite number with a decimal comma, got "fast"',
        text: '{"ID":"y","v":"fast","note":""}',
      },
      { place: 5, problem: 'has 1 field, but there are 3 columns', text: 'w' },
    ],
  });
});

test('typedSource drops no field in silence', async () => {
  const source = typedSource(recordsSource([{ a: 1, b: 2 }]), {
    fields: { a: { kind: 'integer' } },
  });
  expect(await failure(readSource(source))).toBe(
    'TableError: records:1: has fields that the schema does not name: "b"; name them, or set "others" to "drop"',
  );
});

describe('proposeSchema', () => {
  test('proposes the narrowest kind that every value is, and says what is doubtful', async () => {
    const rows = Array.from({ length: 100 }, (_, i) =>
      [
        `t${i % 3}`,
        i,
        i === 50 ? 'NA' : i / 8,
        `${i},5`,
        `0${i}`,
        `2024-01-01 00:00:${String(i % 60).padStart(2, '0')}`,
        `2024-01-01T00:00:00Z`,
        i === 7 ? 'seven' : i,
        i % 2 ? 'true' : 'false',
        `31/12/20${10 + (i % 90)}`,
        i === 3 ? -999 : i,
      ].join(';'),
    );
    const header = 'who;step;x;y;code;at;zoned;mixed;ok;day;depth';
    const source = csvSource(tableFile('a.csv', lines(header, ...rows)), { delimiter: ';' });
    const { schema, fields, records, more, malformed } = await proposeSchema(source);
    expect({ records, more, malformed }).toEqual({ records: 100, more: false, malformed: 0 });
    expect(schema).toEqual({
      others: 'refuse',
      fields: {
        who: { kind: 'category', values: ['t0', 't1', 't2'] },
        step: { kind: 'integer' },
        x: { kind: 'number', missing: ['NA'] },
        y: { kind: 'number', decimal: ',' },
        code: { kind: 'text' },
        at: { kind: 'time', zone: '?' },
        zoned: { kind: 'time', zone: 'written' },
        mixed: { kind: 'text' },
        ok: { kind: 'boolean' },
        day: { kind: 'text' },
        depth: { kind: 'integer' },
      },
    });
    const doubts = Object.fromEntries(fields.map((field) => [field.name, field.doubts.join('; ')]));
    expect(doubts.x).toBe('takes "NA" for no value');
    expect(doubts.y).toContain('state whether comma and point');
    expect(doubts.code).toContain('some have leading zeros (line 2: "00")');
    expect(doubts.at).toContain('does not say in which zone');
    expect(doubts.mixed).toContain('1 of 100 values are no whole numbers (line 9: "seven")');
    expect(doubts.day).toContain('looks like dates');
    expect(doubts.depth).toContain('has "-999": if that stands for no value');
    expect(doubts.step).toBe('');
  });

  test('what it proposes from the whole of a source rejects nothing of it', async () => {
    const value = fc.oneof(
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.constantFrom('', 'NA', '1,5', '2024-01-01', '007', 'x', null),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ a: value, b: value }, { requiredKeys: ['a'] }), { minLength: 1 }),
        async (records) => {
          const { schema } = await proposeSchema(recordsSource(records));
          // The zone of a time is for a person to state.
          const stated = JSON.parse(JSON.stringify(schema).replaceAll('"?"', '"UTC"'));
          const { malformed } = await readSource(typedSource(recordsSource(records), stated));
          expect(malformed).toEqual([]);
        },
      ),
    );
  });

  test('says that there is more where it saw a part', async () => {
    const source = recordsSource(
      Array.from({ length: 100 }, (_, i) => ({ a: i < 50 ? 'x' : 'y' })),
    );
    const { more, fields } = await proposeSchema(source, 20);
    expect(more).toBe(true);
    expect(fields[0].doubts).toEqual(['may have other values further on, which would be rejected']);
  });
});
