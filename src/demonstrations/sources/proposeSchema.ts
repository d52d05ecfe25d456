/**
 * A schema proposed from the first records of a source, with what was seen and what is doubtful: to
 * be read, edited and given back, never used unseen.
 */

import { quoted } from '../tables/tableError.ts';
import { fieldParser } from './parseField.ts';
import { FieldSchema, type RecordSchema } from './recordSchema.ts';
import { type FieldValue, isMalformed, type Source } from './source.ts';

export interface ProposedField {
  readonly name: string;
  readonly kind: FieldSchema['kind'];
  /** Records that have the field. */
  readonly seen: number;
  /** Of these, and of those without it, how many have no value. */
  readonly missing: number;
  /** What somebody should look at before using the schema. */
  readonly doubts: readonly string[];
}

export interface Proposal {
  readonly schema: RecordSchema;
  /** Records that were looked at. */
  readonly records: number;
  /** Whether the source has more. */
  readonly more: boolean;
  /** Among those, how many could not be read as records. */
  readonly malformed: number;
  readonly fields: readonly ProposedField[];
}

/** What was seen of a field. */
interface Seen {
  count: number;
  readonly values: Map<string, { count: number; place: number; value: FieldValue }>;
  /** Whether there were more different values than are kept. */
  full: boolean;
}

/** Texts that programs write where there is no value. */
const ABSENT = ['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', 'None', 'none', '-', '?'];
/** Numbers that programs write where there is no value. */
const SENTINELS = ['-1', '-99', '-999', '-9999', '999', '9999', '99999'];
const DISTINCT = 10_000;
const CATEGORIES = 20;

/** Kinds from the narrowest; the first that every value is, is proposed. */
const CANDIDATES: readonly (readonly [words: string, schema: Record<string, unknown>])[] = [
  ['true or false', { kind: 'boolean' }],
  ['whole numbers', { kind: 'integer' }],
  ['numbers', { kind: 'number' }],
  ['numbers with a decimal comma', { kind: 'number', decimal: ',' }],
  ['times with their zone', { kind: 'time', zone: 'written' }],
  ['times', { kind: 'time', zone: 'UTC' }],
];

/** Looks at the first `limit` records of a source and proposes what their fields are. */
export async function proposeSchema(source: Source, limit = 1_000_000): Promise<Proposal> {
  const seen = new Map<string, Seen>();
  let records = 0;
  let malformed = 0;
  let more = false;
  reading: for await (const batch of source.read())
    for (const item of batch) {
      if (records === limit) {
        more = true;
        break reading;
      }
      if (isMalformed(item)) {
        malformed++;
        continue;
      }
      records++;
      for (const [name, value] of Object.entries(item.fields)) note(seen, name, value, item.place);
    }
  const fields = [...seen].map(([name, each]) => ({
    ...proposeField(each, records, more, source.unit),
    name,
  }));
  return {
    schema: {
      others: 'refuse',
      fields: Object.fromEntries(fields.map(({ name, schema }) => [name, schema])),
    },
    records,
    more,
    malformed,
    fields: fields.map(({ schema, name, ...rest }) => ({ name, kind: schema.kind, ...rest })),
  };
}

function note(seen: Map<string, Seen>, name: string, value: FieldValue, place: number): void {
  let field = seen.get(name);
  if (field === undefined) {
    field = { count: 0, values: new Map(), full: false };
    seen.set(name, field);
  }
  field.count++;
  const key = `${typeof value} ${String(value)}`;
  const known = field.values.get(key);
  if (known !== undefined) known.count++;
  else if (field.values.size < DISTINCT) field.values.set(key, { count: 1, place, value });
  else field.full = true;
}

