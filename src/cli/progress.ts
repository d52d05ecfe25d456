/** One line on stderr that says how a fit is coming along; silent when nobody watches. */

import { colors } from '../evaluation/colors.ts';
import type { ExperimentProgress } from '../study/run/runExperiment.ts';
import type { Output } from './command.ts';

export interface ProgressLine {
  /** Sets how many fits there will be. */
  expect(fits: number): void;
  /** Another one is done. */
  done(): void;
  show(cell: string, progress: ExperimentProgress): void;
  clear(): void;
}

/** Milliseconds between two redraws. */
const PACE = 80;

export function progressLine(output: Output, quiet: boolean): ProgressLine {
  if (quiet || !output.interactive)
    return { expect: () => {}, done: () => {}, show: () => {}, clear: () => {} };
  let total = 1;
  let finished = 0;
  let last = 0;
  let drawn = false;
  return {
    expect(fits) {
      total = fits;
    },
    done() {
      finished++;
    },
    show(cell, { method, iteration, evaluations, value, gradientNorm }) {
      const now = performance.now();
      if (now - last < PACE) return;
      last = now;
      drawn = true;
      output.stderr(
        `\r\u001b[2K${total > 1 ? `${finished} of ${total} done  ` : ''}${colors.dim(cell)} ${method}  iteration ${iteration}, ${evaluations} evaluations, ` +
          `log-likelihood ${value.toFixed(4)}, score ${gradientNorm.toExponential(1)}`,
      );
    },
    clear() {
      if (drawn) output.stderr('\r\u001b[2K');
      drawn = false;
    },
  };
}
