/**
 * Whatever is wrong with what a user gives to `revealed fit`: exit code 2, one message on stderr
 * that says where and what to do, no stack trace, and nothing written.
 */

import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  filesBelow,
  fitTables,
  lines,
  type Outcome,
  revealed,
  type TableTexts,
  tableFlags,
  temporaryFolder,
  writeFiles,
} from '../support/commandLine.ts';

/** Two rooms; one can stay or leave. Nothing is wrong with these. */
const TABLES: TableTexts = {
  transitions: lines('state,action,next_state', 'a,go,b', 'a,stay,a', 'b,go,a', 'b,stay,b'),
  features: lines('state,action,move,warm', 'a,go,1,0', 'a,stay,0,1', 'b,go,1,0', 'b,stay,0,0'),
  trajectories: lines(
    'trajectory,step,state,action,fold',
    'x,0,a,go,1',
    'x,1,b,stay,1',
    'x,2,b,go,1',
    'x,3,a,stay,1',
    'x,4,a,stay,1',
    'y,0,b,stay,2',
    'y,1,b,go,2',
    'y,2,a,go,2',
  ),
};

/** The same, with errands: y goes home to `a`. */
const TO_A: TableTexts = {
  ...TABLES,
  features: lines('state,action,move,cold', 'a,go,1,0', 'a,stay,0,0', 'b,go,1,0', 'b,stay,0,1'),
  trajectories: lines(
    'trajectory,step,state,action,goal',
    'y,0,b,stay,a',
    'y,1,b,go,a',
    'y,2,a,,a',
  ),
};

const DISCOUNT = ['--discount', '0.9'];

function expectRefusal({ code, stdout, stderr }: Outcome, ...said: (string | RegExp)[]): void {
  expect(code, stderr).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^revealed fit: .+\n$|^error: .+\n$/s);
  for (const text of said) expect(stderr).toMatch(text);
  expect(stderr).not.toMatch(/^\s+at |node:internal|\.ts:\d+:\d+|ZodError|"code":/m);
  expect(stderr.trimEnd().split('\n').length, stderr).toBeLessThanOrEqual(2);
}

test('the tables that are broken below are fine as they are', async () => {
  const { code, result, stderr } = await fitTables(TABLES, ...DISCOUNT);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(result).not.toBeNull();
  expect((await fitTables(TO_A, '--l2', '1')).code).toBe(0);
});

interface Broken {
  readonly what: string;
  readonly tables: TableTexts;
  readonly flags?: readonly string[];
  /** What the message must say: where, what, and the remedy. */
  readonly says: readonly (string | RegExp)[];
}

function replaced(table: keyof TableTexts, from: string, to: string, base = TABLES): TableTexts {
  const text = base[table];
  if (!text?.includes(from)) throw new Error(`"${from}" is not in ${table}`);
  return { ...base, [table]: text.replace(from, to) };
}

