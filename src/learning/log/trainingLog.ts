/**
 * Learning curves on the disk while a run goes on: `curve.csv`, `curve.jsonl` and a TensorBoard
 * event file say the same, row by row, so that whatever is at hand can draw them.
 */

import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tensorboardHeader, tensorboardScalars } from './tensorboard.ts';

/** One row of a curve: numbers by name; a number that does not exist is null. */
export type CurveRow = Readonly<Record<string, number | null>>;

export class TrainingLog {
  readonly #folder: string;
  readonly #columns: readonly string[];

  /**
   * Begins a log, or goes on with one that was kept up to a step: later rows are dropped.
   *
   * @param columns names of the numbers of each row, without `step`
   */
  constructor(folder: string, columns: readonly string[], keepUpTo: number | null = null) {
    this.#folder = folder;
    this.#columns = columns;
    mkdirSync(folder, { recursive: true });
    const rows = keepUpTo === null ? [] : this.#rowsUpTo(keepUpTo);
    writeFileSync(this.#path('curve.csv'), `${['step', ...columns].join(',')}\n`);
    writeFileSync(this.#path('curve.jsonl'), '');
    writeFileSync(this.#path('events.out.tfevents.revealed'), tensorboardHeader());
    for (const { step, ...numbers } of rows) this.add(Number(step), numbers);
  }

  add(step: number, row: CurveRow): void {
    for (const name of Object.keys(row))
      if (!this.#columns.includes(name))
        throw new RangeError(
          `Cannot log "${name}": the columns are ${this.#columns.map((c) => `"${c}"`).join(', ')}`,
        );
    const numbers = this.#columns.map((name) => {
      const value = row[name] ?? null;
      return value === null || !Number.isFinite(value) ? null : value;
    });
    appendFileSync(
      this.#path('curve.csv'),
      `${[step, ...numbers.map((value) => value ?? '')].join(',')}\n`,
    );
    const named = Object.fromEntries(this.#columns.map((name, i) => [name, numbers[i]]));
    appendFileSync(this.#path('curve.jsonl'), `${JSON.stringify({ step, ...named })}\n`);
    appendFileSync(this.#path('events.out.tfevents.revealed'), tensorboardScalars(step, named));
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }

  #rowsUpTo(step: number): ({ readonly step: number } & CurveRow)[] {
    const path = this.#path('curve.jsonl');
    if (!existsSync(path)) return [];
    const rows: ({ readonly step: number } & CurveRow)[] = [];
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      // The last line may have been cut off.
      if (!line.endsWith('}')) continue;
      const row = JSON.parse(line) as { readonly step: number } & CurveRow;
      if (row.step <= step) rows.push(row);
    }
    return rows;
  }
}
