/**
 * Times as people write them into seconds since 1970-01-01T00:00:00 UTC. Local times need their zone;
 * those that a change of the clock skips or repeats are refused unless a rule says which is meant.
 */

import { z } from 'zod';

export const TimeFormat = z
  .string()
  .min(1)
  .describe(
    'iso; unix-seconds, unix-milliseconds, unix-microseconds; or a pattern of yyyy MM dd HH mm ss (M d H of one or two digits, hh a for am and pm, SSS for any fraction)',
  );

export const TimeZone = z
  .string()
  .refine(isZone, {
    error: ({ input }) =>
      input === '?'
        ? 'is not known from the text; state it: "UTC", a name such as "Europe/Stockholm", or "written" where each time has its own'
        : `must be "written", "UTC" or a name such as "Europe/Stockholm", got "${String(input)}"`,
  })
  .describe('Zone of times that do not say theirs; "written" where each must');

export const RepeatedTime = z
  .enum(['reject', 'earlier', 'later'])
  .describe('Which is meant of a local time that the clock shows twice');

export interface TimeRule {
  readonly format: string;
  readonly zone: string;
  readonly repeated: z.output<typeof RepeatedTime>;
}

/** Date and time of day as a clock shows them. */
interface Clock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Of a second. */
  readonly fraction: number;
}

const UNIX: Readonly<Record<string, number>> = {
  'unix-seconds': 1,
  'unix-milliseconds': 1e3,
  'unix-microseconds': 1e6,
};

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)? ?(Z|z|[+-]\d\d(?::?\d\d)?)?$/;

/** What each token of a pattern matches, and which part of the clock it is. */
const TOKENS: Readonly<Record<string, readonly [pattern: string, part: string]>> = {
  yyyy: ['(\\d{4})', 'year'],
  MM: ['(\\d{2})', 'month'],
  M: ['(\\d{1,2})', 'month'],
  dd: ['(\\d{2})', 'day'],
  d: ['(\\d{1,2})', 'day'],
  HH: ['(\\d{2})', 'hour'],
  H: ['(\\d{1,2})', 'hour'],
  hh: ['(\\d{2})', 'hour'],
  h: ['(\\d{1,2})', 'hour'],
  mm: ['(\\d{2})', 'minute'],
  ss: ['(\\d{2})', 'second'],
  SSS: ['(\\d{1,9})', 'fraction'],
  a: ['([AaPp][Mm])', 'half'],
};

/** Makes a parser of texts and numbers; it returns seconds, or what is wrong. */
export function timeParser(rule: TimeRule): (value: string | number) => number | string {
  const perSecond = UNIX[rule.format];
  if (perSecond !== undefined)
    return (value) => {
      const text = String(value).trim();
      return /^[+-]?\d+(\.\d+)?$/.test(text)
        ? Number(text) / perSecond
        : `must be a number of ${rule.format.slice('unix-'.length)} since 1970`;
    };
  const read = rule.format === 'iso' ? readIso : patternReader(rule.format);
  const toUtc = rule.zone === 'written' ? null : zoneReader(rule.zone, rule.repeated);
  return (value) => {
    const found = typeof value === 'string' ? read(value.trim()) : null;
    if (found === null)
      return `must be a time${rule.format === 'iso' ? ' such as 2024-05-01T12:00:00Z' : ` written as ${rule.format}`}`;
    const seconds = secondsOf(found.clock);
    if (seconds === null) return 'must be a day and time that exist';
    if (found.offset !== null) return seconds - found.offset + found.clock.fraction;
    if (toUtc === null) return 'must say its zone, as in 2024-05-01T12:00:00+02:00';
    const utc = toUtc(seconds);
    return typeof utc === 'string' ? utc : utc + found.clock.fraction;
  };
}

function readIso(text: string): { clock: Clock; offset: number | null } | null {
  const found = ISO.exec(text);
  if (found === null) return null;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = found;
  const clock = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    fraction: fraction === '' ? 0 : Number(`0.${fraction}`),
  };
  if (zone === undefined) return { clock, offset: null };
  const offset = offsetOf(zone);
  return offset === null ? null : { clock, offset };
}

