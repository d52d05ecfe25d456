/** How well one sequence of links is found by another: the longest they have in common, in order. */

export interface LinksFound {
  /** Links that were driven. */
  readonly driven: number;
  /** How many of them are found, in order. */
  readonly found: number;
  /** Links that were matched and not driven, or out of order. */
  readonly wrong: number;
}

export function linksFound(driven: readonly number[], matched: readonly number[]): LinksFound {
  let row = new Int32Array(matched.length + 1);
  for (const link of driven) {
    const next = new Int32Array(matched.length + 1);
    matched.forEach((other, j) => {
      next[j + 1] = link === other ? row[j] + 1 : Math.max(row[j + 1], next[j]);
    });
    row = next;
  }
  const found = row[matched.length];
  return { driven: driven.length, found, wrong: matched.length - found };
}
