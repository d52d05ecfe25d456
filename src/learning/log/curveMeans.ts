/** Rows of a curve as means of the updates since the row before. */

import type { CurveRow } from './trainingLog.ts';

export class CurveMeans {
  readonly #sums: Record<string, { sum: number; count: number }>;

  constructor(columns: readonly string[]) {
    this.#sums = Object.fromEntries(columns.map((name) => [name, { sum: 0, count: 0 }]));
  }

  /** Numbers that do not exist do not count. */
  add(row: CurveRow): void {
    for (const [name, entry] of Object.entries(this.#sums)) {
      const value = row[name] ?? null;
      if (value === null) continue;
      entry.sum += value;
      entry.count++;
    }
  }

  /** The means, null where there was nothing; begins anew. */
  take(): CurveRow {
    return Object.fromEntries(
      Object.entries(this.#sums).map(([name, entry]) => {
        const { sum, count } = entry;
        entry.sum = 0;
        entry.count = 0;
        return [name, count === 0 ? null : sum / count];
      }),
    );
  }
}
