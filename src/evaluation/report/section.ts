/** What a section of the report is made from, and what it gives. */

import type { CellResult, ResultFile } from '../resultFile.ts';
import type { Figure } from './figure.ts';
import type { Html } from './html.ts';

/** A result with what lies beside it. */
export interface ReportSource {
  readonly result: ResultFile;
  /**
   * A flat array kept beside the result, by the folders it lies in and its name; null where there
   * is none.
   */
  readonly array: (cell: CellResult, owner: string, name: string) => Float64Array | null;
  /** What else was found in the folder, parsed: `what-if`, `test`, `profile`, `bootstrap`, `search`. */
  readonly others: Readonly<Record<string, unknown>>;
  /** What each method does, by its name, in one line. */
  readonly summaries: Readonly<Record<string, string>>;
}

/** What a section may use while it is written. */
export interface Page extends ReportSource {
  /** The experiments of the result, in order. */
  readonly cells: readonly CellResult[];
  /** Takes a figure into the report and returns it as part of the page. */
  readonly place: (figure: Figure) => Html;
}

export interface Section {
  /** Anchor in the page. */
  readonly id: string;
  readonly title: string;
  /** The section's content; null where the result has nothing for it. */
  readonly write: (page: Page) => Html | null;
}