function proposeField(
  { count, values, full }: Seen,
  records: number,
  more: boolean,
  unit: string,
): Omit<ProposedField, 'name' | 'kind'> & { schema: RecordSchema['fields'][string] } {
  const all = [...values.values()];
  const isAbsent = (value: FieldValue) => value === null || ABSENT.includes(value as string);
  const absent = all.filter(({ value }) => isAbsent(value));
  const present = all.filter(({ value }) => !isAbsent(value));
  const total = present.reduce((sum, each) => sum + each.count, 0);
  const missing = records - total;
  const texts = absent.flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
  const withMissing = missing > 0 ? { missing: texts } : {};
  const doubts: string[] = [];
  if (full)
    doubts.push(`has more than ${DISTINCT} different values; only the first were looked at`);
  const done = (schema: RecordSchema['fields'][string]) => ({
    schema: { ...schema, ...withMissing },
    seen: count,
    missing,
    doubts,
  });
  if (total === 0) {
    doubts.push('never has a value');
    return done({ kind: 'text' });
  }
  if (present.every(({ value }) => value instanceof Float64Array)) {
    const lengths = new Set(present.map(({ value }) => (value as Float64Array).length));
    const [length] = lengths;
    if (lengths.size > 1) doubts.push(`has lists of ${lengths.size} different lengths`);
    return done({ kind: 'list', length: Math.max(1, length) });
  }
  const padded = present.find(({ value }) => typeof value === 'string' && /^0\d/.test(value));
  const candidates = CANDIDATES.filter(
    ([, { kind }]) => padded === undefined || (kind !== 'integer' && kind !== 'number'),
  );
  if (padded !== undefined && present.every(({ value }) => /^\d+$/.test(String(value))))
    doubts.push(
      `looks like numbers, but some have leading zeros (${unit} ${padded.place}: ${quoted(String(padded.value))}); kept as text`,
    );
  for (const [words, candidate] of candidates) {
    const parse = fieldParser(FieldSchema.parse(candidate));
    const failing = present.filter(({ value }) => 'problem' in parse(value));
    const failures = failing.reduce((sum, each) => sum + each.count, 0);
    if (failures === 0) return done(accepted(candidate, present, texts, doubts));
    if (failures * 20 <= total)
      doubts.push(
        `${failures} of ${total} values are no ${words} (${unit} ${failing[0].place}: ${quoted(String(failing[0].value))}); stated as such, those records are rejected`,
      );
  }
  if (!full && present.length <= CATEGORIES && total >= 5 * present.length) {
    if (more) doubts.push('may have other values further on, which would be rejected');
    return done({ kind: 'category', values: present.map(({ value }) => String(value)).sort() });
  }
  if (present.every(({ value }) => /^\d{1,2}[./-]\d{1,2}[./-]\d{4}/.test(String(value))))
    doubts.push('looks like dates; state kind "time" with a format such as dd/MM/yyyy HH:mm:ss');
  return done({ kind: 'text' });
}

/** Returns the field as proposed, noting what its values leave open. */
function accepted(
  candidate: Record<string, unknown>,
  present: readonly { readonly value: FieldValue }[],
  absent: readonly string[],
  doubts: string[],
): RecordSchema['fields'][string] {
  const texts = new Set(present.map(({ value }) => String(value)));
  if (candidate.kind === 'integer' || candidate.kind === 'number') {
    const sentinels = SENTINELS.filter((each) => texts.has(each));
    if (sentinels.length > 0)
      doubts.push(
        `has ${sentinels.map(quoted).join(', ')}: if that stands for no value, add it to "missing"`,
      );
    if (
      candidate.kind === 'integer' &&
      [...texts].every((text) => /^1\d{9}(\d{3}|\d{6})?$/.test(text))
    )
      doubts.push(
        'looks like times since 1970; state kind "time" with a format such as unix-seconds',
      );
    if (candidate.decimal === ',' || [...texts].every((text) => /^\d{1,3}[.,]\d{3}$/.test(text)))
      doubts.push('state whether comma and point are decimal marks or stand between thousands');
  }
  if (candidate.kind === 'time' && candidate.zone === 'UTC') {
    doubts.push('does not say in which zone its times are; state it in place of "?"');
    return { kind: 'time', zone: '?' };
  }
  if (absent.some((text) => text !== ''))
    doubts.push(
      `takes ${absent
        .filter((text) => text !== '')
        .map(quoted)
        .join(', ')} for no value`,
    );
  return candidate as RecordSchema['fields'][string];
}
