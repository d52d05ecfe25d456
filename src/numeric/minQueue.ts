/** A queue that hands out the item with the least key: a binary heap that grows as needed. */

export interface MinQueue {
  readonly size: () => number;
  /** The least key. */
  readonly least: () => number;
  /** Takes out an item with the least key. */
  readonly pop: () => number;
  readonly push: (item: number, key: number) => void;
}

export function createMinQueue(): MinQueue {
  const items: number[] = [];
  const keys: number[] = [];

  function swap(a: number, b: number): void {
    [items[a], items[b]] = [items[b], items[a]];
    [keys[a], keys[b]] = [keys[b], keys[a]];
  }

  return {
    size: () => items.length,
    least: () => keys[0],
    push(item, key) {
      let at = items.push(item) - 1;
      keys.push(key);
      for (let above = (at - 1) >> 1; at > 0 && keys[at] < keys[above]; above = (at - 1) >> 1) {
        swap(at, above);
        at = above;
      }
    },
    pop() {
      const last = items.length - 1;
      swap(0, last);
      const item = items[last];
      items.pop();
      keys.pop();
      let at = 0;
      for (;;) {
        let least = at;
        for (let below = 2 * at + 1; below <= 2 * at + 2 && below < last; below++)
          if (keys[below] < keys[least]) least = below;
        if (least === at) return item;
        swap(at, least);
        at = least;
      }
    },
  };
}
