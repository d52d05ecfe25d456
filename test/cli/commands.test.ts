/** Everything but fitting: lists, schemas, versions, help, and what happens to wrong names. */

import { expect, test } from 'vitest';
import { z } from 'zod';
import { environments } from '../../src/environments/registry.ts';
import { simulators } from '../../src/environments/simulators.ts';
import { version } from '../../src/study/version.ts';
import { revealed } from '../support/commandLine.ts';

test('--version prints the version', async () => {
  expect(await revealed('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test('--help names every command, and every command its flags', async () => {
  const help = await revealed('--help');
  expect(help).toMatchObject({ code: 0, stderr: '' });
  const listed = help.stdout.slice(help.stdout.indexOf('Commands:'));
  const names = [...listed.matchAll(/^ {2}([a-z][a-z-]*) /gm)].map(([, name]) => name);
  const commands = names.filter((name) => name !== 'help');
  expect(commands).toEqual(
    expect.arrayContaining(['run', 'fit', 'what-if', 'datasets', 'environments', 'schema']),
  );
  for (const name of commands) {
    const own = await revealed(name, '--help');
    expect(own).toMatchObject({ code: 0, stderr: '' });
    // Only the command that is asked for is loaded, by the name it has for itself.
    expect(own.stdout).toMatch(new RegExp(`^Usage: revealed ${name} `));
    for (const flag of ['--json', '--seed', '--quiet']) expect(own.stdout).toContain(flag);
  }
  const fit = await revealed('fit', '--help');
  for (const flag of [
    ...['transitions', 'features', 'trajectories', 'discount', 'horizon', 'exits', 'initial'],
    ...['methods', 'objective', 'temperature', 'start', 'fix', 'bounds', 'l2', 'hold-out'],
    ...['missing-features', 'out', 'resume'],
  ])
    expect(fit.stdout).toContain(`--${flag}`);
});

test('no command at all shows the help and is misuse', async () => {
  const { code, stderr } = await revealed();
  expect(code).toBe(2);
  expect(stderr).toContain('Usage: revealed');
});

test.each([
  ['fitt', 'fit'],
  ['dataset', 'datasets'],
  ['rnu', 'run'],
])('the unknown command "%s" suggests "%s"', async (wrong, right) => {
  const { code, stdout, stderr } = await revealed(wrong);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(new RegExp(`unknown command '${wrong}'[\\s\\S]*Did you mean ${right}\\?`));
});

test.each(['study', 'result'])('schema %s prints a JSON schema', async (what) => {
  const { code, stdout, stderr } = await revealed('schema', what);
  expect([code, stderr]).toEqual([0, '']);
  const Schema = z.looseObject({
    $schema: z.literal('https://json-schema.org/draft/2020-12/schema'),
  });
  const schema = Schema.parse(JSON.parse(stdout));
  const read = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
  const tables = { transitions: 't.csv', features: 'f.csv', trajectories: 'j.csv' };
  expect(read.safeParse(tables).success).toBe(what === 'study');
  expect(read.safeParse({ ...tables, l2: -1 }).success).toBe(false);
});

test('schema of something else is refused', async () => {
  for (const argv of [['schema'], ['schema', 'everything']]) {
    const { code, stdout, stderr } = await revealed(...argv);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/study|what/);
  }
});

test('environments lists the worlds and their sizes', async () => {
  const { code, stdout } = await revealed('environments');
  expect(code).toBe(0);
  for (const name of Object.keys(environments)) expect(stdout).toContain(name);
  const Rows = z.array(
    z.object({ name: z.string(), states: z.int().positive(), pairs: z.int().positive() }),
  );
  const rows = Rows.parse(JSON.parse((await revealed('environments', '--json')).stdout));
  expect(rows.map(({ name }) => name)).toEqual(Object.keys(environments));
});

test('environments lists what is met step by step, and what can be changed about it', async () => {
  const { code, stdout } = await revealed('environments', '--simulators');
  expect(code).toBe(0);
  for (const name of Object.keys(simulators)) expect(stdout).toContain(name);
  expect(stdout).toMatch(/cart-pole +4 +2 +500 +force 10, reversed false, poleLength 1, /);
  const Rows = z.array(
    z.object({
      name: z.string(),
      observation: z.int().positive(),
      options: z.array(z.object({ name: z.string(), what: z.string().min(1) })),
    }),
  );
  const printed = (await revealed('environments', '--simulators', '--json')).stdout;
  const rows = Rows.parse(JSON.parse(printed));
  expect(rows.map(({ name }) => name)).toEqual(Object.keys(simulators));
});

test('datasets lists what there is and how it may be used', async () => {
  const { code, stdout } = await revealed('datasets');
  expect(code).toBe(0);
  expect(stdout).toMatch(/bus_engine +yes +MIT/);
  const Cards = z.array(z.looseObject({ name: z.string(), licence: z.string() }));
  const cards = Cards.parse(JSON.parse((await revealed('datasets', 'list', '--json')).stdout));
  expect(cards.map(({ name }) => name)).toEqual(expect.arrayContaining(['bus_engine', 'borlange']));
});

test('datasets check finds the shipped files as they were published', async () => {
  const { code, stdout } = await revealed('datasets', 'check', 'bus_engine');
  expect(stdout).toMatch(/bus_engine +observations\.csv +as published/);
  expect(code).toBe(0);
  const Rows = z.array(z.object({ dataset: z.string(), file: z.string(), state: z.string() }));
  const json = await revealed('datasets', 'check', 'bus_engine', '--json');
  for (const row of Rows.parse(JSON.parse(json.stdout))) expect(row.state).toBe('as published');
});

test('datasets of another name or another deed are refused', async () => {
  const misspelt = await revealed('datasets', 'check', 'bus_engines');
  expect(misspelt.code).toBe(2);
  expect(misspelt.stderr).toMatch(/"bus_engines".*did you mean "bus_engine"\?\n$/);
  const deed = await revealed('datasets', 'burn');
  expect(deed.code).toBe(2);
  expect(deed.stderr).toMatch(/"burn".*list, check or fetch/);
});

test('datasets fetch says whose data they are, and what is lacking', async () => {
  const shipped = await revealed('datasets', 'fetch', 'bus_engine');
  expect(shipped).toMatchObject({
    code: 0,
    stdout: 'Everything of bus_engine is there, as published\n',
  });
  expect(shipped.stderr).toMatch(/licence: MIT/);
  const nameless = await revealed('datasets', 'fetch');
  expect(nameless.code).toBe(2);
  expect(nameless.stderr).toMatch(/name the data set/);
  const listed = await revealed('datasets', 'list', '--from', 'http://localhost/');
  expect(listed.code).toBe(2);
  expect(listed.stderr).toMatch(/--from is for fetch/);
});

test('doctor says what networks run on, and why others do not load', async () => {
  const { code, stdout } = await revealed('doctor', '--json');
  expect(code).toBe(0);
  const Report = z.object({
    engines: z.array(z.object({ name: z.string(), problem: z.string().nullable() })),
    choices: z.array(z.object({ widest: z.number(), engine: z.string(), reason: z.string() })),
  });
  const { engines, choices } = Report.parse(JSON.parse(stdout));
  const problems = Object.fromEntries(engines.map(({ name, problem }) => [name, problem]));
  for (const name of ['kernels', 'plain', 'wasm', 'cpu']) expect(problems[name]).toBeNull();
  expect(choices[0]).toMatchObject({ widest: 64, engine: 'kernels' });
  expect(choices.at(-1)?.engine).toBe(problems.tensorflow === null ? 'tensorflow' : 'kernels');
});

test('networks refuse an engine that there is not', async () => {
  const before = process.env.REVEALED_BACKEND;
  process.env.REVEALED_BACKEND = 'gpu';
  try {
    const { code, stderr } = await revealed('doctor');
    expect(code).toBe(2);
    expect(stderr).toMatch(/Cannot run networks on "gpu": the engines are kernels, plain/);
  } finally {
    if (before === undefined) delete process.env.REVEALED_BACKEND;
    else process.env.REVEALED_BACKEND = before;
  }
});
