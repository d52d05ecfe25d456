/** A synthetic log: people who walk about on a grid, as rows (trajectory, step, state, action). */

import { closeSync, openSync, writeSync } from 'node:fs';
import { createRng } from '../../src/numeric/rng.ts';

const SIDE = 100;
const STEPS = 50;
const MOVES = ['north', 'east', 'south', 'west'];
const [DX, DY] = [
  [0, 1, 0, -1],
  [1, 0, -1, 0],
];

/** Writes so many rows as CSV; the same rows every time. */
export function writeSyntheticLog(path: string, rows: number): void {
  const rng = createRng(0, 'synthetic log');
  const descriptor = openSync(path, 'w');
  let lines = ['trajectory,step,state,action'];
  let [x, y] = [0, 0];
  for (let row = 0; row < rows; row++) {
    const step = row % STEPS;
    if (step === 0) {
      x = Math.floor(rng() * SIDE);
      y = Math.floor(rng() * SIDE);
    }
    const move = Math.floor(rng() * 4);
    lines.push(`t${Math.floor(row / STEPS)},${step},c${x}_${y},${MOVES[move]}`);
    x = Math.min(SIDE - 1, Math.max(0, x + DX[move]));
    y = Math.min(SIDE - 1, Math.max(0, y + DY[move]));
    if (lines.length === 10_000) {
      writeSync(descriptor, `${lines.join('\n')}\n`);
      lines = [];
    }
  }
  if (lines.length > 0) writeSync(descriptor, `${lines.join('\n')}\n`);
  closeSync(descriptor);
}
