/** What is trained on and what is held out: whole trajectories, because steps of one are alike. */

import { permutation, type Rng } from '../../numeric/rng.ts';
import type { CloningRows } from './cloningRows.ts';

export interface CloningSplit {
  /** Rows to train on. */
  readonly training: Int32Array;
  /** Rows that are held out; none where nothing is. */
  readonly heldOut: Int32Array;
  /** What was parted. A single trajectory can only be parted by its steps. */
  readonly by: 'trajectories' | 'steps' | 'none';
}

/** @param share of the trajectories to hold out, but at least one; 0: none */
export function cloningSplit(rows: CloningRows, share: number, rng: Rng): CloningSplit {
  const all = Int32Array.from({ length: rows.count }, (_, row) => row);
  const present = [...new Set(rows.trajectory)];
  const by = present.length > 1 ? 'trajectories' : 'steps';
  const units = by === 'trajectories' ? present.length : rows.count;
  if (share === 0 || units < 2) return { training: all, heldOut: new Int32Array(0), by: 'none' };
  const order = permutation(units, rng);
  const most = Math.min(units - 1, Math.max(1, Math.round(share * units)));
  const out = new Set(order.subarray(0, most));
  const place = new Map(present.map((trajectory, i) => [trajectory, i]));
  const isOut = (row: number): boolean =>
    out.has(by === 'steps' ? row : (place.get(rows.trajectory[row]) ?? -1));
  return { training: all.filter((row) => !isOut(row)), heldOut: all.filter(isOut), by };
}
