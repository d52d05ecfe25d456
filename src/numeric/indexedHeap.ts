/**
 * Which of n items has the largest key, while keys change: a binary heap that knows where each item is.
 *
 * Reference: Cormen, Leiserson, Rivest & Stein (2022), Introduction to Algorithms, §6.5.
 */

export interface IndexedHeap {
  /** The item with the largest key. */
  top(): number;
  key(item: number): number;
  /** Changes a key; costs O(log n). */
  set(item: number, key: number): void;
}

/** @param keys [n] at first; copied */
export function createIndexedHeap(keys: Float64Array): IndexedHeap {
  const key = keys.slice();
  const size = key.length;
  const item = Int32Array.from({ length: size }, (_, i) => i);
  const place = item.slice();
  for (let at = (size >> 1) - 1; at >= 0; at--) sink(at);

  return {
    top: () => item[0],
    key: (i) => key[i],
    set(i, next) {
      const grown = next > key[i];
      key[i] = next;
      if (grown) rise(place[i]);
      else sink(place[i]);
    },
  };

  function rise(from: number): void {
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!(key[item[at]] > key[item[above]])) return;
      swap(at, above);
      at = above;
    }
  }

  function sink(from: number): void {
    let at = from;
    for (;;) {
      let best = at;
      for (let below = 2 * at + 1; below <= 2 * at + 2 && below < size; below++)
        if (key[item[below]] > key[item[best]]) best = below;
      if (best === at) return;
      swap(at, best);
      at = best;
    }
  }

  function swap(a: number, b: number): void {
    const moved = item[a];
    item[a] = item[b];
    item[b] = moved;
    place[item[a]] = a;
    place[item[b]] = b;
  }
}
