/**
 * Nodes sorted by degree: doubly linked lists, one per degree, so that inserting, removing and
 * taking a node of smallest degree are a few steps each.
 */

/** Holds each of `size` nodes at most once, with a degree from 0 to `size`. */
export class DegreeBuckets {
  private readonly head: Int32Array;
  private readonly next: Int32Array;
  private readonly previous: Int32Array;
  /** No list below this one holds a node. */
  private smallest = 0;

  constructor(size: number) {
    this.head = new Int32Array(size + 1).fill(-1);
    this.next = new Int32Array(size).fill(-1);
    this.previous = new Int32Array(size).fill(-1);
  }

  insert(node: number, degree: number): void {
    const { head, next, previous } = this;
    const first = head[degree];
    next[node] = first;
    previous[node] = -1;
    if (first >= 0) previous[first] = node;
    head[degree] = node;
    if (degree < this.smallest) this.smallest = degree;
  }

  remove(node: number, degree: number): void {
    const { head, next, previous } = this;
    if (previous[node] >= 0) next[previous[node]] = next[node];
    else head[degree] = next[node];
    if (next[node] >= 0) previous[next[node]] = previous[node];
  }

  /** Removes and returns a node of smallest degree. */
  takeSmallest(): number {
    while (this.head[this.smallest] < 0) this.smallest++;
    const node = this.head[this.smallest];
    this.remove(node, this.smallest);
    return node;
  }
}