/** Returns seconds east of UTC; null beyond the offsets that there are. */
function offsetOf(zone: string): number | null {
  if (zone === 'Z' || zone === 'z') return 0;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const [hours, minutes] = [Number(digits.slice(0, 2)), Number(digits.slice(2))];
  if (hours > 18 || minutes > 59) return null;
  const size = hours * 3600 + minutes * 60;
  return zone.startsWith('-') ? -size : size;
}

function patternReader(pattern: string): (text: string) => { clock: Clock; offset: null } | null {
  const parts: string[] = [];
  const source = pattern.replace(/yyyy|MM?|dd?|HH?|hh?|mm|ss|SSS|a|[\s\S]/g, (token) => {
    if (!Object.hasOwn(TOKENS, token)) return token.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
    parts.push(TOKENS[token][1]);
    return TOKENS[token][0];
  });
  for (const part of ['year', 'month', 'day'])
    if (parts.filter((each) => each === part).length !== 1)
      throw new RangeError(`Cannot read times as "${pattern}": wanted the ${part} once`);
  const shape = new RegExp(`^${source}$`);
  return (text) => {
    const found = shape.exec(text);
    if (found === null) return null;
    const part = (name: string): string | undefined => {
      const at = parts.indexOf(name);
      return at < 0 ? undefined : found[at + 1];
    };
    const half = part('half')?.toLowerCase();
    let hour = Number(part('hour') ?? 0);
    if (half !== undefined) {
      if (hour < 1 || hour > 12) return null;
      hour = (hour % 12) + (half === 'pm' ? 12 : 0);
    }
    const clock = {
      year: Number(part('year')),
      month: Number(part('month')),
      day: Number(part('day')),
      hour,
      minute: Number(part('minute') ?? 0),
      second: Number(part('second') ?? 0),
      fraction: Number(`0.${part('fraction') ?? 0}`),
    };
    return { clock, offset: null };
  };
}

/** Returns whole seconds as if the clock stood in UTC; null for the 31st of April. */
function secondsOf({ year, month, day, hour, minute, second }: Clock): number | null {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const exists =
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    hour < 24 &&
    minute < 60 &&
    second < 60;
  return exists ? date.getTime() / 1000 : null;
}

function isZone(zone: string): boolean {
  if (zone === 'written') return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** Zones change their offset at whole quarters of an hour. */
const QUARTER = 900;
const DAY = 86_400;

/** Returns what turns seconds on a local clock into UTC, or says why it cannot. */
function zoneReader(
  zone: string,
  repeated: TimeRule['repeated'],
): (local: number) => number | string {
  if (zone === 'UTC') return (local) => local;
  const offsetAt = zoneOffset(zone);
  return (local) => {
    const offsets = new Set([offsetAt(local - DAY), offsetAt(local + DAY)]);
    const possible = [...offsets]
      .map((offset) => local - offset)
      .filter((utc) => offsetAt(utc) === local - utc)
      .sort((a, b) => a - b);
    if (possible.length === 0) return `must be a time that the clocks of ${zone} show`;
    if (possible.length > 1 && repeated === 'reject')
      return `is shown twice by the clocks of ${zone}; say which is meant by "repeated"`;
    return repeated === 'later' ? possible[possible.length - 1] : possible[0];
  };
}

/** Returns the offset of a zone from UTC in seconds, at seconds of UTC; remembered by quarters. */
function zoneOffset(zone: string): (utc: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const known = new Map<number, number>();
  return (utc) => {
    const quarter = Math.floor(utc / QUARTER);
    const found = known.get(quarter);
    if (found !== undefined) return found;
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(quarter * QUARTER * 1000))
      parts[type] = Number(value);
    const { year, month, day, hour, minute, second } = parts;
    const clock = { year, month, day, hour, minute, second, fraction: 0 };
    const offset = (secondsOf(clock) ?? Number.NaN) - quarter * QUARTER;
    if (known.size > 100_000) known.clear();
    known.set(quarter, offset);
    return offset;
  };
}
