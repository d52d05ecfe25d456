/**
 * The name that a mistyped one was probably meant to be.
 *
 * Distance counts single characters inserted, deleted, replaced or swapped with their neighbour
 * (optimal string alignment), after lower-casing; a name farther away than a third of its length is
 * not suggested.
 */
export function nearestName(text: string, names: Iterable<string>): string | null {
  const wanted = text.toLowerCase();
  let nearest: string | null = null;
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const name of names) {
    if (Math.abs(name.length - wanted.length) >= least) continue;
    const distance = editDistance(wanted, name.toLowerCase());
    if (distance >= least) continue;
    least = distance;
    nearest = name;
  }
  return nearest;
}

/**
 * Whether a column was probably meant to be the column `wanted`: the same letters but for case and
 * punctuation, a plural, an abbreviation (`prob`), or one slip of a key.
 */
export function looksLikeColumn(column: string, wanted: string): boolean {
  const a = letters(column);
  const b = letters(wanted);
  if (a === b || a === `${b}s`) return true;
  if (a.length >= 3 && b.startsWith(a)) return true;
  return a[0] === b[0] && editDistance(a, b) <= 1;
}

function letters(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

function editDistance(a: string, b: string): number {
  let above2: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      const least = Math.min(replace, above[j] + 1, row[j - 1] + 1);
      const swapped = j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(swapped ? Math.min(least, above2[j - 2] + 1) : least);
    }
    above2 = above;
    above = row;
  }
  return above[b.length];
}
