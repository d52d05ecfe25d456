/** Cells of a rectangle drawn as text, numbered row by row and named 'x,y'. */

export interface TextGrid {
  readonly width: number;
  readonly height: number;
  /** [cells] */
  readonly names: readonly string[];
  characterAt(cell: number): string;
  /** The cells drawn with a character, ascending. */
  cellsOf(character: string): readonly number[];
  /** Where a move by (dx, dy) leads; it stops at the edge, each axis by itself. */
  moved(cell: number, dx: number, dy: number): number;
}

/** @throws SyntaxError where rows differ in length */
export function createTextGrid(rows: readonly string[]): TextGrid {
  const width = rows[0].length;
  const uneven = rows.findIndex((row) => row.length !== width);
  if (uneven >= 0)
    throw new SyntaxError(
      `Cannot read the map: row ${uneven + 1} must have ${width} characters, got ${rows[uneven].length}`,
    );
  const height = rows.length;
  const characters = [...rows.join('')];
  const within = (x: number, size: number): number => Math.min(Math.max(x, 0), size - 1);
  return {
    width,
    height,
    names: characters.map((_, cell) => `${cell % width},${Math.floor(cell / width)}`),
    characterAt: (cell) => characters[cell],
    cellsOf: (character) =>
      characters.flatMap((drawn, cell) => (drawn === character ? [cell] : [])),
    moved: (cell, dx, dy) =>
      within(Math.floor(cell / width) + dy, height) * width + within((cell % width) + dx, width),
  };
}

/** An empty grid. */
export function createOpenGrid(width: number, height: number): TextGrid {
  return createTextGrid(new Array<string>(height).fill('.'.repeat(width)));
}
