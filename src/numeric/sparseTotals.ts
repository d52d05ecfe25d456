/**
 * Sums by index, most of which are never touched: a dense array to add to, and the list of what was
 * touched, so that taking and clearing them costs no more than they are.
 */
export class SparseTotals {
  readonly #value: Float64Array;
  readonly #seen: Uint8Array;
  #touched: number[] = [];

  constructor(size: number) {
    this.#value = new Float64Array(size);
    this.#seen = new Uint8Array(size);
  }

  add(index: number, amount: number): void {
    this.#value[index] += amount;
    if (this.#seen[index]) return;
    this.#seen[index] = 1;
    this.#touched.push(index);
  }

  /** Returns the indices that were touched, ascending, with their sums, and forgets them. */
  take(): { readonly index: Int32Array; readonly value: Float64Array } {
    const index = Int32Array.from(this.#touched).sort();
    const value = Float64Array.from(index, (i) => this.#value[i]);
    for (const i of index) {
      this.#value[i] = 0;
      this.#seen[i] = 0;
    }
    this.#touched = [];
    return { index, value };
  }
}