const broken: Broken[] = [
  {
    what: 'a missing column',
    tables: replaced('transitions', 'next_state', 'to'),
    says: [/transitions\.csv:1: column "next_state" is missing/, /the header has "state"/],
  },
  {
    what: 'a column that is misspelt',
    tables: replaced('trajectories', 'fold', 'Fold'),
    flags: ['--hold-out', '1'],
    says: [/trajectories\.csv:1: /, /rename it to "fold"/],
  },
  {
    what: 'probabilities that do not sum to one',
    tables: {
      ...TABLES,
      transitions: lines(
        'state,action,next_state,probability',
        'a,stay,a,1',
        'a,go,b,0.5',
        'a,go,a,0.4',
        'b,go,a,1',
        'b,stay,b,1',
      ),
    },
    says: [/transitions\.csv:[34]: .*state "a", action "go" must sum to 1/, /0\.9/, /correct them/],
  },
  {
    what: 'two rows of probability 1 for one action',
    tables: replaced('transitions', 'a,go,b', 'a,go,b\na,go,a'),
    says: [/transitions\.csv:\d: .*sum to 1/, /add one/],
  },
  {
    what: 'a negative probability',
    tables: {
      ...TABLES,
      transitions: lines('state,action,next_state,probability', 'a,go,b,-1', 'a,stay,a,1'),
    },
    says: [/transitions\.csv:2: "probability"/, /"-1"/],
  },
  {
    what: 'an unknown state in a trajectory',
    tables: replaced('trajectories', 'x,3,a,stay', 'x,3,c,stay'),
    says: [/trajectories\.csv:5: .*"c"/],
  },
  {
    what: 'an unknown action in a trajectory',
    tables: replaced('trajectories', 'x,3,a,stay', 'x,3,a,rest'),
    says: [/trajectories\.csv:5: action "rest"/, /available: "go", "stay"/],
  },
  {
    what: 'an action that its state does not have',
    tables: {
      transitions: lines('state,action,next_state', 'a,go,b', 'b,back,a', 'b,stay,b'),
      features: lines('state,f', 'a,0', 'b,1'),
      trajectories: lines('trajectory,step,state,action', 'x,0,b,back', 'x,1,a,back'),
    },
    says: [/trajectories\.csv:3: action "back" is not available in state "a"/, /available: "go"/],
  },
  {
    what: 'a trajectory that jumps',
    tables: replaced('trajectories', 'x,1,b,stay', 'x,1,a,stay'),
    says: [/trajectories\.csv:3: trajectory "x"/, /"go".* on line 2 leads to "b"/, /split/],
  },
  {
    what: 'a goal that is no state',
    tables: { ...TO_A, trajectories: TO_A.trajectories.replaceAll(',a\n', ',home\n') },
    flags: [],
    says: [/trajectories\.csv:2: goal "home" is not a state/, /exits/],
  },
  {
    what: 'a goal that cannot be reached',
    tables: {
      transitions: lines('state,action,next_state', 'a,go,b', 'b,stay,b', 'c,go,a'),
      features: lines('state,f', 'a,-1', 'b,-1', 'c,-1'),
      trajectories: lines('trajectory,step,state,action,goal', 'x,0,a,go,c', 'x,1,b,,c'),
    },
    flags: [],
    says: [/trajectories\.csv:2: .*goal "c" cannot be reached/, /correct its goal/],
  },
  {
    what: 'a goal that is passed',
    tables: replaced('trajectories', 'y,2,a,,a', 'y,2,a,go,a\ny,3,b,,a', TO_A),
    flags: [],
    says: [/trajectories\.csv:5: .*goes on after it reached its goal "a" on line 4/, /exits/],
  },
  {
    what: 'a file that is empty',
    tables: { ...TABLES, trajectories: '' },
    says: [/trajectories\.csv:1: is empty/, /"trajectory", "step", "state"/],
  },
  {
    what: 'a table without rows',
    tables: { ...TABLES, features: 'state,action,move,warm\n' },
    says: [/features\.csv:\d: has a header but no rows/],
  },
  {
    what: 'features without any feature',
    tables: { ...TABLES, features: 'state\na\nb\n' },
    says: [/features\.csv:1: /, /feature/],
  },
  {
    what: 'a step that is there twice',
    tables: replaced('trajectories', 'x,3,a,stay,1', 'x,3,a,stay,1\nx,3,a,stay,1'),
    says: [/trajectories\.csv:6: trajectory "x" has step 3 twice \(also on line 5\)/],
  },
  {
    what: 'a transition that is there twice',
    tables: replaced('transitions', 'a,go,b', 'a,go,b\na,go,b'),
    says: [/transitions\.csv:3: .*listed twice.*line 2/, /keep one/],
  },
  {
    what: 'a pair of features that is there twice',
    tables: replaced('features', 'a,go,1,0', 'a,go,1,0\na,go,2,0'),
    says: [/features\.csv:3: .*(twice|line 2)/],
  },
  {
    what: 'a gap in the steps',
    tables: replaced('trajectories', 'x,4,', 'x,5,'),
    says: [/trajectories\.csv:6: trajectory "x" has step 5 but no step 4/, /without gaps/],
  },
  {
    what: 'steps that begin at one',
    tables: replaced('trajectories', 'x,0,a,go,1\n', ''),
    says: [/trajectories\.csv:2: trajectory "x" has step 1 but no step 0/],
  },
  {
    what: 'a step that is no whole number',
    tables: replaced('trajectories', 'x,4,', 'x,4.5,'),
    says: [/trajectories\.csv:6: "step"/, /"4\.5"/],
  },
  ...['many', 'NaN', 'Infinity', '', '0x10', '1,5'].map((cell) => ({
    what: `a feature that is "${cell}"`,
    tables: replaced('features', 'b,go,1,0', `b,go,"${cell}",0`),
    says: [/features\.csv:4: /, /move/, cell === '' ? /""/ : new RegExp(cell.replace('.', '\\.'))],
  })),
  {
    what: 'features of a pair that the world does not have',
    tables: replaced('features', 'b,go,1,0', 'b,go,1,0\nb,jump,1,0'),
    says: [/features\.csv:5: /, /"jump"/],
  },
  {
    what: 'a pair without features',
    tables: replaced('features', 'b,go,1,0\n', ''),
    says: [/features\.csv/, /state "b", action "go"/, /--missing-features zero/],
  },
  {
    what: 'a row with too many fields',
    tables: replaced('features', 'b,go,1,0', 'b,go,1,0,7'),
    says: [/features\.csv:4: has 5 fields, but the header has 4 columns/],
  },
  {
    what: 'a quote that is not closed',
    tables: replaced('features', 'b,go,1,0', 'b,"go,1,0'),
    says: [/features\.csv:\d: .*quote/],
  },
  {
    what: 'a weight below 0',
    tables: {
      ...TABLES,
      trajectories: lines('trajectory,step,state,action,weight', 'x,0,a,go,-2'),
    },
    says: [/trajectories\.csv:2: "weight"/, /"-2"/],
  },
  {
    what: 'two folds in one trajectory',
    tables: replaced('trajectories', 'x,1,b,stay,1', 'x,1,b,stay,2'),
    says: [/trajectories\.csv:3: .*fold "2" here and "1" on line 2/],
  },
  {
    what: 'more decisions than the horizon',
    tables: TABLES,
    flags: ['--horizon', '4'],
    says: [/trajectories\.csv:6: trajectory "x" has more decisions than the horizon of 4/],
  },
  {
    what: 'a horizon together with goals',
    tables: TO_A,
    flags: ['--horizon', '10'],
    says: [/goal/, /--horizon/],
  },
  {
    what: 'no time structure at all',
    tables: TABLES,
    flags: [],
    says: [/trajectories\.csv:1: column "goal" is missing/, /--discount below 1 or --horizon/],
  },
  {
    what: 'exits without goals',
    tables: { ...TABLES, exits: 'goal,state\nhome,a\n' },
    says: [/column "goal" is missing/, /--exits/],
  },
  {
    what: 'an exit from a state that does not exist',
    tables: { ...TO_A, exits: 'goal,state\na,z\n' },
    flags: [],
    says: [/exits\.csv:2: .*"z"/],
  },
  {
    what: 'a start distribution that does not sum to one',
    tables: { ...TABLES, initial: 'state,probability\na,0.5\nb,0.4\n' },
    says: [/initial\.csv/, /sum/],
  },
];

