/**
 * What is wrong with a table, and where: `trajectories.csv:17: action "left" is not available in
 * state "3"; available: "up", "down"`.
 */
export class TableError extends SyntaxError {
  override readonly name = 'TableError';
  /** Base name of the file. */
  readonly file: string;
  /** Line in the file, from 1; null where no line is to blame (a file that cannot be opened). */
  readonly line: number | null;

  constructor(file: string, line: number | null, problem: string, options?: ErrorOptions) {
    super(`${file}${line === null ? '' : `:${line}`}: ${problem}`, options);
    this.file = file;
    this.line = line;
  }
}

/** Returns `text` in quotes for a message, control characters escaped and long texts cut. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

/** Returns the first few of `texts`, in quotes, with commas; says how many are left out. */
export function quotedList(texts: readonly string[], limit = 6): string {
  const shown = texts.slice(0, limit).map(quoted).join(', ');
  return texts.length > limit ? `${shown} and ${texts.length - limit} more` : shown;
}
