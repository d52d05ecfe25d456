/**
 * Tables as the files that people really have: rows in any order, columns in any order, commas or
 * tabs, quoted where needed or everywhere, either kind of line end, with or without a byte order
 * mark, sometimes compressed.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { SeededRandom } from './seededRandom.ts';
import type { FitSettings, Tables } from './tables.ts';

type Cell = string | number;

/** Writes the tables into the folder and returns the arguments of `revealed` that fit them. */
export function writeTables(
  folder: string,
  tables: Tables,
  settings: FitSettings,
  random: SeededRandom,
): string[] {
  mkdirSync(folder, { recursive: true });
  const args = ['fit'];
  const table = (name: string, header: readonly string[], rows: readonly Cell[][]) => {
    args.push(`--${name}`, writeTable(join(folder, name), header, rows, random));
  };

  const keep = <Row>(
    rows: readonly Row[],
    columns: Record<string, (row: Row) => Cell | undefined>,
  ) => {
    const used = Object.keys(columns).filter((name) =>
      rows.some((row) => columns[name](row) !== undefined),
    );
    return [used, rows.map((row) => used.map((name) => columns[name](row)!))] as const;
  };
  table(
    'transitions',
    ...keep(tables.transitions, {
      state: (row) => row.state,
      action: (row) => row.action,
      next_state: (row) => row.nextState,
      probability: (row) => row.probability,
    }),
  );
  const [keyColumns, keys] = keep(tables.features.rows, {
    state: (row) => row.state,
    action: (row) => row.action,
    next_state: (row) => row.nextState,
  });
  table(
    'features',
    [...keyColumns, ...tables.features.names],
    tables.features.rows.map((row, i) => [...keys[i], ...row.values]),
  );
  table(
    'trajectories',
    ...keep(tables.trajectories, {
      trajectory: (row) => row.trajectory,
      step: (row) => row.step,
      state: (row) => row.state,
      action: (row) => row.action,
      goal: (row) => row.goal,
      weight: (row) => row.weight,
      fold: (row) => row.fold,
    }),
  );
  if (tables.exits) {
    table(
      'exits',
      ...keep(tables.exits, {
        goal: (row) => row.goal,
        state: (row) => row.state,
        reward: (row) => row.reward,
      }),
    );
  }
  if (tables.initial) {
    table(
      'initial',
      ...keep(tables.initial, { state: (row) => row.state, probability: (row) => row.probability }),
    );
  }
  return [...args, ...settingsArguments(settings)];
}

function settingsArguments(settings: FitSettings): string[] {
  const { discount, horizon, temperature, objective, l2, fixed } = settings;
  const flags = { discount, horizon, temperature, objective, l2 };
  const args = Object.entries(flags).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, `${value}`],
  );
  if (!fixed) return args;
  return [...args, '--fix', Array.from(fixed, ([name, value]) => `${name}=${value}`).join(',')];
}

/** Writes one file and returns its path. */
function writeTable(
  path: string,
  header: readonly string[],
  rows: readonly Cell[][],
  random: SeededRandom,
): string {
  const order = header.map((_, i) => i);
  const columns = random.chance(0.3) ? random.shuffle(order) : order;
  const lines = [header, ...random.shuffle(rows)].map((row) => columns.map((i) => `${row[i]}`));
  // How tabs, quotes and line breaks are written in a .tsv is nobody's standard.
  const tabs =
    random.chance(0.25) && !lines.some((row) => row.some((cell) => /["\t\r\n]/.test(cell)));
  const quoteAll = !tabs && random.chance(0.2);
  const write = (cell: string) => {
    const needed = /[",\r\n]|^\s|\s$/.test(cell);
    return quoteAll || (!tabs && needed) ? `"${cell.replaceAll('"', '""')}"` : cell;
  };
  const end = random.chance(0.3) ? '\r\n' : '\n';
  const body = lines.map((row) => row.map(write).join(tabs ? '\t' : ',')).join(end);
  const text = (random.chance(0.1) ? '\ufeff' : '') + body + (random.chance(0.8) ? end : '');
  const compressed = random.chance(0.2);
  const file = `${path}.${tabs ? 'tsv' : 'csv'}${compressed ? '.gz' : ''}`;
  writeFileSync(file, compressed ? gzipSync(text) : text);
  return file;
}
