/**
 * All pairs of sets that are alike,
 *
 *   |A ∩ B| / |A ∪ B| ≥ threshold,
 *
 * found exactly and without comparing each with each: two such sets share an element among the
 * |A| − ⌈threshold · |A|⌉ + 1 rarest of each, and differ in size by at most the factor threshold.
 * Reference: Bayardo, Ma & Srikant (2007), Scaling up all pairs similarity search; Chaudhuri, Ganti &
 * Kaushik (2006), the prefix filter.
 */

/** Elements looked at before it is given up: some seconds. */
const MOST_WORK = 2e8;

/**
 * Returns pairs of indices, the smaller set first; null where it would take too long.
 *
 * @param sets each without repetitions
 */
export function similarSets(
  sets: readonly (readonly string[])[],
  threshold: number,
): [number, number][] | null {
  const inSets = new Map<string, number>();
  for (const set of sets)
    for (const element of set) inSets.set(element, (inSets.get(element) ?? 0) + 1);
  const rarestFirst = [...inSets].sort(([a, n], [b, m]) => n - m || (a < b ? -1 : 1));
  const rank = new Map(rarestFirst.map(([element], r) => [element, r]));
  const ranked = sets.map((set) =>
    Int32Array.from(set, (element) => rank.get(element) ?? 0).sort(),
  );
  const bySize = Int32Array.from(sets, (_, i) => i).sort(
    (a, b) => ranked[a].length - ranked[b].length || a - b,
  );
  /** Sets met so far by the elements of their prefixes. */
  const holders = new Map<number, number[]>();
  const found: [number, number][] = [];
  let work = 0;
  for (const i of bySize) {
    const own = ranked[i];
    const prefix = own.length - Math.ceil(threshold * own.length - 1e-9) + 1;
    const candidates = new Set<number>();
    for (let k = 0; k < Math.min(prefix, own.length); k++) {
      const list = holders.get(own[k]) ?? [];
      work += list.length;
      for (const j of list)
        if (ranked[j].length >= threshold * own.length - 1e-9) candidates.add(j);
      list.push(i);
      holders.set(own[k], list);
    }
    for (const j of candidates) {
      work += own.length + ranked[j].length;
      const shared = sharedOf(ranked[j], own);
      const either = own.length + ranked[j].length - shared;
      if (shared >= threshold * either - 1e-9) found.push([j, i]);
    }
    if (work > MOST_WORK) return null;
  }
  return found;
}

function sharedOf(a: Int32Array, b: Int32Array): number {
  let shared = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; )
    if (a[i] === b[j]) {
      shared++;
      i++;
      j++;
    } else if (a[i] < b[j]) i++;
    else j++;
  return shared;
}