test.each(broken)('$what is refused', async ({ tables, flags = DISCOUNT, says }) => {
  const outcome = await fitTables(tables, ...flags);
  expectRefusal(outcome, ...says);
  expect(filesBelow(outcome.out)).toEqual([]);
});

test('discount 1 without goals is refused', async () => {
  for (const discount of ['1', '1.0'])
    expectRefusal(await fitTables(TABLES, '--discount', discount), /goal/, /--horizon/);
  for (const discount of ['1.5', '-0.1', '1e999'])
    expectRefusal(await fitTables(TABLES, '--discount', discount), /discount/);
});

test.each([
  ['--frobnicate', ['--frobnicate'], [/unknown option '--frobnicate'/]],
  ['--discout', ['--discout', '0.9'], [/unknown option/, /--discount/]],
  ['a method that does not exist', ['--methods', 'deep-thought'], [/--methods/, /causal-entropy/]],
  ['no method', ['--methods', ''], [/--methods/, /causal-entropy/]],
  ['an objective that does not exist', ['--objective', 'joy'], [/--objective/, /feature-matching/]],
  ['an optimizer that does not exist', ['--optimizer', 'x'], [/--optimizer/, /lbfgs/]],
  ['--start without =', ['--start', 'move'], [/--start/, /name=value/, /"move"/]],
  ['--start of no number', ['--start', 'move=much'], [/--start/, /"move"/, /"much"/]],
  ['--start without a value', ['--start', 'move='], [/--start/, /"move"/]],
  ['--start that is empty', ['--start', ''], [/--start/, /name=value/]],
  ['--start of NaN', ['--start', 'move=NaN'], [/--start/, /"NaN"/]],
  [
    '--start of an unknown parameter',
    ['--start', 'mvoe=1'],
    [/"mvoe"/, /"move", "warm"; did you mean "move"\?/],
  ],
  ['--start twice for one name', ['--start', 'move=1,move=2'], [/--start/, /"move"/, /twice/]],
  ['--fix without =', ['--fix', 'move:1'], [/--fix/, /name=value/]],
  ['--fix of an unknown parameter', ['--fix', 'cold=1'], [/Cannot fix "cold"/, /"warm"$/m]],
  ['--fix of one misspelt', ['--fix', 'wram=1'], [/Cannot fix "wram"/, /did you mean "warm"\?/]],
  ['--bounds of one misspelt', ['--bounds', 'Warm=0:1'], [/"Warm"/, /did you mean "warm"\?/]],
  ['--bounds of one number', ['--bounds', 'move=1'], [/--bounds/, /"move"/, /low:high/]],
  ['--bounds of three numbers', ['--bounds', 'move=1:2:3'], [/--bounds/, /low:high/]],
  ['--bounds of words', ['--bounds', 'move=low:high'], [/--bounds/, /low:high/]],
  ['--bounds upside down', ['--bounds', 'move=2:1'], [/"move"/, /2 is not below 1/]],
  ['--bounds of an unknown parameter', ['--bounds', 'cold=0:1'], [/"cold"/, /"move", "warm"/]],
  ['a start outside its bounds', ['--bounds', 'move=0:1', '--start', 'move=2'], [/"move" at 2/]],
  ['temperature 0', ['--temperature', '0'], [/--temperature/, /0/]],
  ['a temperature below 0', ['--temperature', '-1'], [/--temperature/, /0/]],
  ['a temperature of text', ['--temperature', 'hot'], [/--temperature/, /"hot"/]],
  ['l2 below 0', ['--l2', '-1'], [/--l2/, /0/]],
  ['horizon 0', ['--horizon', '0'], [/horizon/, /1/]],
  ['a horizon of 2.5', ['--horizon', '2.5'], [/--horizon/, /whole number/]],
  ['a tolerance of 0', ['--tolerance', '0'], [/--tolerance/]],
  ['no iterations', ['--max-iterations', '0'], [/--max-iterations/]],
  ['a seed of text', ['--seed', 'apple'], [/--seed/, /whole number/]],
  ['an unknown fold', ['--hold-out', '3'], [/fold "3"/, /1, 2/]],
  ['an argument too many', ['more.csv'], [/too many arguments/]],
  ['a flag without its value', ['--l2'], [/--l2/, /missing/]],
])('%s is refused', async (_, flags, says) => {
  const outcome = await fitTables(TABLES, ...DISCOUNT, ...flags);
  expectRefusal(outcome, ...says);
  expect(filesBelow(outcome.out)).toEqual([]);
});

