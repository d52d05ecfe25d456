/** One line on stderr that says how long work is coming along; silent when nobody watches. */

import { colors } from '../evaluation/colors.ts';
import type { ExperimentProgress } from '../study/run/runExperiment.ts';
import type { Output } from './command.ts';

export interface ProgressLine {
  /** Sets how many pieces of work there will be. */
  expect(pieces: number): void;
  /** Another one is done. */
  done(): void;
  /** Says how the one at work is coming along; the words are made only if they are shown. */
  show(words: () => string): void;
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
    expect(pieces) {
      total = pieces;
    },
    done() {
      finished++;
    },
    show(words) {
      const now = performance.now();
      if (now - last < PACE) return;
      last = now;
      drawn = true;
      const before = total > 1 ? `${finished} of ${total} done  ` : '';
      output.stderr(`\r\u001b[2K${before}${words()}`);
    },
    clear() {
      if (drawn) output.stderr('\r\u001b[2K');
      drawn = false;
    },
  };
}

/** How a fit is coming along. */
export function fitWords(
  cell: string,
  { method, iteration, evaluations, value, gradientNorm }: ExperimentProgress,
): string {
  return (
    `${colors.dim(cell)} ${method}  iteration ${iteration}, ${evaluations} evaluations, ` +
    `log-likelihood ${value.toFixed(4)}, score ${gradientNorm.toExponential(1)}`
  );
}
