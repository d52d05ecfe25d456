/** Ids of any text: what a reader of tables is likely to trim, unquote, merge or take for a number. */

import type { SeededRandom } from './seededRandom.ts';

const styles: readonly (readonly string[])[] = [
  [],
  // Distinct as text, equal or special as numbers.
  ['1', '01', '1.0', '1e0', '+1', '0', '-0', '0x1', '10', '2', 'NaN', 'Infinity', '1_000', '1,000'],
  // Distinct as text, equal to a careless reader.
  [
    'K\u00f6ln',
    'k\u00f6ln',
    'Ko\u0308ln',
    '東京',
    'a b',
    'a  b',
    '🚌 stop',
    'naïve',
    'Ω',
    'ß',
    'שלום',
    'e',
    '\u00e9',
    'e\u0301',
  ],
  [
    'a,b',
    'a',
    'b',
    'say "hi"',
    '"',
    '""',
    ' lead',
    'lead',
    'trail ',
    'trail',
    "it's",
    ';',
    '#1',
    '-',
  ],
  [
    'null',
    'undefined',
    'true',
    'false',
    'constructor',
    '__proto__',
    'toString',
    'state',
    'N/A',
    '=',
  ],
  ['two\nlines', 'two lines', 'a|b', 'a\\b', '\\n', '%20', '$1', '*', '..', '/', '~', '→', 'a=b'],
];

/** Returns distinct ids, all of one random style; the style runs out into `prefix` + number. */
export function randomIds(random: SeededRandom, count: number, prefix: string): string[] {
  const special = random.shuffle(random.pick(styles)).slice(0, count);
  const plain = Array.from({ length: count - special.length }, (_, i) => `${prefix}${i}`);
  return random.shuffle([...special, ...plain]);
}

/** Returns distinct column names for features; `plain` ones may stand in a name=value flag. */
export function randomFeatureNames(random: SeededRandom, count: number, plain: boolean): string[] {
  const names = [
    'travel time',
    'coût (€)',
    'a,b',
    'the "best"',
    'x=1',
    'probability',
    '2',
    'Länge',
  ];
  const some = plain ? [] : random.shuffle(names).slice(0, random.integer(0, count));
  return random.shuffle([...some, 'cost', 'comfort', 'toll', 'left_turn'].slice(0, count));
}