test('a fold that holds everything cannot be held out', async () => {
  const all = { ...TABLES, trajectories: TABLES.trajectories.replaceAll(/,2$/gm, ',1') };
  expectRefusal(await fitTables(all, ...DISCOUNT, '--hold-out', '1'), /fold "1"/, /all/);
  const none = { ...TABLES, trajectories: TABLES.trajectories.replaceAll(/,(\d|fold)$/gm, '') };
  expectRefusal(await fitTables(none, ...DISCOUNT, '--hold-out', '1'), /no column "fold"/);
});

test('missing files and folders are named', async () => {
  const folder = temporaryFolder();
  const flags = tableFlags(folder, TABLES);
  const out = join(folder, 'out');
  for (const name of ['transitions', 'features', 'trajectories']) {
    const path = join(folder, 'nowhere', 'none.csv');
    const given = flags.map((flag) => (flag.endsWith(`${name}.csv`) ? path : flag));
    const refusal = await revealed('fit', ...given, ...DISCOUNT, '--out', out);
    expectRefusal(refusal, /none\.csv: there is no such file at .*nowhere/);
    const directory = flags.map((flag) =>
      flag.endsWith(`${name}.csv`) ? `${folder}/x.csv` : flag,
    );
    writeFiles(folder, { 'x.csv/y': '' });
    expectRefusal(await revealed('fit', ...directory, ...DISCOUNT), /x\.csv: cannot be read/);
  }
  expect(filesBelow(out)).toEqual([]);
});

