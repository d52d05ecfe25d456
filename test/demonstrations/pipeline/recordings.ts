/** Recordings for the tests of pipelines: rows of people, and what must hold of every stage. */

import { expect } from 'vitest';
import { z } from 'zod';
import type { DiscretizerRule } from '../../../src/demonstrations/discretize/discretizer.ts';
import { field } from '../../../src/demonstrations/pipeline/field.ts';
import type { Manifest } from '../../../src/demonstrations/pipeline/manifest.ts';
import { type Refusal, type Stage, through } from '../../../src/demonstrations/pipeline/stage.ts';

/** A position of somebody at a time. */
export type Seen = { readonly id: string; readonly t: number; readonly x: number };

export const SeenFields = z.object({ id: field.text(), t: field.time(), x: field.number() });

export const seenColumns = {
  person: (row: Seen) => row.id,
  time: (row: Seen) => row.t,
  point: (row: Seen) => [row.x],
};

/** Rows as `clean` hands them on, with places from 1. */
export function cleanRows<Row>(rows: readonly Row[]): { place: number; values: Row }[] {
  return rows.map((values, i) => ({ place: i + 1, values }));
}

/** What a stage makes of items, and what it refuses. */
export async function passed<In, Out>(
  stage: Stage<In, Out>,
  items: readonly In[],
): Promise<{ out: Out[]; refused: Refusal[]; notes: Record<string, number> }> {
  const refused: Refusal[] = [];
  const out: Out[] = [];
  const run = through(stage, [items], (refusal) => refused.push(refusal));
  for (let next = await run.next(); ; next = await run.next()) {
    if (next.done) return { out, refused, notes: { ...next.value.notes } };
    out.push(...next.value);
  }
}

/** Every row that goes into a stage comes out of it, is refused, or is merged. */
export function expectNoRowLost({ stages, deadLetters }: Manifest): void {
  let refusals = 0;
  stages.forEach((stage, i) => {
    const refused = Object.values(stage.refused).reduce((a, b) => a + b, 0);
    refusals += refused;
    expect(stage.in + stage.inserted, stage.stage).toBe(stage.out + stage.merged + refused);
    if (i > 0) expect(stage.in, stage.stage).toBe(stages[i - 1].out);
  });
  expect(deadLetters).toBe(refusals);
}

/** Cells of a line, one wide, from 0; nothing below 0 and above 9. */
export const unitCells: DiscretizerRule = {
  name: 'cells of 1',
  dimension: 1,
  learn: () => ({
    name: 'cells of 1',
    dimension: 1,
    stateCount: 10,
    stateName: (state) => `s${state}`,
    stateOf: (point) => (point[0] >= 0 && point[0] < 10 ? Math.floor(point[0]) : -1),
    center(state, out) {
      out[0] = state + 0.5;
    },
    saved: { rule: 'cells' },
  }),
};
