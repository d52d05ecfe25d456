import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { problemKinds, randomProblem } from './randomProblem.ts';
import { seededRandom } from './seededRandom.ts';
import { writeTables } from './writeTables.ts';

test('writeTables writes files that a plain reader of CSV reads back, whatever the ids', () => {
  const folder = mkdtempSync(join(tmpdir(), 'write-tables-'));
  const read = (path: string): Record<string, string>[] => {
    const bytes = readFileSync(path);
    return parse(path.endsWith('.gz') ? gunzipSync(bytes) : bytes, {
      bom: true,
      columns: true,
      delimiter: path.includes('.tsv') ? '\t' : ',',
    });
  };
  const sorted = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).sort();

  for (let seed = 0; seed < 18; seed++) {
    const { tables, settings } = randomProblem(problemKinds[seed % problemKinds.length], seed);
    const args = writeTables(folder, tables, settings, seededRandom(seed));
    const path = (name: string) => args[args.indexOf(`--${name}`) + 1];
    const transitions = read(path('transitions')).map((row) => [
      row.state,
      row.action ?? row.next_state,
      row.next_state,
      Number(row.probability ?? 1),
    ]);
    expect(sorted(transitions)).toEqual(
      sorted(
        tables.transitions.map((row) => [
          row.state,
          row.action ?? row.nextState,
          row.nextState,
          row.probability ?? 1,
        ]),
      ),
    );
    const features = read(path('features')).map((row) => [
      row.state,
      ...tables.features.names.map((name) => Number(row[name])),
    ]);
    expect(sorted(features)).toEqual(
      sorted(tables.features.rows.map((row) => [row.state, ...row.values])),
    );
    const trajectories = read(path('trajectories')).map((row) => [
      row.trajectory,
      Number(row.step),
      row.state,
      row.action ?? '',
      row.goal ?? '',
    ]);
    expect(sorted(trajectories)).toEqual(
      sorted(
        tables.trajectories.map((row) => [
          row.trajectory,
          row.step,
          row.state,
          row.action ?? '',
          row.goal ?? '',
        ]),
      ),
    );
  }
  rmSync(folder, { recursive: true });
});