test('a table that is not given is asked for', async () => {
  const flags = tableFlags(temporaryFolder(), TABLES);
  for (const at of [0, 2, 4]) {
    const given = flags.filter((_, i) => i !== at && i !== at + 1);
    expectRefusal(await revealed('fit', ...given, ...DISCOUNT), flags[at]);
  }
});

test.each([
  ['rubbish', 'features.csv', Uint8Array.from({ length: 999 }, (_, i) => (i * 197 + 128) % 256)],
  ['a picture', 'features.csv', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0)],
  ['a spreadsheet', 'features.csv', new TextEncoder().encode('PK\x03\x04rest')],
  ['packed, but not named so', 'features.csv', Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0)],
  ['not packed, but named so', 'features.csv.gz', new TextEncoder().encode('state,f\na,1\n')],
  ['Parquet by name only', 'features.parquet', new TextEncoder().encode('PAR1')],
  ['JSON lines without a feature', 'features.jsonl', new TextEncoder().encode('{"state":"a"}\n')],
])('a file that is %s is refused', async (_, name, content) => {
  const folder = temporaryFolder();
  const flags = tableFlags(folder, TABLES);
  writeFiles(folder, { [`bad/${name}`]: content });
  const given = flags.map((flag) =>
    flag.endsWith('features.csv') ? join(folder, 'bad', name) : flag,
  );
  const outcome = await revealed('fit', ...given, ...DISCOUNT);
  expectRefusal(outcome, new RegExp(name.replaceAll('.', '\\.')), /CSV|\.csv|\.gz|Parquet|feature/);
});

test('--resume needs the folder to resume from', async () => {
  const flags = tableFlags(temporaryFolder(), TABLES);
  expectRefusal(await revealed('fit', ...flags, ...DISCOUNT, '--resume'), /--out/);
});

test('a folder that cannot be written to is refused before the fit', async () => {
  const folder = temporaryFolder();
  const flags = [...tableFlags(folder, TABLES), ...DISCOUNT];
  writeFiles(folder, { 'a file': 'keep me' });
  const belowFile = join(folder, 'a file', 'out');
  for (const out of [belowFile, join(folder, 'a file')]) {
    expectRefusal(await revealed('fit', ...flags, '--out', out), /a file is not a folder; name/);
    // Before the tables are looked at: a wrong table would be complained about instead.
    const unread = flags.map((flag) => flag.replace('features.csv', 'none.csv'));
    expectRefusal(await revealed('fit', ...unread, '--out', out), /a file is not a folder; name/);
  }
  // Root may write anywhere, so only others can be refused by permissions.
  if (process.getuid?.() === 0) return;
  const locked = join(folder, 'locked');
  writeFiles(folder, { 'locked/x': '' });
  chmodSync(locked, 0o500);
  expectRefusal(await revealed('fit', ...flags, '--out', join(locked, 'out')), /locked/);
});
