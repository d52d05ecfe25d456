import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { lines, tableFile } from '../demonstrations/tables/tableFiles.ts';
import { expert, recording } from '../support/recordings.ts';

async function run(...argv: string[]) {
  let [stdout, stderr] = ['', ''];
  const code = await main(['import', ...argv], {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
  });
  return { code, stdout, stderr };
}

const folder = () => join(dirname(tableFile('x', '')), 'out');
const read = (...path: string[]) => readFileSync(join(...path), 'utf8');

test.each([
  ['cartpole_0_final.npz', '500', '57 episodes with 26,964 decisions, 393 to 500 each'],
  ['pendulum_0_final.npz', '200', '56 episodes with 11,200 decisions, 200 to 200 each'],
])('import reads %s and says what is in it', async (name, limit, words) => {
  const path = expert(name);
  if (path === null) return;
  const out = folder();
  const { code, stdout, stderr } = await run(path, '--out', out, '--time-limit', limit);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain(words);
  const again = folder();
  const table = join(out, 'trajectories.csv');
  const second = await run(table, '--format', 'episodes', '--out', again);
  expect(second.code).toBe(0);
  expect(read(again, 'trajectories.csv')).toBe(read(out, 'trajectories.csv'));
});

test('import puts several files into a folder each and writes down what it read', async () => {
  const out = folder();
  const names = ['minari.hdf5', 'd4rlNext.hdf5', 'table.parquet', 'table.arrow'];
  const refused = await run(...names.map(recording), '--out', out);
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain('Cannot import two files named "table"');
  const { code, stdout } = await run(...names.slice(0, 3).map(recording), '--out', out, '--json');
  expect(code).toBe(0);
  expect(readdirSync(out).sort()).toEqual(['d4rlNext', 'minari', 'table']);
  const [minari] = JSON.parse(stdout);
  expect(minari).toMatchObject({
    table: 'trajectories.csv',
    rows: 14,
    rejected: 0,
    columns: ['trajectory', 'step', 'obs_0', 'obs_1', 'act_0', 'reward', 'end'],
    episodes: { episodes: 4, decisions: 10, terminated: 2, truncated: 1, cutOff: 1 },
  });
  expect(minari.source.files[0].sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(JSON.parse(read(out, 'minari', 'import.json'))).toEqual(minari);
  expect(read(out, 'table', 'records.csv').split('\n')[0]).toBe(
    'trip,n,small,x,x32,ok,at,zoned,day,obs_0,obs_1,where.lat,where.lon,where',
  );
});

test('import types by a schema, and lists what it rejects', async () => {
  const text = lines('id;when;km', 'a;01.05.2024 12:00;1,5', 'b;soon;2', 'c;01.05.2024 12:01;0,25');
  const path = tableFile('log.csv.gz', gzipSync(Buffer.from(text, 'utf16le')));
  const schema = {
    fields: {
      trajectory: { kind: 'text', from: 'id' },
      time: {
        kind: 'time',
        from: 'when',
        format: 'dd.MM.yyyy HH:mm',
        zone: 'Europe/Stockholm',
      },
      distance: { kind: 'number', from: 'km', decimal: ',', unit: 'km', in: 'm' },
    },
  };
  const out = folder();
  const flags = ['--delimiter', ';', '--encoding', 'utf-16le'];
  const schemaPath = tableFile('schema.json', JSON.stringify(schema));
  const { code, stdout } = await run(path, ...flags, '--schema', schemaPath, '--out', out);
  expect(code).toBe(1);
  expect(stdout).toContain('1 record rejected');
  const noon = Date.parse('2024-05-01T10:00:00Z') / 1000;
  expect(read(out, 'records.csv')).toBe(
    lines('trajectory,time,distance', `a,${noon},1500`, `c,${noon + 60},250`),
  );
  expect(JSON.parse(read(out, 'rejected.jsonl'))).toEqual({
    file: 'log.csv.gz',
    line: 3,
    problem: '"when" must be a time written as dd.MM.yyyy HH:mm, got "soon"',
    text: '{"id":"b","when":"soon","km":"2"}',
  });
  // Once mended, nothing is left of what was rejected.
  const better = tableFile('log.csv', text.replace('soon', '01.05.2024 12:30'));
  await run(better, '--delimiter', ';', '--schema', schemaPath, '--out', out);
  expect(readdirSync(out).sort()).toEqual(['import.json', 'records.csv']);
});

test('import proposes a schema that it then takes', async () => {
  const path = tableFile('a.csv', lines('trajectory,step,state,action', 'x,0,a,go', 'x,1,b,'));
  const { code, stdout, stderr } = await run(path, '--propose');
  expect(code).toBe(0);
  expect(stderr).toContain('a.csv: proposed from 2 records');
  const out = folder();
  const schema = tableFile('schema.json', stdout);
  expect((await run(path, '--schema', schema, '--out', out)).code).toBe(0);
  expect(read(out, 'trajectories.csv')).toBe(read(path));
});

test('import runs a query', async () => {
  const out = folder();
  const query = `select trip, x from read_parquet('${recording('table.parquet')}') where n < 3`;
  expect((await run('--query', query, '--out', out)).code).toBe(0);
  expect(read(out, 'records.csv')).toBe(lines('trip,x', 'a,0.1', 'a,-0'));
});

describe('what import cannot do it says, with exit code 2, and leaves nothing behind', () => {
  const csv = () => tableFile('a.csv', 'a\n1\n');
  test.each([
    [() => [], 'wanted files to read, or --query'],
    [() => [csv()], 'name a folder to write to with --out'],
    [() => [tableFile('a.bin', 'x'), '--out', folder()], 'a.bin: has a format that neither'],
    [() => [csv(), '--format', 'cvs', '--out', folder()], 'did you mean "csv"?'],
    [() => [csv(), '--time-limit', '5', '--out', folder()], 'as csv: it takes no timeLimit'],
    [() => [csv(), '--max-record', '0', '--out', folder()], 'must be at least 1, got 0'],
    [() => ['/dev/zero', '--out', folder()], 'zero: is a device; name a regular file'],
    [() => ['/tmp', '--out', folder()], 'tmp: is a folder'],
    [() => ['no.csv', '--out', folder()], 'no.csv: there is no such file'],
    [() => [csv(), '--schema', csv(), '--out', folder()], 'a.csv: is no JSON file'],
    [
      () => [
        csv(),
        '--schema',
        tableFile('s.json', '{"fields": {"a": {"kind": "time", "zone": "?"}}}'),
        '--out',
        folder(),
      ],
      's.json: fields.a.zone: is not known from the text; state it',
    ],
    [() => ['--query', 'selec', '--out', folder()], 'query: cannot be read'],
  ])('%#', async (argv, message) => {
    const given = argv();
    const { code, stderr, stdout } = await run(...given);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    const out = given[given.indexOf('--out') + 1];
    if (given.includes('--out') && existsSync(out)) expect(readdirSync(out)).toEqual([]);
  });
});
